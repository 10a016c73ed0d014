/*
 * Rare values that carry a share of the whole: how seldom sizes come that are like the largest ones
 * in which so much of all work lies. A run that has not met them often knows nothing of what they
 * do, and nothing in the run shows it.
 *
 * Of a law, or of the mixture of the laws of all classes: let x be the largest value with
 * E[S; S > x] >= share * E[S], a point of the Lorenz curve (Lorenz 1905, "Methods of measuring the
 * concentration of wealth", Publ. Amer. Stat. Assoc. 9). What values above x do can be told from
 * values of their order, but not from values that are more than RARITY_KIN times smaller: so
 * values above x / RARITY_KIN must have been met, of which one comes in 1 / P(S > x / RARITY_KIN)
 * draws. That is 2 for an exponential law and share 1 %, 22 and 115 for lognormal ones with cv2 2
 * and 10, 500 for a Pareto law with exponent 1.8; and of a mixture in which one size in a million
 * is a giant, which carry more than the share, about a million.
 */
#ifndef RARITY_H
#define RARITY_H

#include "distribution.h"

#define RARITY_KIN 10.0

struct rarity {
    double above; /* x / RARITY_KIN, in seconds (or what the law is of) */
    double every; /* draws, on average, from one value above it to the next; at least 1 */
};

/* NAN where nothing is known beforehand (sizes of a log); INFINITY where there is no mean. */
struct rarity law_rarity(const struct law *law, double share);
struct rarity scenario_rarity(const struct scenario *s, double share);

#endif
