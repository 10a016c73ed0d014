#include "measure.h"

#include <math.h>

#include "../sim/base/err.h"

const char *measure_title(enum picture_measure measure)
{
    return measure == PICTURE_QUEUE  ? "Tasks waiting"
           : measure == PICTURE_WAIT ? "Wait"
                                     : "Latency";
}

const char *measure_axis(enum picture_measure measure)
{
    return measure == PICTURE_QUEUE  ? "tasks waiting"
           : measure == PICTURE_WAIT ? "wait (arrival to start of service)"
                                     : "latency (arrival to completion)";
}

const char *measure_row(enum picture_measure measure)
{
    return measure == PICTURE_QUEUE  ? "time with so many waiting"
           : measure == PICTURE_WAIT ? "tasks that waited this long"
                                     : "tasks that took this long";
}

const char *measure_beyond(enum picture_measure measure)
{
    return measure == PICTURE_QUEUE  ? "time with more waiting"
           : measure == PICTURE_WAIT ? "tasks that wait longer"
                                     : "tasks that take longer";
}

const char *measure_width(const struct heat_rows *rows)
{
    double width = heat_edge(rows->step) - 1;
    if (rows->measure != PICTURE_QUEUE)
        return internf("a row is %.0f %% wide", 100 * width);
    return internf("a row is one number, from %.0f on %.0f %% wide", ceil(1 / width), 100 * width);
}

const char *measure_largest(enum picture_measure measure)
{
    return measure == PICTURE_QUEUE ? "most waiting" : "slowest task";
}

const char *measure_value(enum picture_measure measure, double value, int digits)
{
    char text[AXIS_LABEL];
    unit_human(measure == PICTURE_QUEUE ? UNIT_COUNT : UNIT_DURATION, value, digits, text,
               sizeof text);
    return intern(text);
}

void measure_ticks(const struct heat_rows *rows, double pixels, double spacing, struct ticks *out)
{
    double low = (double)rows->low / HEAT_PER_DECADE, high = (double)rows->high / HEAT_PER_DECADE;
    if (rows->measure == PICTURE_QUEUE)
        axis_number_ticks(low, high, pixels, spacing, out);
    else
        axis_latency_ticks(low, high, pixels, spacing, out);
}
