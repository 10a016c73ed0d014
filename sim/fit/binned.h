/*
 * Which law binned values are of: every distribution that can be fitted to a sample, by the
 * likelihood of the bins, and the choice between them.
 *
 * The log likelihood is the multinomial one, sum n_i log(F(high_i) - F(low_i)) over the bins, and
 * its maximum is looked for by the simplex of Nelder and Mead (1965; GSL) from the parameters that
 * fit values spread evenly through the bins. Whole parameters stay as they are. AIC and the
 * choice are as in laws.h, which lacks one thing here: among laws that differ only between the
 * bounds of bins the counts cannot choose.
 *
 * What the _sum tells is kept: where the sum of the values is known, laws are stretched to that
 * mean wherever they go, so that one parameter fewer is free. A law of which so many values can
 * hardly vary as these must (bins_cv2, moments.h) stands back behind those that can.
 *
 * Where 95 % of the values lie within 3 % of the mean (LAWS_APART), and they may vary as little,
 * they are one value, measured: deterministic.
 *
 * How well a law fits: Pearson's chi squared over bins joined until five values are to be expected
 * in each; with parameters by the likelihood of the bins the degrees of freedom are the bins less 1
 * less the parameters (Fisher 1924; Cramer 1946, section 30.3). And the largest difference of the
 * distribution functions at the bounds (`distance`), which tells more where there are many values:
 * then no law passes.
 *
 * Values of 0 and a bin that holds nothing else are left out, as in samples.
 */
#ifndef BINNED_H
#define BINNED_H

#include "../metrics/bins.h"
#include "laws.h"

struct binned_test {
    double chi2, p; /* NAN: too few bins to test */
    int freedom;
};

struct binned {
    struct laws laws; /* best -1: none can be chosen */
    struct binned_test test[LAWS_MOST];
    double zeros;  /* values of 0 */
    int cells;     /* bins that hold values above 0 */
    bool excluded; /* the chosen law varies as the values cannot */
};

void binned_fit(const struct bins *bins, struct binned *out);

/* A value that a share p do not exceed, were values spread evenly through their bins (evenly in
 * their logarithms above the first; beyond the last bound exponentially): "interpolated". */
double binned_interpolated(const struct bins *bins, double p);

#endif
