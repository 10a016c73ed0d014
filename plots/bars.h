/*
 * Bars: a distribution over the rows of a view, marked rows included, as bars that lie. Of the only
 * column of a picture; and, beside a spectrogram, of all its columns (the marginal distribution).
 *
 * In the marginal every column counts alike, as it does in the colours, however many tasks it had:
 * a value is the mean over columns of the share of the column's tasks, unfinished ones included.
 * Columns without tasks are left out.
 */
#ifndef BARS_H
#define BARS_H

#include "spectrogram.h"

/* The right end of a scale that holds all bars: a share, a little more than the largest. */
double bars_end(const struct heat_rows *rows, const double *value, const double *mark);

/* Bars from the left of `in` on, which is as wide as the scale: value[rows.n], mark[HEAT_MARKS]. */
void bars_draw(struct canvas *canvas, const struct view *view, struct box in, const double *value,
               const double *mark, double end);

/* The marginal distribution of a view, in a box as high as its plot, with its scale and name; and
 * how wide all of it is. */
void bars_marginal(struct canvas *canvas, const struct view *view, const struct shared *shared,
                   struct box box);
int bars_marginal_box(const struct look *look); /* width of the box alone */
double bars_marginal_width(const struct look *look);

#endif
