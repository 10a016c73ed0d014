/* The value behind a row: reading, writing, range, text. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "quantiles.h"

size_t row_count(const struct scenario *s, const struct param *row, size_t base)
{
    return (size_t)field_of(s, base + row->count);
}

bool row_is_map(const struct scenario *s, const struct param *row, size_t base)
{
    for (const struct param *key = row->map; key && key->name; key++)
        if (row_is_set(s, key, base))
            return true;
    return false;
}

bool row_is_set(const struct scenario *s, const struct param *row, size_t base)
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
    case PARAM_AMOUNT:
        return !isnan(field_of(s, offset));
    case PARAM_TEXT:
    case PARAM_FILE:
        return *text_field(s, offset);
    case PARAM_MODEL:
        return *model_field(s, offset);
    case PARAM_GROUP:
        for (struct row_walk w = rows_begin(level_inside(row, base, 0)); rows_next(s, &w);)
            if (row_is_set(s, w.row, w.owner.base))
                return true;
        return false;
    case PARAM_LIST:
        return row_count(s, row, base) > 0 || row_is_map(s, row, base);
    case PARAM_VARY:
        return s->vary_count > 0;
    case PARAM_PLANNED:
        return false;
    }
    assert(false && "a kind");
    return false;
}

bool row_is_hidden(const struct scenario *s, const struct param *row, struct level owner)
{
    if (row_moot(s, row, owner))
        return true;
    bool may = row->instead && !(row->flags & PARAM_QUANTILE) && owner.rows &&
               rows_flagged(owner, PARAM_QUANTILE);
    return may && quantiles_given(owner.rows, field_at(s, owner.base));
}

/* What the rivals made of the other rows of the level goes with them. */
static void hidden_clear(struct scenario *s, const struct param_ref *ref)
{
    struct level level = {ref->level, ref->base};
    if (ref->row->flags & PARAM_QUANTILE || !row_is_hidden(s, ref->row, level))
        return;
    for (const struct param *row = ref->level; row->name; row++)
        if (row != ref->row && !(row->flags & PARAM_QUANTILE))
            row_clear(s, row, ref->base);
}

void rivals_clear(struct scenario *s, const struct param_ref *ref)
{
    if (ref->row->instead)
        hidden_clear(s, ref);
    for (const char *const *name = ref->row->instead; name && *name; name++)
        for (const struct param *row = ref->level; row->name; row++)
            if (strcmp(row->name, *name) == 0)
                row_clear(s, row, ref->base);
}

bool param_is_numeric(const struct param_ref *ref)
{
    return ref->kind == PARAM_NUMBER || ref->kind == PARAM_COUNT || ref->kind == PARAM_DURATION ||
           ref->kind == PARAM_RATE || ref->kind == PARAM_SHARE || ref->kind == PARAM_BYTES;
}

static const char *infinity_of(const struct param *row)
{
    return row->infinity ? row->infinity : "unbounded";
}

static enum unit unit_of_kind(enum param_kind kind)
{
    static const enum unit units[] = {[PARAM_COUNT] = UNIT_COUNT,
                                      [PARAM_DURATION] = UNIT_DURATION,
                                      [PARAM_RATE] = UNIT_RATE,
                                      [PARAM_SHARE] = UNIT_SHARE,
                                      [PARAM_BYTES] = UNIT_BYTES};
    return (size_t)kind < sizeof units / sizeof *units ? units[kind] : UNIT_NUMBER;
}

enum unit param_unit(const struct param_ref *ref)
{
    size_t bytes = offsetof(struct scenario, bytes);
    bool amount = ref->offset >= bytes && ref->offset < bytes + sizeof(struct law);
    if (amount && ref->kind == PARAM_DURATION)
        return UNIT_BYTES;
    return unit_of_kind(ref->kind);
}

double param_get(const struct scenario *s, const struct param_ref *ref)
{
    return field_of(s, ref->offset);
}

void param_put(struct scenario *s, const struct param_ref *ref, double value)
{
    assert(param_is_numeric(ref));
    *field(s, ref->offset) = value;
    rivals_clear(s, ref);
    quantiles_settle(s, ref);
    spec_settle(s);
}

/* The bounds of a row; without own ones, those of its kind. */
static void bounds_of(const struct param_ref *ref, double *low, double *high)
{
    *low = ref->row->low;
    *high = ref->row->high;
    if (*low == 0 && *high == 0) {
        bool any = ref->kind == PARAM_NUMBER || ref->kind == PARAM_SWEPT;
        *low = any ? -INFINITY : 0;
        *high = ref->kind == PARAM_COUNT ? 0x1p53 : INFINITY;
    }
}

bool param_in_range(const struct param_ref *ref, double value)
{
    if (value == INFINITY)
        return ref->row->flags & PARAM_UNBOUNDED;
    double low, high;
    bounds_of(ref, &low, &high);
    if (!isfinite(value) || value < low || value > high)
        return false;
    if (value == low && (ref->row->flags & PARAM_OPEN_LOW))
        return false;
    return ref->kind != PARAM_COUNT || value == floor(value);
}

bool param_may_be(const struct param_ref *ref, double value)
{
    return param_in_range(ref, value) || (value == 0 && ref->row->flags & PARAM_OR_0);
}

void param_range(const struct param_ref *ref, char *out, size_t size)
{
    double low, high;
    char low_text[64], high_text[64];
    bounds_of(ref, &low, &high);
    enum unit unit = param_unit(ref);
    unit_exact(unit, low, low_text, sizeof low_text);
    unit_exact(unit, high, high_text, sizeof high_text);
    const char *from = ref->row->flags & PARAM_OPEN_LOW ? "above " : "at least ";
    snprintf(out, size, "%s%s%s%s%s%s", isinf(low) ? "" : from, isinf(low) ? "" : low_text,
             isinf(low) || isinf(high) ? "" : ", ", isinf(high) ? "" : "at most ",
             isinf(high) ? "" : high_text,
             ref->row->flags & PARAM_UNBOUNDED ? internf(", or %s", infinity_of(ref->row)) : "");
    if (isinf(low) && isinf(high))
        snprintf(out, size, "any number");
}

static const char *number_text(enum unit unit, double value)
{
    char text[64];
    unit_exact(unit, value, text, sizeof text);
    return intern(text);
}

static const char *amount_text(const struct amount *amount)
{
    switch ((enum amount_kind)amount->kind) {
    case AMOUNT_AUTO:
        return "auto";
    case AMOUNT_COUNT:
        return number_text(UNIT_COUNT, amount->value);
    case AMOUNT_DURATION:
        return number_text(UNIT_DURATION, amount->value);
    case AMOUNT_SHARE:
        break;
    }
    /* 100 * share may not read back to the same double: take the shortest percentage that does. */
    for (int digits = 1; digits <= 20; digits++) {
        const char *text = internf("%.*g%%", digits, 100 * amount->value);
        double back;
        const char *why;
        if (unit_parse(UNIT_SHARE, text, &back, &why) && back == amount->value)
            return text;
    }
    double percent = 100 * amount->value;
    return internf("%.17g%%", nextafter(percent, percent / 100 < amount->value ? INFINITY : 0));
}

static enum unit swept_unit(const struct scenario *s)
{
    struct param_ref swept;
    bool known =
        s->sweep.parameter && param_find(s, s->sweep.parameter, (struct place){0}, &swept, NULL);
    return known ? param_unit(&swept) : UNIT_NUMBER;
}

const char *param_text(const struct scenario *s, const struct param_ref *ref)
{
    double value = ref->kind == PARAM_TEXT || ref->kind == PARAM_FILE || ref->kind == PARAM_MODEL
                       ? 0
                       : field_of(s, ref->offset);
    if (isnan(value))
        return NULL;
    switch (ref->kind) {
    case PARAM_NUMBER:
    case PARAM_COUNT:
    case PARAM_DURATION:
    case PARAM_RATE:
    case PARAM_SHARE:
    case PARAM_BYTES:
        return isinf(value) ? infinity_of(ref->row) : number_text(param_unit(ref), value);
    case PARAM_SWEPT:
        return number_text(swept_unit(s), value);
    case PARAM_FLAG:
        return value != 0 ? "yes" : "no";
    case PARAM_AMOUNT:
        return amount_text(field_at(s, ref->offset));
    case PARAM_TEXT:
    case PARAM_FILE:
        return *text_field(s, ref->offset);
    case PARAM_CHOICE:
        return ref->row->choices[(size_t)value];
    case PARAM_MODEL: {
        const struct model *chosen = *model_field(s, ref->offset);
        return chosen ? chosen->name : NULL;
    }
    case PARAM_GROUP:
    case PARAM_LIST:
    case PARAM_VARY:
    case PARAM_PLANNED:
        break;
    }
    return NULL;
}
