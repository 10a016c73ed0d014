/*
 * Laws by their quantiles: `p50: 20ms, p99: 200ms` in place of a mean and a shape.
 *
 * A law with one or two parameters of its own (those of its rows that are not PARAM_QUANTILE) can
 * be given by as many quantiles; rows.h has its own parameters hidden then: they hold what the
 * quantiles make them (NAN where they make nothing), and are neither written, nor required, nor
 * described. Setting one of them unsets the quantiles, and the other way round.
 *
 * The parameters are found by what the law itself says: the shape (the plain number among them, or
 * the first) is where the quantiles of the law have the ratio that is asked for, by Brent's method
 * (root.h), its other parameter being 1; then the law is stretched to them (distribution.h: scale).
 * So a new law with a scale, a cdf and one shape can be given by quantiles as soon as it has the
 * rows (models/law.h). The ratio must move one way with the shape.
 */
#ifndef QUANTILES_H
#define QUANTILES_H

#include "rows.h"

/* The probability that a row's name says: "p999" is 0.999, "p50" 0.5, "p5" 0.05. */
double quantile_share(const struct param *row);

/* Whether a law whose rows these are, with parameters at `params`, is given by quantiles. */
bool quantiles_given(const struct param *rows, const void *params);

/* Of the level of a leaf that was just set: makes the law's own parameters what its quantiles say.
 * Does nothing at other leaves. */
void quantiles_settle(struct scenario *s, const struct param_ref *ref);

/* The rules of a law that has what it requires: its quantiles, as many as it has parameters,
 * rising, and such that there is such a law; and its own (distribution.h: check). */
bool law_check(const struct law *law, const char *path, const struct places *places,
               struct errors *errors);

#endif
