/*
 * The events engine: a calendar of completions and resumptions beside the next arrival.
 *
 * What a flow reports is computed twice over: areas by integrating the state from event to event,
 * sums from the times of each task. Neither is derived from the other, so that an audit that
 * compares them means something. A stop is not an event: advancing in pieces gives the same bytes.
 *
 * run() is instantiated for three shapes of scenario, of which the first is the common one.
 */
#include <assert.h>
#include <float.h>
#include <stdlib.h>

#include "../scenario/policy.h"
#include "calendar.h"
#include "engine.h"
#include "waiting.h"

#define INLINE static inline __attribute__((always_inline))

enum kind { EVENT_COMPLETION, EVENT_RESUMPTION }; /* in the order of the tie rule (engine.h) */

enum shape {
    SHAPE_PLAIN, /* by arrival, and a task once inside stays; nobody outside */
    SHAPE_RING,  /* by arrival */
    SHAPE_ROOM   /* any discipline, any policy */
};

/* The task that a consumer serves. */
struct service {
    double start, wait, service;
    uint32_t label;
};

struct events {
    struct calendar calendar;
    struct source *source;
    struct recorder *recorder;
    struct service *services; /* by consumer */
    uint32_t *idlers;         /* the idle consumers: a stack */
    uint64_t consumers, idle;
    uint64_t capacity; /* UINT64_MAX: unbounded */
    uint64_t waiting;  /* in the buffer */
    uint64_t sequence; /* of the next event */
    struct ring ring;  /* the buffer, of the shapes by arrival */
    struct ring outside;
    struct ring resumptions; /* under way, of the first tasks outside: `arrival` is when, and only
                                the soonest, the first, is in the calendar */
    double clock;            /* time of the last event: state and integrals are as of it */
    double now;              /* time of the last stop, not before the clock */
    double speed, resume_delay;
    double queue_area, outside_area, busy_area, idle_area;
    double sojourn_sum, service_sum; /* of tasks that left */
    double arrivals;                 /* arrival times of the tasks in the buffer and outside */
    uint64_t arrived, completed, lost, seen, max_backlog;
    struct waiting_room room; /* the buffer, of SHAPE_ROOM */
    const struct policy *policy;
    bool closed; /* no more arrivals are taken */
    enum shape shape;
};

INLINE uint64_t outside_count(const struct events *e, enum shape shape)
{
    return shape == SHAPE_PLAIN ? 0 : ring_count(&e->outside);
}

INLINE void buffer_push(struct events *e, struct task task, enum shape shape)
{
    if (shape == SHAPE_ROOM)
        room_push(&e->room, task);
    else
        ring_push(&e->ring, task);
    e->waiting++;
    e->arrivals += task.arrival;
}

INLINE struct task buffer_pop(struct events *e, enum shape shape)
{
    struct task task = shape == SHAPE_ROOM ? room_pop(&e->room) : ring_pop(&e->ring);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

INLINE struct task buffer_pop_oldest(struct events *e, enum shape shape)
{
    struct task task = shape == SHAPE_ROOM ? room_pop_oldest(&e->room) : ring_pop(&e->ring);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

/* Lets a consumer begin a task; returns the completion. */
INLINE event serve(struct events *e, struct task task, uint64_t consumer)
{
    double now = e->clock;
    double service = e->speed == 1 ? task.size : task.size / e->speed; /* a division takes long */
    double wait = now - task.arrival;
    e->services[consumer] =
        (struct service){.start = now, .wait = wait, .service = service, .label = task.label};
    recorder_start(e->recorder, task.label, wait + service);
    return event_make(now + service, EVENT_COMPLETION, e->sequence++, consumer);
}

INLINE void serve_idle(struct events *e, struct task task)
{
    calendar_set(&e->calendar, serve(e, task, e->idlers[--e->idle]));
}

INLINE void lose(struct events *e, struct task task)
{
    e->lost++;
    e->sojourn_sum += e->clock - task.arrival;
    recorder_lose(e->recorder, task.label, e->policy->loss);
}

/* Puts the soonest resumption into the calendar, behind the consumers' completions. */
static void schedule_resumption(struct events *e)
{
    const struct ring *r = &e->resumptions;
    if (ring_count(r) == 0)
        calendar_clear(&e->calendar, e->consumers);
    else
        calendar_set(&e->calendar, event_make(r->tasks[r->head & r->mask].arrival, EVENT_RESUMPTION,
                                              e->sequence++, e->consumers));
}

/* Begins a resumption. It is the last one, unless the delay has become shorter. */
static void call(struct events *e)
{
    struct ring *r = &e->resumptions;
    ring_push(r, (struct task){.arrival = e->clock + e->resume_delay});
    for (uint64_t i = r->tail - 1; i > r->head; i--) {
        struct task *later = &r->tasks[i & r->mask], *sooner = &r->tasks[(i - 1) & r->mask];
        if (sooner->arrival <= later->arrival)
            break;
        struct task task = *sooner;
        *sooner = *later;
        *later = task;
    }
    schedule_resumption(e);
}

/* Calls tasks in from outside while there are free places that are not held yet. */
static void call_in(struct events *e, enum shape shape)
{
    uint64_t resuming;
    while (ring_count(&e->outside) > (resuming = ring_count(&e->resumptions))) {
        uint64_t places = e->capacity > 0 ? e->capacity - e->waiting : e->idle;
        if (places == resuming)
            return;
        assert(places > resuming);
        if (e->resume_delay > 0) {
            call(e);
            continue;
        }
        struct task task = ring_pop(&e->outside);
        e->arrivals -= task.arrival;
        if (e->idle > 0)
            serve_idle(e, task);
        else
            buffer_push(e, task, shape);
    }
}

static event resume(struct events *e, enum shape shape)
{
    ring_pop(&e->resumptions);
    schedule_resumption(e);
    struct task task = ring_pop(&e->outside);
    e->arrivals -= task.arrival;
    if (e->idle > 0)
        serve_idle(e, task);
    else
        buffer_push(e, task, shape);
    call_in(e, shape);
    return calendar_top(&e->calendar);
}

static void stay_outside(struct events *e, struct task task, enum shape shape)
{
    ring_push(&e->outside, task);
    e->arrivals += task.arrival;
    call_in(e, shape);
}

INLINE void arrive_full(struct events *e, struct task task, enum shape shape)
{
    enum verdict verdict = shape == SHAPE_PLAIN ? VERDICT_LOSE_NEWEST : e->policy->verdict;
    switch (verdict) {
    case VERDICT_LOSE_OLDEST:
        if (e->capacity > 0) {
            lose(e, buffer_pop_oldest(e, shape));
            buffer_push(e, task, shape);
            return;
        }
        lose(e, task);
        return;
    case VERDICT_LOSE_NEWEST:
        lose(e, task);
        return;
    case VERDICT_PAUSE:
        stay_outside(e, task, shape);
        return;
    }
}

INLINE void arrive(struct events *e, struct arrival a, enum shape shape)
{
    uint64_t outside = outside_count(e, shape);
    e->arrived++;
    e->seen += e->consumers - e->idle + e->waiting + outside;
    struct task task = {.arrival = a.time,
                        .size = a.size,
                        .label = recorder_offer(e->recorder, a.class, a.size),
                        .tag = a.class};
    if (outside > 0)
        stay_outside(e, task, shape);
    else if (e->idle > 0)
        serve_idle(e, task);
    else if (e->waiting < e->capacity)
        buffer_push(e, task, shape);
    else
        arrive_full(e, task, shape);
}

/* Returns the new top of the calendar. */
INLINE event complete(struct events *e, uint64_t consumer, enum shape shape)
{
    struct service s = e->services[consumer];
    double latency = s.wait + s.service;
    e->completed++;
    e->sojourn_sum += latency;
    e->service_sum += s.service;
    recorder_complete(e->recorder, s.label, s.wait, latency);
    event top;
    if (e->waiting > 0) {
        top = calendar_set(&e->calendar, serve(e, buffer_pop(e, shape), consumer));
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
INLINE void move_to(struct events *e, double time, enum shape shape)
{
    double dt = time - e->clock;
    e->queue_area += (double)(int64_t)e->waiting * dt;
    e->busy_area += (double)(int64_t)(e->consumers - e->idle) * dt;
    if (shape != SHAPE_PLAIN)
        e->outside_area += (double)(int64_t)ring_count(&e->outside) * dt;
    if (__builtin_expect(e->waiting > 0 && e->idle > 0, 0))
        e->idle_area += dt;
    e->clock = time;
}

INLINE enum engine_stop run(struct events *e, const struct engine_limits *limits, enum shape shape)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    const uint64_t tasks = limits->until_tasks;
    const bool drained = limits->until_drained;
    event top = calendar_top(&e->calendar);
    struct arrival a = source_peek(e->source);
    if (e->closed)
        a.time = INFINITY;
    for (;;) {
        if (event_bits(top) <= time_bits(a.time)) { /* completions and resumptions come first */
            if (event_time(top) > until)
                return STOP_TIME;
            move_to(e, event_time(top), shape);
            if (shape == SHAPE_PLAIN || event_kind(top) == EVENT_COMPLETION)
                top = complete(e, event_index(top), shape);
            else
                top = resume(e, shape);
            if (drained && e->recorder->outstanding == 0)
                return STOP_DRAINED;
        } else {
            if (a.time > until)
                return a.time == INFINITY ? STOP_ENDED : STOP_TIME;
            source_step(e->source);
            move_to(e, a.time, shape);
            arrive(e, a, shape);
            top = calendar_top(&e->calendar);
            if (e->arrived == tasks)
                return STOP_TASKS;
            if (e->arrived - e->completed - e->lost > e->max_backlog)
                return STOP_BACKLOG;
            if (drained && e->recorder->outstanding == 0)
                return STOP_DRAINED;
            a = source_peek(e->source);
        }
    }
}

/* On copies whose address nobody is given, so that what changes with every event is kept in
 * registers instead of being read again after every store (measured: a quarter of the time). */
static enum engine_stop run_plain(struct events *e, const struct engine_limits *limits)
{
    struct events copy = *e;
    struct recorder recorder = *e->recorder, *theirs = e->recorder;
    copy.recorder = &recorder;
    enum engine_stop stop = run(&copy, limits, SHAPE_PLAIN);
    copy.recorder = theirs;
    *theirs = recorder;
    *e = copy;
    return stop;
}

static enum engine_stop run_ring(struct events *e, const struct engine_limits *limits)
{
    return run(e, limits, SHAPE_RING);
}

static enum engine_stop run_room(struct events *e, const struct engine_limits *limits)
{
    return run(e, limits, SHAPE_ROOM);
}

static enum engine_stop events_advance(void *state, const struct engine_limits *limits)
{
    struct events *e = state;
    struct recorder *r = e->recorder;
    if (e->arrived >= limits->until_tasks)
        return STOP_TASKS;
    if (limits->until_drained) {
        if (r->outstanding == 0)
            return STOP_DRAINED;
        /* Tasks yet to come are not measured, and cannot touch those inside: leave them out. */
        bool untouched = e->shape == SHAPE_PLAIN ||
                         (e->shape == SHAPE_RING && e->policy->verdict != VERDICT_LOSE_OLDEST);
        e->closed = e->closed || (untouched && r->slot == UNMEASURED && !r->series);
    }
    enum engine_stop stop = e->shape == SHAPE_PLAIN  ? run_plain(e, limits)
                            : e->shape == SHAPE_RING ? run_ring(e, limits)
                                                     : run_room(e, limits);
    assert(e->sequence < (uint64_t)1 << EVENT_SEQUENCE_BITS);
    e->now = fmax(e->now, stop == STOP_TIME ? limits->until_time : e->clock);
    return stop;
}

static const char *events_refuses(const struct scenario *s)
{
    if (s->stage.consumers >= 1 << EVENT_INDEX_BITS)
        return "it can hold at most 4194303 consumers";
    if (s->run.max_backlog > 4e9)
        return "it can hold at most 4000000000 tasks at once (run.max_backlog)";
    return NULL;
}

static void events_adopt(void *state, const struct scenario *s)
{
    struct events *e = state;
    e->speed = s->stage.speed;
    e->resume_delay = s->stage.resume_delay;
}

static void *events_begin(const struct scenario *s, struct source *source,
                          struct recorder *recorder, uint64_t seed, uint32_t replication)
{
    assert(!events_refuses(s));
    struct events *e = xcalloc(1, sizeof *e);
    const struct stage *stage = &s->stage;
    e->source = source;
    e->recorder = recorder;
    e->policy = (const struct policy *)stage->when_full;
    e->capacity = isinf(stage->capacity) ? UINT64_MAX : (uint64_t)stage->capacity;
    e->max_backlog = (uint64_t)s->run.max_backlog;
    bool stays = isinf(stage->capacity) || e->policy->verdict == VERDICT_LOSE_NEWEST;
    e->shape = !stage_discipline(stage)->by_arrival ? SHAPE_ROOM : stays ? SHAPE_PLAIN : SHAPE_RING;
    e->consumers = e->idle = (uint64_t)stage->consumers;
    e->services = xcalloc(e->consumers, sizeof *e->services);
    e->idlers = xcalloc(e->consumers, sizeof *e->idlers);
    for (uint32_t i = 0; i < e->consumers; i++)
        e->idlers[i] = (uint32_t)e->consumers - 1 - i; /* consumer 0 on top */
    bool calls = !isinf(stage->capacity) && e->policy->verdict == VERDICT_PAUSE;
    calendar_init(&e->calendar, e->consumers + calls); /* completions, and the next resumption */
    ring_init(&e->ring);
    ring_init(&e->outside);
    ring_init(&e->resumptions);
    room_init(&e->room, s, seed, replication);
    events_adopt(e, s);
    return e;
}

static void events_flow(const void *state, struct flow *out)
{
    const struct events *e = state;
    double now = e->now, dt = now - e->clock;
    uint64_t busy = e->consumers - e->idle, outside = ring_count(&e->outside);
    uint64_t buffered = e->shape == SHAPE_ROOM ? e->room.n : ring_count(&e->ring);
    *out = (struct flow){
        .time = now,
        .queue_area = e->queue_area + (double)buffered * dt,
        .paused_area = e->outside_area + (double)outside * dt,
        .busy_area = e->busy_area + (double)busy * dt,
        .idle_area = e->idle_area + (buffered > 0 && e->idle > 0 ? dt : 0),
        .sojourn_sum = e->sojourn_sum,
        .service_sum = e->service_sum,
        .seen_sum = (double)e->seen,
        .rounding = (double)e->arrived * now * DBL_EPSILON,
        .arrived = e->arrived,
        .completed = e->completed,
        .lost = e->lost,
        .inside = buffered + outside + busy,
        .waiting = buffered + outside,
    };
    out->seen_area = out->queue_area + out->paused_area + out->busy_area;
    if (out->waiting > 0)
        out->sojourn_sum += (double)out->waiting * now - e->arrivals;
    for (uint64_t i = 0; i < e->consumers; i++) {
        if (calendar_get(&e->calendar, i) == CALENDAR_NEVER)
            continue;
        const struct service *s = &e->services[i];
        out->sojourn_sum += s->wait + (now - s->start);
        out->service_sum += now - s->start;
    }
}

static void events_end(void *state)
{
    struct events *e = state;
    calendar_free(&e->calendar);
    ring_free(&e->ring);
    ring_free(&e->outside);
    ring_free(&e->resumptions);
    room_free(&e->room);
    free(e->services);
    free(e->idlers);
    free(e);
}

const struct engine events_engine = {
    .model = {.name = "events", .help = "a calendar of events: runs anything"},
    .refuses = events_refuses,
    .group = 1,
    .begin = events_begin,
    .advance = events_advance,
    .adopt = events_adopt,
    .flow = events_flow,
    .end = events_end,
};
