/*
 * Intervals of a row: what result.h promises about them, worked out from the groups of one column.
 */
#ifndef INTERVAL_H
#define INTERVAL_H

#include "cell.h"

/* The groups of one column and class: replications (batches = false) or batches of one. */
struct groups {
    const struct cell *cell;
    size_t n;
    bool batches;
};

/* Half-width of the 95 % interval of a mean over completed tasks; `sum` picks what is summed.
 * NAN: none. */
double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell));

/* Interval of the quantile at p, whose estimate from all groups (`merged`) is q. Both NAN: none. */
void interval_quantile(const struct groups *groups, const struct cell *merged, double p, double q,
                       double *low, double *high);

#endif
