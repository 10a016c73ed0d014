/*
 * One consumer, arrivals other than Poisson: GI/M/1 (Kendall 1953; Kleinrock, Queueing Systems I,
 * 1975, ch. 6) and batches (Burke, "Delays in single-server queues with batch input", Oper. Res.
 * 23, 1975). And what is known of any arrivals and sizes, only roughly.
 */
#ifndef SINGLE_H
#define SINGLE_H

#include "service.h"

/* GI/M/1: sigma, the probability that a task has to wait: the smallest root of
 * sigma = A*(mu (1 - sigma)), A* the transform of the gaps. The wait is 0 or, with that
 * probability, exponential of rate mu (1 - sigma), the latency exponential of that rate. */
double gim1_sigma(const struct service *gap, double mu);

/* M^X/G/1: mean wait of tasks that come in Poisson batches, lambda tasks per second, with index of
 * dispersion E[X^2] / E[X]. */
double batch_wait(double lambda, double first, double second, double dispersion);

/* GI/G/c, approximate: mean wait = wait of M/M/c times (ca2 + cs2) / 2, ca2 the squared coefficient
 * of variation of the gaps (of correlated ones, their index of dispersion), cs2 that of the sizes
 * (Allen 1978 and Cunneen; Allen, Probability, Statistics and Queueing Theory, 1990, sec. 6.2).
 * With c = 1: rho / (1 - rho) (ca2 + cs2) / 2 times the mean size (Kingman 1961, "The single server
 * queue in heavy traffic", Proc. Camb. Phil. Soc. 57). Exact for M/G/1. */
double allen_cunneen_wait(double lambda, double mean, double c, double ca2, double cs2);

/* Quantile of the wait, approximate: 0, or exponential with the conditional mean (Kingman 1962, "On
 * queues in heavy traffic", J. Roy. Stat. Soc. B 24). */
double heavy_traffic_quantile(double probability, double wait, double p);

#endif
