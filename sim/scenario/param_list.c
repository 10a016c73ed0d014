/* Setting by path: leaves, lists, and what compare.vary tries. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

bool row_extend(struct scenario *s, const struct param *row, size_t base, const char *path,
                struct place at, struct errors *errors)
{
    size_t n = row_count(s, row, base);
    if (n == row->capacity)
        return error_at(errors, at, "'%.80s' holds at most %zu elements", path, row->capacity);
    struct level level = level_inside(row, base, n);
    *field(s, base + row->count) = (double)(n + 1);
    if (row->rows) {
        memset(field(s, level.base), 0, row->stride);
        rows_clear(s, level);
        rows_preset(s, level);
    } else if (row->element == PARAM_TEXT) {
        *(const char **)(void *)field(s, level.base) = NULL;
    } else {
        *field(s, level.base) = NAN;
    }
    return true;
}

bool param_extend(struct scenario *s, const char *path, struct place at, struct errors *errors)
{
    struct param_ref ref;
    if (!param_find(s, path, at, &ref, errors))
        return false;
    if (ref.kind != PARAM_LIST || !ref.row->rows)
        return error_at(errors, at, "'%.80s' is not a list of mappings", path);
    return row_extend(s, ref.row, ref.base, path, at, errors);
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
    for (char *rest = p, *part; good && (part = strsep(&rest, ","));) {
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

static bool not_a_leaf(const struct param_ref *ref, const char *path, struct place at,
                       struct errors *errors)
{
    const struct param *rows = ref->row->rows;
    const char *inside = rows && rows->name ? rows->name : "";
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

bool param_set(struct scenario *s, const char *path, const char *text, struct place at,
               struct errors *errors)
{
    struct param_ref ref;
    const char *varied;
    if (!rows_locate(s, s, path, at, errors, &ref, &varied))
        return false;
    if (varied)
        return set_vary(s, varied, text, at, errors);
    if (ref.kind == PARAM_LIST && !ref.row->rows) {
        row_clear(s, ref.row, ref.base);
        rivals_clear(s, &ref);
        struct filling f = {s, &ref, path, at, errors};
        return split(text, add_element, &f);
    }
    if (ref.kind == PARAM_GROUP || ref.kind == PARAM_LIST || ref.kind == PARAM_VARY)
        return not_a_leaf(&ref, path, at, errors);
    return leaf_set(s, &ref, path, text, at, errors);
}
