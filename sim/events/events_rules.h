/*
 * The rules of a stage (engine.h has them in words), inlined with its shape a constant: into the
 * loop of the events engine, and into the station of a network (station.c). What leaves a station
 * is put on the agenda (station.h) in place of being recorded.
 */
#ifndef EVENTS_RULES_H
#define EVENTS_RULES_H

#include <assert.h>
#include <math.h>

#include "events_wait.h"

/* The same of a station. */
INLINE event station_serve(struct events *e, struct task task, uint64_t consumer)
{
    double now = e->clock, service = e->speed == 1 ? task.size : task.size / e->speed;
    e->staff->services[consumer] = (struct service){
        now, now - task.arrival, service, SERVICE_BUSY | e->number << SERVICE_STATION, task.client};
    e->serving++;
    if (__builtin_expect(e->asks, 0)) {
        e->staff->services[consumer].label |= SERVICE_ASKS;
        agenda_put(e->agenda, (struct agenda_item){AGENDA_BEGUN, e->number, task.client,
                                                   (uint32_t)consumer, 0});
        return event_make(INFINITY, EVENT_COMPLETION, e->agenda->sequence++, consumer);
    }
    return event_make(now + service, EVENT_COMPLETION, e->agenda->sequence++, consumer);
}

/* Lets a consumer begin a task; returns the completion. */
INLINE event serve(struct events *e, struct task task, uint64_t consumer, enum shape shape)
{
    if (is_station(shape))
        return station_serve(e, task, consumer);
    double now = e->clock;
    double service = e->speed == 1 ? task.size : task.size / e->speed; /* a division takes long */
    double wait = now - task.arrival;
    struct service *s = &e->services[consumer];
    s->start = now;
    s->wait = wait;
    s->service = service;
    s->label = task.label;
    if (is_closed(e, shape))
        s->client = task.client;
    recorder_start(e->recorder, task.label, wait + service);
    return event_make(now + service, EVENT_COMPLETION, e->sequence++, consumer);
}

INLINE void serve_idle(struct events *e, struct waiter w, enum shape shape)
{
    if (is_station(shape))
        e->filled = e->clock;
    came_inside(e, &w.task, shape);
    if (entered(e, w, shape))
        return;
    if (is_staffed(shape)) {
        staff_enter(e, w);
        return;
    }
    struct events *staff = staff_of(e, shape);
    calendar_set(&staff->calendar, serve(e, w.task, staff->idlers[--staff->idle], shape));
}

/* Consumers at its tasks. */
INLINE uint64_t busy_count(const struct events *e, enum shape shape)
{
    bool may_share = is_station(shape) && !is_preemptive(shape) && !is_shared(shape);
    return may_share ? e->serving : e->consumers - e->idle - (is_station(shape) ? e->away : 0);
}

/* Tasks that have arrived at a station and not left. */
INLINE uint64_t inside_count(const struct events *e, enum shape shape)
{
    const uint64_t beyond = is_batched(shape) ? e->batches->inside - e->serving : 0;
    return busy_count(e, shape) + beyond + e->waiting + outside_count(e, shape) - e->blocked;
}

/* A task has left: its client goes on to think. */
INLINE void give_back(struct events *e, uint32_t client, enum shape shape)
{
    if (is_closed(e, shape))
        source_return(e->source, client, e->clock);
}

INLINE void lose(struct events *e, struct task task, enum loss why, enum shape shape)
{
    e->lost++;
    e->sojourn_sum += e->clock - task.arrival;
    if (is_station(shape)) {
        agenda_dropped(e->agenda, e->number, task.client, why, task.size);
        return;
    }
    recorder_lose(e->recorder, task.label, why);
    give_back(e, task.client, shape);
}

/* Puts the soonest resumption into the calendar, behind the consumers' completions. */
INLINE void schedule_resumption(struct events *e, enum shape shape)
{
    const struct ring *r = &e->resumptions;
    if (ring_count(r) == 0)
        calendar_clear(&e->calendar, e->consumers);
    else {
        const struct task *next = &r->tasks[r->head & r->mask];
        uint64_t sequence = is_station(shape) ? (uint64_t)next->size : next_sequence(e, shape);
        calendar_set(&e->calendar,
                     event_make(next->arrival, EVENT_RESUMPTION, sequence, e->consumers));
    }
}

/* Begins a resumption. It is the last one, unless the delay has become shorter. */
INLINE void call(struct events *e, enum shape shape)
{
    struct ring *r = &e->resumptions;
    /* of a station, `size` is its place among those of all */
    double sequence = is_station(shape) ? (double)next_sequence(e, shape) : 0;
    ring_push(r, (struct task){.arrival = e->clock + e->resume_delay, .size = sequence});
    uint64_t i = r->tail - 1;
    for (; i > r->head; i--) {
        struct task *later = &r->tasks[i & r->mask], *sooner = &r->tasks[(i - 1) & r->mask];
        if (sooner->arrival <= later->arrival)
            break;
        struct task task = *sooner;
        *sooner = *later;
        *later = task;
    }
    if (i == r->head)
        schedule_resumption(e, shape);
}

/* Of a deadline that begins now: a label. */
INLINE uint32_t deadline_order(const struct events *e)
{
    return e->impatience ? (uint32_t)e->agenda->sequence++ << TASK_ORDER : 0;
}

/* A task that was outside comes in: one that another station held arrives now. */
INLINE void come_in(struct events *e, struct waiter *w, enum shape shape)
{
    if (!(w->task.label & TASK_BLOCKED))
        return;
    e->blocked--;
    if (w->task.label & TASK_RESERVES) {
        e->reserved++;
        agenda_put(e->agenda,
                   (struct agenda_item){AGENDA_RESERVED, e->number, w->task.client, 0, 0});
        return;
    }
    e->arrived++;
    e->seen += inside_count(e, shape);
    w->deadline = e->clock + w->task.arrival; /* which is its patience */
    w->task.arrival = e->clock;
    w->task.label = deadline_order(e);
    agenda_put(e->agenda, (struct agenda_item){AGENDA_CAME_IN, e->number, w->task.client, 0, 0});
}

/* Lets a task that was outside in. */
INLINE void enter(struct events *e, struct waiter w, enum shape shape)
{
    if (is_station(shape))
        come_in(e, &w, shape);
    if (is_station(shape) && w.task.label & TASK_RESERVES)
        return;
    if (is_station(shape) && __builtin_expect(e->agenda->admitted != NULL, 0))
        e->agenda->admitted[w.task.client] = e->clock;
    if (staff_of(e, shape)->idle > 0)
        serve_idle(e, w, shape);
    else
        buffer_push(e, w, shape);
}

/* Of a station: places, at consumers and in the buffer, that are neither taken nor reserved. */
INLINE uint64_t places_left(const struct events *e)
{
    uint64_t taken = e->waiting + e->reserved, places = e->staff->idle;
    if (e->capacity == UINT64_MAX)
        return UINT64_MAX;
    places += e->capacity;
    return places > taken ? places - taken : 0;
}

/* Whether the first of those outside that has not been called is small enough to come in, behind
 * those that have; or a consumer is idle for it. */
INLINE bool next_is_small(const struct events *e, uint64_t called, enum shape shape)
{
    const struct impatience *i = impatience_of(e, shape);
    double bytes = e->buffered;
    uint32_t slot = i ? i->line.oldest : 0;
    for (uint64_t k = 0; k <= called; k++) {
        const struct task *task = i ? &i->line.slots[slot].task
                                    : &e->outside.tasks[(e->outside.head + k) & e->outside.mask];
        bytes += e->agenda->bytes[task->client];
        slot = i ? i->line.slots[slot].newer : 0;
    }
    return bytes <= e->max_bytes || staff_of(e, shape)->idle > called;
}

/* Calls tasks in from outside while there are free places that are not held yet. */
INLINE void call_in(struct events *e, enum shape shape)
{
    if (is_staffed(shape)) {
        staff_call_in(e);
        return;
    }
    if (is_batched(shape)) {
        batch_call_in(e);
        return;
    }
    uint64_t resuming;
    if (is_station(shape) && __builtin_expect(e->down, 0))
        return;
    while (outside_count(e, shape) > (resuming = ring_count(&e->resumptions))) {
        /* One had a place at a consumer that another station has taken since, or a call before the
         * consumers stood still. */
        if (is_station(shape) && e->waiting > e->capacity)
            return;
        uint64_t places = e->capacity > 0 ? e->capacity - e->waiting : staff_of(e, shape)->idle;
        if (is_station(shape) && e->reserved > 0 && places_left(e) < places)
            places = places_left(e);
        if (places <= resuming)
            return;
        if (is_bounded_by_bytes(e, shape) && !next_is_small(e, resuming, shape))
            return;
        assert(places > resuming);
        if (e->resume_delay > 0) {
            call(e, shape);
            continue;
        }
        enter(e, outside_pop(e, shape), shape);
    }
}

INLINE event resume(struct events *e, enum shape shape)
{
    ring_pop(&e->resumptions);
    schedule_resumption(e, shape);
    enter(e, outside_pop(e, shape), shape);
    call_in(e, shape);
    return calendar_top(&e->calendar);
}

INLINE void stay_outside(struct events *e, struct waiter w, enum shape shape)
{
    if (is_station(shape) && __builtin_expect(e->agenda->admitted != NULL, 0))
        e->agenda->admitted[w.task.client] = NAN;
    outside_push(e, w, shape);
    call_in(e, shape);
}

/* The soonest of all deadlines is over: its task leaves. A call that it leaves behind is the next
 * one's; where nobody is left for the last call, that lapses, and its place is free again. */
INLINE void leave(struct events *e, enum shape shape)
{
    struct impatience *i = e->impatience;
    struct task task;
    if (deadlines_soonest(&i->outside) < deadlines_soonest(&i->inside)) {
        uint32_t slot = heap_first(&i->outside.heap).slot;
        deadlines_remove(&i->outside, slot);
        task = slot_leave(&i->line, slot);
        if (ring_count(&e->resumptions) > i->line.n) {
            e->resumptions.tail--;
            if (ring_count(&e->resumptions) == 0)
                schedule_resumption(e, shape);
        }
    } else {
        task = buffer_leave(e, heap_first(&i->inside.heap).slot, shape);
        count_buffered(e, &task, -1, shape);
        left_inside(e, task.client, shape);
        e->waiting--;
    }
    e->arrivals -= task.arrival;
    lose(e, task, LOSS_TIMED_OUT, shape);
    call_in(e, shape);
}

/* Keeps the soonest deadline in the calendar, behind the next resumption. */
INLINE event watch(struct events *e, enum shape shape)
{
    double next = impatience_next(e->impatience);
    if (is_station(shape) && !isinf(next)) { /* among those of other stations: as it was put in */
        uint32_t order = impatience_first(e->impatience)->label >> TASK_ORDER;
        if (next == e->impatience->due && order == e->impatience->order)
            return calendar_top(&e->calendar);
        e->impatience->due = next;
        e->impatience->order = order;
        return calendar_set(&e->calendar, event_make(next, EVENT_TIMEOUT, order, e->consumers + 1));
    }
    if (next == e->impatience->due)
        return calendar_top(&e->calendar);
    e->impatience->due = next;
    if (isinf(next))
        return calendar_clear(&e->calendar, e->consumers + 1);
    return calendar_set(&e->calendar,
                        event_make(next, EVENT_TIMEOUT, next_sequence(e, shape), e->consumers + 1));
}

/* Whether a task never finds a place, however few wait. */
INLINE bool is_too_large(const struct events *e, const struct task *task, enum shape shape)
{
    return is_bounded_by_bytes(e, shape) && e->agenda->bytes[task->client] > e->max_bytes;
}

INLINE void arrive_full(struct events *e, struct waiter w, enum shape shape)
{
    enum verdict verdict = is_plain(shape) ? VERDICT_LOSE_NEWEST : e->policy->verdict;
    switch (verdict) {
    case VERDICT_LOSE_OLDEST:
        if (e->capacity > 0 && !is_too_large(e, &w.task, shape) &&
            !(is_staffed(shape) && e->room->n == 0)) {
            bool none = false; /* but tasks whose consumers failed, which are not dropped */
            do {
                struct task oldest = buffer_pop_oldest(e, shape);
                left_inside(e, oldest.client, shape);
                lose(e, oldest, e->policy->loss, shape);
                none = is_staffed(shape) && e->room->n == 0 && e->waiting >= e->capacity;
            } while (is_station(shape) && !is_shared(shape) && !none &&
                     !has_place(e, &w.task, shape));
            if (!none) {
                buffer_push(e, w, shape);
                return;
            }
        }
        lose(e, w.task, e->policy->loss, shape);
        return;
    case VERDICT_LOSE_NEWEST:
        lose(e, w.task, e->policy->loss, shape);
        return;
    case VERDICT_PAUSE:
        stay_outside(e, w, shape);
        return;
    }
}

INLINE void arrive(struct events *e, struct arrival a, uint32_t client, enum shape shape)
{
    uint64_t outside = outside_count(e, shape);
    e->arrived++;
    e->seen +=
        shape == SHAPE_SHARE_PLAIN ? e->room->n : e->consumers - e->idle + e->waiting + outside;
    struct waiter w = {{.arrival = a.time,
                        .size = a.size,
                        .label = label_of(e->labels, a.class),
                        .client = client,
                        .tag = a.class},
                       is_impatient(e, shape) ? a.time + source_patience(e->source) : INFINITY};
    if (outside > 0)
        stay_outside(e, w, shape);
    else if (shape == SHAPE_SHARE_PLAIN
                 ? e->room->n < e->places
                 : is_shared(shape) && (e->idle > 0 || e->waiting < e->capacity))
        share_enter(e, w.task, shape);
    else if (shape != SHAPE_SHARE_PLAIN && e->idle > 0)
        serve_idle(e, w, shape);
    else if (shape != SHAPE_SHARE_PLAIN && e->waiting < e->capacity)
        buffer_push(e, w, shape);
    else
        arrive_full(e, w, shape);
}

INLINE event next_event(const struct events *e, enum shape shape)
{
    return shape == SHAPE_SHARE_PLAIN ? e->sharing.next : calendar_top(&e->calendar);
}

/* A consumer of a station has served its task, which keeps it; where consumers are shared the task
 * leaves. */
INLINE void served(struct events *e, uint64_t consumer, enum shape shape)
{
    if (is_preemptive(shape)) {
        preempt_served(e, consumer);
    } else if (is_shared(shape)) {
        left_inside(e, share_complete(e, shape), shape);
        call_in(e, shape);
    } else if (is_staffed(shape)) {
        staff_served(e, (uint32_t)consumer);
    } else if (is_batched(shape)) {
        batch_served(e, (uint32_t)consumer);
    } else {
        const struct service *s = &e->services[consumer];
        agenda_served(e->agenda, e->number, s->client, (uint32_t)consumer, s->wait);
    }
}

/* Returns what is next now. */
INLINE event complete(struct events *e, uint64_t consumer, enum shape shape)
{
    if (is_preemptive(shape) || is_shared(shape)) {
        uint32_t client =
            is_preemptive(shape) ? preempt_complete(e, consumer) : share_complete(e, shape);
        give_back(e, client, shape);
        call_in(e, shape);
        return next_event(e, shape);
    }
    struct service s = e->services[consumer];
    double latency = s.wait + s.service;
    e->completed++;
    e->sojourn_sum += latency;
    e->service_sum += s.service;
    recorder_complete(e->recorder, s.label, s.wait, latency);
    give_back(e, s.client, shape);
    event top;
    if (e->waiting > 0) {
        top = calendar_set(&e->calendar, serve(e, buffer_pop(e, shape), consumer, shape));
    } else {
        top = calendar_clear(&e->calendar, consumer);
        e->idlers[e->idle++] = (uint32_t)consumer;
    }
    if (outside_count(e, shape) == 0)
        return top;
    call_in(e, shape);
    return calendar_top(&e->calendar);
}

/* Moves the clock to the next event, and the integrals with it. */
INLINE void move_to(struct events *e, double time, enum shape shape, bool watched)
{
    if (watched)
        watch_queue(e, time, shape);
    double dt = time - e->clock;
    if (shape == SHAPE_SHARE_PLAIN) {
        e->queue_area += e->sharing.beyond * dt;
        e->busy_area += e->sharing.served * dt;
        e->clock = time;
        return;
    }
    e->queue_area += (double)(int64_t)e->waiting * dt;
    e->busy_area += (double)(int64_t)busy_count(e, shape) * dt;
    if (is_staffed(shape))
        staff_pass(e->hands, dt);
    if (is_batched(shape))
        batch_pass(e->batches, e->serving, dt);
    if (is_station(shape)) {
        e->held_area += (double)(int64_t)e->kept * dt;
        e->outside_area += (double)(int64_t)(outside_count(e, shape) - e->blocked) * dt;
    } else if (!is_plain(shape)) {
        e->outside_area += (double)(int64_t)outside_count(e, shape) * dt;
    }
    if (__builtin_expect(e->waiting > 0 && staff_of(e, shape)->idle > 0, 0) &&
        (!is_batched(shape) || e->waiting >= e->batches->enough))
        e->idle_area += dt;
    e->clock = time;
}

#endif
