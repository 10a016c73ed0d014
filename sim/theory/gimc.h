/*
 * GI/M/c: c consumers, independent gaps of any law, exponential sizes of rate mu, first come first
 * served (Takacs, Introduction to the Theory of Queues, 1962, ch. 2; Kleinrock, Queueing Systems I,
 * 1975, sec. 6.3; Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory, 4th ed.
 * 2008, sec. 5.3). Utilization below 1.
 */
#ifndef GIMC_H
#define GIMC_H

#include "service.h"

/* A wait is 0 or, with `probability`, exponential of `rate`. NAN where the gaps' transform is not
 * known (service.h). */
struct gimc {
    double probability, rate, mu;
};
struct gimc gimc(const struct service *gap, double mu, double c);
double gimc_wait(const struct gimc *m);
double gimc_wait_quantile(const struct gimc *m, double p);
double gimc_latency_quantile(const struct gimc *m, double p);

#endif
