/* The ticks of axis.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

/* Rounding of a value that was computed to lie on an end. */
static const double slack = 1e-9;

static const struct time_unit {
    double seconds;
    const char *name;
} time_units[] = {{86400, "d"}, {3600, "h"},  {60, "min"}, {1, "s"},
                  {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
enum { TIME_UNITS = sizeof time_units / sizeof *time_units, WHOLE_UNITS = 4 };

/* Labels of ticks: a duration in the largest unit that it is a whole number of. */
static void tick_label(enum unit unit, double value, int digits, char *out, size_t size)
{
    for (size_t i = 0; unit == UNIT_DURATION && i < WHOLE_UNITS; i++)
        if (value >= time_units[i].seconds && fmod(value, time_units[i].seconds) == 0) {
            snprintf(out, size, "%.0f %s", value / time_units[i].seconds, time_units[i].name);
            return;
        }
    unit_human(unit, value, digits, out, size);
}

/* The one unit of durations `step` apart, up to `most`: the largest in which they have few digits
 * behind the point, one of minutes and more, else two. NULL: there is none. */
static const struct time_unit *unit_of_steps(double step, double most)
{
    for (size_t i = 0; i < TIME_UNITS; i++) {
        bool decimal = i + 1 >= WHOLE_UNITS;
        double parts = (decimal ? 100 : 10) * step / time_units[i].seconds;
        if (most >= time_units[i].seconds * (1 - slack) && parts >= 1 - slack &&
            fabs(parts - round(parts)) < slack * parts)
            return &time_units[i];
    }
    return NULL;
}

/* ---- ticks that keep apart ---- */

struct tick_row {
    double pixels, gap;
    axis_width *width;
    void *context;
    struct ticks *ticks;
    const struct time_unit *in; /* of all labels of durations; NULL: each has its own */
};

/* Adds a tick with its label if that touches no other; `minor` adds it without one. */
static bool row_add(struct tick_row *row, double value, double place, const char *label)
{
    struct ticks *ticks = row->ticks;
    if (isnan(place) || ticks->n == AXIS_TICKS)
        return false;
    double half = row->width(row->context, label) / 2;
    for (size_t i = 0; i < ticks->n; i++) {
        const struct tick *other = &ticks->tick[i];
        double room = half + row->width(row->context, other->label) / 2 + row->gap;
        if (fabs(place - other->place) * row->pixels < room)
            return false;
    }
    struct tick *tick = &ticks->tick[ticks->n++];
    *tick = (struct tick){.value = value, .place = place};
    snprintf(tick->label, sizeof tick->label, "%s", label);
    return true;
}

/* Every one of the values has its label, or none has. */
static bool row_add_all(struct tick_row *row, const struct axis *axis, const double *values,
                        size_t n)
{
    row->ticks->n = 0;
    for (size_t i = 0; i < n; i++) {
        char label[AXIS_LABEL];
        if (row->in)
            snprintf(label, sizeof label, "%.6g %s", values[i] / row->in->seconds, row->in->name);
        else
            tick_label(axis->unit, values[i], 6, label, sizeof label);
        if (!row_add(row, values[i], axis_place(axis, values[i]), label)) {
            row->ticks->n = 0;
            return false;
        }
    }
    return n > 0;
}

/* ---- round durations ---- */

/* Round durations between the decades of seconds and those of days, from those that are labelled
 * first (0) to those that are labelled where there is room. */
static const struct {
    double seconds;
    int level;
} durations[] = {{1, 0},    {2, 2},    {5, 1},     {10, 0},   {20, 2},   {30, 1},
                 {60, 0},   {120, 2},  {300, 1},   {600, 0},  {1200, 2}, {1800, 1},
                 {3600, 0}, {7200, 2}, {21600, 1}, {43200, 2}};
enum { DURATIONS = sizeof durations / sizeof *durations };

/* Digits of a decade by level; 3: all of them, for axes of less than a decade. */
enum { LEVELS = 4, MOST_AT_LEVEL = 160 };
static int digit_level(int digit)
{
    return digit == 1 ? 0 : digit == 5 ? 1 : digit == 2 ? 2 : 3;
}

static size_t decades_at(int level, int first, int end, double unit, double *out)
{
    size_t n = 0;
    for (int decade = first; decade < end; decade++)
        for (int digit = 1; digit < 10; digit++)
            if (digit_level(digit) == level)
                out[n++] = digit * unit * pow(10, decade);
    return n;
}

/* The round durations of a level, ascending where the level is 0; at most MOST_AT_LEVEL. */
static size_t durations_at(int level, double *out)
{
    size_t n = decades_at(level, -12, 0, 1, out);
    for (size_t i = 0; i < DURATIONS; i++)
        if (durations[i].level == level)
            out[n++] = durations[i].seconds;
    if (level == LEVELS - 1) {
        n += decades_at(level, 0, 1, 1, out + n);
        n += decades_at(level, 0, 1, 3600, out + n);
    }
    return n + decades_at(level, 0, 7, 86400, out + n);
}

/* ---- ticks of the swept parameter ---- */

/* The multiples of step inside [low, high]; 0 where they are too many to be ticks. */
static size_t multiples(double low, double high, double step, double *out, size_t most)
{
    double first = ceil(low / step - slack), last = floor(high / step + slack);
    if (!(last - first < (double)most && fabs(first) < 0x1p53 && fabs(last) < 0x1p53))
        return 0;
    size_t n = 0;
    for (double k = first; k <= last; k++)
        out[n++] = k * step == 0 ? 0 : k * step; /* no negative zero */
    return n;
}

/* Steps of durations are round in their own units. */
static const double duration_steps[] = {
    1e-9,        2e-9,        5e-9,        1e-8,         2e-8,        5e-8,       1e-7,
    2e-7,        5e-7,        1e-6,        2e-6,         5e-6,        1e-5,       2e-5,
    5e-5,        1e-4,        2e-4,        5e-4,         1e-3,        2e-3,       5e-3,
    0.01,        0.02,        0.05,        0.1,          0.2,         0.5,        1,
    2,           5,           10,          20,           30,          60,         120,
    300,         600,         1200,        1800,         3600,        7200,       6 * 3600,
    12 * 3600,   86400,       2 * 86400,   5 * 86400,    10 * 86400,  20 * 86400, 50 * 86400,
    100 * 86400, 200 * 86400, 500 * 86400, 1000 * 86400, 1e4 * 86400, 1e5 * 86400};
enum { DURATION_STEPS = sizeof duration_steps / sizeof *duration_steps };

/* The next rounder step after `step` (0: the finest worth trying over `span`). */
static double next_step(enum unit unit, double step, double span)
{
    double least = step > 0 ? step * 1.01 : span / 40;
    if (unit == UNIT_DURATION && least > duration_steps[0] / 2)
        for (size_t i = 0; i < DURATION_STEPS; i++)
            if (duration_steps[i] >= least)
                return duration_steps[i];
    return axis_round_up(least);
}

static void linear_ticks(const struct axis *axis, struct tick_row *row)
{
    double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
    double values[AXIS_TICKS], span = high - low;
    for (double last = 0, step = next_step(axis->unit, 0, span); step > last && step <= 2 * span;
         last = step, step = next_step(axis->unit, step, span)) {
        if (axis->whole && step < 1)
            continue;
        size_t n = multiples(low, high, step, values, AXIS_TICKS);
        if (axis->unit == UNIT_DURATION && low >= 0)
            row->in = unit_of_steps(step, high);
        if (row_add_all(row, axis, values, n))
            return;
    }
    row->in = NULL;
    row_add_all(row, axis, &axis->from, 1);
}

/* Candidates at 1, 2, 5 (level 1), at every digit (level 2) or every 10^-level decades. */
static void log_ticks(const struct axis *axis, struct tick_row *row)
{
    static const double digits[3][9] = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1}};
    static const size_t count[3] = {9, 3, 1};
    double low = fmin(axis->from, axis->to) * (1 - slack),
           high = fmax(axis->from, axis->to) * (1 + slack);
    for (int level = 0; level < 9; level++) {
        int stride = level < 3 ? 1 : level - 1; /* decades between labels */
        size_t digit = level < 3 ? (size_t)level : 2, n = 0;
        double values[AXIS_TICKS];
        for (int d = (int)floor(log10(low)); d <= (int)floor(log10(high)) && n < AXIS_TICKS; d++)
            for (size_t k = 0; k < count[digit] && n < AXIS_TICKS; k++) {
                double value = digits[digit][k] * pow(10, d);
                if (value >= low && value <= high && d % stride == 0)
                    values[n++] = value;
            }
        if (n < AXIS_TICKS && (n > 1 || level == 8) && row_add_all(row, axis, values, n))
            return;
    }
    linear_ticks(axis, row);
}

/* Times of day as on the axis of latency: as many levels as fit, then every second, third, ... of
 * the roundest. */
static void log_duration_ticks(const struct axis *axis, struct tick_row *row)
{
    double low = fmin(axis->from, axis->to) * (1 - slack),
           high = fmax(axis->from, axis->to) * (1 + slack);
    double values[LEVELS * MOST_AT_LEVEL];
    size_t end[LEVELS], n = 0;
    for (int level = 0; level < LEVELS; level++) {
        double round[MOST_AT_LEVEL];
        size_t count = durations_at(level, round);
        for (size_t i = 0; i < count; i++)
            if (round[i] >= low && round[i] <= high)
                values[n++] = round[i];
        end[level] = n;
    }
    for (int level = LEVELS - 1; level >= 0; level--)
        if (end[level] > 1 && row_add_all(row, axis, values, end[level]))
            return;
    for (size_t stride = 2; stride < end[0]; stride++) {
        double some[MOST_AT_LEVEL];
        size_t kept = 0;
        for (size_t i = 0; i < end[0]; i += stride)
            some[kept++] = values[i];
        if (row_add_all(row, axis, some, kept))
            return;
    }
    linear_ticks(axis, row);
}

/* A label under every column, or under every second, ... */
static void column_ticks(const struct axis *axis, struct tick_row *row)
{
    for (size_t stride = 1;; stride++) {
        bool fits = true;
        row->ticks->n = 0;
        for (size_t i = 0; i < axis->columns && fits; i += stride) {
            double place = ((double)i + 0.5) / (double)axis->columns;
            double value = axis->layout == AXIS_LIST ? axis->values[i] : axis_value(axis, place);
            char label[AXIS_LABEL];
            if (axis->labels)
                snprintf(label, sizeof label, "%s", axis->labels[i]);
            else
                tick_label(axis->unit, axis->whole ? round(value) : value, 3, label, sizeof label);
            fits = row_add(row, value, place, label);
        }
        if (fits || stride >= axis->columns)
            return;
    }
}

enum { FEW_COLUMNS = 16 };

void axis_ticks(const struct axis *axis, double pixels, double gap, axis_width *width,
                void *context, struct ticks *out)
{
    struct tick_row row = {pixels, gap, width, context, out, NULL};
    out->n = 0;
    if (axis->layout == AXIS_LIST ||
        (axis->layout == AXIS_CENTRES && axis->columns <= FEW_COLUMNS)) {
        column_ticks(axis, &row);
        if (axis->layout == AXIS_LIST || out->n == axis->columns)
            return;
    }
    struct axis drawn = *axis;
    axis_widen(&drawn);
    if (drawn.from != axis->from || drawn.to != axis->to) /* one value, or none */
        row_add_all(&row, axis, &axis->from, 1);
    else if (axis->log && axis->unit == UNIT_DURATION)
        log_duration_ticks(axis, &row);
    else if (axis->log)
        log_ticks(axis, &row);
    else
        linear_ticks(axis, &row);
}

void axis_time_ticks(double length, double pixels, double gap, axis_width *width, void *context,
                     struct ticks *out)
{
    struct axis axis = {
        .layout = AXIS_SLICES, .unit = UNIT_DURATION, .from = 0, .to = length, .columns = 1};
    axis_ticks(&axis, pixels, gap, width, context, out);
}

/* ---- ticks of utilization ---- */

static void add_crossings(const double *places, const double *points, size_t n, double value,
                          struct tick_row *row)
{
    char label[AXIS_LABEL];
    unit_human(UNIT_NUMBER, value, 4, label, sizeof label);
    for (size_t i = 0; i < n; i++)
        if (points[i] == value)
            row_add(row, value, places[i], label);
    for (size_t i = 0; i + 1 < n; i++) {
        double a = points[i], b = points[i + 1];
        if (isfinite(a) && isfinite(b) && ((a < value && value < b) || (b < value && value < a)))
            row_add(row, value, places[i] + (places[i + 1] - places[i]) * (value - a) / (b - a),
                    label);
    }
}

void axis_curve_ticks(const double *places, const double *points, size_t n, double pixels,
                      double gap, axis_width *width, void *context, struct ticks *out)
{
    struct tick_row row = {pixels, gap, width, context, out, NULL};
    double low = INFINITY, high = -INFINITY;
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(points[i])) {
            low = fmin(low, points[i]);
            high = fmax(high, points[i]);
        }
    if (!(low <= high))
        return;
    add_crossings(places, points, n, 1, &row);
    /* Rounder values first; the finer ones go where there is room. */
    static const double first[] = {2, 5, 10, 20, 50, 100, 0.5, 0.9, 0.8, 0.7, 0.6, 0.2, 0.1};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        add_crossings(places, points, n, first[i], &row);
    for (double step = axis_round_up((high - low) / 4); step > (high - low) / 60 && step >= 0.01;
         step = axis_round_up(step / 2.6)) {
        double values[AXIS_TICKS];
        size_t count = multiples(low, high, step, values, AXIS_TICKS);
        for (size_t i = 0; i < count; i++)
            add_crossings(places, points, n, values[i], &row);
    }
}

/* ---- ticks of latency, and of numbers ---- */

static void add_level(enum unit unit, double value, double low, double high, struct tick_row *row,
                      bool labelled)
{
    double place = (log10(value) - low) / (high - low);
    struct ticks *ticks = row->ticks;
    if (!(place >= -slack && place <= 1 + slack))
        return;
    for (size_t i = 0; i < ticks->n; i++)
        if (fabs(ticks->tick[i].place - place) < slack)
            return;
    if (labelled) {
        char label[AXIS_LABEL];
        tick_label(unit, value, 3, label, sizeof label);
        row_add(row, value, place, label);
    } else if (ticks->n < AXIS_TICKS) {
        ticks->tick[ticks->n++] = (struct tick){.value = value, .place = place};
    }
}

static double no_width(void *context, const char *label)
{
    (void)context;
    (void)label;
    return 0;
}

void axis_latency_ticks(double low, double high, double pixels, double spacing, struct ticks *out)
{
    struct tick_row row = {pixels, spacing, no_width, NULL, out, NULL};
    out->n = 0;
    for (int level = 0; level < (high - low < 1 ? LEVELS : LEVELS - 1); level++) {
        double round[MOST_AT_LEVEL];
        size_t n = durations_at(level, round);
        for (size_t i = 0; i < n; i++)
            add_level(UNIT_DURATION, round[i], low, high, &row, true);
    }
    if (pixels / (high - low) < 25)
        return;
    for (int decade = -12; decade < 1; decade++)
        for (int digit = 2; digit < 10; digit++)
            add_level(UNIT_DURATION, digit * pow(10, decade), low, high, &row, false);
    static const double unit[] = {10, 60, 600, 3600, 36000, 86400, 864000};
    static const int digits[] = {5, 9, 5, 9, 2, 9, 9};
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
        for (int digit = 2; digit <= digits[i]; digit++)
            add_level(UNIT_DURATION, digit * unit[i], low, high, &row, false);
}

void axis_number_ticks(double low, double high, double pixels, double spacing, struct ticks *out)
{
    struct tick_row row = {pixels, spacing, no_width, NULL, out, NULL};
    int last = (int)floor(high) + 1;
    out->n = 0;
    for (int level = 0; level < (high - low < 1.5 ? LEVELS : LEVELS - 1); level++) {
        double round[MOST_AT_LEVEL];
        size_t n = decades_at(level, 0, last, 1, round);
        for (size_t i = 0; i < n; i++)
            add_level(UNIT_COUNT, round[i], low, high, &row, true);
    }
    for (int decade = 0; decade < last && pixels / (high - low) >= 25; decade++)
        for (int digit = 2; digit < 10; digit++)
            add_level(UNIT_COUNT, digit * pow(10, decade), low, high, &row, false);
}
