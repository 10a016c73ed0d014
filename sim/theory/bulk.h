/*
 * M^X/M/c: Poisson batches to several consumers of exponential service, everybody waits for as long
 * as it takes (Chaudhry and Templeton, A First Course in Bulk Queues, 1983, sec. 4.2).
 *
 * Level crossing: from n or less to more than n go lambda sum_i p_i P(X > n - i), back
 * min(n + 1, c) mu p_(n+1), for every n. So p_1 ... p_(c-1) follow from p_0, that from
 * sum_(n<c) (c - n) p_n = c (1 - rho); and the first derivative of the same, as generating
 * functions at 1, gives the mean number inside.
 */
#ifndef BULK_H
#define BULK_H

#include "../scenario/distribution.h"
#include "chains.h"

/* `lambda` batches a second, whole numbers of tasks by `sizes`; mu per consumer; utilization below
 * 1. The probability that a task waits, and its mean wait; both NAN where the second moment of a
 * batch is infinite. */
struct delays bulk_delays(double lambda, const struct law *sizes, double mu, double c);

#endif
