/*
 * Closed systems: N clients that think (Z on average) before each task, c consumers, exponential
 * sizes: M/M/c//N, the machines of a repairman (Palm 1947; Gross, Shortle, Thompson and Harris,
 * Fundamentals of Queueing Theory, 4th ed. 2008, sec. 2.7). The number inside is that of a birth
 * and death process with births at (N - n) / Z and deaths at min(n, c) mu.
 *
 * Of the law of thinking only the mean matters: thinking is a delay station of a product-form
 * network (Baskett, Chandy, Muntz and Palacios, J. ACM 22, 1975). A task finds the system as it is
 * with N - 1 clients (Lavenberg and Reiser, "Stationary state probabilities at arrival instants for
 * closed queueing networks", J. Appl. Prob. 17, 1980), from which the laws of waits and latencies
 * follow, first come first served.
 */
#ifndef CLOSED_H
#define CLOSED_H

#include <stddef.h>

/* Beyond them the sums take too long. */
enum { CLOSED_CLIENTS = 20000 };

/* Times in seconds, mu per second; at most `most` inside: one more is lost, and its client thinks
 * again. INFINITY: nobody is lost. */
struct finite_source {
    double clients, think, mu, c, most;
};

struct finite_means {
    double probability; /* that a task waits */
    double wait;
    double throughput, utilization;
    double loss; /* of the tasks that arrive */
};
struct finite_means finite_source(const struct finite_source *f);

/* Quantiles where nobody is lost. */
double finite_wait_quantile(const struct finite_source *f, double p);
double finite_latency_quantile(const struct finite_source *f, double p);

#endif
