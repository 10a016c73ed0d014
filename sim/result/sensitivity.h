/*
 * How much the figures of a queue move with its load: the slopes by which known means serve as
 * control variates (controls.h).
 *
 * A replication in which a hundredth more work came each second than was described waits longer for
 * that; how much longer, theory knows well enough, and what is due to it can be taken out before
 * replications are compared (control variates: Lavenberg and Welch 1981, "A perspective on the use
 * of control variables to increase the efficiency of Monte Carlo simulations", Management Science
 * 27). With a coefficient that is fixed beforehand nothing is estimated: whatever it is, the
 * interval holds as often as without, no degrees of freedom are spent (their loss factor is 1), and
 * only its length depends on how good it is. The best one is the derivative of the figure by the
 * mean of the control (Glynn and Szechtman 2002, "Some new perspectives on the method of control
 * variates", in Monte Carlo and Quasi-Monte Carlo Methods 2000), here by the logarithm of the load.
 *
 * It is that of the diffusion limit (relaxation.h): of the tasks one in P waits, P = rho^(sqrt(2 (c
 * + 1)) - 1) (Sakasegawa 1977, Ann. Inst. Statist. Math. 29), for a time that is exponential with
 * the mean E[S] (ca2 + cs2) / (2 c (1 - rho)) (Kingman 1962), behind a buffer cut off where it is
 * full; the latency is that and a service, taken as exponential. The loss is that of a reflected
 * Brownian motion between two barriers (Harrison, Brownian Motion and Stochastic Flow Systems,
 * 1985, 5.6). Derivatives by central differences.
 *
 * What part of the variance goes is known from the same limit: half of that of the mean wait, 80 %
 * at p50, 40 % at p90, 11 % at p99 where the load is high.
 */
#ifndef SENSITIVITY_H
#define SENSITIVITY_H

#include "../scenario/scenario.h"

/* d log(mean wait), d log(mean latency) / d log(load): relative. 0: no use of it. */
double sensitivity_mean(const struct scenario *column, bool wait);

/* Of the quantile x at p of the latency or the wait: d P(X > x) / d log(load), and d log(x) / d
 * log(load). */
struct quantile_slope {
    double of_share, of_logarithm;
};
struct quantile_slope sensitivity_quantile(const struct scenario *column, bool wait, double p);

/* d log(loss) / d log(load). */
double sensitivity_loss(const struct scenario *column);

/* Whether slopes are known: order of arrival, stationary arrivals of known rate and dispersion, all
 * patient, sizes with a variance, and a load below SENSITIVITY_LOAD (above, in an unbounded buffer,
 * too little is linear). */
#define SENSITIVITY_LOAD 0.99
bool sensitivity_known(const struct scenario *column);

/* Variance of the load's logarithm over so many tasks, times their number: ca2 + cs2. */
double sensitivity_variation(const struct scenario *column);

#endif
