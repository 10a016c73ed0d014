/*
 * A run: all trials of a scenario over worker threads, merged to a result.
 *
 * Workers take the next trials from one atomic index (costly ones first); a trial depends on its
 * index alone and results are merged in index order, so the outcome does not depend on `jobs`.
 * Memory: some 110 MB of trials under way at the most (a wide drift gets fewer at a time), and the
 * packed results: 5 KB or so for each column, replication and class.
 */
#ifndef RUN_H
#define RUN_H

#include <stdatomic.h>

#include "journal.h"
#include "result.h"

struct run_options {
    const struct engine *engine;
    unsigned jobs;     /* 0: all cores */
    atomic_bool *stop; /* may be set from a signal handler */
    /* Called a few times a second from the calling thread, with the share of the work done. */
    void (*progress)(void *context, double share, uint64_t tasks, double seconds);
    void *context;
    struct journal *journal; /* finished trials go there, and those in it are not run again; or
                                NULL */
};

/* NULL if stopped before the first trial was complete; result->interrupted if stopped later. */
struct result *run_scenario(const struct scenario *s, const struct run_options *options);

#endif
