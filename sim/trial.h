/*
 * A trial: one run of one engine with one seed, and what came of it.
 *
 * In independent mode a trial is one column and one replication: warm-up, then the measured tasks
 * (or time), then the end (tasks inside are followed until they leave, or counted as unfinished).
 * Its measured stretch is cut into TRIAL_BATCHES consecutive batches, each with its own cells, when
 * there is only one replication, so that an interval can come from batch means.
 * In drift mode a trial is one replication of all columns: the parameter moves in DRIFT_SLICES
 * equal steps over run.duration, whatever the number of columns; a task belongs to the column in
 * whose time it arrived.
 *
 * A trial's outcome depends on (scenario, column, replication) alone.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdatomic.h>

#include "engine.h"
#include "sweep.h"

enum { TRIAL_BATCHES = 32, DRIFT_SLICES = 2400 };

enum trial_note {
    NOTE_CAPPED = 1,           /* at_end: complete gave up on tasks that would not leave */
    NOTE_BACKLOG = 2,          /* ended early at run.max_backlog */
    NOTE_TRACE_ENDED = 4,      /* the trace held fewer tasks than asked for */
    NOTE_WARMUP_UNSETTLED = 8, /* the warm-up rule found no settled stretch within its limit */
    NOTE_INTERRUPTED = 16
};

/* What a column slot of a trial measured over its window of time. */
struct window {
    struct flow open, close;
    double backlog_first, backlog_last; /* mean tasks in system in the first and last third */
};

struct trial {
    uint32_t column;  /* first column */
    uint32_t columns; /* 1, or all of them (drift) */
    uint32_t replication;
    uint32_t batches; /* slots per column: 1 or TRIAL_BATCHES */
    uint32_t classes;
    struct cell *cells;     /* [(column * batches + batch) * classes + class] */
    struct window *windows; /* one per column */
    struct flow end;        /* when everything stopped */
    uint64_t warmup_tasks;  /* tasks before the measured stretch */
    double warmup_time;
    unsigned notes;     /* enum trial_note */
    uint64_t simulated; /* tasks that arrived in all, for the speed report */
};

/* Runs one. `stop`, when it becomes true, ends it soon with NOTE_INTERRUPTED (the trial is then
 * thrown away). `progress` is advanced by the share of the work done so far, in tasks. */
struct trial *trial_run(const struct scenario *s, const struct engine *engine, uint32_t column,
                        uint32_t replication, atomic_bool *stop, atomic_uint_fast64_t *progress);
void trial_free(struct trial *trial);

/* Tasks that a trial is expected to simulate (for progress and for ordering the work). */
double trial_cost(const struct scenario *s, uint32_t column);

#endif
