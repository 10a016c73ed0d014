/*
 * A queueing model of the oracle language (given.h), simulated: the scenario that expresses it, run
 * as `queuescope run` does (trials, result, rows), and what was measured with its standard error.
 *
 * Every point has a seed of its own, made from its text, so that points are independent of each
 * other and nobody picks a seed. QUEUESCOPE_SEED=N in the environment adds N to every seed: for
 * looking longer than a suite can; the bounds then fail now and then, as they must.
 */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include "../sim/result/result.h"

struct experiment {
    const char *model, *params;
    struct scenario scenario;
    uint32_t replications;
    struct trial **trials; /* one per replication */
    struct result *result;
    const struct row *row; /* of all classes */
};

/* An estimate beside the exact value. */
struct score {
    double value; /* as reported in the row, where the row has it */
    double z;     /* standard normal if all is well */
    bool stated;  /* the row states an interval of its own, [low, high] ... */
    bool silent;  /* ... or has a place for one, and leaves it empty */
    double low, high;
};

/* The scenario of a model; false where it cannot be expressed. The text of the model and its
 * parameters makes the seed. */
bool experiment_scenario(const char *model, const char *params, struct scenario *out);

/* Runs all replications; NULL where the model cannot be expressed. `warmup` as in a scenario. */
struct experiment *experiment_run(const char *model, const char *params, double tasks,
                                  double replications, const char *warmup);
void experiment_free(struct experiment *e);

/* Fails the test where something is not as it must be in any run at rest, whatever the model: tasks
 * conserved, none unfinished, not judged unstable, the run's own audit passed. */
void experiment_check(const struct experiment *e);

/* Compares a measure with its exact value, known to within `error` (one standard error). z is from
 * the spread over replications: (simulated - exact) / s.e. has Student's t distribution and is
 * carried over to the normal one by its p-value. Quantiles are compared as probabilities: the
 * fraction of tasks at or below the exact quantile with p. Where the run itself says, by leaving
 * the interval of that quantile empty, that it is too short to know it (too few independent
 * tasks' worth beyond it, result.h), the score is silent and z is NAN. False: not such a measure.
 */
bool experiment_score(const struct experiment *e, const char *measure, double exact, double error,
                      struct score *out);

/* Mean wait where its variance is infinite: E[min(W, x)], simulated, plus E[(W - x)+], exact. */
double experiment_score_cut(const struct experiment *e, double x, double excess, double exact);

/* Sets one key of a scenario; the test fails with the error message if that is not possible. */
void scenario_set(struct scenario *s, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* z of a t-distributed value. */
double normal_score(double t, double degrees);

#endif
