/*
 * Exponential sizes, Poisson arrivals, c consumers: Erlang 1917; Gross, Shortle, Thompson and
 * Harris, Fundamentals of Queueing Theory, 4th ed. 2008, ch. 2. lambda and mu per second.
 */
#ifndef ERLANG_H
#define ERLANG_H

/* Probability that c consumers without a waiting room, offered `erlangs` of work, turn a task away;
 * whatever the law of the sizes (M/G/c/c). */
double erlang_b(double servers, double erlangs);

/* Probability that a task has to wait for one of c consumers with a waiting room; erlangs < c. */
double erlang_c(double servers, double erlangs);

/* M/M/c, first come first served. */
struct mmc {
    double lambda, mu, c;
};
double mmc_wait(const struct mmc *m);
double mmc_wait_quantile(const struct mmc *m, double p);
double mmc_latency_quantile(const struct mmc *m, double p);

/* Quantile at p of a wait, 0 or, with `probability`, exponential of `rate`, and a size, exponential
 * of rate mu, together. */
double exponential_latency_quantile(double probability, double rate, double mu, double p);

/* M/M/c/K: at most K inside. Fraction lost; of those who get in, the share that waits, and the mean
 * wait. */
struct mmck {
    double loss, probability, wait;
};
struct mmck mmck(const struct mmc *m, double most);

/* M/M/c/K whose waiting tasks leave at `theta` per second each, in whatever order they are served:
 * fraction lost, turned away or gone. `most` may be INFINITY: Erlang A (Garnett, Mandelbaum and
 * Reiman 2002, section 3); theta > 0. */
double erlang_a_loss(const struct mmc *m, double theta, double most);

#endif
