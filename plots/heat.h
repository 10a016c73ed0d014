/*
 * Heat: the counts of a panel on the grid that is drawn, and the scale of its colours.
 *
 * Rows of latency are fixed before any data are seen: row k is [10^(k/40), 10^((k+1)/40)) seconds,
 * 5.9 % wide; a picture shows the rows from the lowest to the highest that any panel fills, the
 * objective's where there is one, and some room. Where a picture has fewer pixels than rows, 2, 4,
 * 8, ... neighbours are drawn as one. figure->latency_low and _high, and rows_per_decade, fix all
 * that. The buckets of the histogram (at most 0.78 % wide) are shared out over the rows linearly,
 * in whole tasks; but a bucket by itself, of which the neighbours are empty, is one value, and lies
 * in the row of that. Zero, under, over (histogram.h, or beyond the axis) and unfinished tasks have
 * rows of their own, drawn only where there are any.
 *
 * Where the picture is of the number waiting, rows are of it, in the place of seconds
 * (heat_queue.h), and weights are of time.
 *
 * Invariant: weights of a column of tasks, marked rows included, add up to its completed and
 * unfinished ones. Lost tasks have no latency and are not here.
 */
#ifndef HEAT_H
#define HEAT_H

#include "figure.h"

enum { HEAT_PER_DECADE = 40 };
enum heat_mark { HEAT_ZERO, HEAT_UNDER, HEAT_OVER, HEAT_UNFINISHED, HEAT_MARKS };

/* The rows of a picture, the same in all its panels. */
struct heat_rows {
    int low, high; /* fine rows [low, high), a multiple of `step` apart */
    int step;      /* fine rows drawn as one */
    int n;         /* (high - low) / step */
    bool empty;    /* there is nothing to have an axis of */
    enum picture_measure measure;
    bool mark[HEAT_MARKS];
};

struct heat {
    size_t columns; /* drawn: of the figure's, `columns / drawn` neighbours each (see heat_group) */
    struct heat_rows rows;
    double *value; /* [column * rows.n + row], row 0 lowest: what the colour stands for; 0: empty */
    double (*mark)[HEAT_MARKS]; /* [column], likewise */
    bool *bare;                 /* [column]: there is nothing to draw */
};

/* Lower edge of fine row k, in seconds. */
double heat_edge(int k);

/* The rows for a figure drawn `pixels` high. */
struct heat_rows heat_rows_of(const struct figure *figure, int pixels);

/* The heat of a panel drawn `pixels` wide: at most that many columns. Values by the figure's
 * colour: share of the column; share of its fullest row; count; share of the column's time. */
struct heat heat_of(const struct figure *figure, const struct figure_panel *panel,
                    const struct heat_rows *rows, int pixels);
void heat_free(struct heat *heat);

/* First of the figure's columns in drawn column i of `drawn`. */
size_t heat_group(size_t columns, size_t drawn, size_t i);

/* The scale of colours: linear from 0 to 1 for COLOUR_COLUMN_MAX; else logarithmic. Of shares, up
 * to 10 % and down to the power of ten at or below the smallest that is drawn (one task of the
 * fullest column), two to six decades: the same in pictures of runs that are as long. Of counts,
 * from one to the largest, rounded up. figure->colour_low and _high fix it. */
struct heat_scale {
    double low, high; /* low > 0 where log */
    bool log;
    bool below, above; /* there are values beyond: they have the colours of the ends */
};
struct heat_scale heat_scale_of(const struct figure *figure, const struct heat *heats, size_t n);
double heat_scale_place(const struct heat_scale *scale, double value); /* 0 to 1 */
double heat_scale_value(const struct heat_scale *scale, double place); /* its inverse */

/* What the colours stand for, for the colour bar. */
const char *heat_scale_name(enum picture_colour colour, const struct heat_rows *rows);
const char *heat_scale_short(enum picture_colour colour, /* where that has no room */
                             const struct heat_rows *rows);

#endif
