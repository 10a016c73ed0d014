/*
 * The moments of a fitted law beside those of the values: what a queue is made of (the mean wait of
 * M/G/1 is the rate times E[X^2] / 2 over what is idle; Pollaczek 1930, Khinchine 1932), and what a
 * likelihood hardly looks at.
 */
#ifndef MOMENTS_H
#define MOMENTS_H

#include "../scenario/distribution.h"

/* Stretches a law to a mean. False: it has none that is finite, or cannot be stretched. */
bool law_keep_mean(struct law *law, double mean);

/* Between what the mean square of n values of the law lies in 99.9 % of samples: about E[X^2], less
 * what is too rare to be among n values. */
struct moment_range {
    double low, high;
};
struct moment_range law_second_range(const struct law *law, double n);

#endif
