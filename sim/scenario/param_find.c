/* Where a path leads. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planned.h"
#include "rows.h"

struct level level_inside(const struct param *row, size_t base, size_t index)
{
    return (struct level){row->rows, base + row->offset + index * row->stride};
}

struct row_walk rows_begin(struct level level)
{
    return (struct row_walk){.level = level, .outer = level.rows};
}

bool rows_next(const struct scenario *s, struct row_walk *walk)
{
    if (walk->inner && walk->inner->name) {
        walk->row = walk->inner++;
        walk->owner = walk->model;
        return true;
    }
    walk->inner = NULL;
    if (!walk->outer->name)
        return false;
    walk->row = walk->outer++;
    walk->owner = walk->level;
    if (walk->row->kind == PARAM_MODEL) {
        const struct model *chosen = *model_field(s, walk->level.base + walk->row->offset);
        if (chosen && chosen->rows) {
            walk->inner = chosen->rows;
            walk->model = (struct level){chosen->rows, walk->level.base + walk->row->block};
        }
    }
    return true;
}

const struct param *rows_find(const struct scenario *s, struct level level, const char *key,
                              struct level *owner)
{
    for (struct row_walk w = rows_begin(level); rows_next(s, &w);)
        if (!(w.row->flags & PARAM_BARE) && strcmp(w.row->name, key) == 0) {
            *owner = w.owner;
            return w.row;
        }
    return NULL;
}

void list_words(char *out, size_t size, const char *const *words)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; words[i] && used + 1 < size; i++) {
        const char *joint = i == 0 ? "" : words[i + 1] ? ", " : " and ";
        int n = snprintf(out + used, size - used, "%s%s", joint, words[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static bool has_row(const struct param *rows, const char *key)
{
    for (; rows && rows->name; rows++)
        if (strcmp(rows->name, key) == 0)
            return true;
    return false;
}

const struct param *rows_owners(struct level level, const char *key, char *names, size_t size)
{
    for (const struct param *row = level.rows; row->name; row++) {
        if (row->kind != PARAM_MODEL)
            continue;
        const char *owners[64];
        size_t n = 0;
        for (const struct model *const *m = row->family->models; *m && n < 63; m++)
            if (has_row((*m)->rows, key))
                owners[n++] = (*m)->name;
        owners[n] = NULL;
        if (n > 0) {
            list_words(names, size, owners);
            return row;
        }
    }
    return NULL;
}

/* The shortest full path in the scenario that ends with `key`: for a key at the wrong level. */
struct search {
    const char *key, *found;
    size_t dots;
};

static void look_for(void *context, const char *path, const struct param *row, const char *text)
{
    struct search *search = context;
    (void)text;
    size_t dots = 0;
    for (const char *p = path; *p; p++)
        dots += *p == '.';
    if (dots >= search->dots || strcmp(row->name, search->key) != 0)
        return;
    search->found = path;
    search->dots = dots;
}

/* A key of a stage is planned where that of a single stage is; of a source, that of arrivals. */
static const struct planned *planned_below(const char *path)
{
    static const char *const maps[] = {"stages.", "sources."};
    const struct planned *planned = planned_find(path);
    for (size_t i = 0; !planned && i < 2; i++) {
        const char *name = path + strlen(maps[i]);
        const char *dot = strncmp(path, maps[i], strlen(maps[i])) == 0 ? strchr(name, '.') : NULL;
        if (dot)
            planned = planned_find(i == 0 ? dot + 1 : internf("arrivals%s", dot));
    }
    return planned;
}

static bool unknown_key(const struct scenario *s, struct level level, const char *key,
                        const char *above, struct place at, struct errors *errors)
{
    char owners[200];
    const struct planned *planned = planned_below(internf("%s%s%s", above, *above ? "." : "", key));
    if (planned)
        return error_at(errors, at, "'%s' is not yet supported by this version of queuescope",
                        planned->path);
    const struct param *choice = rows_owners(level, key, owners, sizeof owners);
    if (choice) {
        const struct model *chosen = *model_field(s, level.base + choice->offset);
        if (chosen)
            return error_at(errors, at, "'%s' is a key of %s, not of %s", key, owners,
                            chosen->name);
        return error_at(errors, at, "'%s' is a key of %s: choose one with '%s'", key, owners,
                        choice->name);
    }
    const char *names[128];
    size_t n = 0;
    for (struct row_walk w = rows_begin(level); rows_next(s, &w) && n < 127;)
        if (!(w.row->flags & PARAM_BARE))
            names[n++] = w.row->name;
    names[n] = NULL;
    const char *near = nearest(key, names);
    struct search search = {key, near, SIZE_MAX};
    if (!near)
        param_each(NULL, look_for, &search);
    if (search.found)
        return error_at(errors, at, "unknown key '%.60s' (did you mean '%s'?)", key, search.found);
    char known[300];
    list_words(known, sizeof known, names);
    return error_at(errors, at, "unknown key '%.60s'%s%.60s; known here: %s", key,
                    *above ? " in " : "", above, known);
}

/* Takes the first name of `*path` into `name`; what follows is left in `*path`, NULL at the end. */
static bool next_name(const char **path, char *name, size_t size)
{
    size_t length = strcspn(*path, ".");
    if (length >= size)
        return false;
    memcpy(name, *path, length);
    name[length] = '\0';
    *path = (*path)[length] == '.' ? *path + length + 1 : NULL;
    return true;
}

static bool is_index(const char *name)
{
    return *name && name[strspn(name, "0123456789")] == '\0';
}

/* The element of a list that `name` means: an index, or the value of the elements' key `name`. */
static bool element(const struct scenario *s, const struct param *row, size_t base,
                    const char *name, size_t *index)
{
    size_t n = row_count(s, row, base);
    if (row_is_named(row)) {
        *index = row_named(s, row, base, name);
        return *index < n;
    }
    if (is_index(name)) {
        *index = strlen(name) > 6 ? SIZE_MAX : (size_t)atol(name);
        return *index < n;
    }
    *index = SIZE_MAX;
    for (size_t i = 0; row->rows && i < n; i++) {
        struct level owner, level = level_inside(row, base, i);
        const struct param *named = rows_find(s, level, "name", &owner);
        if (!named || named->kind != PARAM_TEXT)
            return false;
        const char *text = *text_field(s, owner.base + named->offset);
        if (text && strcmp(text, name) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* A path being followed: what has been read of it, and where it has led. */
struct walk {
    const struct scenario *s;
    struct scenario *grow;
    const char *path, *rest;
    struct place at;
    struct errors *errors;
    struct level level;
    struct param_ref *ref;
};

static const char *so_far(const struct walk *w)
{
    size_t length = w->rest ? (size_t)(w->rest - w->path - 1) : strlen(w->path);
    return internf("%.*s", (int)length, w->path);
}

/* The list that has no element of that name. */
static bool no_such_name(const struct walk *w, const struct param *row, size_t base,
                         const char *list, const char *name)
{
    const char *names[MAX_STAGES + 1];
    size_t n = 0;
    for (; n < row_count(w->s, row, base) && n < MAX_STAGES; n++)
        names[n] = row_name(w->s, row, base, n);
    names[n] = NULL;
    const char *near = nearest(name, names);
    if (strcmp(name, "*") == 0)
        return error_at(w->errors, w->at,
                        "'%.60s.*' is many values, and one is wanted here: * stands in --set, "
                        "--vary and compare.vary",
                        list);
    if (n == 0)
        return error_at(w->errors, w->at, "'%.60s' has no '%.60s': it has nothing by name", list,
                        name);
    if (near)
        return error_at(w->errors, w->at, "'%.60s' has no '%.60s' (did you mean '%s'?)", list, name,
                        near);
    char known[300];
    list_words(known, sizeof known, names);
    return error_at(w->errors, w->at, "'%.60s' has no '%.60s'; known: %s", list, name, known);
}

static bool enter_list(struct walk *w, const struct param *row, size_t base)
{
    const char *list = so_far(w);
    char name[64];
    assert(w->rest);
    size_t index, n = row_count(w->s, row, base);
    if (!next_name(&w->rest, name, sizeof name))
        return error_at(w->errors, w->at, "'%.60s' has no such element", list);
    struct level owner;
    const struct param *key =
        row->map && !is_index(name) ? rows_find(w->s, level_of_map(row, base), name, &owner) : NULL;
    if (row->map && !is_index(name) && !key)
        return unknown_key(w->s, level_of_map(row, base), name, list, w->at, w->errors);
    if (key) { /* stands in place of the elements */
        if (w->grow)
            row_empty(w->grow, row, base);
        *w->ref = (struct param_ref){key, base + key->offset, key->kind, row->map, base};
        w->level = (struct level){0};
        return true;
    }
    if (!element(w->s, row, base, name, &index) && row_is_named(row)) {
        if (!w->grow || !(row->flags & PARAM_OPEN))
            return no_such_name(w, row, base, list, name);
        index = n;
        rivals_clear(w->grow, w->ref);
        if (!row_extend_named(w->grow, row, base, list, name, w->at, w->errors))
            return false;
    } else if (index >= n) {
        if (index != n || !w->grow)
            return error_at(w->errors, w->at,
                            "'%.60s' has no element '%s': it has %zu, counted from 0", list, name,
                            n);
        rows_clear(w->grow, level_of_map(row, base));
        if (row->rows)
            rivals_clear(w->grow, w->ref);
        if (!row_extend(w->grow, row, base, list, w->at, w->errors))
            return false;
    }
    w->ref->kind = row->rows ? PARAM_GROUP : row->element;
    w->ref->offset = base + row->offset + index * row->stride;
    w->level = (struct level){row->rows, w->ref->offset};
    return true;
}

/* The list of the level whose element `name` is, which is no row: by index, or by name. */
static const struct param *form_of(struct level level, const char *name)
{
    return is_index(name) ? rows_flagged(level, PARAM_ITEMS) : rows_open(level, name);
}

static bool step(struct walk *w, const char **vary)
{
    char name[64];
    const char *start = w->rest;
    const char *above =
        w->rest == w->path ? "" : internf("%.*s", (int)(w->rest - w->path - 1), w->path);
    if (!next_name(&w->rest, name, sizeof name))
        return error_at(w->errors, w->at, "unknown key '%.60s'", w->rest);
    struct level owner;
    const char *moot;
    const struct param *row = rows_find(w->s, w->level, name, &owner);
    if (!row) {
        row = form_of(w->level, name);
        owner = w->level;
        w->rest = row ? start : w->rest;
    }
    if (!row)
        return unknown_key(w->s, w->level, name, above, w->at, w->errors);
    if (row->kind == PARAM_PLANNED)
        return error_at(w->errors, w->at, "'%s' is not yet supported by this version of queuescope",
                        so_far(w));
    if ((moot = row_moot(w->s, row, owner)))
        return error_at(w->errors, w->at, "'%s': %s", so_far(w), moot);
    *w->ref = (struct param_ref){row, owner.base + row->offset, row->kind, owner.rows, owner.base};
    if (row->kind == PARAM_GROUP)
        w->level = level_inside(row, owner.base, 0);
    else
        w->level = (struct level){0};
    if (row->kind == PARAM_VARY && w->rest) {
        *vary = w->rest;
        w->rest = NULL;
    }
    if (row->kind == PARAM_LIST && w->rest && !enter_list(w, row, owner.base))
        return false;
    if (w->rest && !w->level.rows)
        return error_at(w->errors, w->at, "'%.80s' has no keys of its own, so no '%.60s'",
                        so_far(w), w->rest);
    return true;
}

bool rows_locate(const struct scenario *s, struct scenario *grow, const char *path, struct place at,
                 struct errors *errors, struct param_ref *ref, const char **rest)
{
    const char *ignored = NULL;
    rest = rest ? rest : &ignored;
    *rest = NULL;
    path = short_path(s, path);
    if (strlen(path) >= PATH_TEXT)
        return error_at(errors, at, "unknown key '%.60s'", path);
    struct walk w = {s, grow, path, path, at, errors, {scenario_rows, 0}, ref};
    while (w.rest)
        if (!step(&w, rest))
            return false;
    return true;
}

bool param_find(const struct scenario *s, const char *path, struct place at, struct param_ref *ref,
                struct errors *errors)
{
    if (!rows_locate(s, NULL, path, at, errors, ref, NULL))
        return false;
    struct param_ref word;
    assert(ref->row);
    const struct param *rows = ref->row->rows;
    if (ref->kind == PARAM_GROUP && rows_word(s, (struct level){rows, ref->offset}, NULL, &word))
        *ref = word;
    return true;
}

/* The index of the element that `inside`, a path into the list, leads to; SIZE_MAX: to none. */
static size_t index_of(const struct scenario *s, const char *list, const char *inside)
{
    struct errors none = {0};
    struct param_ref ref = {0}, element = {0};
    if (!param_find(s, list, (struct place){0}, &ref, &none) || ref.kind != PARAM_LIST ||
        !param_find(s, inside, (struct place){0}, &ref, &none))
        return SIZE_MAX;
    for (size_t i = 0;; i++) {
        if (!param_find(s, internf("%s.%zu", list, i), (struct place){0}, &element, &none))
            return SIZE_MAX;
        if (element.offset == ref.offset)
            return i;
    }
}

const char *param_path(const struct scenario *s, const char *path)
{
    const char *as_indexed = "";
    for (const char *rest = path; rest;) {
        char name[PATH_TEXT];
        if (!next_name(&rest, name, sizeof name))
            return path;
        const char *inside =
            short_path(s, internf("%s%s%s", as_indexed, *as_indexed ? "." : "", name));
        size_t index = *as_indexed ? index_of(s, as_indexed, inside) : SIZE_MAX;
        as_indexed = index == SIZE_MAX ? inside : internf("%s.%zu", as_indexed, index);
    }
    return as_indexed;
}
