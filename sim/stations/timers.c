#include "timers.h"

#include <stdlib.h>

#include "../base/err.h"

void timers_free(struct timers *timers)
{
    free(timers->heap);
    free(timers->line);
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

static void more_line(struct timers *t)
{
    uint64_t n = t->tail - t->head, room = t->line ? 2 * (t->mask + 1) : 64;
    struct timer *line = xmalloc(room * sizeof *line);
    for (uint64_t i = 0; t->line && i < n; i++)
        line[i] = t->line[(t->head + i) & t->mask];
    free(t->line);
    t->line = line;
    t->head = 0;
    t->tail = n;
    t->mask = room - 1;
}

void timers_line_up(struct timers *t, struct timer timer)
{
    if (t->head < t->tail && timer.at < t->line[(t->tail - 1) & t->mask].at) {
        timers_put(t, timer);
        return;
    }
    if (!t->line || t->tail - t->head > t->mask)
        more_line(t);
    t->line[t->tail++ & t->mask] = timer;
}

struct timer timers_pop(struct timers *t)
{
    const struct timer *soonest = timers_first(t), first = *soonest;
    if (soonest != t->heap)
        t->head++;
    else
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
