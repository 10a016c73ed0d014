/*
 * What is known of the latencies from elsewhere (figure.h), over what was measured: dashed lines
 * with a white outline, in a colour of their own, dotted where the values are approximate, with
 * gaps where there are none. The mean has the measured means beside it, as points with their 95 %
 * intervals.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "frame.h"

extern const uint32_t known_colour;

void known_draw(struct canvas *canvas, const struct view *view);

/* A single column: a line across both plots, and the mean's value above it. */
void known_draw_across(struct canvas *canvas, const struct view *view, struct box across);

/* A line in that style, as in the legend. */
void known_line(struct canvas *canvas, const struct look *look, struct box clip, bool approximate,
                const double *x, const double *y, size_t n);

/* A measured mean, from `low` to `high` (NAN: no interval), in pixels. */
void known_point(struct canvas *canvas, const struct look *look, struct box clip, double x,
                 double y, double low, double high);

#endif
