/*
 * Delay stations: consumers without end, so that every task begins when it comes. When it has been
 * served is a timer's (net.h: CLOCK_CROWDS). Times in seconds, areas in task-seconds.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stdint.h>

/* The tasks at a delay station, as integrals (engine.h: struct flow). */
struct crowd {
    uint64_t arrived, completed, lost, inside, kept; /* kept: served, and not let go */
    double clock, inside_area, kept_area;
    double arrivals;              /* of those inside, added up */
    double sojourn_sum, work_sum; /* of those that left; work of those that were served */
    double working;               /* starts of those in service, added up */
    double speed, pace;           /* the consumers' own; how fast they work now, of that */
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
