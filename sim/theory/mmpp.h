/*
 * MMPP/M/c: Poisson arrivals whose rate depends on the state of a Markov chain that goes through
 * its states in a cycle, exponential sizes of rate mu, c consumers, first come first served.
 *
 * A quasi birth and death process with the state for its phase: above c inside, the probabilities
 * go down by a matrix R (Neuts, Matrix-Geometric Solutions in Stochastic Models, 1981, ch. 1 and
 * 3), which logarithmic reduction finds (Latouche and Ramaswami, "A logarithmic reduction algorithm
 * for quasi-birth-death processes", J. Appl. Prob. 30, 1993); below, by level reduction (chains.h).
 * Who finds c + k inside waits for k + 1 ends of services, an Erlang time; summed over k that is
 * P(W > t) = p(c) exp(-c mu (I - R) t) (I - R)^-1 L 1 / lambda, L the diagonal of the rates.
 * Survey: Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook",
 * Performance Evaluation 18, 1993.
 */
#ifndef THEORY_MMPP_H
#define THEORY_MMPP_H

#include <stddef.h>

/* Utilization below 1; n >= 1 states, each with its rate of arrivals, at least one above 0, and the
 * mean of the time that is spent in it. */
struct mmpp_queue {
    size_t n;
    const double *rate, *stay;
    double mu, c;
};

struct mmpp_solution;
struct mmpp_solution *mmpp_solve(const struct mmpp_queue *q);
void mmpp_free(struct mmpp_solution *solution);

double mmpp_wait_probability(const struct mmpp_solution *solution);
double mmpp_wait(const struct mmpp_solution *solution);
double mmpp_wait_quantile(const struct mmpp_solution *solution, double p);
double mmpp_latency_quantile(const struct mmpp_solution *solution, double p);

/* Asymptotic index of dispersion of the arrivals: variance over mean of their number in a long time
 * (Fischer and Meier-Hellstern 1993, sec. 2.5). */
double mmpp_dispersion(size_t n, const double *rate, const double *stay);

/* The time in which it falls to 1/e how much the state that the chain is in now says of its state
 * later: -1 / Re of the eigenvalue of its generator that is nearest to 0 (Keilson, Markov Chain
 * Models: Rarity and Exponentiality, 1979, sec. 2.3). 0 of a single state. */
double mmpp_relaxation(size_t n, const double *stay);

#endif
