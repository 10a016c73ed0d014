/*
 * The tail index: Hill's estimate (Hill 1975) over the k largest values, for many k.
 *
 * alpha(k) = k / sum log(x_i / x_(k+1)), with a standard error of alpha / sqrt(k). Few values make
 * it uncertain, many take in what is no tail. The stable region is the longest stretch of k, by the
 * ratio of its ends, in which every estimate agrees with that at its end (the largest k) within 95
 * % of its own uncertainty; that end is the estimate. Whether those values are of a power law at
 * all is a test of its own: the logarithms of their excess are then exponential (Anderson-Darling,
 * as in poisson.h).
 */
#ifndef HILL_H
#define HILL_H

#include "sample.h"

enum { HILL_POINTS = 160 };

struct hill {
    size_t n;                                  /* 0: too few values */
    double k[HILL_POINTS], alpha[HILL_POINTS]; /* k upwards */
    size_t from, to;                           /* the stable region, inclusive */
    double chosen, low, high;                  /* alpha and its 95 % interval */
    double threshold;                          /* the tail is what lies above it */
    double p; /* that values of a power law are as far from it: small where there is none */
};

void hill_estimate(const struct sample *sample, struct hill *hill);

#endif
