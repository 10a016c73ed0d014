/*
 * Confidence intervals from replications (or batches), two-sided.
 *
 * Every figure is a ratio of sums over groups (a group is one replication or one batch): a mean is
 * sum of values / number of values, a fraction is tasks below x / tasks. Groups may differ in size.
 *
 * Method for a ratio r = sum a / sum b over n groups: the ratio estimator (Cochran, Sampling
 * Techniques, 1977, section 2.11; Law, Simulation Modeling and Analysis, 2015, section 9.3):
 * variance = n / (n - 1) * sum (a_i - r b_i)^2 / (sum b)^2, Student's t with n - 1 degrees.
 *
 * Method for a quantile q at p: batching of the distribution function (Iglehart 1976, "Simulating
 * stable stochastic systems, VI: quantile estimation", J. ACM 23; Chen and Kelton 2006, "Quantile
 * and tolerance-interval estimation in simulation", EJOR 168; Asmussen and Glynn, Stochastic
 * Simulation, 2007, III.5): the fraction of tasks at or below q is a ratio over groups, its
 * interval [p - h, p + h] is carried back to the time axis by the merged distribution. Correlation
 * between tasks of one group is in the variance; groups are taken as independent.
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>

/* The factor that makes a standard error the half-width of an interval: Student's t at 1 - risk /
 * 2. (Everywhere, `risk` is the share of intervals that may miss the truth: 0.05 of those with a
 * confidence of 95 %.) */
double stats_t(double risk, size_t degrees);

struct ratio {
    double value, error; /* standard error; NAN with fewer than two groups */
};
struct ratio stats_ratio(const double *a, const double *b, size_t n);

/* One-sided p-value of von Neumann's ratio of successive differences (von Neumann 1941; normal
 * approximation, variance (n - 2) / (n^2 - 1), Young 1941) against positive correlation between
 * neighbours. 1 where it cannot be computed (fewer than 4 values, or all equal). */
double stats_neighbours(const double *x, size_t n);

/* The smallest number of independent values with which order statistics give a two-sided 95 %
 * interval for the quantile at p: 1 - p^n - (1-p)^n >= 0.95. (p50 6, p90 29, p99 299, p999 2995.)
 */
double stats_quantile_needs(double p);

/* Fractions [low, high] of n sorted independent values between whose order statistics the quantile
 * at p lies with at least 1 - risk (David and Nagaraja, Order Statistics, 2003, section 7.1).
 * Binomial tails of risk / 2; by the normal approximation above a million values. high may exceed
 * 1: no such order statistic. */
void stats_order_interval(double risk, double p, double n, double *low, double *high);

/* Holm 1979, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6: of n
 * p-values in any order, marks those that are off, with a chance of at most `level` that any is
 * marked where all is well. Returns how many. */
size_t stats_holm(const double *p, size_t n, double level, bool *off);

#endif
