/*
 * Known means as controls. The rate of the arrivals, the first two moments of the sizes and the
 * work that is offered each second are known beforehand, from the laws of the scenario; a run
 * measures them as it measures everything else. Where its own values are further from them than its
 * own spread allows, what it says of waits and losses rests on other traffic than was described,
 * however well its replications agree with each other: sizes that carry the work have not come, or
 * a state that lasts too long. Such a run is not representative, and nothing of it has an interval.
 *
 * Each own value is a mean over all replications (or batches), and its standard error is estimated
 * from the run: of sizes, which are drawn independently, from their sample variance; of the others
 * by the ratio estimator over groups (stats.h). It is off where the known mean lies outside of the
 * interval that misses with probability CONTROL_RISK (Student's t). That is so rare by chance that
 * what is stated does not come to depend on the luck of the run; what luck does within it is what
 * intervals are for.
 */
#ifndef CONTROLS_H
#define CONTROLS_H

#include "giants.h"
#include "result.h"

#define CONTROL_RISK 1e-4

struct control {
    double known, own; /* NAN: not known beforehand, or not measured */
    double error;      /* standard error of `own`; NAN: too little to tell */
    size_t degrees;    /* of freedom, of that */
};

/* By enum known_mean. Of a column whose groups are there; in a drift, and of arrivals that move
 * with time or are a log's, nothing is known. The mean square is held against its law only where
 * the laws have no `giants`: where they have, a sample mean of squares has no interval that could
 * be trusted, and the laws alone tell how much depends on it. */
void controls_measure(const struct result *result, uint32_t column, const struct scenario *at,
                      const struct giants *giants, struct control controls[KNOWN_MEANS]);

/* The control that is off, of several the one that tells a planner most; -1: none. */
int controls_off(const struct control controls[KNOWN_MEANS]);

/* By how much each replication present had more work to do than described, relative: what came,
 * less what was to come in its time (so that the mean over all that could be is 0, whether its
 * tasks or its time are given), by what its tasks were to bring. xmalloc'ed. NULL: not known, or
 * none. */
double *controls_load(const struct result *result, uint32_t column, const struct scenario *at);

/* "the tasks of this run are 4 % larger than those described"; interned. */
const char *controls_words(enum known_mean which, double relative);

#endif
