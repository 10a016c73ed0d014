/*
 * M/M/c+G: Poisson arrivals, exponential sizes, c consumers, first come first served, and tasks
 * that leave when they have waited for as long as a law of patience gives them. Erlang A where that
 * is exponential (Palm 1957, "Research on telephone traffic carried by full availability groups";
 * Garnett, Mandelbaum and Reiman 2002, "Designing a call center with impatient customers", Manuf.
 * Serv. Oper. Manag. 4).
 *
 * The wait V that is offered to a task, which it takes if its patience is at least as long, has the
 * density (Baccelli and Hebuterne 1981, "On queues with impatient customers", Performance '81;
 * Zeltyn and Mandelbaum 2005, "Call centers with impatient customers: many-server asymptotics of
 * the M/M/n+G queue", Queueing Systems 51, section 3)
 *
 *     v(x) = lambda pi exp(lambda H(x) - c mu x),  H(x) = int_0^x P(patience > u) du,
 *     1 / pi = 1 / B(c - 1, lambda / mu) + lambda int_0^inf exp(lambda H(x) - c mu x) dx
 *
 * with Erlang's B, and is 0 else. Everything else is a mean over it: a task is lost with
 * probability E[P(patience < V)], and waits E[H(V)] on average, served or not.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

struct patient {
    double lambda, mu, c;                          /* per second; consumers */
    double (*cdf)(const void *patience, double x); /* P(patience <= x) */
    const void *patience;
};

struct abandonment; /* as solved */

/* To be freed. Integrals are good to about 1e-10, whatever jumps the cdf has, if they are few. */
struct abandonment *abandonment_solve(const struct patient *system);
void abandonment_free(struct abandonment *a);

double abandonment_offered(const struct abandonment *a);  /* P(V > 0): has to wait, or to leave */
double abandonment_loss(const struct abandonment *a);     /* leaves */
double abandonment_wait_all(const struct abandonment *a); /* mean wait, served or not */

/* Of tasks that are served: the share that waits, the mean wait, and a quantile of it. */
double abandonment_waits(const struct abandonment *a);
double abandonment_wait(const struct abandonment *a);
double abandonment_wait_quantile(const struct abandonment *a, double p);

#endif
