/*
 * Which law a sample is of: every distribution that can be fitted, by maximum likelihood, and the
 * choice between them.
 *
 * The choice is by Akaike's criterion (Akaike 1974): AIC = 2 parameters - 2 log likelihood, the
 * smallest is best, and among those within 4 of it (Burnham and Anderson 2002, section 2.6: beyond
 * 4 a model has considerably less support) the one with the fewest parameters. For Pareto against
 * bounded Pareto that is the test of Aban, Meerschaert and Panorska (2006) at 5 %.
 *
 * Before that, what the likelihood hardly looks at and a queue is made of: a law whose second
 * moment contradicts that of the values beyond chance (moments.h) stands back behind those that it
 * does not, as long as one of these is near the values. Where there is none, it is chosen and
 * `second` says so.
 *
 * How well the chosen one fits is another question: its Kolmogorov-Smirnov distance (the largest
 * difference between the two distribution functions), and how probable a distance as large is if
 * the law were right: the share of samples drawn from the law, each fitted again, whose distance is
 * larger (parametric bootstrap; Stute, Gonzalez Manteiga and Presedo Quindimil 1993). From the same
 * samples come the standard errors of the parameters.
 */
#ifndef LAWS_H
#define LAWS_H

#include "../scenario/distribution.h"
#include "sample.h"

enum { LAWS_MOST = 16, LAW_NUMBERS = 18 };

struct fitted {
    struct law law;
    int parameters; /* that were free */
    double log_likelihood, aic;
    double distance; /* Kolmogorov-Smirnov; of a law of one value: the share of the values that are
                        not near it (LAWS_APART) */
};

struct laws {
    int n;                           /* 0: no law fits (no values) */
    struct fitted fitted[LAWS_MOST]; /* the smallest AIC first */
    int best;                        /* index of the chosen one */
    double second;                   /* its E[X^2] over the sample's, where chance does not explain
                                        the difference; NAN: it does, or it was not asked */
    int samples;                     /* of the bootstrap; 0: there was none */
    double p;                        /* of the distance; NAN: no bootstrap */
    double error[LAW_NUMBERS];       /* standard errors of law_numbers; NAN: no bootstrap */
};

/* Fits and chooses. The sample is finished. */
void laws_fit(const struct sample *sample, struct laws *laws);

/* Whether the chosen law is near the n values that it was fitted to: as near as LAWS_NEAR, or as a
 * sample of so many is to its own law in 95 of 100 (Kolmogorov's limit), and not off in its second
 * moment. */
#define LAWS_NEAR  0.05
#define LAWS_APART 0.03 /* of values that vary by a hundredth at most (models/deterministic.c) */
bool laws_near(const struct laws *laws, double n);

/* The parts of that: takes a fitted law in, by its AIC; chooses among those taken in. */
void laws_insert(struct laws *laws, const struct fitted *fitted);
void laws_choose(struct laws *laws);

/* The distance of a law, whatever its parameters are from. */
double law_distance(const struct law *law, const struct sample *sample);

/* Fits one law to a sample; false where it cannot be fitted. */
bool law_fit(const struct distribution *model, const struct sample *sample, struct fitted *out);

/* p and error of the chosen law, from `samples` samples as large as this one. */
void laws_bootstrap(const struct sample *sample, int samples, struct laws *laws);

/* The parameters of a law one by one; returns their number, at most LAW_NUMBERS. With their names
 * (NULL: not wanted), interned, and their units. */
int law_numbers(const struct law *law, double *out, const char **names, enum unit *units);

/* The value that a law does not exceed with probability p, by its cdf; and the one that it exceeds
 * with probability u (0 < u <= 1), by its inverse where it has one. */
double law_quantile(const struct law *law, double p);
double law_beyond(const struct law *law, double u);

#endif
