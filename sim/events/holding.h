/*
 * Memory that is held: bytes of the tasks that wait in a buffer or are in service (not of those
 * outside, which are with their producers), now and at most. One counts into the next, `up`: that
 * of a station into that of its stage, and so on.
 *
 * Bytes of a task are whole numbers, so that what comes and goes adds up exactly.
 */
#ifndef HOLDING_H
#define HOLDING_H

#include <stddef.h>

struct holding {
    double now, most; /* most: since holding_begin */
    double peak;      /* likewise, since whoever asks by the clock last looked (timeline.h) */
    struct holding *up;
};

static inline void holding_add(struct holding *h, double bytes)
{
    for (; h; h = h->up) {
        h->now += bytes;
        h->most = h->now > h->most ? h->now : h->most;
        h->peak = h->now > h->peak ? h->now : h->peak;
    }
}

static inline void holding_take(struct holding *h, double bytes)
{
    for (; h; h = h->up)
        h->now -= bytes;
}

/* The most from now on. */
static inline void holding_begin(struct holding *h)
{
    h->most = h->now;
}

#endif
