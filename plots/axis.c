#include "axis.h"

#include <assert.h>
#include <math.h>

/* Rounding of a value that was computed to lie on an end. */
static const double slack = 1e-9;

/* Ends so far out, or so near to 0, are as good as any beyond; their ratios and sums are numbers.
 */
static const double farthest = 1e300, nearest = 1e-300;

/* ---- extents ---- */

static bool is_extent(double from, double to)
{
    double room = fabs(to / 2 - from / 2);
    return room > slack * fmax(fabs(from), fabs(to)) && room > nearest;
}

void axis_widen(struct axis *axis)
{
    double from = isnan(axis->from) ? axis->to : axis->from, to = isnan(axis->to) ? from : axis->to;
    from = isnan(from) ? 0 : fmin(fmax(from, -farthest), farthest);
    to = isnan(to) ? from : fmin(fmax(to, -farthest), farthest);
    if (axis->log) { /* three decades, where only one end can be on it */
        from = from >= nearest ? from : to >= 1e6 * nearest ? to / 1000 : 1;
        to = to >= nearest ? to : from <= farthest / 1000 ? from * 1000 : from;
    }
    if (!is_extent(from, to)) {
        double middle = fmin(fmax(from, -farthest / 2), farthest / 2);
        if (fabs(middle) <= 4 * nearest)
            middle = axis->log ? 1 : 0.5;
        from = middle - fabs(middle) / 2;
        to = axis->log ? middle * 2 : middle + fabs(middle) / 2;
    }
    axis->from = from;
    axis->to = to;
}

/* ---- places ---- */

static double list_place(const struct axis *axis, double value)
{
    for (size_t i = 0; i < axis->columns; i++)
        if (axis->values[i] == value)
            return ((double)i + 0.5) / (double)axis->columns;
    for (size_t i = 0; i + 1 < axis->columns; i++) {
        double a = axis->values[i], b = axis->values[i + 1];
        if ((a < value && value < b) || (b < value && value < a))
            return ((double)i + 0.5 + (value - a) / (b - a)) / (double)axis->columns;
    }
    return NAN;
}

/* log(b / a), also where that is too large or small for a number. */
static double log_ratio(double a, double b)
{
    double ratio = b / a;
    return isfinite(ratio) && ratio > 0 ? log(ratio) : log(b) - log(a);
}

/* Where a value stands between the ends: 0 to 1, or outside of them; in the middle where the ends
 * are one. */
static double along(const struct axis *axis, double value)
{
    if (axis->from == axis->to)
        return value == axis->from ? 0.5 : NAN;
    if (axis->log)
        return value > 0 ? log_ratio(axis->from, value) / log_ratio(axis->from, axis->to) : NAN;
    double room = axis->to - axis->from;
    return isfinite(room) ? (value - axis->from) / room
                          : (value / 4 - axis->from / 4) / (axis->to / 4 - axis->from / 4);
}

double axis_place(const struct axis *axis, double value)
{
    if (isnan(value))
        return NAN;
    if (axis->layout == AXIS_LIST)
        return list_place(axis, value);
    double t = along(axis, value), n = (double)axis->columns;
    if (axis->layout == AXIS_CENTRES && axis->columns == 1)
        return fabs(axis->from == axis->to ? t - 0.5 : t) <= slack ? 0.5 : NAN;
    if (!(t >= -slack && t <= 1 + slack))
        return NAN;
    t = fmin(fmax(t, 0), 1);
    return axis->layout == AXIS_CENTRES ? (t * (n - 1) + 0.5) / n : t;
}

double axis_value(const struct axis *axis, double place)
{
    assert(axis->layout != AXIS_LIST);
    double n = (double)axis->columns;
    if (axis->layout == AXIS_CENTRES)
        place = n > 1 ? (place * n - 0.5) / (n - 1) : 0;
    place = fmin(fmax(place, 0), 1);
    if (axis->log)
        return axis->from * exp(place * log_ratio(axis->from, axis->to));
    double room = axis->to - axis->from;
    return isfinite(room) ? axis->from + place * room : axis->from * (1 - place) + axis->to * place;
}

double axis_round_up(double x)
{
    double decade = pow(10, floor(log10(x)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (x <= decade * steps[i] * (1 + slack))
            return decade * steps[i];
    return decade * 10;
}
