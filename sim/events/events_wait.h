/*
 * Where the tasks of the events engine wait, by the shape of the scenario: the buffer, and the line
 * outside it. Inlined with the shape a constant, so that a shape costs what it needs.
 */
#ifndef EVENTS_WAIT_H
#define EVENTS_WAIT_H

#include "events_share_step.h"

#define INLINE static inline __attribute__((always_inline))

/* Whose consumers serve. */
INLINE struct events *staff_of(const struct events *e, enum shape shape)
{
    return is_station(shape) ? e->staff : (struct events *)e;
}

/* In order of arrival, in a ring. */
INLINE bool in_ring(enum shape shape)
{
    return shape == SHAPE_PLAIN || shape == SHAPE_RING || shape == SHAPE_CLOSED ||
           shape == SHAPE_STATION_RING;
}

INLINE bool in_room(enum shape shape)
{
    return !in_ring(shape) && shape != SHAPE_LINES;
}

INLINE bool is_plain(enum shape shape)
{
    return shape <= SHAPE_SHARE_PLAIN;
}

/* NULL: all wait as long as it takes. */
INLINE struct impatience *impatience_of(const struct events *e, enum shape shape)
{
    return shape >= SHAPE_ANY ? e->impatience : NULL;
}

INLINE bool is_impatient(const struct events *e, enum shape shape)
{
    return impatience_of(e, shape) != NULL;
}

INLINE bool is_closed(const struct events *e, enum shape shape)
{
    return shape == SHAPE_CLOSED ||
           (shape >= SHAPE_ANY && !is_station(shape) && e->source->clients);
}

/* The next event's place among those of its time and kind. */
INLINE uint64_t next_sequence(struct events *e, enum shape shape)
{
    return is_station(shape) ? e->agenda->sequence++ : e->sequence++;
}

/* A task and when it leaves (only where tasks lose patience). */
struct waiter {
    struct task task;
    double deadline;
};

INLINE uint64_t outside_count(const struct events *e, enum shape shape)
{
    const struct impatience *i = impatience_of(e, shape);
    return is_plain(shape) ? 0 : i ? i->line.n : ring_count(&e->outside);
}

/* The number waiting, up to `time`: for shared consumers nobody does but outside. */
INLINE void watch_queue(struct events *e, double time, enum shape shape)
{
    uint64_t buffered = is_shared(shape) ? 0 : e->waiting;
    queue_watch_to(e->watch, time, buffered + outside_count(e, shape));
}

INLINE void outside_push(struct events *e, struct waiter w, enum shape shape)
{
    if (is_station(shape) && __builtin_expect(e->max_bytes < INFINITY, 0) &&
        e->waiting < e->capacity && outside_count(e, shape) == 0)
        e->filled = e->clock; /* it is full from now on */
    struct impatience *i = impatience_of(e, shape);
    if (i)
        deadlines_add(&i->outside, room_push(&i->line, w.task), w.deadline);
    else
        ring_push(&e->outside, w.task);
    if (!is_station(shape) || !(w.task.label & TASK_BLOCKED))
        e->arrivals += w.task.arrival;
}

INLINE struct waiter outside_pop(struct events *e, enum shape shape)
{
    struct waiter w = {.deadline = INFINITY};
    struct impatience *i = impatience_of(e, shape);
    if (i) {
        uint32_t slot = i->line.oldest;
        w.deadline = deadlines_remove(&i->outside, slot);
        w.task = slot_leave(&i->line, slot);
    } else {
        w.task = ring_pop(&e->outside);
    }
    if (!is_station(shape) || !(w.task.label & TASK_BLOCKED))
        e->arrivals -= w.task.arrival;
    return w;
}

/* Of a station: whether what waits there is bounded by memory, and whether there is a place in the
 * buffer. */
INLINE bool is_bounded_by_bytes(const struct events *e, enum shape shape)
{
    return is_station(shape) && __builtin_expect(e->max_bytes < INFINITY, 0);
}

INLINE bool has_place(const struct events *e, const struct task *task, enum shape shape)
{
    return e->waiting < e->capacity &&
           (!is_bounded_by_bytes(e, shape) ||
            e->buffered + e->agenda->bytes[task->client] <= e->max_bytes);
}

/* Memory of what comes in, or leaves. */
INLINE void came_inside(const struct events *e, const struct task *task, enum shape shape)
{
    if (is_station(shape) && __builtin_expect(e->holding != NULL, 0))
        holding_add(e->holding, e->agenda->bytes[task->client]);
}

INLINE void left_inside(const struct events *e, uint32_t visit, enum shape shape)
{
    if (is_station(shape) && __builtin_expect(e->holding != NULL, 0))
        holding_take(e->holding, e->agenda->bytes[visit]);
}

/* A task in the buffer, where nothing interrupts or shares: it comes (1) or goes (-1). */
INLINE void count_buffered(struct events *e, const struct task *task, double way, enum shape shape)
{
    if (is_station(shape) && __builtin_expect(e->holding != NULL, 0))
        e->buffered += way * e->agenda->bytes[task->client];
}

/* Whether such a shape takes a task in by itself; does so. */
INLINE bool entered(struct events *e, struct waiter w, enum shape shape)
{
    if (is_preemptive(shape))
        preempt_enter(e, w.task, w.deadline);
    if (is_shared(shape))
        share_enter(e, w.task, shape);
    return is_preemptive(shape) || is_shared(shape);
}

/* The line of a task's class, of SHAPE_LINES. */
INLINE uint32_t level_of(const struct events *e, uint32_t class)
{
    return e->room->level[class];
}

INLINE struct task line_pop(struct events *e)
{
    uint32_t level = (uint32_t)__builtin_ctz(e->held);
    struct ring *line = &e->lines[level];
    struct task task = ring_pop(line);
    e->held ^= (uint32_t)(ring_count(line) == 0) << level;
    return task;
}

INLINE void buffer_push(struct events *e, struct waiter w, enum shape shape)
{
    came_inside(e, &w.task, shape);
    if (is_station(shape))
        e->filled = e->clock;
    if (entered(e, w, shape))
        return;
    count_buffered(e, &w.task, 1, shape);
    struct impatience *i = impatience_of(e, shape);
    if (is_station(shape) && e->staff->crew)
        e->room->number = crew_number(e->staff->crew);
    if (i) {
        e->room->deadline = w.deadline; /* for who goes by it */
        deadlines_add(&i->inside, room_push(e->room, w.task), w.deadline);
    } else if (in_room(shape)) {
        room_push(e->room, w.task);
    } else if (shape == SHAPE_LINES) {
        uint32_t level = level_of(e, w.task.tag);
        ring_push(&e->lines[level], w.task);
        e->held |= (uint32_t)1 << level;
    } else
        ring_push(&e->ring, w.task);
    e->waiting++;
    e->arrivals += w.task.arrival;
}

/* Takes the task in a slot of the room out of the buffer. */
INLINE struct task buffer_leave(struct events *e, uint32_t slot, enum shape shape)
{
    struct impatience *i = impatience_of(e, shape);
    if (i)
        deadlines_remove(&i->inside, slot);
    return slot_leave(e->room, slot);
}

INLINE struct task buffer_pop(struct events *e, enum shape shape)
{
    struct task task = in_room(shape)         ? buffer_leave(e, room_pick(e->room), shape)
                       : shape == SHAPE_LINES ? line_pop(e)
                                              : ring_pop(&e->ring);
    count_buffered(e, &task, -1, shape);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

INLINE struct task buffer_pop_oldest(struct events *e, enum shape shape)
{
    if (is_preemptive(shape))
        return preempt_pop_oldest(e);
    if (shape == SHAPE_SHARE || shape == SHAPE_STATION_SHARE)
        return share_pop_oldest(e, shape);
    struct task task =
        in_room(shape) ? buffer_leave(e, e->room->oldest, shape) : ring_pop(&e->ring);
    count_buffered(e, &task, -1, shape);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

#endif
