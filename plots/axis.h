/*
 * Axes: where a value stands, and which values get a tick and a label.
 *
 * An axis of x runs from 0 (left) to 1 (right) over the drawn width, in the direction in which the
 * sweep goes. Column i of n always covers [i/n, (i+1)/n). In a drift the columns are slices and the
 * sweep's ends are the picture's edges; in independent columns a value stands at the middle of its
 * column, so the ends lie half a column inside; columns of a list of values stand side by side
 * whatever the values are, and values between two of them by linear interpolation.
 *
 * Latency is always on a log axis. Ticks are round numbers in the unit of the axis
 * (sim/base/units.h), thinned until their labels do not touch.
 */
#ifndef AXIS_H
#define AXIS_H

#include "../sim/base/units.h"

enum axis_layout { AXIS_SLICES, AXIS_CENTRES, AXIS_LIST };

struct axis {
    enum axis_layout layout;
    bool log;   /* not for AXIS_LIST */
    bool whole; /* whole numbers only */
    enum unit unit;
    double from, to;           /* SLICES, CENTRES */
    size_t columns;            /* > 0 */
    const double *values;      /* AXIS_LIST: columns of them; borrowed */
    const char *const *labels; /* AXIS_LIST: in place of the values; may be NULL; borrowed */
};

/* Makes the ends of SLICES and CENTRES such that something can be drawn between them: numbers whose
 * ratio is one, too, above 0 on a log axis, and apart. Ends that are so already stay as they are;
 * one value stands in the middle of the extent that is made. For ends that come from data. */
void axis_widen(struct axis *axis);

/* Where a value stands; NAN where it is not on the axis, and the middle where that has no extent.
 * And the value at a place (SLICES and
 * CENTRES, clamped to the ends). */
double axis_place(const struct axis *axis, double value);
double axis_value(const struct axis *axis, double place);

enum { AXIS_TICKS = 96, AXIS_LABEL = 64 };
struct tick {
    double value, place;    /* place: 0 to 1 along the axis */
    char label[AXIS_LABEL]; /* "": a minor tick */
};
struct ticks {
    size_t n;
    struct tick tick[AXIS_TICKS];
};

/* How wide a label is, in pixels (`context` is handed through). */
typedef double axis_width(void *context, const char *label);

/* Ticks of an axis of x `pixels` long whose labels are at least `gap` apart. */
void axis_ticks(const struct axis *axis, double pixels, double gap, axis_width *width,
                void *context, struct ticks *out);

/* Ticks of a log axis of seconds from 10^low to 10^high, `pixels` long, labels at least `spacing`
 * apart from middle to middle. Minor ticks at the digits of each unit. */
void axis_latency_ticks(double low, double high, double pixels, double spacing, struct ticks *out);

/* Likewise of whole numbers, from 1 on. */
void axis_number_ticks(double low, double high, double pixels, double spacing, struct ticks *out);

/* Ticks on a function of place known at n points (utilization above the columns): round values,
 * wherever the function crosses them; 1 goes before all others. points NAN or infinite break it. */
void axis_curve_ticks(const double *places, const double *points, size_t n, double pixels,
                      double gap, axis_width *width, void *context, struct ticks *out);

/* Ticks of time from 0 to `length` seconds over the whole axis. */
void axis_time_ticks(double length, double pixels, double gap, axis_width *width, void *context,
                     struct ticks *out);

/* The smallest of 1, 2, 5 times a power of ten that is not below x > 0. */
double axis_round_up(double x);

#endif
