/*
 * A run: all trials of a scenario, or of several, over worker threads, merged to results.
 *
 * Workers take groups of trials, costly ones first (roster.h), and trials that an engine would not
 * run side by side one by one; a trial depends on its index alone and results are merged in index
 * order, so the outcome does not depend on `jobs`. Memory: about 100 MB of trials under way at the
 * most (of a wide drift fewer at a time), and the packed results: 5 KB or so for each column,
 * replication and class.
 */
#ifndef RUN_H
#define RUN_H

#include <stdatomic.h>

#include "journal.h"
#include "result.h"

struct run_options {
    const struct engine *engine; /* of run_scenario */
    unsigned jobs;               /* 0: all cores */
    atomic_bool *stop;           /* may be set from a signal handler */
    /* Called a few times a second from the calling thread, with the share of the work done: where
     * there are rounds (precision.h), of this one; tasks and seconds are of all so far. */
    void (*progress)(void *context, double share, uint64_t tasks, double seconds);
    void (*round)(void *context, unsigned number); /* one begins: 2, 3, ...; or NULL */
    void *context;
    struct journal *journal; /* of run_scenario: finished trials go there, and those in it are not
                                run again; or NULL */
};

/* NULL if stopped before the first trial was complete; result->interrupted if stopped later. */
struct result *run_scenario(const struct scenario *s, const struct run_options *options);

/* One of several scenarios that are run together. */
struct run_part {
    const struct scenario *s;
    const struct engine *engine;
    struct journal *journal; /* or NULL */
    struct result *result;   /* to be filled in, as by run_scenario */

    /* Replications of each column that it has, and that it is to have (of columns at rest). NULL:
     * none, and run.replications. */
    const uint32_t *have, *want;
    size_t trials, complete; /* so far, for run_end */
};

/* The same results as one after the other, but workers need not wait for each other in between. The
 * wall time of each is the share of its tasks in that of all. */
void run_together(struct run_part *parts, size_t n, const struct run_options *options);

/* The same step by step, for runs whose end is decided on the way (precision.h). run_begin makes
 * the results; run_round runs what `want` has and `have` has not, false if it was stopped; run_end
 * finishes the results, NULL where nothing is complete. */
struct run_course *run_begin(struct run_part *parts, size_t n, const struct run_options *options);
bool run_round(struct run_course *course);
void run_end(struct run_course *course);

#endif
