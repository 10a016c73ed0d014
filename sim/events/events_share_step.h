/*
 * What events of a stage do whose consumers serve all tasks inside at once (events_share.h),
 * inlined into the loop: a task comes in, the first is done, one leaves.
 */
#ifndef EVENTS_SHARE_STEP_H
#define EVENTS_SHARE_STEP_H

#include "events.h"
#include "station.h"

#define SHARE_INLINE static inline __attribute__((always_inline))

/* Goes on to `time` with the tasks that were inside up to then. */
SHARE_INLINE void share_give(struct events *e, double time)
{
    struct sharing *s = &e->sharing;
    double used = (time - s->since) * s->share;
    s->used += used;
    s->given += e->speed == 1 ? used : used * e->speed; /* the next event waits for it */
    s->since = time;
}

/* What a task counts for. */
SHARE_INLINE double share_weight(const struct events *e, const struct task *task, enum shape shape)
{
    return is_station(shape) && e->sharing.weighted ? e->room->weight[task_class(task)] : 1;
}

static inline struct portion portion_of(double inside, double consumers, double speed)
{
    double share = inside > consumers ? consumers / inside : 1;
    return (struct portion){share, speed * share};
}

SHARE_INLINE void share_schedule(struct events *e, enum shape shape)
{
    struct sharing *s = &e->sharing;
    const struct waiting_room *room = e->room;
    if (room->n == 0) {
        s->given = s->used = s->used_by_inside = s->weight = 0;
        s->share = 0;
        s->next = CALENDAR_NEVER;
        if (shape != SHAPE_SHARE_PLAIN)
            calendar_clear(&e->calendar, 0);
        return;
    }
    struct portion now = __builtin_expect(room->n < PORTIONS, 1)
                             ? s->table[room->n]
                             : portion_of((double)room->n, (double)(int64_t)e->consumers, e->speed);
    if (is_station(shape) && s->alone > 0) {
        const double n = (double)room->n;
        e->speed = s->alone / staff_slowdown(s->contention, s->coherency, n);
        now = portion_of(n, (double)(int64_t)e->consumers, e->speed);
    }
    if (is_station(shape) && s->weighted)
        now = (struct portion){1 / s->weight, e->speed / s->weight};
    double left = heap_first(&room->heap).key - s->given;
    double done = s->since + (left > 0 ? left : 0) / now.rate;
    if (is_station(shape) && now.rate == 0)
        done = INFINITY;
    s->share = now.share;
    uint64_t sequence = is_station(shape) ? e->agenda->sequence++ : e->sequence++;
    s->next = event_make(done, EVENT_COMPLETION, sequence, 0);
    if (shape != SHAPE_SHARE_PLAIN)
        calendar_set(&e->calendar, s->next);
}

/* So many tasks are inside: one for each consumer, and those beyond. */
SHARE_INLINE void share_count(struct events *e)
{
    uint64_t n = e->room->n;
    e->waiting = n > e->consumers ? n - e->consumers : 0;
    e->idle = n > e->consumers ? 0 : e->consumers - n;
}

/* The same for the integrals, and without a branch: in each other event there is one more. */
SHARE_INLINE void share_measure(struct events *e, enum shape shape)
{
    struct sharing *s = &e->sharing;
    double consumers = (double)(int64_t)e->consumers, n = (double)e->room->n;
    s->served = n < consumers ? n : consumers;
    s->beyond = n - s->served;
    if (shape != SHAPE_SHARE_PLAIN)
        share_count(e);
}

/* A task comes in. */
SHARE_INLINE void share_enter(struct events *e, struct task task, enum shape shape)
{
    struct sharing *s = &e->sharing;
    struct waiting_room *room = e->room;
    share_give(e, e->clock);
    const bool weighted = is_station(shape) && s->weighted;
    const double weight = share_weight(e, &task, shape);
    double key = (weighted ? task.size / weight : task.size) + s->given;
    e->arrivals += task.arrival;
    task.size = s->used;
    uint32_t slot;
    if (shape == SHAPE_SHARE_PLAIN) {
        slot = slot_give(room, task);
    } else {
        slot = room_enter(room, task);
        if (__builtin_expect(slot >= s->slots, 0)) {
            struct sharing larger = *s; /* so that a caller's copy may live in registers */
            sharing_reserve(&larger, room->capacity);
            *s = larger;
        }
        s->waits[slot] = e->clock - task.arrival;
    }
    s->used_by_inside += weighted ? weight * s->used : s->used;
    if (weighted)
        s->weight += weight;
    heap_push(&room->heap, room->slots, key, slot);
    room->n++;
    share_measure(e, shape);
    share_schedule(e, shape);
}

/* The task in a slot, which is no longer in the heap, leaves. */
SHARE_INLINE struct task share_leave(struct events *e, uint32_t slot, enum shape shape)
{
    struct sharing *s = &e->sharing;
    struct waiting_room *room = e->room;
    struct task task = room->slots[slot].task;
    if (shape == SHAPE_SHARE_PLAIN)
        slot_give_back(room, slot);
    else
        room_leave(room, slot);
    room->n--;
    if (is_station(shape) && s->weighted) {
        const double weight = share_weight(e, &task, shape);
        s->used_by_inside -= weight * task.size;
        e->service_sum += weight * (s->used - task.size);
        s->weight -= weight;
    } else {
        s->used_by_inside -= task.size;
        e->service_sum += s->used - task.size;
    }
    e->arrivals -= task.arrival;
    share_measure(e, shape);
    return task;
}

/* The task that is done first is done. Whose it was. */
SHARE_INLINE uint32_t share_complete(struct events *e, enum shape shape)
{
    share_give(e, e->clock);
    struct heap_entry first = heap_first(&e->room->heap);
    e->sharing.given = first.key; /* to the bit, for those that tie with it */
    heap_pop(&e->room->heap, e->room->slots);
    double wait = shape == SHAPE_SHARE_PLAIN ? 0 : e->sharing.waits[first.slot];
    struct task task = share_leave(e, first.slot, shape);
    share_schedule(e, shape);
    double latency = e->clock - task.arrival;
    e->completed++;
    e->sojourn_sum += latency;
    if (is_station(shape)) {
        agenda_served(e->agenda, e->number, task.client, NO_CONSUMER, wait);
        return task.client;
    }
    recorder_start(e->recorder, task.label, latency);
    recorder_complete(e->recorder, task.label, wait, latency);
    return task.client;
}

/* The task in a slot leaves, lost. */
SHARE_INLINE void share_withdraw(struct events *e, uint32_t slot, enum shape shape)
{
    share_give(e, e->clock);
    heap_remove(&e->room->heap, e->room->slots, slot);
    struct task task = share_leave(e, slot, shape);
    share_schedule(e, shape);
    e->sojourn_sum += e->clock - task.arrival;
    e->lost++;
}

/* The task that arrived first of those inside leaves (there is one). */
SHARE_INLINE struct task share_pop_oldest(struct events *e, enum shape shape)
{
    share_give(e, e->clock);
    uint32_t slot = e->room->oldest;
    double key = heap_remove(&e->room->heap, e->room->slots, slot);
    struct task task = share_leave(e, slot, shape);
    share_schedule(e, shape);
    if (is_station(shape))
        task.size = (key - e->sharing.given) * share_weight(e, &task, shape);
    return task;
}

#endif
