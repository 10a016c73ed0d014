/* Setting by path: leaves, lists, and what compare.vary tries. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "rows.h"

enum { NAME_LONGEST = 48 };

bool row_extend(struct scenario *s, const struct param *row, size_t base, const char *path,
                struct place at, struct errors *errors)
{
    size_t n = row_count(s, row, base);
    if (n == row->capacity)
        return error_at(errors, at, "'%.80s' holds at most %zu elements", path, row->capacity);
    struct level level = level_inside(row, base, n);
    *field(s, base + row->count) = (double)(n + 1);
    if (row->rows) {
        field_zero(s, row_is_named(row) ? base + row->names + n * row->stride : level.base,
                   row->stride);
        rows_clear(s, level);
        rows_preset(s, level);
    } else if (row->element == PARAM_TEXT) {
        *(const char **)(void *)field(s, level.base) = NULL;
    } else {
        *field(s, level.base) = NAN;
    }
    return true;
}

static bool good_name(const struct param *row, const char *path, const char *name, struct place at,
                      struct errors *errors)
{
    if (!text_is_clean(name))
        return error_at(errors, at, "%s: '%.60s' has control characters or is not UTF-8", path,
                        name);
    if (strpbrk(name, ",\"'.:*=[]{}() \t") || name[strspn(name, "0123456789")] == '\0' ||
        strlen(name) > NAME_LONGEST)
        return error_at(errors, at,
                        "%s: '%.60s' must be one word of at most %d letters, not a number, without "
                        "commas, dots, colons, quotes, brackets and *",
                        path, name, NAME_LONGEST);
    static const char *const reserved[] = {"all", "client", "exit"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved && !(row->flags & PARAM_OPEN); i++)
        if (strcmp(name, reserved[i]) == 0)
            return error_at(errors, at,
                            "%s: '%s' has a meaning of its own in %s: choose another "
                            "name",
                            path, name, strcmp(name, "exit") == 0 ? "'to'" : "results");
    return true;
}

bool row_extend_named(struct scenario *s, const struct param *row, size_t base, const char *path,
                      const char *name, struct place at, struct errors *errors)
{
    size_t n = row_count(s, row, base);
    if (!good_name(row, path, name, at, errors))
        return false;
    if (row_named(s, row, base, name) != SIZE_MAX)
        return error_at(errors, at, "%s: '%.60s' stands there already", path, name);
    if (!row_extend(s, row, base, path, at, errors))
        return false;
    *(const char **)(void *)field(s, base + row->names + n * row->stride) = intern(name);
    return true;
}

bool param_extend(struct scenario *s, const char *path, struct place at, struct errors *errors)
{
    struct param_ref ref;
    if (!rows_locate(s, NULL, path, at, errors, &ref, NULL))
        return false;
    struct level level = {ref.row->rows, ref.offset};
    const struct param *items = ref.kind == PARAM_GROUP ? rows_flagged(level, PARAM_ITEMS) : NULL;
    if (items) {
        ref = (struct param_ref){items, ref.offset + items->offset, PARAM_LIST, level.rows,
                                 level.base};
        rivals_clear(s, &ref);
    }
    if (ref.kind != PARAM_LIST || row_is_named(ref.row) || !ref.row->rows)
        return error_at(errors, at, "'%.80s' is not a list of mappings", path);
    bool good = row_extend(s, ref.row, ref.base, path, at, errors);
    spec_settle(s);
    return good;
}

const char *param_comma(const char *text)
{
    int depth = 0;
    for (; *text && (*text != ',' || depth > 0); text++)
        depth += strchr("{[", *text) ? 1 : strchr("}]", *text) && depth > 0 ? -1 : 0;
    return *text ? text : NULL;
}

/* Calls `each` with the elements of "a, b" or "[a, b]", white space around them cut off. */
typedef bool list_element(void *context, const char *text);

static bool split(const char *text, list_element *each, void *context)
{
    size_t length = strlen(text);
    char *copy = xmalloc(length + 1), *p = memcpy(copy, text, length + 1);
    p += strspn(p, " \t");
    length = strlen(p);
    while (length > 0 && isspace((unsigned char)p[length - 1]))
        p[--length] = '\0';
    if (*p == '[' && length > 1 && p[length - 1] == ']') {
        p[length - 1] = '\0';
        p++;
    }
    bool good = true;
    for (char *rest = p, *part; good && (part = rest);) {
        char *end = (char *)param_comma(part);
        rest = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        part += strspn(part, " \t");
        size_t n = strlen(part);
        while (n > 0 && isspace((unsigned char)part[n - 1]))
            part[--n] = '\0';
        good = each(context, part);
    }
    free(copy);
    return good;
}

struct filling {
    struct scenario *s;
    const struct param_ref *list;
    const char *path;
    struct place at;
    struct errors *errors;
};

static bool add_element(void *context, const char *text)
{
    struct filling *f = context;
    const struct param *row = f->list->row;
    if (row->element == PARAM_TEXT && *text == '\0')
        return true;
    size_t n = row_count(f->s, row, f->list->base);
    if (!row_extend(f->s, row, f->list->base, f->path, f->at, f->errors))
        return false;
    struct param_ref ref = *f->list;
    ref.kind = row->element;
    ref.offset += n * row->stride;
    return leaf_set(f->s, &ref, f->path, text, f->at, f->errors);
}

static bool add_value(void *context, const char *text)
{
    struct filling *f = context;
    return param_vary(f->s, f->path, text, f->at, f->errors);
}

static struct vary *vary_of(struct scenario *s, const char *path)
{
    for (size_t i = 0; i < (size_t)s->vary_count; i++)
        if (strcmp(s->vary[i].path, path) == 0)
            return &s->vary[i];
    return NULL;
}

bool param_vary(struct scenario *s, const char *path, const char *value, struct place at,
                struct errors *errors)
{
    if (!text_is_clean(path) || !text_is_clean(value))
        return error_at(errors, at,
                        "compare.vary: '%.60s: %.60s' has control characters or is not "
                        "UTF-8",
                        path, value);
    struct vary *vary = vary_of(s, path);
    if (!vary) {
        if (s->vary_count >= MAX_VARY)
            return error_at(errors, at, "compare.vary: at most %d keys can be varied", MAX_VARY);
        vary = &s->vary[(size_t)s->vary_count++];
        *vary = (struct vary){.path = intern(path)};
    }
    if (vary->values_count >= MAX_VARY_VALUES)
        return error_at(errors, at, "compare.vary: at most %d values for '%.80s'", MAX_VARY_VALUES,
                        path);
    if (strlen(value) >= PATH_TEXT)
        return error_at(errors, at, "compare.vary: a value of '%.80s' is too long", path);
    vary->values[(size_t)vary->values_count++] = intern(value);
    return true;
}

static bool set_vary(struct scenario *s, const char *path, const char *text, struct place at,
                     struct errors *errors)
{
    struct vary *vary = vary_of(s, path);
    if (vary)
        vary->values_count = 0;
    struct filling f = {s, NULL, path, at, errors};
    return split(text, add_value, &f);
}

static bool not_a_leaf(const struct param_ref *ref, const char *path, const char *text,
                       struct place at, struct errors *errors)
{
    const struct param *rows = ref->row->rows;
    const char *inside = rows && rows->name ? rows->name : "";
    struct level level = {ref->kind == PARAM_GROUP ? rows : NULL, 0};
    if (rows_flagged(level, PARAM_CONSTANT))
        return error_at(errors, at,
                        "%.80s: '%.60s' is neither a duration such as 20ms nor a distribution such "
                        "as {distribution: exponential, mean: 250ms}%s",
                        path, text, rows_flagged(level, PARAM_BARE) ? ", nor 'carried'" : "");
    if (ref->kind == PARAM_LIST && ref->row->map)
        return error_at(errors, at,
                        "'%.80s' is a list: set its elements, such as %.80s.0.%s, or %.80s.%s",
                        path, path, inside, path, ref->row->map->name);
    if (ref->kind == PARAM_LIST)
        return error_at(errors, at, "'%.80s' is a list: set its elements, such as %.80s.0.%s", path,
                        path, inside);
    if (ref->kind == PARAM_VARY)
        return error_at(errors, at, "'%.80s' takes a path, such as %.80s.consumers.count", path,
                        path);
    return error_at(errors, at, "'%.80s' is a group of keys: set one of them, such as %.80s.%s",
                    path, path, inside);
}

/* A mapping or list as YAML has it on one line. */
static bool in_brackets(const char *text)
{
    text += strspn(text, " \t");
    return *text == '{' || *text == '[';
}

static bool set_one(struct scenario *s, const char *path, const char *text, struct place at,
                    struct errors *errors)
{
    struct param_ref ref, word;
    const char *varied;
    if (!rows_locate(s, s, path, at, errors, &ref, &varied))
        return false;
    bool inside = ref.row->rows || row_is_named(ref.row) || ref.kind == PARAM_VARY;
    if (!varied && inside && in_brackets(text) &&
        (ref.kind == PARAM_GROUP || ref.kind == PARAM_LIST || ref.kind == PARAM_VARY)) {
        rivals_clear(s, &ref);
        return config_value(s, &ref, path, text, at, errors);
    }
    if (ref.kind == PARAM_GROUP &&
        rows_word(s, (struct level){ref.row->rows, ref.offset}, text, &word)) {
        if (word.row->flags & PARAM_CONSTANT)
            return constant_set(s, &word, path, text, at, errors);
        ref = word;
    }
    if (varied)
        return set_vary(s, varied, text, at, errors);
    if (ref.kind == PARAM_LIST && !ref.row->rows) {
        row_clear(s, ref.row, ref.base);
        rivals_clear(s, &ref);
        struct filling f = {s, &ref, path, at, errors};
        return split(text, add_element, &f);
    }
    if (ref.kind == PARAM_GROUP || ref.kind == PARAM_LIST || ref.kind == PARAM_VARY)
        return not_a_leaf(&ref, path, text, at, errors);
    return leaf_set(s, &ref, path, text, at, errors);
}

/* ---- `*`: of every element that has the key ---- */

/* Where a `*` stands for a name or index in the path; NULL: nowhere. */
static const char *star_of(const char *path)
{
    for (const char *at = strchr(path, '*'); at; at = strchr(at + 1, '*'))
        if (at > path && at[-1] == '.' && (at[1] == '.' || at[1] == '\0'))
            return at;
    return NULL;
}

/* The list that the star of a path goes over; NULL: there is none. */
static const struct param *star_list(const struct scenario *s, const char *path, const char *star,
                                     size_t *base)
{
    struct param_ref ref;
    struct errors none = {0};
    const char *list = internf("%.*s", (int)(star - path - 1), path);
    if (!rows_locate(s, NULL, list, (struct place){0}, &none, &ref, NULL))
        return NULL;
    *base = ref.kind == PARAM_GROUP ? ref.offset : ref.base;
    if (ref.kind != PARAM_GROUP)
        return ref.kind == PARAM_LIST ? ref.row : NULL;
    struct level level = {ref.row->rows, ref.offset};
    const struct param *items = rows_flagged(level, PARAM_ITEMS);
    return items && row_count(s, items, *base) > 0 ? items : rows_flagged(level, PARAM_OPEN);
}

const char *param_starred(const struct scenario *s, const char *path, size_t index)
{
    size_t base = 0;
    const char *star = star_of(path);
    if (!star)
        return index == 0 ? path : NULL;
    const struct param *row = star_list(s, path, star, &base);
    if (!row || index >= row_count(s, row, base))
        return NULL;
    return internf("%.*s%s%s", (int)(star - path), path, row_element(s, row, base, index),
                   star + 1);
}

/* Whether a path leads somewhere in what there is. */
static bool leads(const struct scenario *s, const char *path)
{
    struct param_ref ref;
    struct errors none = {0};
    const char *inside;
    if (!star_of(path))
        return rows_locate(s, NULL, path, (struct place){0}, &none, &ref, NULL);
    for (size_t i = 0; (inside = param_starred(s, path, i)); i++)
        if (leads(s, inside))
            return true;
    return false;
}

static bool set_path(struct scenario *s, const char *path, const char *text, struct place at,
                     struct errors *errors)
{
    bool any = false, good = true;
    const char *inside;
    if (!star_of(path) || strncmp(path, "compare.vary.", strlen("compare.vary.")) == 0)
        return set_one(s, path, text, at, errors);
    for (size_t i = 0; (inside = param_starred(s, path, i)); i++)
        if (leads(s, inside)) {
            good &= set_path(s, inside, text, at, errors);
            any = true;
        }
    if (any)
        return good;
    inside = param_starred(s, path, 0);
    return inside ? set_path(s, inside, text, at, errors) /* says what is wrong */
                  : error_at(errors, at, "'%.80s': there is nothing that * could stand for", path);
}

bool param_set(struct scenario *s, const char *path, const char *text, struct place at,
               struct errors *errors)
{
    bool good = set_path(s, path, text, at, errors);
    spec_settle(s);
    return good;
}
