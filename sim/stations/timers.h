/*
 * Timers: what is going to happen, soonest first, by kind: all of a kind are one heap, which has
 * one leaf of the calendar, so that what a scenario does not use costs nothing.
 *
 * A binary heap of (event, number): by time, then in the order in which they were put in. What a
 * timer is for may be gone when it rings: whoever set it with a `key` (the generation of what the
 * number stands for) looks whether that is still so; few are taken out by number.
 */
#ifndef TIMERS_H
#define TIMERS_H

#include <stddef.h>

#include "../engine/calendar.h"

struct timer {
    event at; /* its index is of no meaning */
    uint32_t number, key;
};

struct timers {
    struct timer *heap; /* heap[i] is no later than heap[2 i + 1] and heap[2 i + 2] */
    size_t n, room;
};

void timers_free(struct timers *timers);
void timers_put(struct timers *timers, struct timer timer);
struct timer timers_pop(struct timers *timers); /* there is one */

/* Takes the timer of a number out, if there is one; looks at all of them. */
void timers_cancel(struct timers *timers, uint32_t number);

static inline event timers_next(const struct timers *timers)
{
    return timers->n > 0 ? timers->heap[0].at : CALENDAR_NEVER;
}

#endif
