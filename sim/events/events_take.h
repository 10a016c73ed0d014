/*
 * Arrivals beside busy consumers, of the shapes whose buffer is rings: taken one after the other
 * without looking at limits, inlined into the loop of the events engine.
 */
#ifndef EVENTS_TAKE_H
#define EVENTS_TAKE_H

#include "events_wait.h"

/* An arrival of a task that has to wait and can, if there is one before the completion at `until`:
 * without a branch on that, for it is as random as the arrivals (mispredicting it costs a fifth of
 * M/M/1). What is not taken adds zeros to sums that are never negative, and is overwritten in the
 * ring. */
INLINE int64_t take_arrival(struct events *e, double until, enum shape shape, bool watched)
{
    const struct source *source = e->source;
    const size_t at = source->at;
    const double time = source->block.time[at], size = source->block.size[at];
    const uint16_t class = source->block.class[at];
    uint64_t one = time_bits(time) < time_bits(until);
    double next = time < until ? time : until, dt = next - e->clock;
    if (watched)
        watch_queue(e, next, shape);
    e->queue_area += (double)(int64_t)e->waiting * dt;
    e->busy_area += (double)(int64_t)e->consumers * dt;
    e->clock = next;
    e->arrivals += (double)(int64_t)one * time;
    uint32_t level = shape == SHAPE_LINES ? level_of(e, class) : 0;
    struct ring *ring = shape == SHAPE_LINES ? &e->lines[level] : &e->ring;
    struct task *task = &ring->tasks[ring->tail & ring->mask];
    task->arrival = time;
    task->size = size;
    task->label = label_of(e->labels, class);
    task->tag = class;
    e->seen += -one & (e->consumers + e->waiting);
    e->arrived += one;
    e->waiting += one;
    ring->tail += one;
    if (shape == SHAPE_LINES)
        e->held |= (uint32_t)one << level;
    e->source->at += one;
    return (int64_t)one;
}

/* Tasks that there is memory for in any line. */
INLINE uint64_t lines_spare(const struct events *e)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < e->levels; i++) {
        const struct ring *line = &e->lines[i];
        uint64_t spare = line->mask + 1 - ring_count(line);
        least = spare < least ? spare : least;
    }
    return least;
}

/* How many arrivals can be taken one after the other while all consumers are busy, without looking
 * at limits, and one more be looked at. */
INLINE int64_t takes(const struct events *e, const struct engine_limits *limits, enum shape shape)
{
    if (in_room(shape) || shape == SHAPE_CLOSED || e->shut || limits->until_drained ||
        outside_count(e, shape) > 0 || e->waiting >= e->take_limit ||
        e->arrived >= limits->until_tasks)
        return 0;
    uint64_t n = e->source->n - e->source->at, tasks = limits->until_tasks - e->arrived;
    uint64_t places = e->take_limit - e->waiting;
    uint64_t slots = shape == SHAPE_LINES ? lines_spare(e) : e->ring.mask + 1 - e->waiting;
    n = n < tasks ? n : tasks;
    places = places < slots ? places : slots;
    return (int64_t)(n - 1 < places ? n - 1 : places);
}

#endif
