/*
 * Delay stations: consumers without end, so that every task begins when it comes. And timers: what
 * is going to happen to visits, soonest first, where the calendar has one leaf for all of it.
 *
 * Timers are a binary heap of (event, visit): by time, then in the order in which they were put in.
 * A timer whose visit is gone is taken out by number. Times in seconds, areas in task-seconds.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>

#include "../engine/calendar.h"

struct timer {
    event at; /* its index is of no meaning */
    uint32_t visit;
};

struct timers {
    struct timer *heap; /* heap[i] is no later than heap[2 i + 1] and heap[2 i + 2] */
    size_t n, room;
};

void timers_free(struct timers *timers);
void timers_put(struct timers *timers, event at, uint32_t visit);
uint32_t timers_pop(struct timers *timers); /* there is one; its visit */

/* Takes the timer of a visit out, if there is one. */
void timers_cancel(struct timers *timers, uint32_t visit);

static inline event timers_next(const struct timers *timers)
{
    return timers->n > 0 ? timers->heap[0].at : CALENDAR_NEVER;
}

/* The tasks at a delay station, as integrals (engine.h: struct flow). */
struct crowd {
    uint64_t arrived, completed, lost, inside, kept; /* kept: served, and not let go */
    double clock, inside_area, kept_area;
    double arrivals;              /* of those inside, added up */
    double sojourn_sum, work_sum; /* of those that left; work of those that were served */
    double working;               /* starts of those in service, added up */
    double speed;
    double seen;
};

static inline void crowd_pass(struct crowd *c, double now)
{
    double dt = now - c->clock;
    c->inside_area += (double)(int64_t)c->inside * dt;
    c->kept_area += (double)(int64_t)c->kept * dt;
    c->clock = now;
}

/* A task comes, and is served; it has been served; its consumer keeps it; it leaves, completed or
 * not. */
void crowd_enter(struct crowd *c, double now);
void crowd_serve(struct crowd *c, double arrival, double now);
void crowd_keep(struct crowd *c, double now);
void crowd_leave(struct crowd *c, double arrival, double now, bool kept, bool lost);

#endif
