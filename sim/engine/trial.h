/*
 * A trial: one run of one engine with one seed, and what came of it.
 *
 * In independent mode a trial is one column and one replication: warm-up, then the measured tasks
 * (or time), then the end (tasks inside are followed until they leave, or counted as unfinished).
 * Its measured stretch is cut into TRIAL_BATCHES consecutive batches, each with its own cells, when
 * there is only one replication, so that an interval can come from batch means.
 * In drift mode a trial is one replication of all columns: the parameter moves in DRIFT_SLICES
 * (drift.h) equal steps over run.duration, whatever the number of columns; a task belongs to the
 * column in whose time it arrived.
 *
 * Arrivals that repeat a timetable are measured in whole periods (periods.h).
 *
 * The measured window lasts from the W-th to the (W+N)-th arrival, or [W, W+D) in time; tasks W+1
 * to W+N are measured. Warm-up: as asked for (a share is of run.tasks or run.duration); `auto` is
 * the rule of warmup.h, with a first pilot of five visits of every client in a closed system. A
 * recorded trace has none by `auto`, because it is a transient of its own (so are resampled days),
 * and neither has a drift; where a drift is given one, it runs at `from` before the drift begins. A
 * column that cannot settle (stability.h) gets the first pilot only, and the note. run.tasks left
 * at its default means all of a trace, less the warm-up.
 *
 * at_end: complete follows the measured tasks, later ones arriving unmeasured, until all have left
 * or TRIAL_CAP times the measured tasks (at least 100) or time have come after them, or it is plain
 * that this would be so (follow.h; NOTE_CAPPED; the rest is unfinished).
 *
 * Of a network (network.h) cells and windows are by place as well: the stages in the order of the
 * scenario, then `all`, the requests from their arrival to the end of the last that became of
 * them, then, where somebody replies, `client`, up to the answer. All places have one window, that
 * of the requests: a visit is measured where its request is, whenever it comes; the flows of a
 * stage are of what happened there in that time. run.tasks counts requests. The warm-up is over
 * when by the rule both `all` and the slowest stage have settled (warmup.h): that with the largest
 * share of its consumers' time taken, the first of several, for that is the one that takes longest
 * to forget; the latencies of every stage would have to agree by chance, the more often the less of
 * them there are. The figures of one stage in the short form are those of the one place.
 *
 * A trial's outcome depends on (scenario, column, replication) alone.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdatomic.h>
#include <string.h>

#include "../scenario/sweep.h"
#include "ahead.h"
#include "engine.h"
#include "queue_time.h"
#include "timeline.h"

enum { TRIAL_BATCHES = 32, TRIAL_CAP = 10 };

/* The measured stretch is walked in this many steps, so that both its batches and its thirds end
 * where a step does. */
enum { TRIAL_STEPS = 3 * TRIAL_BATCHES };

enum trial_note {
    NOTE_CAPPED = 1,           /* at_end: complete gave up on tasks that would not leave */
    NOTE_BACKLOG = 2,          /* ended early at run.max_backlog */
    NOTE_TRACE_ENDED = 4,      /* arrivals (a trace) ended before what was asked for */
    NOTE_WARMUP_UNSETTLED = 8, /* the warm-up rule found no settled stretch within its limit */
    NOTE_INTERRUPTED = 16,
    NOTE_SHORT_RUN = 32,  /* of a column: shorter than RELAXATION_WANTED (relaxation.h) */
    NOTE_FEW_CYCLES = 64, /* of a column: the run has met too little of its input (timescale.h) */
    NOTE_STANDS_STILL = 128, /* ended early: tasks arrived without end, and time did not go on */
    NOTE_UNREPRESENTATIVE = 256, /* of a column: not the traffic that was described (controls.h) */
    NOTE_DEADLOCK = 512          /* ended early: stages wait for each other, for ever */
};
enum { NOTES = 10 };

/* So many arrivals, and as many times the clients of a closed system, at one and the same time, or
 * in less than STILL_SHARE of the time that a run is to last, are taken for no end of them: a cycle
 * without duration, or with one below the clock's resolution. (A batch or a log may have many tasks
 * at one time, and comes to an end.) */
enum { STILL_MOST = 1 << 22, STILL_TURNS = 16 };
#define STILL_SHARE 0x1p-32

/* What a column slot of a trial measured over its window of time. */
struct window {
    struct flow open, close;
    double backlog_first, backlog_last; /* mean tasks in system in the first and last third; NAN if
                                           the window ended before they were over */
    double available;                   /* integral of the number of consumers, dt */
};

/* Tasks waiting in a window, and inside (of the whole of a network: requests alive), integrated. */
static inline double window_waiting(const struct window *w)
{
    return w->close.queue_area - w->open.queue_area + w->close.paused_area - w->open.paused_area;
}

static inline double window_inside(const struct window *w)
{
    const struct flow *open = &w->open, *close = &w->close;
    if (close->alive_area > 0)
        return close->alive_area - open->alive_area;
    return window_waiting(w) + (close->busy_area - open->busy_area) +
           (close->shared_area - open->shared_area) + (close->delayed_area - open->delayed_area);
}

struct trial {
    uint32_t column;  /* first column */
    uint32_t columns; /* 1, or all of them (drift) */
    uint32_t replication;
    uint32_t batches; /* slots per column: 1 or TRIAL_BATCHES */
    uint32_t classes;
    uint32_t places;        /* stages, `all` and perhaps `client`; 1: one stage in the short form */
    uint32_t whole;         /* the place `all`; 0 where there is one */
    struct cell *cells;     /* [((column * batches + batch) * places + place) * classes + class] */
    struct window *windows; /* [column * places + place] */
    struct queue_time *queues; /* one per column: the number waiting in its window; NULL: not
                                  recorded */
    double queue_scale;        /* ticks per second in them; 0 */
    struct timeline *timeline; /* the run by the clock, where the scenario has run.windows; NULL */
    struct flow end;           /* when everything stopped; of a network: of `all` */
    struct flow *ends;         /* by place; NULL where there is one */
    uint64_t warmup_tasks;     /* tasks before the measured stretch */
    double warmup_time;
    unsigned notes;       /* enum trial_note */
    uint64_t simulated;   /* tasks that arrived in all, for the speed report */
    uint64_t outstanding; /* measured tasks still inside at the end (the recorder's own count) */
    uint64_t behind;      /* and requests that are over, and something goes on for */
    bool emptied; /* nothing more was to come, and everything had left: nobody is inside anywhere */
    struct deadlock deadlock; /* with NOTE_DEADLOCK */
};

/* Places of a scenario's trials; the one that is all of it. */
uint32_t trial_places(const struct scenario *s);
uint32_t trial_whole(const struct scenario *s);
const char *trial_place_name(const struct scenario *s, uint32_t place); /* one place: main */

/* The cell of a class at a place. */
static inline struct cell *trial_cell(const struct trial *trial, uint32_t column, uint32_t batch,
                                      uint32_t place, uint32_t class)
{
    size_t slot = (size_t)column * trial->batches + batch;
    return &trial->cells[(slot * trial->places + place) * trial->classes + class];
}

/* Runs one. `stop`, when it becomes true, ends it soon with NOTE_INTERRUPTED (the trial is then
 * thrown away). `progress` is advanced, several times a second, by the tasks done, in all by
 * trial_cost rounded down. Both may be NULL. */
struct trial *trial_run(const struct scenario *s, const struct engine *engine, uint32_t column,
                        uint32_t replication, atomic_bool *stop, atomic_uint_fast64_t *progress);
void trial_free(struct trial *trial);

/* Packs the histograms of all its cells (cell.h), and back, where that has not been done. */
void trial_pack(struct trial *trial);
void trial_unpack(struct trial *trial);

/* Several of them at once, as many as the engine likes (engine.h): the same trials as one by one.
 */
struct trial_id {
    const struct scenario *s;
    uint32_t column, replication;
};
struct trial_group {
    const struct engine *engine;
    const struct trial_id *ids; /* of one scenario, or of some of which all are trial_alike */
    unsigned n;                 /* at most engine->group, at least 1 */
    atomic_bool *stop;
    atomic_uint_fast64_t *progress;
    struct trial **trials; /* to be filled in; NULL before */
    struct ahead *ahead;   /* where groups that run meanwhile share their draws; NULL: nowhere */
    unsigned beside;       /* groups of this scenario and replication that begin now; 0: unknown */
};
void trial_run_group(const struct trial_group *group);

/* Bit by bit: what is the same does the same; what is not, may. */
static inline bool same_bits(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

/* Whether trials of two scenarios may lie in one group: both at rest, and run in the same way on
 * the same random streams. What arrives, and who serves it, may differ. */
bool trial_alike(const struct scenario *a, const struct scenario *b);

/* The same, but those that the engine leaves to the events engine stay NULL: they take long, and
 * the caller may have other hands for them; and cells may be packed. */
void trial_run_together(const struct trial_group *group);

/* For engines that run groups: the trials in parts whose runs are alike, each in whole periods
 * where arrivals ask for that (periods.h). */
void trial_in_periods(const struct trial_group *group, const void *context,
                      void (*run)(const void *context, const struct trial_group *part));

/* Cells in all. */
size_t trial_cells(const struct trial *trial);

/* Likewise: a trial in which nothing has happened yet. */
struct trial *trial_new(const struct scenario *s, uint32_t column, uint32_t replication);

/* Length of the warm-up rule's first pilot (warmup.h): tasks, or seconds where `most` is. Whether
 * it is known to be enough, so that no rule has to find that out. */
bool trial_first_pilot(const struct scenario *column, double most, bool by_time, double *pilot);

/* The time at which the warm-up ends, where that is known beforehand; else NAN. */
double trial_warm_up_time(const struct scenario *s);

/* Batches per column: TRIAL_BATCHES with one replication of a column at rest, else 1. */
uint32_t trial_batches(const struct scenario *s);

/* Tasks that a trial is expected to simulate (for progress and for ordering the work). */
double trial_cost(const struct scenario *s, uint32_t column);

#endif
