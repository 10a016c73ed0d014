/*
 * M/G/1 that takes small tasks first, sizes known exactly; any law of service.h. lambda: arrivals
 * per second; the utilization is below 1. rho(x) = lambda E[S; S <= x], the load of tasks up to x.
 * Integrated numerically to nine digits; NAN where that cannot be had.
 */
#ifndef SHORTEST_H
#define SHORTEST_H

#include "service.h"

/* Mean wait, the shortest first, nobody interrupted: of a task of size x it is
 * lambda E[S^2] / 2 / (1 - rho(x))^2. Phipps, "Machine repair as a priority waiting-line problem",
 * Oper. Res. 4, 1956. */
double mg1_shortest_job_wait(const struct service *s, double lambda);

/* Shortest remaining first, preemptive (SRPT): means of the wait to the first start and of the
 * latency. Of a task of size x they are lambda E[min(S, x)^2] / 2 / (1 - rho(x))^2, and that plus
 * int_0^x dt / (1 - rho(t)). Schrage and Miller, "The queue M/G/1 with the shortest remaining
 * processing time discipline", Oper. Res. 14, 1966. */
double mg1_shortest_remaining_wait(const struct service *s, double lambda);
double mg1_shortest_remaining_latency(const struct service *s, double lambda);

#endif
