/*
 * Fork and join: each of Poisson arrivals is a task at each of k stations at once, exponential
 * sizes, one consumer each, in order of arrival; it is over when all its tasks are.
 */
#ifndef FORK_H
#define FORK_H

/* Mean response of two like ones: (12 - rho) / (8 (mu - lambda)). Flatto and Hahn, "Two parallel
 * queues created by arrivals with two demands I", SIAM J. Appl. Math. 44, 1984; Nelson and Tantawi,
 * "Approximate analysis of fork/join synchronization in parallel queues", IEEE Trans. Comput. 37,
 * 1988, eq. 6. */
double fork_two(double lambda, double mu);

/* Mean response of k = 2 or 3 by the chain of the numbers at each, for as many as are not over as
 * the longest queue has; three must be alike. NAN where it takes more than so many multiplications,
 * or does not keep up. */
double fork_chain(double lambda, const double *mu, int k, double most_cost);

/* Mean and second moment of the time until `need` of k exponentials of rate mu that begin together
 * are over (Renyi, "On the theory of order statistics", Acta Math. Hung. 4, 1953). */
double order_mean(int k, int need, double mu);
double order_second(int k, int need, double mu);

/* Split and merge: the next job begins when `need` of the k tasks of this one are over, and the
 * others are taken back: M/G/1 with the time above as its size (Joshi, Liu and Soljanin, "On the
 * delay-storage trade-off in content download from coded distributed storage systems", IEEE JSAC
 * 32, 2014). */
double split_merge(double lambda, double mu, int k, int need);

#endif
