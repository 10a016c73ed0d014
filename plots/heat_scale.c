/* The scale of colours of heat.h. */
#include "measure.h"

#include <math.h>

#include "../sim/base/err.h"

static void widen(double value, double *least, double *most)
{
    if (value > 0) {
        *least = fmin(*least, value);
        *most = fmax(*most, value);
    }
}

/* From the largest value down to the smallest, in whole decades, and no more than this many: below
 * them everything is "little". */
enum { SCALE_DECADES = 6 };

/* The least and the largest of all values above 0; 0 and INFINITY where there are none. */
static void extent_of(const struct heat *heats, size_t n, double *least, double *most)
{
    *least = INFINITY;
    *most = 0;
    for (size_t h = 0; h < n; h++) {
        for (size_t i = 0; i < heats[h].columns * (size_t)heats[h].rows.n; i++)
            widen(heats[h].value[i], least, most);
        for (size_t i = 0; i < heats[h].columns; i++)
            for (size_t m = 0; m < HEAT_MARKS; m++)
                widen(heats[h].mark[i][m], least, most);
    }
}

/* Shares go up to a tenth: what is more has the colour of that. */
#define HIGHEST_SHARE 0.1

struct heat_scale heat_scale_of(const struct figure *figure, const struct heat *heats, size_t n)
{
    enum picture_colour colour = (enum picture_colour)figure->colour;
    struct heat_scale scale = {.low = 0, .high = 1, .log = colour != COLOUR_COLUMN_MAX};
    double least, most;
    extent_of(heats, n, &least, &most);
    if (figure->colour_high > figure->colour_low) {
        scale.low = figure->colour_low;
        scale.high = figure->colour_high;
    } else if (colour == COLOUR_COLUMN_MAX) {
        return scale;
    } else if (colour == COLOUR_LOG_COUNT) { /* from one task on */
        scale.low = 1;
        scale.high = fmax(axis_round_up(fmax(most, 1)), 10);
    } else {
        scale.high = HIGHEST_SHARE;
        scale.low = scale.high * pow(10, -SCALE_DECADES);
        while (least * (1 + 1e-9) >= scale.low * 10 && scale.low * 1000 < scale.high * (1 + 1e-9))
            scale.low *= 10;
    }
    scale.below = least * (1 + 1e-9) < scale.low;
    scale.above = most > scale.high * (1 + 1e-9);
    return scale;
}

double heat_scale_place(const struct heat_scale *scale, double value)
{
    double t = scale->log ? log(value / scale->low) / log(scale->high / scale->low)
                          : (value - scale->low) / (scale->high - scale->low);
    return t > 0 ? fmin(t, 1) : 0;
}

double heat_scale_value(const struct heat_scale *scale, double place)
{
    return scale->log ? scale->low * exp(place * log(scale->high / scale->low))
                      : scale->low + place * (scale->high - scale->low);
}

const char *heat_scale_short(enum picture_colour colour, const struct heat_rows *rows)
{
    if (rows->measure == PICTURE_QUEUE && colour == COLOUR_DENSITY)
        return "share of a column's time";
    return colour == COLOUR_DENSITY      ? "share of a column's tasks"
           : colour == COLOUR_COLUMN_MAX ? "share of fullest row"
           : colour == COLOUR_LOG_COUNT  ? "tasks in a row"
                                         : "share of a column's time";
}

const char *heat_scale_name(enum picture_colour colour, const struct heat_rows *rows)
{
    switch (colour) {
    case COLOUR_DENSITY:
        return internf("share of a column's %s (%s)", measure_row(rows->measure),
                       measure_width(rows));
    case COLOUR_COLUMN_MAX:
        if (rows->measure == PICTURE_QUEUE)
            return "time with so many waiting, as a share of that in the column's fullest row";
        return "tasks in a row, as a share of those in the column's fullest row";
    case COLOUR_LOG_COUNT:
        return internf("number of %s (%s)", measure_row(rows->measure), measure_width(rows));
    case COLOUR_INTENSITY:
        return internf("share of the time %s in a column, by %s (%s)",
                       rows->measure == PICTURE_WAIT ? "waited" : "spent",
                       measure_row(rows->measure), measure_width(rows));
    }
    return "";
}
