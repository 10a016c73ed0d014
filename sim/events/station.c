#include "station.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "station_rules.h"

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
    agenda->items = items;
    agenda->head = 0;
    agenda->tail = n;
    agenda->mask = 2 * old - 1;
}

static enum shape shape_of(const struct station_plan *plan)
{
    const struct discipline *discipline = stage_discipline(plan->stage);
    if (discipline->shares)
        return SHAPE_STATION_SHARE;
    if (discipline->before)
        return SHAPE_STATION_PREEMPT;
    if (plan->batch)
        return SHAPE_STATION_BATCH;
    if (plan->staff)
        return SHAPE_STATION_STAFF;
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
    const struct staff_spec *spec = plan->staff ? plan->staff->spec : NULL;
    e->consumers = e->idle = (uint64_t)staff_most(spec, plan->consumers);
    e->agenda = plan->agenda;
    e->number = plan->number;
    e->rank = plan->rank;
    e->weight = plan->weight;
    e->asks = plan->asks && !is_shared(e->shape) && !is_preemptive(e->shape);
    e->staff = e;
    e->speed = e->own_speed = plan->speed;
    e->turned = 1;
    e->filled = -1;
    e->resume_delay = stage->resume_delay;
    e->holding = plan->holding;
    e->max_paused = stage->max_paused < INFINITY ? (uint64_t)stage->max_paused : UINT64_MAX;
    e->drop = plan->drop;
    memcpy(e->drop_params, stage->drop_params, sizeof e->drop_params);
    e->max_bytes = isnan(stage->max_bytes) ? INFINITY : stage->max_bytes;
    e->services = xcalloc(e->consumers, sizeof *e->services);
    e->idlers = xcalloc(e->consumers, sizeof *e->idlers);
    for (uint32_t i = 0; i < e->consumers; i++)
        e->idlers[i] = (uint32_t)e->consumers - 1 - i; /* consumer 0 on top */
    bool pauses = stage_is_bounded(stage) && e->policy->verdict == VERDICT_PAUSE;
    const uint64_t leaves = e->consumers + (plan->impatient ? 2 : pauses);
    calendar_init(&e->calendar, is_staffed(e->shape)   ? staff_leaves(plan->staff, e->consumers)
                                : is_batched(e->shape) ? e->consumers + BATCH_LEAVES
                                                       : leaves);
    if (in_ring(e->shape))
        ring_init(&e->ring);
    if (pauses && !plan->impatient)
        ring_init(&e->outside);
    if (pauses)
        ring_init(&e->resumptions);
    if (in_room(e->shape)) {
        e->room = xcalloc(1, sizeof *e->room);
        room_init_at(e->room, plan->scenario, stage, &plan->picks);
    }
    e->impatience = plan->impatient ? impatience_new(e->room) : NULL;
    e->preemption = is_preemptive(e->shape) ? preemption_new(e->consumers) : NULL;
    if (is_staffed(e->shape))
        staff_new(e, plan->staff, plan->consumers);
    if (is_batched(e->shape))
        e->batches = batches_new(e, plan->batch);
    if (is_shared(e->shape)) {
        sharing_init(&e->sharing, plan->consumers, plan->speed);
        sharing_slow(e, spec);
        sharing_weigh(e);
    }
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
    staff_free(e->hands);
    batches_free(e->batches);
    free(e->room);
    free(e->services);
    free(e->idlers);
    free(e->stands);
    free(e);
}

INLINE enum offered offer(struct events *e, double now, struct waiter w, double patience,
                          bool handed, enum shape shape)
{
    if (is_staffed(shape))
        return staff_offer(e, now, w, patience, handed);
    if (is_batched(shape))
        return batch_offer(e, now, w, patience, handed);
    move_to(e, now, shape, false);
    bool outside = outside_count(e, shape) > 0;
    bool idle = staff_of(e, shape)->idle > 0, place = has_place(e, &w.task, shape);
    if (e->reserved > 0 && places_left(e) == 0)
        idle = place = false;
    bool pauses = e->policy->verdict == VERDICT_PAUSE;
    uint64_t lost = e->lost;
    if (__builtin_expect(is_crowded(e, shape), 0) && (outside || (!idle && !place))) {
        turn_away(e, w.task, shape);
        keep_watch(e, shape);
        return OFFER_LOST;
    }
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
    else if (is_shared(shape) ? idle || place : false) {
        e->filled = e->clock;
        came_inside(e, &w.task, shape);
        share_enter(e, w.task, shape);
    } else if (idle)
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
    else if (event_kind(top) == EVENT_RESUMPTION && is_staffed(shape))
        staff_ring(e, (uint32_t)event_index(top));
    else if (event_kind(top) == EVENT_RESUMPTION && is_batched(shape))
        batch_ring(e, (uint32_t)event_index(top));
    else if (event_kind(top) == EVENT_RESUMPTION)
        resume(e, shape);
    else
        leave(e, shape);
    keep_watch(e, shape);
}

enum offered station_offer(struct events *e, double now, uint32_t visit, uint32_t class,
                           double size, double patience, bool handed)
{
    struct waiter w = {
        {.arrival = now, .size = size, .tag = class, .client = visit, .label = deadline_order(e)},
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

void station_let_go(struct events *e, double now, uint32_t consumer, double arrival, bool lost)
{
    if (e->hands) {
        staff_release(e, now, consumer, arrival, lost);
        return;
    }
    if (e->batches) {
        batch_release(e, now, consumer, arrival, lost);
        return;
    }
#define RELEASE(shape)                                                                             \
    case shape:                                                                                    \
        release(e, now, consumer, lost, shape);                                                    \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(RELEASE)
    }
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

void station_failed(struct events *e)
{
    e->completed--;
    e->lost++;
}

void station_hold(struct events *e, double now, uint32_t consumer)
{
    station_pass(e, now);
    if (e->batches)
        return; /* batch.h: held */
    e->staff->services[consumer].label |= SERVICE_KEPT;
    e->kept++;
    if (!is_preemptive(e->shape) && !e->hands)
        calendar_clear(&e->staff->calendar, consumer);
}

void station_adopt(struct events *e, double now, double speed, double resume_delay)
{
    station_pass(e, now);
    e->now = now;
    e->own_speed = speed;
    if (is_shared(e->shape))
        share_adopt(e, speed * e->turned);
    if (is_staffed(e->shape))
        staff_adopt(e, now, speed);
    if (!(is_shared(e->shape) && e->sharing.alone > 0))
        e->speed = speed * e->turned;
    e->resume_delay = resume_delay;
}
