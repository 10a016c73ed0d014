/*
 * Intervals of a row: what result.h promises about them, worked out from the groups of one column.
 */
#ifndef INTERVAL_H
#define INTERVAL_H

#include "../engine/cell.h"

/* The groups of one column and class, replications (batches = false) or batches of one, and how
 * sure an interval made from them is to be. */
enum { FEWEST_BATCHES = 8 }; /* that batches are merged down to where they are correlated */
struct groups {
    const struct cell *cell;
    size_t n;
    bool batches;
    double risk; /* stats_t: 0.05 */
    /* By how much each had more work to do than was described, relative (controls.h). NULL: not
     * known, or of no use. */
    const double *load;
    double widen; /* standard errors are taken as so many times as large as they look: 1, or more */
};

/* What the known load takes out of a figure (sensitivity.h): the slope of the figure by the load's
 * logarithm, and the share of its variance that is left by theory. The interval is then around the
 * figure less slope times the mean of `load`, as wide as what is left asks for, and is made longer
 * where it would not hold the figure as measured. {0, 1}: nothing is taken out. */
struct slope {
    double by_load, left;
    double relative; /* of a quantile: of its own logarithm */
};
extern const struct slope no_slope;

/* Half-width of the interval of a mean over completed tasks; `sum` picks what is summed.
 * Worked out for the reciprocal of the mean, where its spread does not depend on itself: the
 * standard deviation of a mean wait or latency grows with its square in heavy traffic (Whitt 1989,
 * "Planning queueing simulations", Management Science 35), so that low estimates come with narrow
 * intervals; the longer side is the half-width. `least`: a relative standard error that it has at
 * least (0: no such is known), but not beyond half as much again as measured. Around the mean as
 * measured, whatever the load was: where that says that the mean is so much too high or too low,
 * the half-width is the one that holds with the same confidence. NAN: none, or wider than half the
 * mean. */
double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell),
                     double least, const struct slope *slope);

/* How many tasks tell as much as one independent task does. Measured: the variance of the fraction
 * of tasks at or below p50, and p90, over what it would be of as many independent tasks; their
 * geometric mean, at least 1. Beside `theory` (half a relaxation time; NAN: unknown, or of tasks
 * that do not pass the backlog on to each other), which does not know everything and is not a
 * matter of luck: the geometric mean of the two. What is left out for want of tasks must not be
 * picked by the luck of the run, or what is stated holds too seldom.
 */
double interval_dependence(const struct groups *groups, const struct cell *merged, double theory);

/* The dependence at p, where it is so much in the middle (relaxation.h). */
double interval_dependence_at(double p, double dependence);

/* Interval of the quantile at p, whose estimate from all groups (`merged`) is q (stats.h): as wide
 * as the spread of the fraction of tasks above q asks for, or that of the quantiles of single
 * replications, or as many independent tasks; and as `dependence` asks for, but not beyond what
 * luck can have done to the spread: half of it with ten independent tasks' worth on the thinner
 * side of q or fewer, and the less the more there are. Both NAN: none. Single replications are left
 * out where some have not met what makes the quantile of all (one storm of a modulated rate): their
 * quantiles then are of two kinds, and their spread has no end. The dependence at p, relative to
 * `dependence`, is taken as 0.6 at p50, 1.5 at p90, 2 at p99 and 3 at p99.9 (measured for M/M/1,
 * M/M/5, M/D/1 and M/G/1 with bounded Pareto sizes; the more the tail is made by single large
 * tasks, the more it is). With
 * `sheds`, tasks are turned away where too many wait: a full buffer cuts the tail off, and what
 * theory says of it is too much (as measured: 99 % held in place of 95), so that the spread decides
 * alone. */
void interval_quantile(const struct groups *groups, const struct cell *merged, double dependence,
                       bool sheds, double p, double q, const struct slope *slope, double *low,
                       double *high);

/* Interval of the fraction of tasks lost. Where none, or all, were lost, it has an end of its own:
 * the fraction that would show so with 5 % (the rule of three), or whatever the risk is. It counts
 * what the run had a chance to meet: independent tasks' worth, and no more than cycles of the input
 * (timescale.h), whose length in tasks is `cycle` (0: there are none). Both NAN: none. */
void interval_loss(const struct groups *groups, double dependence, double cycle,
                   const struct slope *slope, double *low, double *high);

/* Likewise of the fraction of completed tasks that waited at all; the cells hold waits in the place
 * of latencies (estimate.c). */
void interval_waiting(const struct groups *groups, double dependence, double cycle, double *low,
                      double *high);

#endif
