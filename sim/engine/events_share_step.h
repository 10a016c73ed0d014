/*
 * What events of a stage do whose consumers serve all tasks inside at once (events_share.h),
 * inlined into the loop: a task comes in, the first is done, one leaves.
 */
#ifndef EVENTS_SHARE_STEP_H
#define EVENTS_SHARE_STEP_H

#include "events.h"

#define SHARE_INLINE static inline __attribute__((always_inline))

/* Goes on to `time` with the tasks that were inside up to then. */
SHARE_INLINE void share_give(struct events *e, double time)
{
    struct sharing *s = e->sharing;
    double used = (time - s->since) * s->share;
    s->used += used;
    s->given += used * e->speed;
    s->since = time;
}

SHARE_INLINE void share_schedule(struct events *e)
{
    struct sharing *s = e->sharing;
    if (e->room->n == 0) {
        s->given = s->used = s->used_by_inside = s->share = 0;
        calendar_clear(&e->calendar, 0);
        return;
    }
    s->share = e->waiting > 0 ? (double)e->consumers / (double)e->room->n : 1;
    uint32_t slot = heap_first(&e->room->heap);
    double left = e->room->slots[slot].task.size - s->given;
    double done = s->since + (left > 0 ? left : 0) / (e->speed * s->share);
    calendar_set(&e->calendar, event_make(done, EVENT_COMPLETION, e->sequence++, 0));
}

/* So many tasks are inside: one for each consumer, and those beyond. */
SHARE_INLINE void share_count(struct events *e)
{
    uint64_t n = e->room->n;
    e->waiting = n > e->consumers ? n - e->consumers : 0;
    e->idle = n > e->consumers ? 0 : e->consumers - n;
}

/* A task comes in. */
SHARE_INLINE void share_enter(struct events *e, struct task task)
{
    struct sharing *s = e->sharing;
    share_give(e, e->clock);
    double wait = e->clock - task.arrival;
    e->arrivals += task.arrival;
    task.size += s->given;
    uint32_t slot = room_enter(e->room, task);
    if (__builtin_expect(slot >= s->slots, 0)) {
        struct sharing larger = *s; /* so that a caller's copy may live in registers */
        sharing_reserve(&larger, e->room->capacity);
        *s = larger;
    }
    s->entries[slot] = (struct entry){wait, s->used};
    s->used_by_inside += s->used;
    heap_push(&e->room->heap, e->room->slots, task.size, slot);
    e->room->n++;
    share_count(e);
    share_schedule(e);
}

/* Takes the task of a slot out; returns its entry. */
SHARE_INLINE struct entry share_leave(struct events *e, uint32_t slot, struct task *task)
{
    struct sharing *s = e->sharing;
    struct entry entry = s->entries[slot];
    s->used_by_inside -= entry.used;
    e->service_sum += s->used - entry.used;
    heap_remove(&e->room->heap, e->room->slots, slot);
    e->room->n--;
    *task = room_leave(e->room, slot);
    e->arrivals -= task->arrival;
    share_count(e);
    return entry;
}

/* The task that is done first is done. Whose it was. */
SHARE_INLINE uint32_t share_complete(struct events *e)
{
    struct task task;
    share_give(e, e->clock);
    uint32_t slot = heap_first(&e->room->heap);
    e->sharing->given = e->room->slots[slot].task.size; /* to the bit, for those that tie with it */
    struct entry entry = share_leave(e, slot, &task);
    double latency = e->clock - task.arrival;
    e->completed++;
    e->sojourn_sum += latency;
    recorder_start(e->recorder, task.label, latency);
    recorder_complete(e->recorder, task.label, entry.wait, latency);
    share_schedule(e);
    return task.client;
}

/* The task that arrived first of those inside leaves (there is one). */
SHARE_INLINE struct task share_pop_oldest(struct events *e)
{
    struct task task;
    share_give(e, e->clock);
    share_leave(e, e->room->oldest, &task);
    share_schedule(e);
    return task;
}

#endif
