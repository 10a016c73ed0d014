/*
 * M/G/1: one consumer, Poisson arrivals, any service; first come first served, and last come first
 * served without interruptions. lambda: arrivals per second; moments of service in seconds.
 * The utilization is below 1. One thread at a time: the last distribution of waits is kept.
 */
#ifndef MG1_H
#define MG1_H

#include "service.h"

/* Mean wait: Pollaczek 1930, Khinchine 1932. Of any discipline that neither looks at sizes nor
 * interrupts nor idles beside work. */
double mg1_wait(double lambda, double first, double second);

/* E[W^2], first come first served: Takacs 1962. */
double mg1_wait_second(const struct service *s, double lambda);

/* Quantile at p of the wait, first come first served: the wait is a geometric sum of residual
 * services (Benes 1957), by its renewal equation; p at most 0.9994. */
double mg1_wait_quantile(const struct service *s, double lambda, double p);

/* E[(W - x)+] of that wait, x at most its quantile at 0.9994. */
double mg1_wait_excess(const struct service *s, double lambda, double x);

/* Variance of the wait, the last come first: Takacs, Management Science 9, 1963. */
double mg1_last_come_variance(const struct service *s, double lambda);

#endif
