#include "impatience.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

enum { FIRST_CAPACITY = 64 };

static void reserve(struct deadlines *d, uint32_t capacity)
{
    d->capacity = capacity;
    d->time = xrealloc(d->time, capacity * sizeof *d->time);
    d->heap = xrealloc(d->heap, capacity * sizeof *d->heap);
    d->place = xrealloc(d->place, capacity * sizeof *d->place);
}

static void put(struct deadlines *d, uint32_t at, uint32_t slot)
{
    d->heap[at] = slot;
    d->place[slot] = at;
}

static bool sooner(const struct deadlines *d, uint32_t a, uint32_t b)
{
    return d->time[a] != d->time[b] ? d->time[a] < d->time[b] : room_earlier(d->room, a, b);
}

/* Puts `slot` where it belongs on the way from the gap `at` to the top. */
static void sift_up(struct deadlines *d, uint32_t at, uint32_t slot)
{
    for (; at > 0 && sooner(d, slot, d->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(d, at, d->heap[(at - 1) / 2]);
    put(d, at, slot);
}

void deadlines_add(struct deadlines *d, uint32_t slot, double time)
{
    while (slot >= d->capacity)
        reserve(d, d->capacity + d->capacity / 2);
    d->time[slot] = time;
    if (isfinite(time))
        sift_up(d, d->n++, slot);
}

void deadlines_remove(struct deadlines *d, uint32_t slot)
{
    if (!isfinite(d->time[slot]))
        return;
    d->time[slot] = INFINITY;
    /* The gap sinks to a leaf; the last one goes there and rises to where it belongs. */
    uint32_t last = --d->n, at = d->place[slot], child;
    for (; (child = 2 * at + 1) < last; at = child) {
        if (child + 1 < last && sooner(d, d->heap[child + 1], d->heap[child]))
            child++;
        put(d, at, d->heap[child]);
    }
    if (at != last)
        sift_up(d, at, d->heap[last]);
}

/* The line outside goes in order of arrival, which a room keeps by itself. */
static const struct discipline in_line = {.model = {.name = "line"}, .by_arrival = true};

struct impatience *impatience_new(const struct waiting_room *buffer)
{
    struct impatience *impatience = xcalloc(1, sizeof *impatience);
    impatience->due = INFINITY;
    reserve(&impatience->inside, FIRST_CAPACITY);
    reserve(&impatience->outside, FIRST_CAPACITY);
    impatience->inside.room = buffer;
    impatience->outside.room = &impatience->line;
    room_init_for(&impatience->line, &in_line);
    return impatience;
}

static void deadlines_free(struct deadlines *d)
{
    free(d->time);
    free(d->heap);
    free(d->place);
}

void impatience_free(struct impatience *impatience)
{
    if (!impatience)
        return;
    deadlines_free(&impatience->inside);
    deadlines_free(&impatience->outside);
    room_free(&impatience->line);
    free(impatience);
}
