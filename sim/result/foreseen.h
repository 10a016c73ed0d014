/*
 * The spread that is to be foreseen: how much the figures of a run will vary, from the scenario and
 * its number of tasks alone, before anything is looked at. It decides whether a figure has an
 * interval. The spread that the run itself shows must not: where it is near the line between wide
 * intervals and none, the runs with too small a spread would state one, mostly those that have met
 * too little of what makes tasks late, and what is stated would hold too seldom.
 *
 * A figure has an interval where all but FORESEEN_NONE of such runs find one, that is with a spread
 * that is larger by sqrt(chi squared / degrees) than the one foreseen (Cochran 1934), at 95 %:
 *   - a mean, whose interval is not to be wider than it is itself (interval_mean);
 *   - a quantile, beyond which there must be some tasks at both ends of the interval
 *     (interval_quantile). Half-width 2 in units of the fraction is as far as that goes on the
 *     scale of the square root.
 *
 * Two sources of spread, whose variances add up:
 *   - chance in the queue: half a relaxation time of tasks tells what one independent task would
 *     (relaxation.h); the mean wait has the relative variance 2 U / n (Whitt 1989, section 3), and
 *     1 / P times that where only a part P of the tasks waits (Sakasegawa 1977: P = rho^(sqrt(2 (c
 *     + 1)) - 1)).
 *     Of a quantile where several consumers leave most latencies to the tasks' own sizes, tasks
 *     are less alike: what part of the variance of being late is in the wait (that of P(late |
 *     wait), of exponential waits and services) says how much less, by its root, since the limit
 *     is of a busy queue and neither knows all;
 *   - the states of a modulated rate, each for an exponential time. What is above all consumers
 *     can do is a storm: a backlog fills and goes again like a fluid (Kulkarni 1997, "Fluid models
 *     for single buffer systems", in Frontiers in Queueing). Of one of length t = x tau the tasks
 *     that are later than a time are (x - x0) tau times a rate, those with x0 in common: since x
 *     is exponential, so is what is left of it. Its waits are proportional to x^2. With f the
 *     share of all tasks that storms and what is left of them hold, and P = min(1, (1 - p) / f)
 *     the chance that a storm reaches the quantile, the relative variances for each cycle are
 *
 *     quantile at p   2 / P - 1 - 2 f (1 - log P) + f^2 + (1 - f)^2      (f > 1 - p)
 *     mean wait       5 - 4 f + f^2 + (1 - f)^2
 *
 *     where the number of tasks is given (the variance of (x - x0)+ / P - f x - (1 - f) y, and of
 *     x^2 / 2 - f x - (1 - f) y, y the exponential length of a calm). Where no state is above what
 *     can be done, or the room for waits is bounded, each state has waits of its own: 2 (1 - f)^2,
 *     and of the mean the sum over states of 2 (f_i (W_i / W - 1))^2.
 */
#ifndef FORESEEN_H
#define FORESEEN_H

#include "../scenario/scenario.h"

#define FORESEEN_NONE 0.02

/* Widest interval of a mean, relative, that still says something. */
#define WIDEST_MEAN 0.5

/* Independent tasks' worth that a quantile's interval needs on its thinner side, at the least. */
#define EFFECTIVE_SIDE 3

struct foreseen {
    bool known;        /* nothing is foreseen where it is not (result.h: intervals by the run) */
    double tasks;      /* measured in all replications */
    double unlucky;    /* half-width over foreseen error of all but FORESEEN_NONE; NAN: one group */
    double dependence; /* half a relaxation time, in tasks */
    double waits;      /* the share of tasks that wait for others */
    double tail;       /* 1 / mean of their waits, in services; INFINITY: of no use */
    double wait;       /* share of the mean latency that waits are */
    double cycles;     /* of the states of a modulated rate that are met; INFINITY: none */
    double share;      /* f */
    bool storms;       /* without a bound */
    double of_mean;    /* relative variance of the mean wait in one cycle */
};

/* `tasks`: measured, of all classes, in so many groups (interval.h); `relaxation` in tasks, NAN
 * where it is not known. */
void foreseen_of(const struct scenario *column, double tasks, size_t groups, double relaxation,
                 struct foreseen *foreseen);

/* Whether there is an interval, `widen` times as wide as it looks (interval.h: groups); true where
 * nothing is known. */
bool foreseen_bears_mean(const struct foreseen *foreseen, bool wait, double widen);

/* Likewise of the quantile at p of a class that `part` of the tasks are of. */
bool foreseen_bears_quantile(const struct foreseen *foreseen, double p, double part, double widen);

#endif
