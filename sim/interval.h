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
 * Worked out for the reciprocal of the mean, where its spread does not depend on itself: the
 * standard deviation of a mean wait or latency grows with its square in heavy traffic (Whitt 1989,
 * "Planning queueing simulations", Management Science 35), so that low estimates come with narrow
 * intervals; the longer side is the half-width. NAN: none, or wider than half the mean. */
double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell));

/* How many tasks tell as much as one independent task does: the variance of the fraction of tasks
 * at or below p50, and p90, over what it would be of as many independent tasks; their geometric
 * mean, at least 1. */
double interval_dependence(const struct groups *groups, const struct cell *merged);

/* Interval of the quantile at p, whose estimate from all groups (`merged`) is q (stats.h). Both
 * NAN: none. It needs 30 independent tasks' worth on either side of q: whether a tail of few bursts
 * of slow tasks is known well cannot be read off those bursts. */
void interval_quantile(const struct groups *groups, const struct cell *merged, double dependence,
                       double p, double q, double *low, double *high);

#endif
