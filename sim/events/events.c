/*
 * The events engine: a calendar of completions and resumptions beside the next arrival.
 *
 * What a flow reports is computed twice over: areas by integrating the state from event to event,
 * sums from the times of each task. Neither is derived from the other, so that an audit that
 * compares them means something. A stop is not an event: advancing in pieces gives the same bytes.
 */
#include "events.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

static enum engine_stop events_advance(void *state, const struct engine_limits *limits)
{
    struct events *e = state;
    struct recorder *r = e->recorder;
    if (e->arrived >= limits->until_tasks)
        return STOP_TASKS;
    if (limits->until_drained) {
        if ((int64_t)r->outstanding <= 0)
            return STOP_DRAINED;
        /* Tasks yet to come are not measured, and cannot touch those inside: leave them out. */
        e->shut = e->shut || (e->untouched && r->slot == UNMEASURED && !r->series);
    }
    enum engine_stop stop = events_run(e, limits);
    assert(e->sequence < (uint64_t)1 << EVENT_SEQUENCE_BITS);
    e->now = fmax(e->now, stop == STOP_TIME ? limits->until_time : e->clock);
    return stop;
}

static const char *events_refuses(const struct scenario *s)
{
    if (scenario_is_network(s))
        return "it has one stage";
    if (s->stage.consumers >= (1 << EVENT_INDEX_BITS) - 1)
        return "it can hold at most 4194302 consumers";
    if (s->run.max_backlog > 4e9)
        return "it can hold at most 4000000000 tasks at once (run.max_backlog)";
    return NULL;
}

static void events_adopt(void *state, const struct scenario *s)
{
    struct events *e = state;
    if (is_shared(e->shape))
        share_adopt(e, s->stage.speed);
    e->speed = s->stage.speed;
    e->resume_delay = s->stage.resume_delay;
}

/* `watched`: the number waiting is recorded, for which there are loops of the more general shapes.
 */
static enum shape shape_of(const struct stage *stage, bool returns, bool leaves, bool watched)
{
    const struct discipline *discipline = stage_discipline(stage);
    const struct policy *policy = (const struct policy *)stage->when_full;
    bool stays = isinf(stage->capacity) || policy->verdict == VERDICT_LOSE_NEWEST;
    if (discipline->shares)
        return stays && !returns && !leaves && !watched ? SHAPE_SHARE_PLAIN : SHAPE_SHARE;
    if (discipline->before)
        return SHAPE_PREEMPT;
    if (returns && !leaves && discipline->by_arrival && !watched)
        return SHAPE_CLOSED;
    if (returns || leaves)
        return SHAPE_ANY;
    if (watched)
        return discipline->by_arrival ? SHAPE_RING : SHAPE_ANY;
    if (discipline->by_class && stays)
        return SHAPE_LINES;
    if (discipline->by_arrival)
        return stays ? SHAPE_PLAIN : SHAPE_RING;
    return stays ? SHAPE_ROOM_PLAIN : SHAPE_ROOM;
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
    uint64_t most = e->max_backlog > (uint64_t)stage->consumers
                        ? e->max_backlog - (uint64_t)stage->consumers
                        : 0;
    e->take_limit = e->capacity < most ? e->capacity : most;
    bool impatient = scenario_impatient(s);
    e->shape = shape_of(stage, source->clients, impatient, recorder->watch != NULL);
    e->watch = recorder->watch;
    e->untouched = !source->clients && stage_discipline(stage)->by_arrival &&
                   (isinf(stage->capacity) || e->policy->verdict != VERDICT_LOSE_OLDEST);
    e->consumers = e->idle = (uint64_t)stage->consumers;
    e->places = e->capacity < UINT64_MAX - e->consumers ? e->capacity + e->consumers : UINT64_MAX;
    e->services = xcalloc(e->consumers, sizeof *e->services);
    e->idlers = xcalloc(e->consumers, sizeof *e->idlers);
    for (uint32_t i = 0; i < e->consumers; i++)
        e->idlers[i] = (uint32_t)e->consumers - 1 - i; /* consumer 0 on top */
    bool calls = !isinf(stage->capacity) && e->policy->verdict == VERDICT_PAUSE;
    /* completions, the next resumption, the next deadline */
    calendar_init(&e->calendar, e->consumers + (impatient ? 2 : calls));
    ring_init(&e->ring);
    ring_init(&e->outside);
    ring_init(&e->resumptions);
    e->levels = e->shape == SHAPE_LINES ? (uint32_t)scenario_classes(s) : 0;
    e->lines = xcalloc(e->levels, sizeof *e->lines);
    for (uint32_t i = 0; i < e->levels; i++)
        ring_init(&e->lines[i]);
    e->room = xcalloc(1, sizeof *e->room);
    room_init(e->room, s, seed, replication);
    e->impatience = impatient ? impatience_new(e->room) : NULL;
    e->preemption = e->shape == SHAPE_PREEMPT ? preemption_new(e->consumers) : NULL;
    if (is_shared(e->shape))
        sharing_init(&e->sharing, stage->consumers, stage->speed);
    e->speed = stage->speed;
    events_adopt(e, s);
    return e;
}

static void events_flow(const void *state, struct flow *out)
{
    const struct events *e = state;
    double now = e->now, dt = now - e->clock;
    uint64_t busy = e->consumers - e->idle;
    uint64_t outside = e->impatience ? e->impatience->line.n : ring_count(&e->outside);
    uint64_t buffered = e->waiting;
    bool own = e->preemption || is_shared(e->shape);
    uint64_t services = own ? e->sequence : e->arrived; /* begun, at most */
    *out = (struct flow){
        .time = now,
        .queue_area = e->queue_area + (double)buffered * dt,
        .paused_area = e->outside_area + (double)outside * dt,
        .busy_area = e->busy_area + (double)busy * dt,
        .idle_area = e->idle_area + (buffered > 0 && e->idle > 0 ? dt : 0),
        .sojourn_sum = e->sojourn_sum,
        .service_sum = e->service_sum,
        .seen_sum = (double)e->seen,
        .rounding = (double)services * now * DBL_EPSILON,
        .arrived = e->arrived,
        .completed = e->completed,
        .lost = e->lost,
        .inside = buffered + outside + busy,
        .waiting = buffered + outside,
    };
    out->seen_area = flow_inside_area(out);
    uint64_t aged = is_shared(e->shape) ? out->inside : out->waiting;
    if (aged > 0) { /* the arrivals' times are a sum to which each arrival added its rounding */
        out->sojourn_sum += (double)aged * now - e->arrivals;
        out->rounding += (double)e->arrived * (double)aged * now * DBL_EPSILON;
    }
    if (e->shape == SHAPE_PREEMPT)
        preempt_flow(e, out);
    if (is_shared(e->shape))
        share_flow(e, out);
    for (uint64_t i = 0; i < e->consumers && !own; i++) {
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
    for (uint32_t i = 0; i < e->levels; i++)
        ring_free(&e->lines[i]);
    free(e->lines);
    impatience_free(e->impatience);
    room_free(e->room);
    preemption_free(e->preemption);
    sharing_free(&e->sharing);
    free(e->room);
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
