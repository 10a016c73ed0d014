/*
 * Where the tasks of the events engine wait, by the shape of the scenario: the buffer, and the line
 * outside it. Inlined with the shape a constant, so that a shape costs what it needs.
 */
#ifndef EVENTS_WAIT_H
#define EVENTS_WAIT_H

#include "events_share_step.h"

#define INLINE static inline __attribute__((always_inline))

INLINE bool in_room(enum shape shape)
{
    return shape != SHAPE_PLAIN && shape != SHAPE_RING;
}

INLINE bool is_plain(enum shape shape)
{
    return shape == SHAPE_PLAIN || shape == SHAPE_ROOM_PLAIN;
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
    return shape >= SHAPE_ANY && e->source->clients;
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

INLINE void outside_push(struct events *e, struct waiter w, enum shape shape)
{
    struct impatience *i = impatience_of(e, shape);
    if (i)
        deadlines_add(&i->outside, room_push(&i->line, w.task), w.deadline);
    else
        ring_push(&e->outside, w.task);
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
    e->arrivals -= w.task.arrival;
    return w;
}

/* Whether such a shape takes a task in by itself; does so. */
INLINE bool entered(struct events *e, struct waiter w, enum shape shape)
{
    if (shape == SHAPE_PREEMPT)
        preempt_enter(e, w.task, w.deadline);
    if (shape == SHAPE_SHARE)
        share_enter(e, w.task);
    return shape == SHAPE_PREEMPT || shape == SHAPE_SHARE;
}

INLINE void buffer_push(struct events *e, struct waiter w, enum shape shape)
{
    if (entered(e, w, shape))
        return;
    struct impatience *i = impatience_of(e, shape);
    if (i)
        deadlines_add(&i->inside, room_push(e->room, w.task), w.deadline);
    else if (in_room(shape))
        room_push(e->room, w.task);
    else
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
    struct task task =
        in_room(shape) ? buffer_leave(e, room_pick(e->room), shape) : ring_pop(&e->ring);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

INLINE struct task buffer_pop_oldest(struct events *e, enum shape shape)
{
    if (shape == SHAPE_PREEMPT)
        return preempt_pop_oldest(e);
    if (shape == SHAPE_SHARE)
        return share_pop_oldest(e);
    struct task task =
        in_room(shape) ? buffer_leave(e, e->room->oldest, shape) : ring_pop(&e->ring);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

#endif
