/*
 * Many scores together: what can be said of all comparisons at once.
 *
 * If every simulated figure is right, each z is standard normal. Asserted: every |z| below
 * SCORE_MOST (a chance of 6e-5 each, of 2 % that any of 300 exceeds it), a mean and a standard
 * deviation of all z near 0 and 1, and of the rows' own 95 % intervals 90 % at least that hold the
 * exact value, and not so many as hardly ever would if each did with 96 %. Several measures of one
 * run are not independent, so the bounds on the pool are those of some 70 independent ones. No row
 * is left out or weighed by what came of it; a quantile that the run itself says it is too short to
 * know is listed and counted as silent.
 */
#ifndef SCORES_H
#define SCORES_H

#include "experiment.h"

#define SCORE_MOST 4.0

struct scores {
    size_t n, beyond_196, stated, inside, silent, wrong;
    double sum, squares;
};

/* Adds one; prints it if it is beyond SCORE_MOST. */
void scores_add(struct scores *scores, const char *what, const char *params, const char *measure,
                double exact, const struct score *score);

/* Prints the pool, and fails the test where it is not as stated above. */
void scores_judge(const struct scores *scores);

#endif
