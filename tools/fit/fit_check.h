/*
 * A fitted scenario held against its log: the log is replayed (sim/fit/replay.h), the scenario is
 * run like it, from empty and for as many tasks, several times, and the waits are compared, their
 * mean and where tasks are enough for it p90 and p99, on as many consumers as it proposes and on
 * one fewer.
 *
 * The scenario's runs say what chance does: the log might be one of them. Their logarithms are
 * taken for normal, with a spread known from the runs alone (Student's t). A difference of the mean
 * of more than 5 % is `beyond` chance where it has less than 1 % of probability; one of p90 or p99
 * of more than 10 % where it has less than a thousandth, so that all three together are hardly more
 * often wrong than the mean alone. What is to blame is found by experiment: the law, by the
 * scenario with the log's own sizes; the rate through time and the gaps, by replays with the sizes
 * dealt out anew; the order of the sizes, by these against the replay as it was.
 */
#ifndef FIT_CHECK_H
#define FIT_CHECK_H

#include <stdatomic.h>

#include "fit_scenario.h"

enum { FIT_COUNTS = 2 };

/* A figure of the waits. Seconds; NAN: tasks are too few for it. */
struct fit_figure {
    double replay, scenario;
    double chance; /* standard deviation of the logarithm of the log's, were it of the scenario */
    double off;    /* log(scenario / replay); 0 where both hardly count beside a size */
    bool beyond;   /* chance */
};

struct fit_waits {
    double consumers;
    struct fit_figure of[REPLAY_FIGURES];
};

struct fit_check {
    int n;           /* counts of consumers; 0: it could not be asked */
    const char *why; /* it was not asked, or not of all counts; interned; NULL: it was */
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

/* Whether it is beyond chance anywhere; the largest |off|, of the mean, and of quantiles where
 * these are beyond chance. */
bool fit_check_is_beyond(const struct fit_check *check);
double fit_check_off(const struct fit_check *check);

/* The count of consumers, and the figure of its waits, at which that is. */
const struct fit_waits *fit_check_worst(const struct fit_check *check, enum replay_figure *figure);

/* "mean wait", "p99 of waits". */
extern const char *const fit_figure_names[REPLAY_FIGURES];

/* What the wait of the log is of its sizes' order: the replay's over the mean of what it is with
 * sizes dealt out anew; 1 where that is chance. */
double fit_check_order(const struct fit *fit, double consumers);

/* The check in words. */
void fit_check_report(const struct fit_check *check, FILE *out);

#endif
