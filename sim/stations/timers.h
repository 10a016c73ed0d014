/*
 * Timers: what is going to happen, soonest first, by kind: all of a kind are one heap, which has
 * one leaf of the calendar, so that what a scenario does not use costs nothing.
 *
 * A binary heap of (event, number): by time, then in the order in which they were put in. What a
 * timer is for may be gone when it rings: whoever set it with a `key` (the generation of what the
 * number stands for) looks whether that is still so; few are taken out by number.
 *
 * Timers that are nearly always set later than those before them (all as long: timeouts) stand in
 * line instead, behind the last of it, if that is so of this one, too: in and out at once, whatever
 * there are.
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
    struct timer
        *line; /* a power of two: line[head & mask] is the soonest, each sooner than the next */
    uint64_t head, tail, mask;
};

void timers_free(struct timers *timers);
void timers_put(struct timers *timers, struct timer timer);
void timers_line_up(struct timers *timers, struct timer timer);
struct timer timers_pop(struct timers *timers); /* there is one */

/* Takes the timer of a number out, if there is one; looks at all of them. Not of those in line. */
void timers_cancel(struct timers *timers, uint32_t number);

/* The soonest; NULL: there is none. */
static inline const struct timer *timers_first(const struct timers *timers)
{
    const struct timer *line =
        timers->head < timers->tail ? &timers->line[timers->head & timers->mask] : NULL;
    if (timers->n == 0)
        return line;
    return line && line->at < timers->heap[0].at ? line : &timers->heap[0];
}

static inline event timers_next(const struct timers *timers)
{
    const struct timer *first = timers_first(timers);
    return first ? first->at : CALENDAR_NEVER;
}

#endif
