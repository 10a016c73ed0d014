/*
 * Inside the rows: what param_*.c, config.c and rules.c share.
 *
 * A level is one table of rows and where its struct begins in the scenario. The rows of the models
 * chosen at a level belong to it too.
 */
#ifndef ROWS_H
#define ROWS_H

#include "stages.h"

struct level {
    const struct param *rows;
    size_t base;
};

enum { PATH_TEXT = 256 }; /* longest path, with its NUL */

static inline double *field(struct scenario *s, size_t offset)
{
    return field_own(s, offset);
}

static inline double field_of(const struct scenario *s, size_t offset)
{
    return *(const double *)field_at(s, offset);
}

static inline const char *const *text_field(const struct scenario *s, size_t offset)
{
    return field_at(s, offset);
}

static inline const struct model *const *model_field(const struct scenario *s, size_t offset)
{
    return field_at(s, offset);
}

/* Where a group, or element `index` of a list of structs, at `base` has its rows. */
struct level level_inside(const struct param *row, size_t base, size_t index);

/* Goes over the rows of a level and of the models chosen there:
 *   for (struct row_walk w = rows_begin(level); rows_next(s, &w);) ... w.row, w.owner */
struct row_walk {
    const struct param *row;
    struct level owner; /* whose struct `row` counts in */
    struct level level, model;
    const struct param *outer, *inner;
};
struct row_walk rows_begin(struct level level);
bool rows_next(const struct scenario *s, struct row_walk *walk);

/* The row called `key` at a level, `owner` set to its table; NULL: there is none. */
const struct param *rows_find(const struct scenario *s, struct level level, const char *key,
                              struct level *owner);

/* The models of the choices at `level` that have a key of that name, as "a, b and c" in `names`,
 * and the row of that choice; NULL: none has. */
const struct param *rows_owners(struct level level, const char *key, char *names, size_t size);

/* Whether any leaf of the row is set (a group: any within; a list: it has elements, or a mapping
 * stands in its place). */
bool row_is_set(const struct scenario *s, const struct param *row, size_t base);

/* The keys that may stand in place of a list, and whether any of them is set. */
static inline struct level level_of_map(const struct param *row, size_t base)
{
    return (struct level){row->map, base};
}
bool row_is_map(const struct scenario *s, const struct param *row, size_t base);

/* The first row of the level's table that has one of the flags; NULL: none has. */
const struct param *rows_flagged(struct level level, unsigned flags);

/* The list of a level whose element a key is that is no row; NULL: it has none, or this is a key of
 * a model that might be chosen there. */
const struct param *rows_open(struct level level, const char *name);

/* Whether a list is of mappings or values by name, and the name of an element; its index, SIZE_MAX:
 * there is none. */
static inline bool row_is_named(const struct param *row)
{
    return row->kind == PARAM_LIST && row->flags & PARAM_NAMED;
}
const char *row_name(const struct scenario *s, const struct param *row, size_t base, size_t index);
size_t row_named(const struct scenario *s, const struct param *row, size_t base, const char *name);

/* What element `index` is called in paths. */
const char *row_element(const struct scenario *s, const struct param *row, size_t base,
                        size_t index);

/* The path of a row below `path`: rows without a key of their own are what they stand for. */
const char *row_path(const char *path, const struct param *row);

/* Where the single value `text` in place of the group at `level` goes; a law's `distribution` where
 * it is a duration. False: no single value stands for the group. With `text` NULL: where the number
 * is that stands for it now. */
bool rows_word(const struct scenario *s, struct level level, const char *text,
               struct param_ref *ref);

/* Why the row has nothing to say where it stands, as a sentence: the scenario has stages, and this
 * is of a single one. NULL: it has. */
const char *row_moot(const struct scenario *s, const struct param *row, struct level owner);

/* The path that a key of the only stage, or source, has in the short form: stages.main.consumers is
 * consumers. What is none is given back. */
const char *short_path(const struct scenario *s, const char *path);

/* Whether the row's value is what other rows of its level make it (quantiles.h), or it is moot. */
bool row_is_hidden(const struct scenario *s, const struct param *row, struct level owner);

/* Elements of a list row. */
size_t row_count(const struct scenario *s, const struct param *row, size_t base);

/* Unsets every row of a level; then its presets. */
void rows_clear(struct scenario *s, struct level level);
void rows_preset(struct scenario *s, struct level level);

/* Unsets what the row is set instead of. */
void rivals_clear(struct scenario *s, const struct param_ref *ref);

/* Unsets one row. */
void row_clear(struct scenario *s, const struct param *row, size_t base);

/* Reads `text` into the leaf at `ref`; `path` is for messages. */
bool leaf_set(struct scenario *s, const struct param_ref *ref, const char *path, const char *text,
              struct place at, struct errors *errors);

/* Chooses, at the choice of a law, the one that is always `text`, a duration; or none. */
bool constant_set(struct scenario *s, const struct param_ref *ref, const char *path,
                  const char *text, struct place at, struct errors *errors);

/* Where `path` leads. With `grow` (the same scenario), an index one past a list's end appends an
 * element. `*rest`: what follows a PARAM_VARY row. */
bool rows_locate(const struct scenario *s, struct scenario *grow, const char *path, struct place at,
                 struct errors *errors, struct param_ref *ref, const char **rest);

/* Appends an element with its defaults to the list `row` at `base`. */
bool row_extend(struct scenario *s, const struct param *row, size_t base, const char *path,
                struct place at, struct errors *errors);

/* The same for a mapping from names, with the element's name, which must be one and new. */
bool row_extend_named(struct scenario *s, const struct param *row, size_t base, const char *path,
                      const char *name, struct place at, struct errors *errors);

/* Unsets the elements of a list. */
void row_empty(struct scenario *s, const struct param *row, size_t base);

/* "a", "a and b", "a, b and c". */
void list_words(char *out, size_t size, const char *const *words);

#endif
