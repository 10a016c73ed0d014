#include "measure.h"

#include <math.h>

#include "../sim/base/err.h"

static const struct words {
    const char *title, *axis, *row, *beyond, *largest;
} words[] = {
    [PICTURE_LATENCY] = {"Latency", "latency (arrival to completion)", "tasks that took this long",
                         "tasks that take longer", "slowest task"},
    [PICTURE_WAIT] = {"Wait", "wait (arrival to start of service)", "tasks that waited this long",
                      "tasks that wait longer", "slowest task"},
    [PICTURE_QUEUE] = {"Tasks waiting", "tasks waiting", "time with so many waiting",
                       "time with more waiting", "most waiting"},
};

const char *measure_title(enum picture_measure measure)
{
    return words[measure].title;
}

const char *measure_axis(enum picture_measure measure)
{
    return words[measure].axis;
}

const char *measure_row(enum picture_measure measure)
{
    return words[measure].row;
}

const char *measure_beyond(enum picture_measure measure)
{
    return words[measure].beyond;
}

const char *measure_largest(enum picture_measure measure)
{
    return words[measure].largest;
}

const char *measure_width(const struct heat_rows *rows)
{
    double width = heat_edge(rows->step) - 1;
    if (rows->measure != PICTURE_QUEUE)
        return internf("a row is %.0f %% wide", 100 * width);
    return internf("a row is one number, from %.0f on %.0f %% wide", ceil(1 / width), 100 * width);
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
