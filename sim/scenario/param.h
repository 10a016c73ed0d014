/*
 * The rows: every key of a scenario, described once.
 *
 * A scenario is a struct; a row says which field a key fills, in which unit, in which range, with
 * which default, and what it means. Parsing, checking, suggestions, --set, sweeping, the manual
 * (`queuescope params`) and the catalogue tests are all derived from the rows.
 *
 * Fields: every numeric field is a double (counts too), so that any can be swept; unset is NAN.
 * Texts are interned `const char *` (unset: NULL). Booleans are doubles 0 and 1. A model slot
 * (struct law and its like) begins with `const struct model *`, and the chosen model's own rows
 * apply to its parameter block and appear at the same level as the choice:
 * `tasks.size.distribution` chooses, `tasks.size.alpha` is then a row of that model.
 *
 * Paths: names joined by dots; an element of a list by its index from 0 (`arrivals.states.0.rate`)
 * or, where the elements have a `name`, by that name too (`tasks.classes.gold.share`); of a mapping
 * by its name (`stages.db.consumers.count`). A group that is written as a single value is that
 * value too (`tasks.size` where it is a duration, `stages.web.replicas`).
 *
 * A new parameter is one field and one row, next to each other.
 */
#ifndef PARAM_H
#define PARAM_H

#include "../base/err.h"
#include "../base/units.h"

struct scenario;

enum param_kind {
    PARAM_NUMBER,   /* double, plain */
    PARAM_COUNT,    /* double with a whole value */
    PARAM_DURATION, /* double, seconds */
    PARAM_RATE,     /* double, per second */
    PARAM_SHARE,    /* double, fraction; text may be a percentage */
    PARAM_BYTES,  /* double, bytes; in the law of tasks.bytes every PARAM_DURATION counts as one */
    PARAM_FLAG,   /* double 0 or 1; text yes/no/true/false/on/off */
    PARAM_AMOUNT, /* struct amount: `auto`, a count, a duration or a percentage (run.warmup) */
    PARAM_TEXT,   /* const char *, interned */
    PARAM_FILE,   /* const char *, interned: a file; a relative path given in a scenario file is
                     relative to that file's folder, elsewhere to the working folder; kept absolute */
    PARAM_CHOICE, /* double holding the index into `choices` */
    PARAM_MODEL,  /* const struct model *, chosen by name from `family`; its rows join the level */
    PARAM_GROUP,  /* nested struct described by `rows` */
    PARAM_LIST,   /* array of doubles or texts of kind `element`, or of structs with `rows` */
    PARAM_SWEPT,  /* double in the unit of the parameter that sweep.parameter names */
    PARAM_VARY,   /* compare.vary: a map from path to list of values (struct vary) */
    PARAM_PLANNED /* a key of the contract that a later version brings: refused as "not yet" */
};

enum amount_kind { AMOUNT_AUTO, AMOUNT_COUNT, AMOUNT_DURATION, AMOUNT_SHARE };
struct amount {
    double kind; /* enum amount_kind */
    double value;
};

enum param_flags {
    PARAM_REQUIRED = 1,  /* must be given (by the file, or by `preset`) */
    PARAM_DRIFTS = 2,    /* may move while a run goes on (sweep.mode: drift) */
    PARAM_OPEN_LOW = 4,  /* `low` itself is out of range */
    PARAM_UNBOUNDED = 8, /* the word `unbounded` (INFINITY) is allowed */
    PARAM_QUANTILE = 16, /* a quantile of a law, in place of a parameter of its own (quantiles.h) */

    /* In place of a mapping, a group (or an element of a list of structs) may be written as a
     * single value, which sets the first of its rows of PARAM_WORD that it fits; as a list, which
     * is its row of PARAM_ITEMS; and it may have keys that are no rows: those are the names of the
     * elements of its list of PARAM_OPEN. A row of PARAM_BARE is written in such a way only. */
    PARAM_WORD = 32,
    PARAM_ITEMS = 64,
    PARAM_OPEN = 128,
    PARAM_BARE = 256,
    PARAM_NAMED = 512,     /* a list that is written as a mapping from name to element (`names`) */
    PARAM_CONSTANT = 1024, /* with PARAM_WORD: a duration chooses the law that is always so long */
    PARAM_OR_0 = 2048      /* 0 as well, though below `low`, where other rows allow it (rules) */
};

struct param {
    const char *name;
    enum param_kind kind;
    size_t offset;      /* in the struct that the row's group describes */
    double low, high;   /* inclusive range; low == high == 0: no bounds beyond the kind's own */
    const char *preset; /* default as text, through the same parser; NULL: unset */
    const char *help;   /* one sentence: what it means */
    unsigned flags;

    const char *const *instead;  /* NULL-ended names beside this one that it takes the place of:
                                    setting this one unsets them */
    const char *const *choices;  /* PARAM_CHOICE: NULL-ended */
    const struct family *family; /* PARAM_MODEL */
    size_t block, block_size;    /* PARAM_MODEL: offset and bytes of the parameter block, in the
                                    struct that `offset` counts in; 0: models without rows */
    const struct param *rows;    /* PARAM_GROUP, PARAM_LIST of structs; a row with name NULL ends */
    const struct param *map;     /* PARAM_LIST: keys of a mapping that may stand in its place, with
                                    fields in the struct that `offset` counts in */
    enum param_kind element;     /* PARAM_LIST of doubles: kind of each */
    size_t stride, capacity;     /* PARAM_LIST */
    size_t count;                /* PARAM_LIST: offset of the double that counts the elements */
    size_t names;         /* PARAM_NAMED: of the name of the first element, where it begins */
    const char *infinity; /* PARAM_UNBOUNDED: the word; NULL: unbounded */
};

/* What every model has in common; first member of struct distribution and its like. */
struct model {
    const char *name;         /* as written in a scenario */
    const char *help;         /* one sentence */
    const struct param *rows; /* its parameters; NULL: none */
};

/* The models that one choice offers. `planned` names those of the contract that are not built
 * yet: they are refused by name ("not yet") and not as typing mistakes. Both end with NULL. */
struct family {
    const char *what; /* "distribution", "arrival process", ... */
    const struct model *const *models;
    const char *const *planned;
};

/* One row in place: where `path` leads in a given scenario. `offset` counts from the scenario's
 * start and holds for every scenario with the same models and list lengths. */
struct param_ref {
    const struct param *row;
    size_t offset;
    enum param_kind kind; /* the element's kind for an element of a list of doubles; PARAM_GROUP
                             for an element of a list of structs */
    const struct param *level; /* the table that `row` is in, and where its struct begins */
    size_t base;
};

/* Fills `s` with the defaults of every row. */
void param_defaults(struct scenario *s);

/* Sets one leaf; `*` in the place of a name or index: of every element that has it. Choosing a
 * model resets that slot's parameters to the model's defaults; naming list element n extends the
 * list by one where n is its length; a list of numbers is also set as a whole by "1, 2, 4". The
 * word `none` unsets what need not be given. Errors carry `at`, the path, the offending text, and a
 * suggestion (nearest key or choice, range, unit). */
bool param_set(struct scenario *s, const char *path, const char *text, struct place at,
               struct errors *errors);

/* The first comma of a list, such as one of values to try, that is not inside of brackets or
 * braces; NULL: none. */
const char *param_comma(const char *text);

/* The path with its first `*` as the name or index of element `index` of what it stands for; NULL:
 * there are no more. Without `*` the path itself is the only one. */
const char *param_starred(const struct scenario *s, const char *path, size_t index);

/* Appends one value to what compare.vary (and --vary) tries for `path`. scenario_check tells
 * whether path and value are any good. */
bool param_vary(struct scenario *s, const char *path, const char *value, struct place at,
                struct errors *errors);

/* Appends an element with its defaults to the list of structs at `path`. */
bool param_extend(struct scenario *s, const char *path, struct place at, struct errors *errors);

/* Finds a row by path (without `*`); errors as for param_set. */
bool param_find(const struct scenario *s, const char *path, struct place at, struct param_ref *ref,
                struct errors *errors);

/* The path as the scenario's file has it, elements of lists by their index:
 * tasks.classes.gold.share is tasks.classes.0.share where gold is the first. What leads nowhere is
 * given back. Interned. */
const char *param_path(const struct scenario *s, const char *path);

/* True where a ref can be swept or varied by number. */
bool param_is_numeric(const struct param_ref *ref);
enum unit param_unit(const struct param_ref *ref);

double param_get(const struct scenario *s, const struct param_ref *ref);
void param_put(struct scenario *s, const struct param_ref *ref, double value);

/* Whether `value` is inside the row's own range (a sweep's ends are checked with it). */
bool param_in_range(const struct param_ref *ref, double value);

/* The same, or 0 where other rows may allow that (PARAM_OR_0). */
bool param_may_be(const struct param_ref *ref, double value);

/* The range as a person would say it: "above 0s, at most 1h"; in the ref's own unit. */
void param_range(const struct param_ref *ref, char *out, size_t size);

/* The value as text that param_set reads back to the same value (interned); NULL where unset. */
const char *param_text(const struct scenario *s, const struct param_ref *ref);

/* Visits, in the order of the rows, every leaf that is set in `s`, with its exact text; a list or
 * group is entered, not reported. With `s` NULL: every row there is, the rows of every model
 * included, with paths such as tasks.size.alpha or arrivals.states.0.rate, and `text` NULL. */
typedef void param_visitor(void *context, const char *path, const struct param *row,
                           const char *text);
void param_each(const struct scenario *s, param_visitor *visit, void *context);

#endif
