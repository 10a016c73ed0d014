/*
 * What theory says beside what is simulated, with a score of each exact figure.
 *
 * A figure is a ratio of sums over replications (stats.h): a mean, or for a quantile the fraction
 * of tasks above the exact one against 1 - p. Its score is (simulated - exact) / standard error,
 * which has Student's t distribution if all is well, carried over to the normal one by its p-value.
 * A run that has not met the slowest time scale of its input VALIDATION_CYCLES times
 * (timescale.h) has no scores. A rare share comes in bursts, whose number varies as its mean does:
 * there the standard error is the one at the exact share (the score test; Agresti, Categorical Data
 * Analysis, 2013, section 1.3).
 */
#ifndef VALIDATION_H
#define VALIDATION_H

#include "../result/run.h"
#include "../result/timescale.h"
#include "../theory/theory.h"

#define VALIDATION_CYCLES TIMESCALE_VERDICT

struct validated {
    struct theory_figure theory;
    double value, low, high; /* simulated, with the ends of a 95 % interval where there is one */
    double z;                /* NAN of approximate figures, and where theory or the run has none */
};

struct validation {
    struct theory theory;
    struct validated figure[THEORY_FIGURES];
    double inside, waiting, throughput; /* of the run: as in a row (result.h) */
    bool audited;                       /* the run's own audit holds */
    uint64_t simulated;                 /* tasks */
};

/* One figure of a column of a finished result. Replications that are missing (interrupted) must not
 * be among them. */
void validation_figure(const struct result *result, uint32_t column, const struct theory_figure *f,
                       struct validated *out);

/* `s`: a sound scenario without a sweep, at least two replications. False if stopped. Where theory
 * is silent nothing is run. */
bool validate(const struct scenario *s, const struct run_options *options, struct validation *out);

/* Chance of a score at least as far from 0, if all is well. */
double validation_p(double z);

#endif
