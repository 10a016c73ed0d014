/*
 * Are arrivals a Poisson process? Tests, and a verdict that says what else they are.
 *
 *   gaps        exponential with the mean that was measured: Anderson-Darling (Stephens 1974; the
 *               critical values for an estimated mean are those of Lilliefors' problem)
 *   dispersion  counts in windows: chi squared, on both sides (Fisher 1950; Cox and Lewis 1966,
 *               section 6.3), in windows of ten tasks and in a few dozen long ones
 *   blocks      the first of these with every 64 successive gaps over their own mean, so that a
 * slow change of the rate does not matter. In a block of m exponential gaps, the share g of one has
 * P(g > x) = (1 - x)^(m-1) whatever the rate; so "Poisson at a rate that moves slowly" can be told
 * from "not Poisson" (after Brown et al. 2005, section 3, and Kim and Whitt 2014).
 */
#ifndef POISSON_H
#define POISSON_H

#include "course.h"
#include "gaps.h"

/* Anderson-Darling's A^2 (Anderson and Darling 1954) of values whose distribution function at the
 * i-th, upwards, is u[i]; weights NULL: 1 each. And the probability of more for the exponential law
 * with estimated mean, of n values (D'Agostino and Stephens 1986, table 4.14). */
double anderson_darling(const double *u, const double *weights, size_t n);
double anderson_darling_p(double a2, double n);

enum arrivals_verdict {
    ARRIVALS_FEW,     /* too few to tell */
    ARRIVALS_POISSON, /* no test tells them from a Poisson process, or `nearly` */
    ARRIVALS_MOVING,  /* Poisson at a rate that moves with time */
    ARRIVALS_RENEWAL, /* independent gaps, not exponential */
    ARRIVALS_OTHER    /* none of these: bursts, or gaps that depend on each other */
};

struct poisson_test {
    enum arrivals_verdict verdict;
    bool nearly; /* ARRIVALS_POISSON, and yet a test of gaps finds a difference: a small one */
    double gaps_a2, gaps_p;           /* all gaps against one exponential law */
    double gaps_distance;             /* the largest difference of the two functions */
    double blocks_p, blocks_distance; /* by blocks; the largest difference of the two functions */
    double blocks_cv2;                /* squared coefficient of variation inside blocks */
    double tested;                    /* gaps that were tested: those kept by gaps.h */
    int fine, coarse;                 /* levels of the windows (course.h) */
    double fine_dispersion, fine_p, coarse_dispersion, coarse_p;
    double burstiness; /* largest Allan factor below the coarse level */
    double dependence; /* dispersion of intervals at its largest over that of single ones */
};

void poisson_test(const struct course *course, const struct gaps *gaps, struct poisson_test *out);

#endif
