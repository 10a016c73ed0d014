/*
 * Models solved as Markov chains: block-tridiagonal ones by linear level reduction (Gaver, Jacobs
 * and Latouche, Adv. Appl. Prob. 16, 1984; Neuts 1981), transients by uniformisation (Jensen 1953;
 * Grassmann 1977). Rates per second, times in seconds; utilization below 1, and far enough below
 * that the levels that are left out do not matter (1500 of M/PH/c).
 */
#ifndef CHAINS_H
#define CHAINS_H

#include <gsl/gsl_matrix.h>
#include <stdbool.h>

#include "service.h"

struct delays {
    double probability, wait; /* that a task waits; the mean wait */
};

/* M/PH/c with Erlang sizes of two phases or hyperexponential ones; false of others, and where the
 * levels that are left out may matter: giants behind which thousands wait. */
bool mphc(const struct service *s, double lambda, double c, struct delays *out);

/* M(t)/M/c: mean number inside after pieces of time with rates of their own, `begin` inside at
 * first. At most 800 inside. */
struct chain_piece {
    double lambda, time;
};
double chain_mean_at(const struct chain_piece *pieces, size_t n, double mu, double c, size_t begin);

/* p with p m = 0 and sum 1; m is spent. */
void chain_null_vector(gsl_matrix *m, double *p);

/* -m^-1; m is spent. */
gsl_matrix *chain_minus_inverse(gsl_matrix *m);

#endif
