/*
 * The loop of the events engine: the next event, again and again.
 *
 * run() is instantiated for every shape of scenario (events.h), of which the first is the common
 * one; and for four of them once more, with the number waiting recorded (queue_time.h). What those
 * do differently with tasks inside that interrupt or share is in files of their own.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "events_take.h"

/* Lets a consumer begin a task; returns the completion. */
INLINE event serve(struct events *e, struct task task, uint64_t consumer, enum shape shape)
{
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
    if (entered(e, w, shape))
        return;
    calendar_set(&e->calendar, serve(e, w.task, e->idlers[--e->idle], shape));
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
    recorder_lose(e->recorder, task.label, why);
    give_back(e, task.client, shape);
}

/* Puts the soonest resumption into the calendar, behind the consumers' completions. */
INLINE void schedule_resumption(struct events *e)
{
    const struct ring *r = &e->resumptions;
    if (ring_count(r) == 0)
        calendar_clear(&e->calendar, e->consumers);
    else
        calendar_set(&e->calendar, event_make(r->tasks[r->head & r->mask].arrival, EVENT_RESUMPTION,
                                              e->sequence++, e->consumers));
}

/* Begins a resumption. It is the last one, unless the delay has become shorter. */
INLINE void call(struct events *e)
{
    struct ring *r = &e->resumptions;
    ring_push(r, (struct task){.arrival = e->clock + e->resume_delay});
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
        schedule_resumption(e);
}

/* Lets a task that was outside in. */
INLINE void enter(struct events *e, struct waiter w, enum shape shape)
{
    if (e->idle > 0)
        serve_idle(e, w, shape);
    else
        buffer_push(e, w, shape);
}

/* Calls tasks in from outside while there are free places that are not held yet. */
INLINE void call_in(struct events *e, enum shape shape)
{
    uint64_t resuming;
    while (outside_count(e, shape) > (resuming = ring_count(&e->resumptions))) {
        uint64_t places = e->capacity > 0 ? e->capacity - e->waiting : e->idle;
        if (places == resuming)
            return;
        assert(places > resuming);
        if (e->resume_delay > 0) {
            call(e);
            continue;
        }
        enter(e, outside_pop(e, shape), shape);
    }
}

INLINE event resume(struct events *e, enum shape shape)
{
    ring_pop(&e->resumptions);
    schedule_resumption(e);
    enter(e, outside_pop(e, shape), shape);
    call_in(e, shape);
    return calendar_top(&e->calendar);
}

INLINE void stay_outside(struct events *e, struct waiter w, enum shape shape)
{
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
                schedule_resumption(e);
        }
    } else {
        task = buffer_leave(e, heap_first(&i->inside.heap).slot, shape);
        e->waiting--;
    }
    e->arrivals -= task.arrival;
    lose(e, task, LOSS_TIMED_OUT, shape);
    call_in(e, shape);
}

/* Keeps the soonest deadline in the calendar, behind the next resumption. */
INLINE event watch(struct events *e)
{
    double next = impatience_next(e->impatience);
    if (next == e->impatience->due)
        return calendar_top(&e->calendar);
    e->impatience->due = next;
    if (isinf(next))
        return calendar_clear(&e->calendar, e->consumers + 1);
    return calendar_set(&e->calendar,
                        event_make(next, EVENT_TIMEOUT, e->sequence++, e->consumers + 1));
}

INLINE void arrive_full(struct events *e, struct waiter w, enum shape shape)
{
    enum verdict verdict = is_plain(shape) ? VERDICT_LOSE_NEWEST : e->policy->verdict;
    switch (verdict) {
    case VERDICT_LOSE_OLDEST:
        if (e->capacity > 0) {
            lose(e, buffer_pop_oldest(e, shape), e->policy->loss, shape);
            buffer_push(e, w, shape);
            return;
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

/* Returns what is next now. */
INLINE event complete(struct events *e, uint64_t consumer, enum shape shape)
{
    if (shape == SHAPE_PREEMPT || is_shared(shape)) {
        uint32_t client =
            shape == SHAPE_PREEMPT ? preempt_complete(e, consumer) : share_complete(e, shape);
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
    e->busy_area += (double)(int64_t)(e->consumers - e->idle) * dt;
    if (!is_plain(shape))
        e->outside_area += (double)(int64_t)outside_count(e, shape) * dt;
    if (__builtin_expect(e->waiting > 0 && e->idle > 0, 0))
        e->idle_area += dt;
    e->clock = time;
}

/* Counts the arrivals of the block since the last time. */
INLINE void offer(struct events *e)
{
    const struct arrival_block *block = &e->source->block;
    const size_t from = e->offered, n = e->source->at - from;
    e->recorder->outstanding +=
        recorder_offer(*e->recorder, n, block->class + from, block->size + from);
    e->offered = e->source->at;
}

INLINE struct arrival peek(struct events *e, enum shape shape)
{
    size_t at = e->source->at;
    if (at == e->source->n && (!is_closed(e, shape) || at == BLOCK)) {
        offer(e);
        e->offered = 0;
    }
    return source_peek(e->source);
}

/* Takes the task that was looked at; whose it is. */
INLINE uint32_t next_step(struct events *e, enum shape shape)
{
    if (is_closed(e, shape))
        return source_send(e->source);
    source_step(e->source);
    return 0;
}

INLINE enum engine_stop run(struct events *e, const struct engine_limits *limits, enum shape shape,
                            bool watched)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    int64_t until_bits; /* as times in events: signed, since a limit may lie just before time 0 */
    memcpy(&until_bits, &until, sizeof until_bits);
    const uint64_t tasks = limits->until_tasks;
    const bool drained = limits->until_drained;
    event top = next_event(e, shape);
    struct arrival a = peek(e, shape);
    if (e->shut)
        a.time = INFINITY;
    int64_t can_take = takes(e, limits, shape);
    for (;;) {
        if (e->idle == 0 && can_take > 0 && (int64_t)event_bits(top) <= until_bits) {
            do {
                can_take -= take_arrival(e, event_time(top), shape, watched);
                a.time = e->source->block.time[e->source->at];
            } while (time_bits(a.time) < event_bits(top) && can_take > 0);
        }
        if (event_bits(top) <= time_bits(a.time)) { /* arrivals come last */
            if ((int64_t)event_bits(top) > until_bits)
                return STOP_TIME;
            move_to(e, event_time(top), shape, watched);
            if (is_plain(shape) || event_kind(top) == EVENT_COMPLETION)
                top = complete(e, event_index(top), shape);
            else if (!is_impatient(e, shape) || event_kind(top) == EVENT_RESUMPTION)
                top = resume(e, shape);
            else
                leave(e, shape);
            if (is_closed(e, shape)) /* who has just got an answer may be the next to ask */
                a = source_peek(e->source);
            if (is_impatient(e, shape))
                top = watch(e);
            if (drained && e->recorder->outstanding == 0)
                return STOP_DRAINED;
        } else {
            if ((int64_t)time_bits(a.time) > until_bits)
                return a.time == INFINITY ? STOP_ENDED : STOP_TIME;
            a = source_peek(e->source);
            uint32_t client = next_step(e, shape);
            move_to(e, a.time, shape, watched);
            arrive(e, a, client, shape);
            if (drained)
                offer(e);
            top = is_impatient(e, shape) ? watch(e) : next_event(e, shape);
            if (e->arrived == tasks)
                return STOP_TASKS;
            if (e->arrived - e->completed - e->lost > e->max_backlog)
                return STOP_BACKLOG;
            if (drained && e->recorder->outstanding == 0)
                return STOP_DRAINED;
            a = peek(e, shape);
            can_take = takes(e, limits, shape);
        }
    }
}

/* On copies whose address nobody is given, so that what changes with every event is kept in
 * registers instead of being read again after every store (measured: a quarter of the time). */
INLINE enum engine_stop run_copy(struct events *e, const struct engine_limits *limits,
                                 enum shape shape, bool watched)
{
    struct events copy = *e;
    struct recorder recorder = *e->recorder, *theirs = e->recorder;
    copy.recorder = &recorder;
    struct waiting_room room = {0}, *our_room = e->room;
    if (is_shared(shape)) { /* whose room nobody else looks into */
        room = *our_room;
        copy.room = &room;
    }
    enum engine_stop stop = run(&copy, limits, shape, watched);
    offer(&copy);
    if (is_shared(shape)) {
        share_count(&copy);
        *our_room = room;
        copy.room = our_room;
    }
    copy.recorder = theirs;
    *theirs = recorder;
    *e = copy;
    return stop;
}

/* A function for each shape: of one with all their loops gcc would allocate the registers without
 * regard to which of them are inner ones (--param ira-max-loops-num). */
#define SHAPES(X)                                                                                  \
    X(SHAPE_PLAIN)                                                                                 \
    X(SHAPE_LINES)                                                                                 \
    X(SHAPE_ROOM_PLAIN)                                                                            \
    X(SHAPE_SHARE_PLAIN)                                                                           \
    X(SHAPE_RING)                                                                                  \
    X(SHAPE_ROOM)                                                                                  \
    X(SHAPE_CLOSED)                                                                                \
    X(SHAPE_ANY)                                                                                   \
    X(SHAPE_PREEMPT)                                                                               \
    X(SHAPE_SHARE)

#define RUN(shape)                                                                                 \
    __attribute__((noinline)) static enum engine_stop run_##shape(                                 \
        struct events *e, const struct engine_limits *limits)                                      \
    {                                                                                              \
        return run_copy(e, limits, shape, false);                                                  \
    }
SHAPES(RUN)

/* With the number waiting recorded: the shapes that shape_of knows for it. */
#define WATCHED(X)                                                                                 \
    X(SHAPE_RING)                                                                                  \
    X(SHAPE_ANY)                                                                                   \
    X(SHAPE_PREEMPT)                                                                               \
    X(SHAPE_SHARE)

#define WATCH(shape)                                                                               \
    __attribute__((noinline)) static enum engine_stop watch_##shape(                               \
        struct events *e, const struct engine_limits *limits)                                      \
    {                                                                                              \
        return run_copy(e, limits, shape, true);                                                   \
    }
WATCHED(WATCH)

enum engine_stop events_run(struct events *e, const struct engine_limits *limits)
{
#define ENTRY(shape) [shape] = run_##shape,
    static enum engine_stop (*const run_shape[])(struct events *,
                                                 const struct engine_limits *) = {SHAPES(ENTRY)};
#define WATCH_ENTRY(shape) [shape] = watch_##shape,
    static enum engine_stop (*const watch_shape[])(
        struct events *, const struct engine_limits *) = {WATCHED(WATCH_ENTRY)};
    e->offered = e->source->at;
    e->labels = recorder_labels(e->recorder);
    if (e->watch)
        return watch_shape[e->shape](e, limits);
    return run_shape[e->shape](e, limits);
}
