/* What stands where in the first lines of a log: of shape.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"
#include "shape_in.h"

static bool same_column(const struct column *a, const struct column *b)
{
    return a->anchor == b->anchor && a->between == b->between &&
           (a->anchor == AT_KEY ? strcmp(a->key, b->key) == 0 : a->offset == b->offset);
}

const char *column_name(const struct shape *shape, const struct column *c)
{
    static const char *const anchors[] = {"", "last", "date", "request"};
    if (c->anchor == AT_KEY)
        return c->key;
    if (c->anchor == AT_START && c->offset < shape->n_headings)
        return shape->headings[c->offset];
    if (c->anchor == AT_START)
        return internf("%d", c->offset + 1);
    const char *name =
        c->offset ? internf("%s%+d", anchors[c->anchor], c->offset) : anchors[c->anchor];
    return c->between ? internf("%s/%s", name, c->part ? internf("%d", c->part) : "last") : name;
}

static struct trait *trait_at(struct traits *traits, const struct shape *shape,
                              struct column column)
{
    for (int i = 0; i < traits->n; i++)
        if (same_column(&traits->trait[i].column, &column))
            return &traits->trait[i];
    if (traits->n == traits->room) {
        traits->room = traits->room ? 2 * traits->room : 32;
        traits->trait = xrealloc(traits->trait, (size_t)traits->room * sizeof *traits->trait);
    }
    struct trait *t = &traits->trait[traits->n++];
    if (column.key)
        column.key = intern(column.key);
    *t = (struct trait){.column = column, .low = INFINITY, .high = -INFINITY};
    t->column.set = true;
    t->name = column_name(shape, &t->column);
    return t;
}

static void take_number(struct trait *t, const char *text, double x, int decimals)
{
    bool whole = decimals == 0 && x == floor(x);
    t->numbers++;
    t->whole += whole;
    t->fine += decimals >= 3;
    t->codes += whole && strlen(text) == 3 && x >= 100 && x < 600;
    t->epochs += x >= 1e8 && x < 1e20;
    if (x < 0 || t->values == SAMPLE_LINES)
        return;
    t->value[t->values++] = x;
    t->sum += x;
    t->low = fmin(t->low, x);
    t->high = fmax(t->high, x);
}

static void take_text(struct trait *t, const char *text, enum comma comma)
{
    struct stamp stamp;
    struct measured measured;
    t->seen++;
    if (!t->text)
        t->text = intern(reader_quote(text));
    if (stamp_read(text, &stamp) && stamp.kind == STAMP_DATE) {
        t->dates++;
    } else if (measured_read(text, comma, &measured)) {
        take_number(t, text, measured.value, measured.decimals);
        t->units += measured.unit > 0;
    }
}

/* Field i of a line, wherever it can be counted from. */
static void take_field(struct traits *traits, const struct shape *shape, const struct record *r,
                       int i)
{
    const struct field *f = &r->field[i];
    struct column column = {.anchor = AT_START, .offset = i};
    if (f->key)
        column = (struct column){.anchor = AT_KEY, .key = f->key};
    else if (shape->format->cut == CUT_WORDS && r->request >= 0 && i >= r->request)
        column = (struct column){.anchor = AT_REQUEST, .offset = i - r->request};
    else if (shape->format->cut == CUT_WORDS && r->date >= 0)
        column = (struct column){.anchor = AT_DATE, .offset = i - r->date};
    const char *text = f->text, *slash = strchr(text, '/');
    struct decimal whole, fine;
    if (!f->key && slash && decimal_read(text, &whole) == slash && decimal_read(slash + 1, &fine) &&
        slash[1 + strspn(slash + 1, "0123456789.")] == '\0') {
        column.between = '/'; /* Apache's %T/%D */
        text = slash + 1;
    }
    take_text(trait_at(traits, shape, column), text, shape->comma);
    if (!f->key && !column.between && shape->format->cut == CUT_WORDS && i > r->date &&
        i > r->request + 2) {
        column = (struct column){.anchor = AT_END, .offset = i - r->n + 1};
        take_text(trait_at(traits, shape, column), f->text, shape->comma);
    }
}

void traits_find(const struct shape *shape, const struct sample_lines *sample,
                 struct traits *traits)
{
    enum { ROOM = LINE_MOST };
    const struct format *f = shape->format;
    char *room = xmalloc(ROOM + 1), *flat = xmalloc(ROOM);
    *traits = (struct traits){0};
    for (int i = 0; i < sample->n; i++) {
        struct record r = {0};
        bool good = !(shape->heading && sample->number[i] <= shape->heading_line) &&
                    format_cut(f, shape->separator, sample, i, room, &r) && shape_takes(shape, &r);
        if (good && r.object)
            record_flatten(&r, flat, ROOM);
        for (int k = 0; good && k < r.n && k < FIELDS; k++) {
            take_field(traits, shape, &r, k);
        }
        traits->lines += good;
        record_done(&r);
    }
    free(room);
    free(flat);
}

void traits_free(struct traits *traits)
{
    free(traits->trait);
}

/* ---- choices ---- */

static bool most(const struct traits *traits, int n)
{
    return traits->any || (n > 0 && 2 * n >= traits->lines);
}

int trait_time(const struct traits *traits, enum role role, bool named)
{
    int best = -1, best_rank = INT32_MAX;
    for (int i = 0; i < traits->n; i++) {
        const struct trait *t = &traits->trait[i];
        double unit;
        bool unsure, sized;
        int rank = named ? name_rank(role, t->name, &unit, &unsure) : i;
        if (rank < 0 || (t->column.anchor == AT_END && !named))
            continue;
        /* What may also be the name of a size, or stands for nothing, must be of a calendar. */
        bool calendar = !named || (unsure && name_rank(ROLE_SIZE, t->name, &unit, &sized) >= 0);
        if (!most(traits, t->dates + (calendar ? t->epochs : t->numbers)))
            continue;
        if (!named && !most(traits, t->dates))
            rank += traits->n; /* dates before numbers */
        if (rank < best_rank) {
            best_rank = rank;
            best = i;
        }
    }
    return best;
}

static bool may_be_size(const struct traits *traits, const struct trait *t)
{
    return traits->any ||
           (most(traits, t->numbers) && !most(traits, t->epochs) && !most(traits, t->dates));
}

static double mean_of(const struct trait *t)
{
    return t->values > 0 ? t->sum / t->values : 0;
}

static int by_name(const struct traits *traits, int arrival, double *unit, bool *latency)
{
    int best = -1, best_rank = INT32_MAX;
    for (int i = 0; i < traits->n; i++) {
        double one;
        bool holds;
        int rank = name_rank(ROLE_SIZE, traits->trait[i].name, &one, &holds);
        if (rank < 0 || rank >= best_rank || i == arrival ||
            !may_be_size(traits, &traits->trait[i]))
            continue;
        best = i;
        best_rank = rank;
        *unit = one;
        *latency = holds;
    }
    return best;
}

/* How much a place without a name looks like one of request times. */
enum look {
    LOOK_NONE,
    LOOK_CONSTANT, /* a number that never changes */
    LOOK_WHOLE,    /* whole numbers: milliseconds, microseconds, or anything */
    LOOK_DECIMAL,
    LOOK_FINE, /* three decimals, as nginx writes seconds */
    LOOK_UNIT
};

/* The status code and the bytes behind a request are none. */
static enum look look_of(const struct traits *traits, const struct trait *t)
{
    bool request = t->column.anchor == AT_REQUEST;
    if (!may_be_size(traits, t) || 2 * t->codes > t->numbers ||
        (request && t->column.offset >= 1 && t->column.offset <= 2 && most(traits, t->whole)))
        return LOOK_NONE;
    if (t->low == t->high && t->values > 1)
        return LOOK_CONSTANT;
    return most(traits, t->units)                     ? LOOK_UNIT
           : most(traits, t->fine)                    ? LOOK_FINE
           : 2 * (t->numbers - t->whole) > t->numbers ? LOOK_DECIMAL
                                                      : LOOK_WHOLE;
}

/* Whether the whole numbers of `a` are those of `b` cut off: %T of %D. */
static double cut_off(const struct trait *a, const struct trait *b)
{
    static const double steps[] = {1e3, 1e6};
    for (int s = 0; s < 2; s++) {
        bool all = a->values == b->values && a->values > 1 && b->high >= steps[s];
        for (int i = 0; all && i < a->values; i++)
            all = a->value[i] == floor(b->value[i] / steps[s]);
        if (all)
            return steps[s];
    }
    return 0;
}

/* A place counted from the end is for lines that vary before it. */
static bool is_better(const struct trait *a, const struct trait *b)
{
    bool a_end = a->column.anchor == AT_END, b_end = b->column.anchor == AT_END;
    if (a_end != b_end)
        return a_end ? a->numbers > b->numbers + b->numbers / 20
                     : b->numbers <= a->numbers + a->numbers / 20;
    /* The time of a request holds those of what stands behind it. */
    return mean_of(a) > mean_of(b) * 1.001;
}

int trait_size(const struct traits *traits, const struct shape *shape, int arrival, bool *guessed,
               double *unit, bool *latency)
{
    int best = by_name(traits, arrival, unit, latency), rivals = 0;
    enum look look = LOOK_NONE;
    *guessed = best < 0;
    bool words = shape->format->cut == CUT_WORDS;
    bool access = words && shape->format->sign && *shape->format->sign == '[';
    for (int i = 0; *guessed && i < traits->n; i++) {
        const struct trait *t = &traits->trait[i], *b = best >= 0 ? &traits->trait[best] : NULL;
        enum look own = i == arrival ? LOOK_NONE : look_of(traits, t);
        /* What has a name, and one that says nothing, is to be asked for. */
        if (own != LOOK_UNIT && (t->column.anchor == AT_KEY || shape->n_headings > 0))
            own = LOOK_NONE;
        /* The same numbers counted from the end, where none are missing, are no rival. */
        bool again = b && own == look && t->column.anchor == AT_END && t->numbers <= b->numbers;
        if (own < look || own == LOOK_NONE || again)
            continue;
        bool first = own > look;
        rivals = first ? 1 : rivals + 1;
        if (first || (own >= LOOK_DECIMAL && is_better(t, b))) {
            best = i;
            look = own;
        } else if (own == LOOK_WHOLE && (cut_off(b, t) > 0 || cut_off(t, b) > 0)) {
            /* Microseconds beside seconds; thousands may be of either. */
            *unit = fmax(cut_off(b, t), cut_off(t, b)) == 1e6 ? 1e-6 : 0;
            best = cut_off(b, t) > 0 ? i : best;
            rivals = 1;
        }
    }
    /* Of several columns of whole numbers nobody knows; nor of several that are of no request. */
    bool unknown = *guessed && rivals > 1 && (look <= LOOK_WHOLE || !words);
    *guessed = *guessed && !(access && rivals == 1);
    return unknown ? -1 : best;
}
