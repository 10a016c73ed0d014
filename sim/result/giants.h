/*
 * Giants: single sizes so large that they hold up all others, and so rare that a run has met few of
 * them. A run that has met none agrees with itself and is wrong; one that has met two is wrong the
 * other way, and its spread shows neither. How much depends on them is asked of the laws alone, not
 * of the run: what is stated must not be picked by its luck.
 *
 * With n tasks, x is the size that GIANTS_MET of them exceed on average: what is larger, the run
 * has not met often enough to know. A size s > x blocks the queue (of c consumers with utilization
 * rho, k = c - floor(rho c) such sizes at a time are needed: Scheller-Wolf and Vesilo 2006, as in
 * interval_mean_exists; here so many that those which are left are GIANTS_FULL) and the backlog
 * takes its time to go: of the tasks that arrive in the k / (c (1 - rho)) times s meanwhile, those
 * wait longer than q that come while (s - q) lasts (a single big jump: Foss, Korshunov and Zachary,
 * An Introduction to Heavy-Tailed and Subexponential Distributions, 2013, 5.3). So the number of
 * tasks above the quantile q has, besides the variance p (1 - p) D of each (D: interval_dependence
 * of the queue whose sizes end at x), that of a compound Poisson sum,
 *
 *     p^2 (lambda / (c (1 - rho)))^2 E[(S - q)^2; S > max(x, q)]
 *
 * for each task where k = 1. Where several sizes at a time are needed,
 * and more than GIANTS_WAITS of the second moment lies above x, D is not that of a busy queue: most
 * of the tasks above a high quantile are there for their own sizes, which do not depend on each
 * other, and D counts with the square of the part that waits. Their ratio is the noise: 0 without
 * giants, INFINITY where the sizes have no variance. The quantile q itself is not taken from the
 * run but from the laws: the largest of what the sizes alone, their jumps alone and the diffusion
 * limit alone give.
 *
 * Measured (docs/statistics.md): with a noise of up to GIANTS_NOISE intervals hold as often as they
 * say; of Pareto sizes to one consumer, with exponents from 1.5 to 2.2, they would in 25 to 92 %.
 */
#ifndef GIANTS_H
#define GIANTS_H

#include "../scenario/scenario.h"

enum { GIANTS_MET = 10, GIANTS_SPELLS = 50 };
#define GIANTS_NOISE 1.5
/* Utilization of the consumers that are left from which on they are as good as full: the backlog
 * grows by chance alone for as long as giants last. */
#define GIANTS_FULL 0.95
/* Measured: p99 of lognormal sizes (cv2 10, 0.23 above x) and Pareto ones (1.8) to four consumers
 * held in 88 and 84 % of runs, of lognormal ones (cv2 2, 0.08) to eight in 98 %. */
#define GIANTS_WAITS 0.15
/* Share of the second moment above x that the interval of a mean bears: where one size holds up all
 * others, and where it does not. */
#define GIANTS_MOMENT 0.06
#define GIANTS_SPARED 0.3
/* Share of the losses that giants make, and its interval bears. */
#define GIANTS_OF_LOSS 0.05

struct giants {
    bool light; /* the laws have none: what is seen of them tells of the rest */
    bool none;  /* no size is a giant, or none holds up others, or nothing is known of them */
    const struct scenario *column;
    double tasks, rate, spare; /* n, lambda, k */
    double relief;             /* c (1 - rho); 0 or less where tasks are lost */
    double met;                /* x, in seconds of service */
    double first, second;      /* moments of the sizes, in seconds of service */
    double below;              /* E[S^2; S <= x] */
};

/* `tasks`: measured in all replications. The column outlives it. */
void giants_of(const struct scenario *column, double tasks, struct giants *giants);

/* The noise at the quantile at p, and whether an interval of it is honest. */
double giants_noise(const struct giants *giants, double p);
bool giants_bear_quantile(const struct giants *giants, double p);

/* Whether an interval of a mean is honest: as little of the second moment lies above x. */
bool giants_bear_mean(const struct giants *giants);

/* Whether a queue is as late as its load says: no more than GIANTS_LOAD of the second moment lies
 * above x. Where more does, it matters what sizes brought the work (sensitivity.h). */
#define GIANTS_LOAD 0.02
bool giants_leave_load(const struct giants *giants);

/* Likewise one of a loss of so much: where giants make a share of it, GIANTS_SPELLS times. */
bool giants_bear_loss(const struct giants *giants, double loss);

/* Tasks in all that would give the quantile at p an interval; INFINITY: no number of them. */
double giants_wanted(const struct scenario *column, double p);

#endif
