#include "timers.h"

#include <stdlib.h>

#include "../base/err.h"

void timers_free(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static void up(struct timers *t, size_t i)
{
    struct timer moved = t->heap[i];
    for (; i > 0 && moved.at < t->heap[(i - 1) / 2].at; i = (i - 1) / 2)
        t->heap[i] = t->heap[(i - 1) / 2];
    t->heap[i] = moved;
}

static void down(struct timers *t, size_t i)
{
    struct timer moved = t->heap[i];
    for (size_t child; (child = 2 * i + 1) < t->n; i = child) {
        child += child + 1 < t->n && t->heap[child + 1].at < t->heap[child].at;
        if (moved.at <= t->heap[child].at)
            break;
        t->heap[i] = t->heap[child];
    }
    t->heap[i] = moved;
}

void timers_put(struct timers *t, struct timer timer)
{
    if (t->n == t->room) {
        t->room = t->room ? 2 * t->room : 64;
        t->heap = xrealloc(t->heap, t->room * sizeof *t->heap);
    }
    t->heap[t->n] = timer;
    up(t, t->n++);
}

static void cut(struct timers *t, size_t i)
{
    t->heap[i] = t->heap[--t->n];
    if (i < t->n) {
        down(t, i);
        up(t, i);
    }
}

struct timer timers_pop(struct timers *t)
{
    struct timer first = t->heap[0];
    cut(t, 0);
    return first;
}

void timers_cancel(struct timers *t, uint32_t number)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->heap[i].number == number) {
            cut(t, i);
            return;
        }
}
