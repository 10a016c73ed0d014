/*
 * One consumer and room for K in all, in service and waiting; who comes upon a full house is lost.
 * Any utilization.
 *
 * M/G/1/K by the chain of the number left behind by departures, GI/M/1/K by that of the number
 * found by arrivals (Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory, 4th ed.
 * 2008, sec. 5.1 and 5.3; Tijms, A First Course in Stochastic Models, 2003, ch. 9). Both are
 * skip-free to one side and solved by how often each level is crossed, which subtracts nothing.
 */
#ifndef BOUNDED_H
#define BOUNDED_H

#include "service.h"

enum { BOUNDED_MOST = 500 }; /* K at most: beyond it takes too long */

struct bounded {
    double loss;        /* share of the tasks that is lost */
    double probability; /* that a task that gets in has to wait */
    double wait;        /* the mean of those that get in */
};

/* lambda arrivals per second; 1 <= most <= BOUNDED_MOST. */
struct bounded mg1k(const struct service *s, double lambda, double most);

/* Gaps of any law, exponential sizes of rate mu. */
struct bounded gim1k(const struct service *gap, double mu, double most);

#endif
