#include "station.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "events_rules.h"

enum { FIRST_ITEMS = 64 };

void agenda_init(struct agenda *agenda)
{
    *agenda = (struct agenda){.items = xmalloc(FIRST_ITEMS * sizeof *agenda->items),
                              .mask = FIRST_ITEMS - 1};
}

void agenda_free(struct agenda *agenda)
{
    free(agenda->items);
    *agenda = (struct agenda){0};
}

void agenda_grow(struct agenda *agenda)
{
    uint64_t old = agenda->mask + 1, n = agenda->tail - agenda->head;
    struct agenda_item *items = xmalloc(2 * old * sizeof *items);
    for (uint64_t i = 0; i < n; i++)
        items[i] = agenda->items[(agenda->head + i) & agenda->mask];
    free(agenda->items);
    *agenda = (struct agenda){items, 0, n, 2 * old - 1, agenda->sequence};
}

static enum shape shape_of(const struct station_plan *plan)
{
    const struct discipline *discipline = stage_discipline(plan->stage);
    if (discipline->shares)
        return SHAPE_STATION_SHARE;
    if (discipline->before)
        return SHAPE_STATION_PREEMPT;
    bool plain = discipline->by_arrival && !plan->impatient && !plan->named && !plan->pooled;
    return plain ? SHAPE_STATION_RING : SHAPE_STATION;
}

struct events *station_new(const struct station_plan *plan)
{
    const struct stage *stage = plan->stage;
    struct events *e = xcalloc(1, sizeof *e);
    e->policy = (const struct policy *)stage->when_full;
    e->capacity = isinf(stage->capacity) ? UINT64_MAX : (uint64_t)stage->capacity;
    e->shape = shape_of(plan);
    e->consumers = e->idle = (uint64_t)plan->consumers;
    e->agenda = plan->agenda;
    e->number = plan->number;
    e->rank = plan->rank;
    e->staff = e;
    e->speed = plan->speed;
    e->resume_delay = stage->resume_delay;
    e->services = xcalloc(e->consumers, sizeof *e->services);
    e->idlers = xcalloc(e->consumers, sizeof *e->idlers);
    for (uint32_t i = 0; i < e->consumers; i++)
        e->idlers[i] = (uint32_t)e->consumers - 1 - i; /* consumer 0 on top */
    bool pauses = !isinf(stage->capacity) && e->policy->verdict == VERDICT_PAUSE;
    calendar_init(&e->calendar, e->consumers + (plan->impatient ? 2 : pauses));
    if (in_ring(e->shape))
        ring_init(&e->ring);
    if (pauses && !plan->impatient)
        ring_init(&e->outside);
    if (pauses)
        ring_init(&e->resumptions);
    if (in_room(e->shape)) {
        e->room = xcalloc(1, sizeof *e->room);
        room_init_at(e->room, plan->scenario, stage_discipline(stage), &plan->picks);
    }
    e->impatience = plan->impatient ? impatience_new(e->room) : NULL;
    e->preemption = is_preemptive(e->shape) ? preemption_new(e->consumers) : NULL;
    if (is_shared(e->shape))
        sharing_init(&e->sharing, plan->consumers, plan->speed);
    return e;
}

void station_free(struct events *e)
{
    calendar_free(&e->calendar);
    ring_free(&e->ring);
    ring_free(&e->outside);
    ring_free(&e->resumptions);
    impatience_free(e->impatience);
    if (e->room)
        room_free(e->room);
    preemption_free(e->preemption);
    sharing_free(&e->sharing);
    crew_free(e->crew);
    free(e->room);
    free(e->services);
    free(e->idlers);
    free(e);
}

/* Keeps the soonest deadline among the events. */
INLINE void keep_watch(struct events *e, enum shape shape)
{
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

INLINE enum offered offer(struct events *e, double now, struct waiter w, double patience,
                          bool handed, enum shape shape)
{
    move_to(e, now, shape, false);
    bool outside = outside_count(e, shape) > 0;
    bool idle = staff_of(e, shape)->idle > 0, place = e->waiting < e->capacity;
    bool pauses = e->policy->verdict == VERDICT_PAUSE;
    uint64_t lost = e->lost;
    if (handed && pauses && (outside || (!idle && !place))) {
        uint64_t arrived = e->arrived;
        block(e, w, patience, shape);
        keep_watch(e, shape);
        return e->arrived == arrived ? OFFER_OUTSIDE : OFFER_INSIDE;
    }
    e->arrived++;
    e->seen += inside_count(e, shape);
    if (outside)
        stay_outside(e, w, shape);
    else if (is_shared(shape) ? idle || place : false)
        share_enter(e, w.task, shape);
    else if (idle)
        serve_idle(e, w, shape);
    else if (place)
        buffer_push(e, w, shape);
    else
        arrive_full(e, w, shape);
    keep_watch(e, shape);
    return e->lost > lost ? OFFER_LOST : OFFER_INSIDE;
}

INLINE void next_step_at(struct events *e, enum shape shape)
{
    event top = calendar_top(&e->calendar);
    move_to(e, event_time(top), shape, false);
    if (event_kind(top) == EVENT_COMPLETION)
        served(e, event_index(top), shape);
    else if (event_kind(top) == EVENT_RESUMPTION)
        resume(e, shape);
    else
        leave(e, shape);
    keep_watch(e, shape);
}

/* The same for a consumer that several stations have. */
static void take_of_crew(struct events *e, uint32_t consumer)
{
    const enum shape shape = SHAPE_STATION;
    struct events *staff = e->staff, *next = crew_next(staff->crew);
    if (!next) {
        calendar_clear(&staff->calendar, consumer);
        staff->services[consumer].label = 0;
        staff->idlers[staff->idle++] = consumer;
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

/* The consumer is free, and takes the next task, if any. */
INLINE void take_next(struct events *e, uint32_t consumer, enum shape shape)
{
    struct events *staff = staff_of(e, shape);
    if (shape == SHAPE_STATION && staff->crew) {
        take_of_crew(e, consumer);
        return;
    }
    if (e->waiting > 0) {
        calendar_set(&staff->calendar, serve(e, buffer_pop(e, shape), consumer, shape));
        return;
    }
    calendar_clear(&staff->calendar, consumer);
    staff->services[consumer].label = 0;
    staff->idlers[staff->idle++] = consumer;
}

INLINE void release(struct events *e, double now, uint32_t consumer, bool lost, enum shape shape)
{
    move_to(e, now, shape, false);
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

/* The slot of a visit in a room; NO_SLOT: it is not there. */
static uint32_t slot_of(const struct waiting_room *room, uint32_t visit)
{
    uint32_t slot = room->oldest;
    while (slot != (uint32_t)NO_SLOT && room->slots[slot].task.client != visit)
        slot = room->slots[slot].newer;
    return slot;
}

/* Takes a visit out of the line outside. */
INLINE bool leave_outside(struct events *e, uint32_t visit, struct task *task, enum shape shape)
{
    if (outside_count(e, shape) == 0)
        return false;
    struct impatience *i = impatience_of(e, shape);
    if (i) {
        uint32_t slot = slot_of(&i->line, visit);
        if (slot == (uint32_t)NO_SLOT)
            return false;
        deadlines_remove(&i->outside, slot);
        *task = slot_leave(&i->line, slot);
    } else {
        struct ring *r = &e->outside;
        uint64_t at = r->head;
        while (at < r->tail && r->tasks[at & r->mask].client != visit)
            at++;
        if (at == r->tail)
            return false;
        *task = r->tasks[at & r->mask];
        for (r->tail--; at < r->tail; at++)
            r->tasks[at & r->mask] = r->tasks[(at + 1) & r->mask];
    }
    if (ring_count(&e->resumptions) > outside_count(e, shape)) {
        e->resumptions.tail--;
        if (ring_count(&e->resumptions) == 0)
            schedule_resumption(e, shape);
    }
    return true;
}

/* Takes a visit that waits or is served out, of the shapes with a room of all that are inside. */
INLINE bool leave_inside(struct events *e, uint32_t visit, bool running, enum shape shape)
{
    uint32_t slot = slot_of(e->room, visit);
    if (slot == (uint32_t)NO_SLOT)
        return false;
    if (is_shared(shape))
        return running && (share_withdraw(e, slot, shape), true);
    if (is_preemptive(shape) && preempt_serves(e, slot))
        return running && (preempt_withdraw(e, slot), true);
    struct task task = is_preemptive(shape) ? preempt_leave(e, slot) : buffer_leave(e, slot, shape);
    if (!is_preemptive(shape)) {
        e->waiting--;
        e->arrivals -= task.arrival;
    }
    e->sojourn_sum += e->clock - task.arrival;
    e->lost++;
    return true;
}

INLINE bool withdraw(struct events *e, double now, uint32_t visit, bool running, enum shape shape)
{
    move_to(e, now, shape, false);
    struct task task;
    bool found = false;
    if (leave_outside(e, visit, &task, shape)) {
        found = true;
        if (task.label & TASK_BLOCKED) {
            e->blocked--;
        } else {
            e->arrivals -= task.arrival;
            e->sojourn_sum += now - task.arrival;
            e->lost++;
        }
    } else if (e->room && leave_inside(e, visit, running, shape)) {
        found = true;
    }
    if (found && outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
    for (uint32_t i = 0; running && !found && !e->preemption && i < e->staff->consumers; i++)
        if ((e->staff->services[i].label & (SERVICE_BUSY | SERVICE_KEPT)) == SERVICE_BUSY &&
            e->staff->services[i].client == visit) {
            release(e, now, i, true, shape);
            return true;
        }
    return found;
}

#define STATIONS(X)                                                                                \
    X(SHAPE_STATION_RING)                                                                          \
    X(SHAPE_STATION)                                                                               \
    X(SHAPE_STATION_PREEMPT)                                                                       \
    X(SHAPE_STATION_SHARE)

enum offered station_offer(struct events *e, double now, uint32_t visit, uint32_t class,
                           double size, double patience, bool handed)
{
    struct waiter w = {{.arrival = now, .size = size, .tag = class, .client = visit},
                       now + patience};
#define OFFER(shape)                                                                               \
    case shape:                                                                                    \
        return offer(e, now, w, patience, handed, shape);
    switch ((unsigned)e->shape) {
        STATIONS(OFFER)
    }
    return OFFER_LOST;
}

void station_event(struct events *e)
{
#define STEP(shape)                                                                                \
    case shape:                                                                                    \
        next_step_at(e, shape);                                                                    \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(STEP)
    }
}

void station_let_go(struct events *e, double now, uint32_t consumer, bool lost)
{
#define RELEASE(shape)                                                                             \
    case shape:                                                                                    \
        release(e, now, consumer, lost, shape);                                                    \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(RELEASE)
    }
}

bool station_withdraw(struct events *e, double now, uint32_t visit, bool running)
{
#define WITHDRAW(shape)                                                                            \
    case shape:                                                                                    \
        return withdraw(e, now, visit, running, shape);
    switch ((unsigned)e->shape) {
        STATIONS(WITHDRAW)
    }
    return false;
}

void station_pass(struct events *e, double now)
{
#define PASS(shape)                                                                                \
    case shape:                                                                                    \
        move_to(e, now, shape, false);                                                             \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(PASS)
    }
}

void station_hold(struct events *e, double now, uint32_t consumer)
{
    station_pass(e, now);
    e->staff->services[consumer].label |= SERVICE_KEPT;
    e->kept++;
    if (!is_preemptive(e->shape))
        calendar_clear(&e->staff->calendar, consumer);
}

void station_adopt(struct events *e, double now, double speed, double resume_delay)
{
    station_pass(e, now);
    e->now = now;
    if (is_shared(e->shape))
        share_adopt(e, speed);
    e->speed = speed;
    e->resume_delay = resume_delay;
}
