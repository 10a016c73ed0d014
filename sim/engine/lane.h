/*
 * A lane: one trial of the lanes engine (lanes.h) under way, beside up to seven others.
 *
 * All lanes of a group take the same number of tasks at a time. What happens to a lane happens at
 * its edges: numbers of tasks at which a pilot of the warm-up ends, or a batch, a third, the
 * window. The course from edge to edge is that of trial.c, whose words and figures these are.
 *
 * What is inside at an edge, at the time T of the last arrival, follows from the state and from the
 * ring of recent tasks: since service is in order of arrival, the tasks waiting at T are the last
 * ones, those that start after T; and a consumer that falls free after T is busy from T on until
 * then. So, with sums over all tasks that have arrived,
 *   tasks waiting         those with start > T            in service   consumers with free > T
 *   queue_area            sum of waits - sum of (start - T) over tasks waiting
 *   service_sum           sum of services - sum of (free - T) over busy consumers
 *   sojourn_sum           sum of latencies - both of these
 *   busy_area             c T - (time that consumers had been idle when they took a task) - sum of
 *                         (T - free) over idle consumers; where that is next to nothing of c T, and
 *                         so the difference of two large numbers, service_sum
 *   last completion       the largest free time, if it is larger than when the window opened: else
 *                         it may be of a task before it
 *
 * A lane is given up, and its trial left to the events engine, where the ring is too short to tell:
 * RING or more tasks waiting at an edge, a task longer in service than RING arrivals take where the
 * end is censored; and where run.max_backlog may have been exceeded on the way. Whether it is
 * depends on the lane alone.
 */
#ifndef LANE_H
#define LANE_H

#include "lanes_draw.h"
#include "trial.h"
#include "warmup.h"

enum { RING = 4096 }; /* recent tasks of each lane that are kept near its edges */

struct lanes_ring { /* task k is in row k % RING */
    LANES_ALIGNED double arrival[RING][LANES];
    double service[RING][LANES], start[RING][LANES];
};

struct lanes_state {
    struct lanes_work work;
    struct lanes_ring ring;
};

enum lane_phase {
    LANE_PILOT,    /* warms up by the rule of warmup.h */
    LANE_WARM_UP,  /* warms up for a number of tasks */
    LANE_MEASURED, /* counts */
    LANE_HELD,     /* censored end: what is inside at the end is not counted, so these wait in the
                      ring to be counted */
    LANE_OVER,
    LANE_GIVEN_UP
};

struct lane {
    const struct scenario *s;  /* as resolved */
    const struct scenario *at; /* the column's */
    struct lanes_state *state;
    struct trial *trial;
    int index; /* of the lane */
    enum lane_phase phase;
    uint64_t edge;      /* tasks after which the next thing happens */
    uint64_t keep_from; /* tasks from this number on belong into the ring */
    uint64_t tasks;     /* to be measured */
    uint64_t pilot;
    uint64_t fed; /* tasks that the series of the warm-up rule has seen */
    struct series series;
    uint64_t base, slot_begin; /* first task measured, and of the slot */
    uint64_t moved;            /* tasks of the slot whose counts are in its cell already */
    uint64_t held_from;        /* LANE_HELD: first task that waits to be counted */
    uint32_t step, slot;
    struct flow thirds[2];
    struct { /* over tasks before those in the sums */
        double wait, latency, service, idle, virtual_area;
    } before;
    double opened_free;     /* the last completion as the window opened */
    double counted_free;    /* LANE_HELD: of the tasks before those held */
    uint32_t zero_waits;    /* counted as of the last whole chunk */
    uint64_t stretch_begin; /* no more tasks are waiting than have come since */
    uint64_t told;          /* tasks reported as done */
    double cost;
};

void lane_begin(struct lane *lane, struct lanes_state *state, int index, const struct scenario *s,
                const struct scenario *at, uint32_t column, uint32_t replication);
void lane_end(struct lane *lane); /* the trial is the caller's */

static inline bool lane_going(const struct lane *lane)
{
    return lane->phase < LANE_OVER;
}

/* Before task number `tasks` - 1 and those before it push older ones out of the ring. */
void lane_feed(struct lane *lane, uint64_t tasks);

/* After task number `tasks` - 1: at the end of a whole chunk; at the lane's edge. */
void lane_look(struct lane *lane, uint64_t tasks);
void lane_edge(struct lane *lane, uint64_t tasks);

#endif
