/*
 * Classes by priority, Poisson arrivals: the mean wait and latency of each. lambda: arrivals per
 * second; moments of service in seconds; the utilization is below 1. Of two classes with the same
 * priority neither goes first.
 */
#ifndef PRIORITY_H
#define PRIORITY_H

#include <stddef.h>

struct stream_of_class {
    double lambda, first, second, priority; /* 0 goes first */
};

/* M/G/1, nobody interrupted: mean wait of a class. Cobham, Oper. Res. 2, 1954, eq. 3. */
double mg1_priority_wait(const struct stream_of_class *classes, size_t n, size_t class);

/* M/G/1, preemptive resume (White and Christie, "Queuing with preemptive priorities or with
 * breakdown", Oper. Res. 6, 1958; Conway, Maxwell and Miller, Theory of Scheduling, 1967,
 * ch. 8): the mean wait to the first start, the mean latency, and the share that waits. Classes
 * that go later do not exist for those that go before. */
struct preemptive {
    double probability, wait, latency;
};
struct preemptive mg1_preemptive(const struct stream_of_class *classes, size_t n, size_t class);

/* M/M/c, all classes with exponential sizes of one mean (`first`), nobody interrupted: mean wait.
 * Cobham 1954; Kella and Yechiali, "Waiting times in the non-preemptive priority M/M/c
 * queue", Stochastic Models 1, 1985. */
double mmc_priority_wait(const struct stream_of_class *classes, size_t n, size_t class, double c);

/* The same, preemptive resume: mean latency. Whoever is inside of a class and of those that go
 * before it is an M/M/c queue by itself (Buzen and Bondi, "The response times of priority classes
 * under preemptive resume in M/M/m queues", Oper. Res. 31, 1983). */
double mmc_preemptive_latency(const struct stream_of_class *classes, size_t n, size_t class,
                              double c);

#endif
