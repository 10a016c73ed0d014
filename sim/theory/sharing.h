/*
 * Processor sharing with Poisson arrivals, lambda per second: c consumers serve all tasks inside at
 * once, each by one consumer at most. The number inside does not depend on the law of the sizes but
 * for its mean (Kelly, Reversibility and Stochastic Networks, 1979, sec. 3.3; Cohen, "The multiple
 * phase service network with generalized processor sharing", Acta Informatica 12, 1979), so it is
 * that of M/M/c, or of M/M/c/K where at most K get in.
 */
#ifndef SHARING_H
#define SHARING_H

/* Mean latency of M/G/c, `mean` the mean service. With one consumer it is mean / (1 - rho), and of
 * a task of size x (Kleinrock 1967) x / (1 - rho). */
double sharing_latency(double lambda, double mean, double c);

/* One consumer: latency over size, the same for every size (Kleinrock, Queueing Systems II, 1976,
 * ch. 4). */
double sharing_slowdown(double lambda, double mean);

/* Second moment of the latency of M/M/1: Coffman, Muntz and Trotter, "Waiting time distributions
 * for processor-sharing systems", J. ACM 17, 1970: the variance is
 * (2 + rho) / (2 - rho) (mean / (1 - rho))^2. */
double sharing_latency_second(double lambda, double mean);

#endif
