/*
 * What theory says beside what is simulated, with a score of each exact figure.
 *
 * A figure is a ratio of sums over replications (stats.h): a mean, or for a quantile the fraction
 * of tasks above the exact one against 1 - p. Its score is (simulated - exact) / standard error,
 * which has Student's t distribution if all is well, carried over to the normal one by its p-value.
 * A rare share comes in bursts, whose number varies as its mean does: there the standard error is
 * the one at the exact share (the score test; Agresti, Categorical Data Analysis, 2013,
 * section 1.3).
 */
#ifndef VERIFY_H
#define VERIFY_H

#include "../result/run.h"
#include "../theory/theory.h"

struct verified {
    struct theory_figure theory;
    double value, low, high; /* simulated, with the ends of a 95 % interval where there is one */
    double z;                /* NAN of approximate figures, and where theory or the run has none */
};

struct verification {
    struct theory theory;
    struct verified figure[THEORY_FIGURES];
    bool audited;       /* the run's own audit holds */
    uint64_t simulated; /* tasks */
};

/* One figure of a column of a finished result. Replications that are missing (interrupted) must not
 * be among them. */
void verify_figure(const struct result *result, uint32_t column, const struct theory_figure *f,
                   struct verified *out);

/* `s`: a sound scenario without a sweep, at least two replications. False if stopped. Where theory
 * is silent nothing is run. */
bool verify(const struct scenario *s, const struct run_options *options, struct verification *out);

/* Chance of a score at least as far from 0, if all is well. */
double verify_p(double z);

/* Holm 1979, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6: of n
 * p-values in any order, marks those that are off, with a chance of at most `level` that any is
 * marked where all is well. Returns how many. */
size_t verify_holm(const double *p, size_t n, double level, bool *off);

#endif
