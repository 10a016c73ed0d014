/*
 * The loop of the events engine: the next event, again and again.
 *
 * run() is instantiated for every shape of scenario (events.h), of which the first is the common
 * one; and for four of them once more, with the number waiting recorded (queue_time.h). What
 * happens in an event is in events_rules.h; what those do differently with tasks inside that
 * interrupt or share is in files of their own.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "events_rules.h"
#include "events_take.h"

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
                top = watch(e, shape);
            if (drained && (int64_t)e->recorder->outstanding <= 0)
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
            top = is_impatient(e, shape) ? watch(e, shape) : next_event(e, shape);
            if (e->arrived == tasks)
                return STOP_TASKS;
            if (e->arrived - e->completed - e->lost > e->max_backlog)
                return STOP_BACKLOG;
            if (drained && (int64_t)e->recorder->outstanding <= 0)
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
