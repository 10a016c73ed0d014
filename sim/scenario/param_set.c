/* Defaults, and setting one leaf from text. */
#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distribution.h"
#include "quantiles.h"

enum { TEXT_LONGEST = 200 };

static const struct place preset_place = {"(default)", 0, 0};

void row_empty(struct scenario *s, const struct param *row, size_t base)
{
    size_t n = row_count(s, row, base);
    field_zero(s, base + (row_is_named(row) ? row->names : row->offset), n * row->stride);
    if (n > 0)
        *field(s, base + row->count) = 0;
}

void row_clear(struct scenario *s, const struct param *row, size_t base)
{
    size_t offset = base + row->offset;
    switch (row->kind) {
    case PARAM_NUMBER:
    case PARAM_COUNT:
    case PARAM_DURATION:
    case PARAM_RATE:
    case PARAM_SHARE:
    case PARAM_BYTES:
    case PARAM_FLAG:
    case PARAM_CHOICE:
    case PARAM_SWEPT:
        *field(s, offset) = NAN;
        break;
    case PARAM_AMOUNT:
        *(struct amount *)(void *)field(s, offset) = (struct amount){NAN, NAN};
        break;
    case PARAM_TEXT:
    case PARAM_FILE:
        *(const char **)(void *)field(s, offset) = NULL;
        break;
    case PARAM_MODEL:
        *(const struct model **)(void *)field(s, offset) = NULL;
        if (row->block_size)
            field_zero(s, base + row->block, row->block_size);
        break;
    case PARAM_GROUP:
        rows_clear(s, level_inside(row, base, 0));
        break;
    case PARAM_LIST:
        row_empty(s, row, base);
        rows_clear(s, level_of_map(row, base));
        break;
    case PARAM_VARY:
        memset(s->vary, 0, sizeof s->vary);
        s->vary_count = 0;
        break;
    case PARAM_PLANNED:
        break;
    }
}

void rows_clear(struct scenario *s, struct level level)
{
    for (const struct param *row = level.rows; row && row->name; row++)
        row_clear(s, row, level.base);
}

void rows_preset(struct scenario *s, struct level level)
{
    for (const struct param *row = level.rows; row && row->name; row++) {
        if (row->kind == PARAM_GROUP)
            rows_preset(s, level_inside(row, level.base, 0));
        if (!row->preset)
            continue;
        struct errors errors = {0};
        struct param_ref ref = {row, level.base + row->offset, row->kind, level.rows, level.base};
        bool set = leaf_set(s, &ref, row->name, row->preset, preset_place, &errors);
        assert(set && "a row's preset is valid");
        (void)set;
    }
}

void param_defaults(struct scenario *s)
{
    struct level top = {scenario_rows, 0};
    memset(s, 0, sizeof *s);
    spec_hold(s);
    rows_clear(s, top);
    rows_preset(s, top);
    spec_release(s);
}

static struct level choose(struct scenario *s, const struct param_ref *ref,
                           const struct model *model)
{
    struct level inner = {model->rows, ref->base + ref->row->block};
    row_clear(s, ref->row, ref->base);
    *(const struct model **)(void *)field(s, ref->offset) = model;
    assert(!inner.rows || ref->row->block_size);
    rows_clear(s, inner);
    rows_preset(s, inner);
    return inner;
}

bool constant_set(struct scenario *s, const struct param_ref *ref, const char *path,
                  const char *text, struct place at, struct errors *errors)
{
    double value;
    const char *why;
    struct param_ref as = {.offset = ref->offset, .kind = PARAM_DURATION};
    if (strcmp(text, "none") == 0)
        return leaf_set(s, ref, path, text, at, errors);
    if (!unit_parse(param_unit(&as), text, &value, &why))
        return error_at(errors, at, "%s: '%.60s' is neither %s (%s) nor a distribution", path, text,
                        param_unit(&as) == UNIT_BYTES ? unit_describe(UNIT_BYTES)
                                                      : "a duration such as 20ms",
                        why);
    for (const struct model *const *m = ref->row->family->models; *m; m++)
        if (((const struct distribution *)*m)->constant) {
            struct level inner = choose(s, ref, *m);
            struct param_ref leaf = {inner.rows, inner.base + inner.rows->offset, inner.rows->kind,
                                     inner.rows, inner.base};
            rivals_clear(s, ref);
            return leaf_set(s, &leaf, path, text, at, errors);
        }
    assert(false && "a constant law");
    return false;
}

static bool set_model(struct scenario *s, const struct param_ref *ref, const char *path,
                      const char *text, struct place at, struct errors *errors)
{
    const struct family *family = ref->row->family;
    const char *names[64];
    size_t n = 0;
    for (const struct model *const *m = family->models; *m && n < 63; m++) {
        if (strcmp((*m)->name, text) == 0) {
            choose(s, ref, *m);
            return true;
        }
        names[n++] = (*m)->name;
    }
    names[n] = NULL;
    for (const char *const *planned = family->planned; *planned; planned++)
        if (strcmp(*planned, text) == 0)
            return error_at(errors, at,
                            "%s: %s '%s' is not yet supported by this version of queuescope", path,
                            family->what, text);
    char known[300];
    list_words(known, sizeof known, names);
    const char *near = nearest(text, names);
    if (near)
        return error_at(errors, at, "%s: unknown %s '%.60s' (did you mean '%s'?); known: %s", path,
                        family->what, text, near, known);
    return error_at(errors, at, "%s: unknown %s '%.60s'; known: %s", path, family->what, text,
                    known);
}

static bool set_choice(struct scenario *s, const struct param_ref *ref, const char *path,
                       const char *text, struct place at, struct errors *errors)
{
    const char *const *choices = ref->row->choices;
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0) {
            *field(s, ref->offset) = (double)i;
            return true;
        }
    char known[300];
    list_words(known, sizeof known, choices);
    const char *near = nearest(text, choices);
    if (near)
        return error_at(errors, at, "%s: unknown choice '%.60s' (did you mean '%s'?); known: %s",
                        path, text, near, known);
    return error_at(errors, at, "%s: unknown choice '%.60s'; known: %s", path, text, known);
}

static bool set_flag(struct scenario *s, const struct param_ref *ref, const char *path,
                     const char *text, struct place at, struct errors *errors)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i], text) == 0) {
            *field(s, ref->offset) = (double)(i % 2);
            return true;
        }
    return error_at(errors, at, "%s: '%.60s' is neither yes nor no", path, text);
}

static bool set_text(struct scenario *s, const struct param_ref *ref, const char *path,
                     const char *text, struct place at, struct errors *errors)
{
    size_t length = strlen(text), longest = ref->kind == PARAM_FILE ? PATH_MAX : TEXT_LONGEST;
    if (length > longest)
        return error_at(errors, at, "%s: a text of %zu bytes, longer than %zu", path, length,
                        longest);
    if (!text_is_clean(text))
        return error_at(errors, at, "%s: '%.60s' has control characters or is not UTF-8", path,
                        text);
    if (length == 0 && ref->row->kind == PARAM_LIST)
        return error_at(errors, at, "%s: an empty text", path);
    const char *kept = length ? intern(text) : NULL;
    if (kept && ref->kind == PARAM_FILE && text[0] != '/') {
        char here[PATH_MAX] = "";
        bool in_file = at.line > 0 && at.source, rooted = in_file && at.source[0] == '/';
        const char *slash = in_file ? strrchr(at.source, '/') : NULL;
        if (!rooted && !getcwd(here, sizeof here))
            return error_at(errors, at, "%s: the working folder has no path", path);
        kept = slash ? internf("%s%s%.*s/%s", here, rooted ? "" : "/", (int)(slash - at.source),
                               at.source, text)
                     : internf("%s/%s", here, text);
    }
    *(const char **)(void *)field(s, ref->offset) = kept;
    return true;
}

static bool set_amount(struct scenario *s, const struct param_ref *ref, const char *path,
                       const char *text, struct place at, struct errors *errors)
{
    struct amount *amount = (struct amount *)(void *)field(s, ref->offset);
    double value;
    const char *why;
    size_t length = strlen(text);
    if (strcmp(text, "auto") == 0)
        *amount = (struct amount){AMOUNT_AUTO, 0};
    else if (length > 0 && text[length - 1] == '%' && unit_parse(UNIT_SHARE, text, &value, &why) &&
             value >= 0 && value < 1)
        *amount = (struct amount){AMOUNT_SHARE, value};
    else if (unit_parse(UNIT_COUNT, text, &value, &why) && value >= 0 && value <= 0x1p53)
        *amount = (struct amount){AMOUNT_COUNT, value};
    else if (length > 0 && strpbrk(text, "smhd") && unit_parse(UNIT_DURATION, text, &value, &why) &&
             value >= 0)
        *amount = (struct amount){AMOUNT_DURATION, value};
    else
        return error_at(
            errors, at,
            "%s: '%.60s' is none of: auto, a number of tasks such as 10k, a duration such "
            "as 10m, a percentage from 0%% to below 100%%",
            path, text);
    return true;
}

/* The unit that a number at `ref` is written in. A swept value has that of its parameter; where
 * that is not known (yet another error), the first unit that `text` fits. */
static enum unit unit_in(const struct scenario *s, const struct param_ref *ref, const char *text,
                         struct param_ref *bounds)
{
    *bounds = *ref;
    if (ref->kind != PARAM_SWEPT)
        return param_unit(ref);
    struct param_ref swept;
    if (s->sweep.parameter && param_find(s, s->sweep.parameter, (struct place){0}, &swept, NULL) &&
        param_is_numeric(&swept)) {
        *bounds = swept;
        return param_unit(&swept);
    }
    double value;
    const char *why;
    static const enum unit units[] = {UNIT_NUMBER, UNIT_DURATION, UNIT_RATE, UNIT_SHARE,
                                      UNIT_BYTES};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (unit_parse(units[i], text, &value, &why))
            return units[i];
    return UNIT_NUMBER;
}

static bool set_number(struct scenario *s, const struct param_ref *ref, const char *path,
                       const char *text, struct place at, struct errors *errors)
{
    struct param_ref bounds;
    enum unit unit = unit_in(s, ref, text, &bounds);
    double value = INFINITY;
    const char *why;
    const char *infinite = bounds.row->infinity ? bounds.row->infinity : "unbounded";
    if (strcmp(text, infinite) == 0) {
        if (!(bounds.row->flags & PARAM_UNBOUNDED))
            return error_at(errors, at, "%s: cannot be unbounded: %s", path, unit_describe(unit));
    } else if (bounds.row->infinity &&
               (strcmp(text, "unbounded") == 0 || strcmp(text, "unlimited") == 0)) {
        return error_at(errors, at, "%s: the word is '%s' here, not '%.60s'", path, infinite, text);
    } else if (!unit_parse(unit, text, &value, &why)) {
        return error_at(errors, at, "%s: '%.60s' is not %s: %s", path, text, unit_describe(unit),
                        why);
    }
    if (!param_may_be(&bounds, value)) {
        char range[200];
        param_range(&bounds, range, sizeof range);
        return error_at(errors, at, "%s: %.60s is out of range: must be %s", path, text, range);
    }
    *field(s, ref->offset) = value;
    return true;
}

/* Whether the word `none` may unset the row: nothing relies on it being there, nor is it a choice.
 */
static bool may_be_none(const struct param_ref *ref)
{
    for (const char *const *choice = ref->row->choices; choice && *choice; choice++)
        if (strcmp(*choice, "none") == 0)
            return false;
    return (!ref->row->preset || ref->row->instead) && ref->row->kind != PARAM_LIST &&
           ref->kind != PARAM_TEXT && ref->kind != PARAM_FILE;
}

static bool set_by_kind(struct scenario *s, const struct param_ref *ref, const char *path,
                        const char *text, struct place at, struct errors *errors)
{
    switch (ref->kind) {
    case PARAM_NUMBER:
    case PARAM_COUNT:
    case PARAM_DURATION:
    case PARAM_RATE:
    case PARAM_SHARE:
    case PARAM_BYTES:
    case PARAM_SWEPT:
        return set_number(s, ref, path, text, at, errors);
    case PARAM_FLAG:
        return set_flag(s, ref, path, text, at, errors);
    case PARAM_AMOUNT:
        return set_amount(s, ref, path, text, at, errors);
    case PARAM_TEXT:
    case PARAM_FILE:
        return set_text(s, ref, path, text, at, errors);
    case PARAM_CHOICE:
        return set_choice(s, ref, path, text, at, errors);
    case PARAM_MODEL:
        return set_model(s, ref, path, text, at, errors);
    case PARAM_GROUP:
    case PARAM_LIST:
    case PARAM_VARY:
    case PARAM_PLANNED:
        break;
    }
    assert(false && "a leaf");
    return false;
}

bool leaf_set(struct scenario *s, const struct param_ref *ref, const char *path, const char *text,
              struct place at, struct errors *errors)
{
    if (strcmp(text, "none") == 0 && may_be_none(ref)) {
        row_clear(s, ref->row, ref->base);
        quantiles_settle(s, ref);
        return true;
    }
    if (!set_by_kind(s, ref, path, text, at, errors))
        return false;
    rivals_clear(s, ref);
    quantiles_settle(s, ref);
    return true;
}
