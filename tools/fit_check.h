/*
 * A fitted scenario held against its log: the log is replayed (sim/fit/replay.h), the scenario is
 * run like it, from empty and for as many tasks, several times, and the mean waits are compared, on
 * as many consumers as it proposes and on one fewer.
 *
 * The scenario's runs say what chance does: the log might be one of them. Their logarithms are
 * taken for normal. A difference of more than 5 % is `beyond` chance where it has less than 1 % of
 * probability. What is to blame is found by experiment: the law, by the scenario with the log's own
 * sizes; the rate through time and the gaps, by replays with the sizes dealt out anew; the order of
 * the sizes, by these against the replay as it was.
 */
#ifndef FIT_CHECK_H
#define FIT_CHECK_H

#include <stdatomic.h>

#include "fit_scenario.h"

enum { FIT_COUNTS = 2 };

/* On so many consumers. Seconds. */
struct fit_waits {
    double consumers;
    double replay, scenario; /* mean waits */
    double chance;           /* standard deviation of the logarithm of the log's, were it of the
                                scenario */
    double off;              /* log(scenario / replay); 0 where both are below 1 % of a size */
    bool beyond;             /* chance */
};

struct fit_check {
    int n; /* counts of consumers; 0: it could not be asked */
    unsigned runs;
    double tasks; /* in each run */
    struct fit_waits at[FIT_COUNTS];
};

/* The scenario that is written with these wishes, into `folder` as `name`, as a scenario reads it;
 * files that it names must be there. NULL with errors: it is not valid. To be freed. */
struct scenario *fit_scenario_read(const char *text, const char *folder, const char *name,
                                   struct errors *errors);

void fit_check(const struct fit *fit, const struct fit_wish *wish, const char *folder,
               atomic_bool *stop, struct fit_check *out);

/* Whether it is beyond chance anywhere; the largest |off|. */
bool fit_check_is_beyond(const struct fit_check *check);
double fit_check_off(const struct fit_check *check);

/* What the wait of the log is of its sizes' order: the replay's over the mean of what it is with
 * sizes dealt out anew; 1 where that is chance. */
double fit_check_order(const struct fit *fit, double consumers);

/* The check in words. */
void fit_check_report(const struct fit_check *check, FILE *out);

#endif
