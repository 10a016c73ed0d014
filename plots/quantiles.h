/*
 * The lines of quantiles over a heat map, with their bands.
 *
 * A line has a point for each column, or a step as wide as the column where columns are few
 * (view_steps). Where columns are so narrow that the line would cover what it is of, it is that of
 * several neighbours together: the quantile of all their tasks, without a band, and a gap where
 * fewer than ten of them lie beyond it. Where the lines come close together they are drawn thin.
 */
#ifndef QUANTILES_H
#define QUANTILES_H

#include "spectrogram.h"

/* Columns of the figure that a point of a line is of. */
size_t quantiles_group(const struct view *view);

/* The points of quantile `line`, in pixels; NAN: a gap. */
struct line_path {
    double *x, *y, *low, *high; /* one allocation, at x */
    size_t n;
};
struct line_path quantiles_path(const struct view *view, int line);

void quantiles_draw(struct canvas *canvas, const struct view *view);

#endif
