/* Values at the places of a shape (shape.h), and the unit of sizes where nothing says it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"
#include "shape.h"

bool spots_text(struct record *record, const struct spots *spots, char *room, size_t size,
                const char **text)
{
    *text = record_get(record, &spots->column[0]);
    if (spots->n < 2 || !*text)
        return *text != NULL;
    int n = snprintf(room, size, "%s", *text);
    for (int i = 1; i < spots->n && n > 0 && (size_t)n < size; i++) {
        const char *next = record_get(record, &spots->column[i]);
        if (!next)
            return false;
        n += snprintf(room + n, size - (size_t)n, " %s", next);
    }
    *text = room;
    return true;
}

bool spots_measured(struct record *record, const struct spots *spots, enum comma comma, double unit,
                    struct measured *out, const char **wrong)
{
    *out = (struct measured){.plain = true};
    *wrong = NULL;
    for (int i = 0; i < spots->n; i++) {
        struct measured one;
        const char *text = record_get(record, &spots->column[i]);
        if (!text || !measured_read(text, comma, &one)) {
            *wrong = text;
            return false;
        }
        double scale = one.unit > 0 ? 1 : unit;
        if (one.value < 0) { /* -1 is what is not known */
            out->value = one.value;
            *wrong = text;
            return true;
        }
        out->value += one.value * scale;
        out->plain = out->plain && one.plain;
        out->unit = one.unit > 0 ? one.unit : unit;
        out->decimals = one.decimals > out->decimals ? one.decimals : out->decimals;
    }
    return true;
}

bool shape_takes(const struct shape *shape, struct record *record)
{
    for (int i = 0; i < shape->n_only; i++) {
        const char *text = record_get(record, &shape->only[i]);
        if (!text || strcmp(text, shape->only_text[i]) != 0)
            return false;
    }
    return true;
}

/* ---- the unit ---- */

struct seen {
    int n;
    double size[SAMPLE_LINES];
    bool whole;          /* all sizes are */
    double first, last;  /* of the times */
    int times, decimals; /* of the times */
};

static double time_of(const struct stamp *stamp, double tick)
{
    double x = (double)stamp->whole + stamp->part;
    if (stamp->kind == STAMP_NUMBER)
        x *= tick > 0 ? tick : reader_tick(x);
    return x;
}

static void look(const struct shape *shape, const struct sample_lines *sample, struct seen *seen)
{
    char *room = xmalloc(LINE_MOST + 1), date[64];
    *seen = (struct seen){.whole = true};
    for (int i = 0; i < sample->n; i++) {
        struct record r = {0};
        struct measured measured;
        struct stamp stamp;
        const char *text, *wrong;
        bool good = !(shape->heading && sample->number[i] <= shape->heading_line) &&
                    format_cut(shape->format, shape->separator, sample, i, room, &r) &&
                    shape_takes(shape, &r);
        if (good && spots_text(&r, &shape->arrival, date, sizeof date, &text) &&
            stamp_read(text, &stamp)) {
            double t = time_of(&stamp, shape->tick);
            seen->first = seen->times == 0 ? t : fmin(seen->first, t);
            seen->last = seen->times == 0 ? t : fmax(seen->last, t);
            seen->times++;
            if (stamp.decimals > seen->decimals && stamp.part != 0)
                seen->decimals = stamp.decimals;
            if (stamp.kind == STAMP_NUMBER && t > 1e8 && t != floor(t) && seen->decimals < 3)
                seen->decimals = 3; /* thousandths since 1970, or finer */
        }
        if (good && spots_measured(&r, &shape->size, shape->comma, 1, &measured, &wrong) &&
            !wrong) {
            seen->size[seen->n++] = measured.value;
            seen->whole = seen->whole && measured.decimals == 0;
        }
        record_done(&r);
    }
    free(room);
}

static int up(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Powers of ten by which x lies outside of low .. high. */
static double outside(double x, double low, double high)
{
    return !(x > 0) ? 0 : x < low ? log10(low / x) : x > high ? log10(x / high) : 0;
}

/* How improbable a unit is: requests take about 0.1 s, other tasks from a millisecond to a day, and
 * seldom more than hundreds are under way at once; whole numbers beside times of milliseconds are
 * hardly seconds. */
static double doubt_of(double unit, const struct seen *seen, double middle, bool requests)
{
    double size = middle * unit, span = seen->last - seen->first;
    double load = span > 0 ? size * seen->times / span : 0;
    double doubt = requests ? fabs(log10(fmax(size, 1e-12) / 0.1))
                            : outside(size, 1e-3, 86400) + outside(load, 1e-3, 300);
    return doubt + (unit == 1 && seen->whole && seen->decimals >= 2 && middle >= 2 ? 1 : 0);
}

void shape_guess_unit(struct shape *shape, const struct sample_lines *sample)
{
    static const double units[] = {1, 1e-3, 1e-6, 1e-9};
    enum { UNITS = sizeof units / sizeof *units };
    struct seen seen;
    double doubt[UNITS], sum = 0;
    int best = 0, second;
    look(shape, sample, &seen);
    qsort(seen.size, (size_t)seen.n, sizeof *seen.size, up);
    for (int i = 0; i < seen.n; i++)
        sum += seen.size[i];
    double middle = seen.n > 0 ? seen.size[seen.n / 2] : 0;
    if (middle == 0 && seen.n > 0) /* whole seconds, most of them none */
        middle = sum / seen.n;
    for (int i = 0; i < UNITS; i++)
        doubt[i] = doubt_of(units[i], &seen, middle, shape->latency);
    for (int i = 1; i < UNITS; i++)
        if (doubt[i] < doubt[best])
            best = i;
    second = best == 0 ? 1 : best - 1; /* the larger one is the commoner mistake */
    shape->unit = units[best];
    shape->other = units[second];
    shape->unit_guessed = true;
}
