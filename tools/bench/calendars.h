/*
 * Calendars that were tried against each other, and the hold model in which they are.
 *
 * The hold model (Vaucher and Duval, "A comparison of simulation event list algorithms", 1975): of
 * `size` pending events the next is taken out and one is put in, an increment of time later; here
 * as one operation, for that is what a queue with waiting tasks does. Events are those of
 * sim/engine/calendar.h, and come in order of time, kind and sequence from all of them: `order` is
 * a digest of what came out, and has to be the same.
 *
 * A calendar here is a struct NAME with NAME_init(calendar, size), NAME_push, NAME_top,
 * NAME_replace (puts an event, of the index of the top, in the place of the top) and NAME_free;
 * HOLD(NAME) makes the function that runs it, with all of that inlined.
 */
#ifndef CALENDARS_H
#define CALENDARS_H

#include "../../sim/engine/calendar.h"
#include "turns.h"

struct hold {
    uint64_t size;  /* pending events, 1 .. 2^22 */
    uint64_t holds; /* operations */
    const double *draw;
    uint64_t draws; /* a power of two */
};

struct held {
    double seconds; /* of CPU time, for the operations alone */
    uint64_t order;
};

struct contestant {
    const char *name;
    struct held (*hold)(const struct hold *h);
    uint64_t most; /* pending events that make sense */
};

extern const struct contestant contest_heaps[], contest_trees[], contest_arrays[], contest_ladder[];

static inline uint64_t hold_digest(uint64_t order, event e)
{
    return (order ^ event_bits(e) ^ (uint64_t)e) * UINT64_C(0x9e3779b97f4a7c15);
}

#define HOLD(name)                                                                                 \
    static struct held name##_hold(const struct hold *h)                                           \
    {                                                                                              \
        struct name q;                                                                             \
        struct held held = {0, 0};                                                                 \
        uint64_t i = 0;                                                                            \
        name##_init(&q, h->size);                                                                  \
        for (; i < h->size; i++)                                                                   \
            name##_push(&q, event_make(h->draw[i & (h->draws - 1)], 0, i, i));                     \
        double begin = cpu_seconds();                                                              \
        for (; i < h->size + h->holds; i++) {                                                      \
            event top = name##_top(&q);                                                            \
            double time = event_time(top) + h->draw[i & (h->draws - 1)];                           \
            held.order = hold_digest(held.order, top);                                             \
            name##_replace(&q, event_make(time, 0, i, event_index(top)));                          \
        }                                                                                          \
        held.seconds = cpu_seconds() - begin;                                                      \
        name##_free(&q);                                                                           \
        return held;                                                                               \
    }

#endif
