/*
 * A lane: one trial of the lanes engine (lanes.h) under way, beside up to seven others.
 *
 * All lanes of a group take the same number of tasks at a time. What happens to a lane happens at
 * its edges, between two tasks: where a pilot of the warm-up ends, or a batch, a third, a window.
 * An edge is given as a number of tasks, or as a time; the number of tasks that arrive before that
 * is known as soon as the chunk is drawn in which it lies. The course from edge to edge is that of
 * trial.c, whose words and figures these are. lane_flow.h says what is inside at an edge,
 * lane_cells.h how tasks come into their cells.
 *
 * A lane is given up, and its trial left to the events engine, where that cannot be told: at an
 * edge by number (or a pilot's) RING or more tasks waiting, a task longer in service than RING
 * arrivals take where the end is censored; where run.max_backlog may have been exceeded on the way;
 * and where arrivals end early that are no trace's. Whether it is depends on the lane alone.
 */
#ifndef LANE_H
#define LANE_H

#include "../engine/trial.h"
#include "../engine/warmup.h"
#include "lanes_draw.h"

enum { RING = 4096 }; /* recent tasks of each lane that are kept near edges by number */

struct lanes_ring { /* task k is in row k % RING */
    LANES_ALIGNED double arrival[RING][LANES];
    double service[RING][LANES], start[RING][LANES];
};

struct lanes_state {
    struct lanes_work work;
    struct lanes_ring ring;
    struct { /* of the sums, before the tasks that the kernel has just served */
        LANES_ALIGNED double wait[LANES];
        double latency[LANES], latency_min[LANES], latency_max[LANES];
        uint64_t lost[LANES]; /* tasks, since time 0 */
    } earlier;
    LANES_ALIGNED double late[LANES]; /* sum of (arrival - late_from), where needed */
    double late_from[LANES];
};

/* One in which nothing has happened, and back; what it points to is the caller's. */
struct lanes_state *lanes_state_take(void);
void lanes_state_give(struct lanes_state *state);

/* Keeps the first n tasks of the chunk, which begins with number k, in the ring: of the lanes in
 * use. */
void lanes_keep(struct lanes_state *state, uint64_t k, size_t n, int lanes);

enum lane_phase {
    LANE_PILOT,    /* warms up by the rule of warmup.h */
    LANE_WARM_UP,  /* warms up for a number of tasks or a time */
    LANE_MEASURED, /* counts */
    LANE_HELD,     /* censored end, by number: what is inside at the end is not counted, so these
                      wait in the ring to be counted */
    LANE_LATE,     /* each task is looked at: by time, as it may be inside when the trial ends; of
                      several classes always */
    LANE_OVER,
    LANE_GIVEN_UP
};

/* A time at which the flow is read (lane_flow.h). */
struct lane_mark {
    double time;      /* as the flow has it */
    double upto;      /* the last time of which everything has happened */
    uint64_t started; /* tasks in whose service has begun by then; known once crossed */
    double waited;    /* by these, in all */
    double late;      /* the lane's sum over late tasks up to there */
};

struct lane {
    const struct scenario *s;  /* as resolved */
    const struct scenario *at; /* the column's; of a drift, where it begins */
    struct lanes_state *state;
    struct trial *trial;
    int index; /* of the lane */
    enum lane_phase phase;
    bool by_time;       /* run.duration, and not run.tasks */
    bool whole_trace;   /* run.tasks is what is left of a trace */
    bool impatient;     /* tasks may leave after they have come in; then not by_time */
    bool ended;         /* there are no more tasks */
    uint64_t edge;      /* tasks after which the next thing happens; UINT64_MAX: not known yet */
    double edge_after;  /* the edge is before the first arrival after that; INFINITY: by number */
    uint64_t keep_from; /* tasks from this number on belong into the ring */
    uint64_t tasks;     /* to be measured, by number */
    double pilot;       /* tasks or seconds */
    bool enough;        /* it is known to be long enough: the rule is not asked */
    uint64_t fed;       /* tasks that the series of the warm-up rule has seen */
    struct series series;
    struct lane_mark *marks; /* by time: the start, the end of each step, the cap */
    uint32_t n_marks;
    uint32_t crossed; /* marks that lie before some start */
    uint32_t reached; /* marks that lie behind */
    double cross;     /* `upto` of the first mark not crossed; INFINITY: none */
    double limit;     /* no measured task that leaves later is counted; by number INFINITY */
    uint64_t base, slot_begin; /* first task measured, and of the slot */
    uint64_t moved;            /* tasks of the slot whose counts are in its cell already */
    uint64_t held_from;        /* LANE_HELD: first task that waits to be counted */
    uint32_t step, steps, slot;
    struct flow thirds[2];
    struct { /* over tasks before those in the sums */
        double wait, latency, service, idle, virtual_area, seen, gone;
    } before;
    uint64_t lost;          /* tasks, but for those in the counters (lane_lost) */
    double opened_free;     /* the last completion as the window opened */
    double counted_free;    /* LANE_HELD: of the tasks before those held */
    uint64_t looked;        /* tasks as of the last look */
    uint32_t zero_waits;    /* counted as of then */
    uint64_t stretch_begin; /* no more tasks are waiting than have come since */
    uint64_t told;          /* tasks reported as done */
    double cost;
};

/* What the trials of a group share. */
struct lanes_plan {
    double tasks; /* to be measured, where that is not given by time */
    bool whole_trace;
};

void lane_begin(struct lane *lane, struct lanes_state *state, int index,
                const struct lanes_plan *plan, const struct scenario *at, struct trial_id id);
void lane_end(struct lane *lane); /* the trial is the caller's */
void lane_give_up(struct lane *lane);

static inline bool lane_going(const struct lane *lane)
{
    return lane->phase < LANE_OVER;
}

static inline bool lane_censored(const struct lane *lane)
{
    return (enum at_end)lane->s->run.at_end == END_CENSOR;
}

/* Nothing is to happen, for all that is known. */
static inline void lane_no_edge(struct lane *lane)
{
    lane->edge = UINT64_MAX;
    lane->edge_after = INFINITY;
}

/* Before task number `tasks` - 1 and those before it push older ones out of the ring; all lanes of
 * a group. */
void lanes_feed(struct lane *lanes, int n, uint64_t tasks);

/* After task number `tasks` - 1: now and then, the oftener the less run.max_backlog is; at the
 * lane's edge; where it was the last one. */
void lane_look(struct lane *lane, uint64_t tasks);
void lane_edge(struct lane *lane, uint64_t tasks);
void lane_ended(struct lane *lane, uint64_t tasks);

#endif
