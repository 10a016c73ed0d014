/*
 * What is known of the latencies from elsewhere (figure.h), over what was measured: dashed lines
 * with a white outline, in colours of their own, one for each quantile and one for the mean; dotted
 * where the values are approximate, with gaps where there are none; and named. The mean has the
 * measured means beside it, as points with their 95 % intervals.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "frame.h"

extern const uint32_t known_colours[KNOWN_LINES]; /* p50, p99, p99.9, mean */
extern const char *const known_names[KNOWN_LINES];

void known_draw(struct canvas *canvas, const struct view *view);

/* The names of quantiles, near where their lines begin; of the mean the legend tells. */
void known_label(struct canvas *canvas, struct view *view);

/* A single column: a line across both plots, and their values above them. */
void known_draw_across(struct canvas *canvas, const struct view *view, struct box across);

/* A line in that style, as in the legend. */
void known_line(struct canvas *canvas, const struct look *look, struct box clip, int line,
                bool approximate, const double *x, const double *y, size_t n);

/* A measured mean, from `low` to `high` (NAN: no interval), in pixels. */
void known_point(struct canvas *canvas, const struct look *look, struct box clip, double x,
                 double y, double low, double high);

#endif
