/*
 * Consumers that serve several tasks at once (consumers.batch), or step by step (consumers.step),
 * for stations of SHAPE_STATION_BATCH. There are as many of them as there are, and their speed is
 * their own.
 *
 * A consumer is a *hand* with `max` seats; what serves a task, for the network (station.h), is its
 * seat: number hand * max + k. A hand is idle with nobody in a seat; at work; or held, when all of
 * its tasks have been served and some are not let go yet (calls, blocked).
 *
 * Rules where networks.md leaves room:
 *   - A hand that is idle begins when `at_least` tasks wait (not given: `max` of them where `wait`
 *     is, else one), or when the one that came into the buffer first has waited for `wait` since it
 *     arrived: with as many as wait then, at most `max`, each the next by the discipline.
 *   - What completes the batch need not find a place in the buffer: a task that comes when one
 *     fewer than enough wait, and a hand is idle, is taken at once.
 *   - A batch takes one draw of `size`, that of the task that was taken first. All of its tasks are
 *     served then, in the order in which they were taken, and go on as any others; its hand is free
 *     when the last of them is let go. One that is taken out leaves the others at it; when none is
 *     left the hand stops, and is free.
 *
 * With `step` a hand goes from iteration to iteration (continuous batching: Yu et al., Orca, OSDI
 * 2022, section 3), and tasks join and leave between them:
 *   - A task takes as many iterations as its size has seconds, rounded up, at least one. One with n
 *     tasks takes base + each n at speed 1; before its first one, each task's prefill, for which
 *     all of its hand's tasks wait.
 *   - A task begins when it gets a seat: at the hand with the fewest tasks, of several the first;
 *     and it takes part from the next iteration on. Where the hand does nothing that begins at
 *     once, else after everything that completes at the moment at which the last one ends.
 *   - One that is taken out in an iteration leaves the others at it; when none is left that took
 *     part the next one begins at once.
 *   - memory: what comes is refused (LOSS_REJECTED) when all that is inside, waiting or in a seat,
 *     would with it take more than the share `refuse_beyond` of it, per station.
 *   - The first token of a task is there at the end of its first iteration; each iteration after
 *     that gives one more (AGENDA_TOKEN).
 *
 * A hand is one consumer: busy_area and utilization are of hands, shared_area is of the tasks in
 * seats beyond them, held_area of the hands that are held.
 *
 * Invariants between calls: no hand is idle beside as many tasks as it begins with; services[seat]
 * has SERVICE_BUSY if and only if somebody is in the seat; members[hand * max ...] are the seats
 * taken, in the order in which they were; leaf i of the calendar is what happens next to hand i.
 */
#ifndef BATCH_H
#define BATCH_H

#include <assert.h>

#include "../engine/engine.h"
#include "../scenario/staff.h"
#include "station.h"

struct events;
struct waiter;

struct batch_seat {
    double arrival; /* of its task */
    double spent;   /* seconds of the hand that are its task's, but for what is under way */
    bool done;      /* has been served */
    bool in;        /* what the hand does now is for it, too */
    double left;    /* iterations to go */
    double token;   /* when it had its last one; -1: none yet */
};

struct batch_hand {
    double start; /* of what it does now */
    uint32_t n;   /* in its seats */
    uint32_t undone;
    uint32_t sharing; /* tasks that what it does now is for */
    bool works, held;
    bool between; /* its next iteration begins when nothing more completes */
};

struct batches {
    bool steps;
    const struct staff_spec *spec;
    double memory; /* that may be taken; INFINITY: any */
    uint32_t max, enough;
    double wait; /* INFINITY: as long as it takes */
    struct batch_hand *hands;
    struct batch_seat *seats;
    uint32_t *members, *vacant; /* of a hand: `max` numbers each; vacant: a stack */
    uint64_t inside;            /* in seats */
    double arrivals;            /* of those, added up */
    double area;                /* integral of tasks in seats beyond the hands that are busy, dt */
    double due;                 /* when somebody has waited for long enough; INFINITY */
};

struct batches *batches_new(struct events *e, const struct staff_spec *spec);
void batches_free(struct batches *b);

/* Leaves of the calendar: hands, resumptions, patience, and the end of `wait`. */
enum { BATCH_LEAF_WAIT = 2, BATCH_LEAVES };

/* Station.h, for such stations. */
enum offered batch_offer(struct events *e, double now, struct waiter w, double patience,
                         bool handed);
void batch_release(struct events *e, double now, uint32_t seat, double arrival, bool lost);
double batch_withdraw(struct events *e, double now, uint32_t visit);
bool batch_serves(const struct events *e, uint32_t visit);
double batch_left(const struct events *e, double now, uint32_t visit);
void batch_flow(const struct events *e, struct flow *out);
double batch_backlog(const struct events *e, double now);

/* Seconds of its hand that a visit has had up to now: the hand's time by the tasks that share it;
 * NAN: it is in no seat. */
double batch_spent(const struct events *e, double now, uint32_t visit);

/* What the rules of all stations come to there (events_rules.h): who can come in from outside does;
 * a hand is done; the event of a leaf that is no completion; at the end of everything. */
void batch_call_in(struct events *e);
void batch_served(struct events *e, uint32_t hand);
void batch_ring(struct events *e, uint32_t leaf);
void batch_settle(struct events *e);

/* batch_step.c: seats are taken by those that wait; a hand begins its next iteration, if it has
 * tasks and does nothing; one is over. Between these files: */
void step_begin(struct events *e);
void step_go_on(struct events *e, uint32_t hand);
void step_served(struct events *e, uint32_t hand);
uint32_t *batch_members(const struct events *e, uint32_t hand);
void batch_take_seat(struct events *e, uint32_t hand, const struct task *task, double service);
void batch_work(struct events *e, uint32_t hand, double time);
void batch_rest(struct events *e, uint32_t hand);
void batch_hold(struct events *e, uint32_t hand);

static inline void batch_pass(struct batches *b, uint64_t busy, double dt)
{
    assert(b); /* of SHAPE_STATION_BATCH */
    b->area += (double)(b->inside - busy) * dt;
}

#endif
