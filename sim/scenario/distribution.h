/*
 * The role of a distribution: a law of positive numbers (task sizes, gaps, batch sizes).
 *
 * `params` is the block of the law, laid out by the model's own struct (its size is asserted to be
 * at most LAW_BYTES where the model is defined). Values are seconds where the scenario says so.
 * fill() is a function of (params, stream, k) for each k alone: block lengths do not matter.
 * fill, mean, second and scale avoid libm (vmath.h does instead), whose bits depend on the
 * processor; cdf may use it.
 */
#ifndef DISTRIBUTION_H
#define DISTRIBUTION_H

#include "../base/rng.h"
#include "scenario.h"

struct sample;  /* measured values (sim/fit/sample.h) */
struct service; /* a law as formulas know it (sim/theory/service.h) */

struct distribution {
    struct model model;

    /* Draws of tasks first .. first + n - 1 into out. */
    void (*fill)(const void *params, const struct stream *s, uint64_t first, size_t n, double *out);

    /* Where draw k is made of uniform k (of sub 0) and nothing else: turns n uniforms into draws,
     * in place, so that several laws can share them. fill is stream_uniforms and this. NULL: not
     * so. */
    void (*of)(const void *params, size_t n, double *x);

    double (*cdf)(const void *params, double x); /* P(X <= x) */
    double (*mean)(const void *params);          /* E[X]; INFINITY where it does not exist */
    double (*second)(const void *params);        /* E[X^2]; INFINITY where it does not exist */

    /* E[X; X > x], what of the mean is in values above x >= 0; INFINITY where there is no mean.
     * Every law has it, as it has a mean. */
    double (*mean_above)(const void *params, double x);

    /* Tail exponent a: P(X > x) ~ x^-a; moments of order a and above are infinite.
     * NULL: every moment exists. */
    double (*tail)(const void *params);

    /* Whether the tail is heavier than any exponential one: E[exp(t X)] is infinite for all t > 0.
     * NULL: it is not. Where it may be, `above` is P(X > x) with all its digits, however small. */
    bool (*heavy)(const void *params);
    double (*above)(const void *params, double x);

    /* The law as formulas know it (sim/theory/service.h); false, or NULL: they do not know it. */
    bool (*service)(const void *params, struct service *out);

    /* Multiplies the law by a constant, so that `interarrival` can be scaled to a rate. NULL: it
     * cannot be (counts_only). */
    void (*scale)(void *params, double factor);

    /* Whether these are whole numbers from 1 up, as where tasks are counted (batch). NULL: no. */
    bool (*counts)(const void *params);

    /* Maximum likelihood: the parameters that make a sample of at least one positive value most
     * likely. Returns how many were free to choose, or 0 where the law cannot be fitted to it.
     * NULL: it never is. */
    int (*fit)(void *params, const struct sample *sample);
    double (*log_density)(const void *params, double x); /* for x > 0; where there is a fit */

    /* Rules across its own rows (low < high, probabilities sum to 1, a file that must be read).
     * A `mean` is required here and not by its row, since renewal arrivals can do without.
     * `path` is the law's path, for places_find and messages. NULL: none. */
    bool (*check)(const void *params, const char *path, const struct places *places,
                  struct errors *errors);

    bool constant;    /* one value, which is its only row */
    bool atoms;       /* the law has atoms (tests compare accordingly) */
    bool counts_only; /* only allowed where things are counted (geometric) */
};

extern const struct family distribution_family;

static inline const struct distribution *law_model(const struct law *law)
{
    return (const struct distribution *)law->model;
}

static inline double law_mean(const struct law *law)
{
    return law_model(law)->mean(law->params);
}

/* P(X > x): with all its digits where the tail may be heavy, else to within 1e-16. */
static inline double law_above(const struct law *law, double x)
{
    const struct distribution *model = law_model(law);
    return model->above ? model->above(law->params, x) : fmax(0, 1 - model->cdf(law->params, x));
}

#endif
