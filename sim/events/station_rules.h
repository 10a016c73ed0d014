/*
 * What the functions of a station have in common (station.h), inlined with its shape a constant.
 */
#ifndef STATION_RULES_H
#define STATION_RULES_H

#include "events_rules.h"

/* All shapes of stations. */
#define STATIONS(X)                                                                                \
    X(SHAPE_STATION_RING)                                                                          \
    X(SHAPE_STATION)                                                                               \
    X(SHAPE_STATION_PREEMPT)                                                                       \
    X(SHAPE_STATION_SHARE)                                                                         \
    X(SHAPE_STATION_STAFF)                                                                         \
    X(SHAPE_STATION_BATCH)

/* Keeps the soonest deadline among the events. */
INLINE void keep_watch(struct events *e, enum shape shape)
{
    if (is_staffed(shape))
        staff_settle(e);
    if (is_batched(shape))
        batch_settle(e);
    if (is_impatient(e, shape))
        watch(e, shape);
}

/* A visit of which another station takes care meanwhile waits outside. */
INLINE void block(struct events *e, struct waiter w, double patience, enum shape shape)
{
    w.task.label |= TASK_BLOCKED;
    w.task.arrival = patience;
    w.deadline = INFINITY;
    e->blocked++;
    stay_outside(e, w, shape);
}

/* Nobody else may wait outside (buffer.max_paused): whoever would gets an error. */
INLINE bool is_crowded(const struct events *e, enum shape shape)
{
    return e->policy->verdict == VERDICT_PAUSE && outside_count(e, shape) >= e->max_paused;
}

INLINE void turn_away(struct events *e, struct task task, enum shape shape)
{
    e->arrived++;
    e->seen += inside_count(e, shape);
    lose(e, task, LOSS_ERROR, shape);
}

/* A consumer that several stations have is idle: whoever waits outside for one may come in. */
INLINE void idle_of_crew(struct events *staff, double now)
{
    const enum shape shape = SHAPE_STATION;
    for (uint32_t i = 0; i < staff->crew->n && staff->idle > 0; i++) {
        struct events *e = staff->crew->members[i];
        if (outside_count(e, shape) == 0)
            continue;
        move_to(e, now, shape, false);
        call_in(e, shape);
        keep_watch(e, shape);
        agenda_put(e->agenda, (struct agenda_item){AGENDA_MOVED, e->number, 0, 0, 0});
    }
}

/* The same for a consumer that several stations have. */
INLINE void take_of_crew(struct events *e, uint32_t consumer)
{
    const enum shape shape = SHAPE_STATION;
    struct events *staff = e->staff, *next = crew_next(staff->crew);
    if (!next) {
        calendar_clear(&staff->calendar, consumer);
        staff->services[consumer].label = 0;
        staff->idlers[staff->idle++] = consumer;
        idle_of_crew(staff, e->clock);
        return;
    }
    move_to(next, e->clock, shape, false);
    calendar_set(&staff->calendar, serve(next, buffer_pop(next, shape), consumer, shape));
    if (next != e && outside_count(next, shape) > 0)
        call_in(next, shape);
    if (next != e)
        keep_watch(next, shape);
    agenda_put(e->agenda, (struct agenda_item){AGENDA_MOVED, next->number, 0, 0, 0});
    agenda_put(e->agenda, (struct agenda_item){AGENDA_MOVED, staff->number, 0, 0, 0});
}

/* A consumer of those that stand still is at something from now on, which would be done then. */
static inline void station_stand(struct events *staff, double now, uint32_t consumer, event done)
{
    event low = done & (((event)1 << 64) - 1);
    staff->stands[consumer] = (event)time_bits(staff->stood + (event_time(done) - now)) << 64 | low;
    calendar_clear(&staff->calendar, consumer);
}

/* Whether the task whose turn has come is dropped (buffer.drop). */
INLINE bool is_dropped(struct events *e, const struct task *task, enum shape shape)
{
    if (!e->drop->at_turn || !e->drop->at_turn(e->drop_params, &e->dropping, e->clock,
                                               e->clock - task->arrival, e->waiting))
        return false;
    left_inside(e, task->client, shape);
    lose(e, *task, LOSS_EARLY, shape);
    return true;
}

/* Takes the task out of the buffer that a consumer is to serve next; false: there is none. */
INLINE bool take_waiting(struct events *e, struct task *task, enum shape shape)
{
    while (e->waiting > 0) {
        *task = buffer_pop(e, shape);
        if (__builtin_expect(e->drop != NULL, 0) && is_dropped(e, task, shape))
            continue;
        return true;
    }
    if (e->drop && e->drop->emptied)
        e->drop->emptied(&e->dropping);
    return false;
}

/* The consumer is free, and takes the next task, if any. */
INLINE void take_next(struct events *e, uint32_t consumer, enum shape shape)
{
    struct events *staff = staff_of(e, shape);
    if (__builtin_expect(staff->standing, 0)) {
        calendar_clear(&staff->calendar, consumer);
        staff->services[consumer].label = 0;
        staff->stands[consumer] = CALENDAR_NEVER;
        staff->idlers[staff->away++] = consumer;
        return;
    }
    if (shape == SHAPE_STATION && staff->crew) {
        take_of_crew(e, consumer);
        return;
    }
    struct task task;
    if (take_waiting(e, &task, shape)) {
        calendar_set(&staff->calendar, serve(e, task, consumer, shape));
        return;
    }
    calendar_clear(&staff->calendar, consumer);
    staff->services[consumer].label = 0;
    staff->idlers[staff->idle++] = consumer;
}

INLINE void release(struct events *e, double now, uint32_t consumer, bool lost, enum shape shape)
{
    move_to(e, now, shape, false);
    left_inside(e, staff_of(e, shape)->services[consumer].client, shape);
    if (is_preemptive(shape)) {
        preempt_release(e, consumer, lost);
    } else {
        const struct service *s = &staff_of(e, shape)->services[consumer];
        bool held = (s->label & SERVICE_KEPT) != 0;
        double stay = held || lost ? now - s->start : s->service;
        e->kept -= held;
        e->serving--;
        e->completed += !lost;
        e->lost += lost;
        e->sojourn_sum += s->wait + stay;
        e->service_sum += held ? s->service : stay;
        take_next(e, consumer, shape);
    }
    if (outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
}

#endif
