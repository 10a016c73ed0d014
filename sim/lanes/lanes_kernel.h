/*
 * The arithmetic of the lanes engine: trials side by side, each in a lane of a vector.
 *
 * The tasks of all lanes lie in chunks, [task][lane], so that one step of Lindley's recursion
 * (1952; Kiefer and Wolfowitz 1955 for several consumers) is one vector operation. The loops are
 * written once (lanes_width.h) for vectors of 2, 4 or 8 doubles and compiled for each; the widest
 * that the processor has is taken. Lanes never touch each other, so every width gives the same
 * bits, and a lane the same whatever lies in the others.
 *
 * The state of a lane with c consumers is the sorted vector of the times at which each falls free;
 * the next task goes to the first. Which of the equal consumers that is does not matter. Where
 * lanes have unlike numbers of consumers, those that a lane lacks are never free (INFINITY).
 *
 * With a buffer of K places a task is lost that finds them all taken: since service begins in order
 * of arrival, that is when the K-th last task that came in has not begun yet (without places: when
 * the first consumer is not free). So each lane keeps when its last K tasks in began, in a ring.
 *
 * With patience a task is lost whose service could begin only after its deadline (its offered wait:
 * Baccelli and Hebuterne 1981); it leaves the times at which consumers fall free as they were. When
 * it leaves is kept where its start would be, with the sign of what is lost.
 *
 * A task's step ends with its two counters: vectors leave where they are (a row of `counts` for
 * the waits and one for the latencies of each lane), and plain code adds one there, COUNT_BEHIND
 * tasks later, when that is long known. The two kinds of work run side by side in the processor.
 */
#ifndef LANES_KERNEL_H
#define LANES_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../engine/histogram.h"

enum {
    LANES = 16,
    LANES_CHUNK = 256 /* tasks in a chunk: those of a block that is drawn (process.h) */
};

/* Rows of counters: waits, then latencies, of each lane. The stride spreads the rows, of which
 * much the same part is in use, over the sets of the first cache. */
enum { COUNT_ROWS = 2 * LANES, COUNT_STRIDE = HIST_BUCKETS + 64 };
enum { COUNT_BEHIND = 4 };
enum { SLOT_LOST = HIST_SLOTS, SLOT_NOBODY }; /* both counters of a task that is lost; of none */
_Static_assert((int)COUNT_STRIDE > (int)SLOT_NOBODY, "a row holds a histogram's counters and two");

#define LANES_ALIGNED _Alignas(64)

struct lanes_chunk {
    LANES_ALIGNED double arrival[LANES_CHUNK][LANES];
    double size[LANES_CHUNK][LANES];
    double service[LANES_CHUNK][LANES];  /* where some lane's speed is not 1; else it is the size */
    double start[LANES_CHUNK][LANES];    /* if asked for; of a task that is lost LANES_LOST or,
                                            where some lane is impatient, minus its deadline */
    double patience[LANES_CHUNK][LANES]; /* where some lane is impatient */
};
#define LANES_LOST (-1.0)

/* Whether that is the start of a task that is lost; -0 is, too. */
static inline bool lanes_is_lost(double start)
{
    return __builtin_signbit(start);
}

/* Sums over tasks of each lane, in order of arrival, since they were last reset. Of tasks that are
 * lost, only sizes and what they saw. */
struct lanes_sums {
    LANES_ALIGNED double wait[LANES];
    double latency[LANES], latency_min[LANES], latency_max[LANES];
    double wait_min[LANES]; /* of waits above zero */
    double size[LANES], size_square[LANES], size_max[LANES], service[LANES];
    double idle[LANES];         /* time that consumers had been idle when they took a task */
    double virtual_area[LANES]; /* twice the integral of the wait that a task would have, up to the
                                   last arrival */
    double seen[LANES]; /* wait until a consumer is free, as seen by every task, lost or not */
    double gone[LANES]; /* waits of those whose patience was over */
    double last[LANES]; /* arrival of the last task; never reset */
};

/* The places of bounded buffers. `begun` is in rows of LANES; a lane's ring is its column down to
 * a row of its own. Lanes without a limit have a ring too, which is never full; those without
 * places have one that is never looked at. */
struct lanes_places {
    LANES_ALIGNED int64_t
        next[LANES];         /* the oldest start, and where the next goes: row x LANES + lane */
    int64_t end[LANES];      /* behind the ring's last row */
    double limit[LANES];     /* INFINITY; 0: the buffer is unbounded */
    uint64_t handoff[LANES]; /* all bits: no places; else 0 */
    double *begun;
};

/* What is the same in all lanes need not be laid out: a row of the next tasks' units of gaps (time
 * += factor * unit), and one of their sizes. NULL: arrivals, or sizes, are in the chunk. */
struct lanes_rows {
    const double *unit, *size;
    double *time, *factor; /* by lane, aligned: the last arrival; what a unit is multiplied by */
};

enum { LANES_KEPT = 16 }; /* consumers of a lane that are kept in registers, if there are no more */

/* With so many consumers, tasks are served by the block of those that fall free first, which are
 * then merged with the others; with so many, by a longer list of these (lanes_many.h). */
enum { LANES_MERGED = 28, LANES_BLOCK = 16, LANES_LISTS = 192, LANES_LIST = 128 };

/* What a kernel works on. */
struct lanes_work {
    struct lanes_chunk chunk;
    struct lanes_rows rows; /* only with at most LANES_KEPT consumers, all of speed 1 */
    struct lanes_sums sums;
    uint32_t counts[COUNT_ROWS][COUNT_STRIDE];
    double (*free)[LANES]; /* when each consumer is free, sorted: at least LANES_KEPT, and whole
                              blocks of LANES_BLOCK */
    int consumers;         /* the most that a lane has */
    int lanes;             /* in use; what the others hold means nothing */
    bool scaled;           /* some lane's speed is not 1 */
    bool bounded;          /* some lane's buffer is */
    bool impatient;        /* the tasks of some lane are; for the others patience is INFINITY */
    struct lanes_places places;
};

/* The services of the chunk's tasks. */
static inline const double (*lanes_services(const struct lanes_work *work))[LANES]
{
    return work->scaled ? work->chunk.service : work->chunk.size;
}

struct lanes_kernel {
    const char *name;
    int width; /* doubles in a vector */
    /* One row for all lanes, or a row for each, laid out by lane; n tasks. These take the number of
     * lanes in use: what the others get means nothing. */
    void (*spread_one)(const double *x, int lanes, size_t n, double (*out)[LANES]);
    void (*spread_each)(const double *const x[LANES], int lanes, size_t n, double (*out)[LANES]);
    /* Unit gaps become arrival times: time += factor * unit. */
    void (*accumulate)(const double factor[LANES], int lanes, size_t n, double time[LANES],
                       double (*arrival)[LANES]);
    /* spread_each and accumulate; rows for all lanes. */
    void (*spread_gaps)(const double *const x[LANES], const double factor[LANES], int lanes,
                        size_t n, double time[LANES], double (*arrival)[LANES]);
    void (*divide)(double (*size)[LANES], const double speed[LANES], int lanes, size_t n,
                   double (*service)[LANES]);
    /* Serves the next n tasks, measures and counts them. With `starts`, the chunk has their
     * arrivals, sizes and starts afterwards, wherever they came from. */
    void (*serve)(struct lanes_work *work, size_t n, bool starts);
};

/* The kernels up to the vector width in force (vector.h), narrowest first, and their number. */
const struct lanes_kernel *const *lanes_kernels(int *n);

/* The one for a group of so many: the widest, but that a group that fills half a vector only takes
 * less time by halves. */
const struct lanes_kernel *lanes_kernel_for(int lanes);

#endif
