/*
 * M/G/1: one consumer, Poisson arrivals, any service; first come first served, and three other
 * disciplines that do not interrupt. lambda: arrivals per second; moments of service in seconds.
 * The utilization is below 1. One thread at a time: the last distribution of waits is kept.
 */
#ifndef MG1_H
#define MG1_H

#include <stddef.h>

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

/* Mean wait of a class, by priority (0 goes first; equals share): Cobham, Oper. Res. 2, 1954,
 * eq. 3. */
struct stream_of_class {
    double lambda, first, second, priority;
};
double mg1_priority_wait(const struct stream_of_class *classes, size_t n, size_t class);

/* Mean wait over all tasks, the shortest first: Phipps, Oper. Res. 4, 1956. Exponential and bounded
 * Pareto sizes; NAN of others. */
double mg1_shortest_job_wait(const struct service *s, double lambda);

/* Variance of the wait, the last come first: Takacs, Management Science 9, 1963. */
double mg1_last_come_variance(const struct service *s, double lambda);

#endif
