/*
 * Impatience: when the waiting tasks of a stage leave, unless their service begins before.
 *
 * A deadline is kept by the slot that its task has in a waiting room (waiting.h), in a heap
 * (slots.h) in which any can be found, and taken out when its task is served: only the soonest is
 * in the calendar. Tasks outside a full buffer have a room, and deadlines, of their own; so they
 * can leave from the middle of the line, which a ring does not allow.
 *
 * Invariants: the heap holds the slots whose deadline is finite, by deadline. Deadlines are
 * absolute times in seconds; INFINITY: the task waits as long as it takes, or its service has
 * begun, and its slot is not in the heap. A task costs 20 bytes.
 */
#ifndef IMPATIENCE_H
#define IMPATIENCE_H

#include <math.h>

#include "waiting.h"

struct deadlines {
    const struct waiting_room *room;
    struct slot_heap heap;
    uint32_t capacity; /* slots that there is room for */
};

struct impatience {
    struct deadlines inside, outside; /* of the buffer, and of the line outside it */
    struct waiting_room line;
    double due;     /* the deadline in the calendar; INFINITY: none */
    uint32_t order; /* of a station: its order (TASK_ORDER) */
};

/* For tasks that wait in `buffer`. */
struct impatience *impatience_new(const struct waiting_room *buffer);
void impatience_free(struct impatience *impatience);

/* Gives the task in `slot`, which has none, its deadline; takes it away, and says when it was. */
void deadlines_add(struct deadlines *d, uint32_t slot, double time);
double deadlines_remove(struct deadlines *d, uint32_t slot);

static inline double deadlines_soonest(const struct deadlines *d)
{
    return heap_count(&d->heap) > 0 ? heap_first(&d->heap).key : INFINITY;
}

/* When somebody leaves next, if nobody is served before. */
static inline double impatience_next(const struct impatience *i)
{
    return fmin(deadlines_soonest(&i->inside), deadlines_soonest(&i->outside));
}

/* Whose deadline it is; there is one. */
static inline const struct task *impatience_first(const struct impatience *i)
{
    const struct deadlines *d =
        deadlines_soonest(&i->outside) < deadlines_soonest(&i->inside) ? &i->outside : &i->inside;
    return &d->room->slots[heap_first(&d->heap).slot].task;
}

#endif
