#include "impatience.h"

#include <stdlib.h>

#include "../base/err.h"

enum { FIRST_CAPACITY = 64 };

/* A slot that is not in the heap. */
static const uint32_t NOWHERE = UINT32_MAX;

static void reserve(struct deadlines *d, uint32_t capacity)
{
    heap_reserve(&d->heap, capacity);
    for (uint32_t slot = d->capacity; slot < capacity; slot++)
        d->heap.place[slot] = NOWHERE;
    d->capacity = capacity;
}

void deadlines_add(struct deadlines *d, uint32_t slot, double time)
{
    while (slot >= d->capacity)
        reserve(d, d->capacity + d->capacity / 2);
    if (isfinite(time))
        heap_push(&d->heap, d->room->slots, time, slot);
}

double deadlines_remove(struct deadlines *d, uint32_t slot)
{
    if (d->heap.place[slot] == NOWHERE)
        return INFINITY;
    double time = heap_remove(&d->heap, d->room->slots, slot);
    d->heap.place[slot] = NOWHERE;
    return time;
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

void impatience_free(struct impatience *impatience)
{
    if (!impatience)
        return;
    heap_free(&impatience->inside.heap);
    heap_free(&impatience->outside.heap);
    room_free(&impatience->line);
    free(impatience);
}
