/*
 * A tail: P(X > x) at points x, from independent replications, where it is too small for counts.
 *
 * Each replication gives the weight of the tasks above each point, and of all tasks; the tail is a
 * ratio over replications (stats.h). Intervals are made for its logarithm: value exp(-h) to value
 * exp(h), h Student's t times the relative standard error (the delta method; Asmussen and Glynn
 * 2007, III.3): replications of rare events are skewed, few with much weight, so that low estimates
 * come with low spreads, which intervals of equal halves take no account of.
 *
 * Quantiles: between two points the logarithm of the tail is linear in x; the interval of the tail
 * at the quantile is carried back to x by the same curve, as that of any quantile (stats.h).
 */
#ifndef TAIL_H
#define TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TAIL_POINTS = 241 };

struct tail {
    size_t n; /* points, rising */
    double x[TAIL_POINTS];
    bool log; /* the logarithm of the tail is linear in that of x between points, but for x = 0 */
    size_t replications, capacity;
    double *above; /* [replication * n + point]; owned */
    double *total, *steps;
};

void tail_free(struct tail *tail);

/* Room for so many replications in all, those that are added zeroed. */
void tail_extend(struct tail *tail, size_t replications);

struct tail_figure {
    double value, low, high; /* of the tail, or of a quantile; NAN: unknown */
    double half;             /* h of the tail there; NAN: unknown */
};

/* The tail at a point, with an interval that misses with probability `risk`. */
struct tail_figure tail_at(const struct tail *tail, size_t point, double risk);

/* Where the tail is q. 0 where it never is as much. */
struct tail_figure tail_quantile(const struct tail *tail, double q, double risk);

#endif
