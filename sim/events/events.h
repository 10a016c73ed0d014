/*
 * The state of the events engine (engine.h; private to events*.c).
 *
 * Invariants: the calendar has a completion, under the consumer's number, for every busy consumer
 * (where they are shared, events_share.h says), under number `consumers` the soonest resumption,
 * if any is under way, and under the next the soonest deadline, if any task waits that loses
 * patience; state and integrals are as of `clock`, the time of the last event. Nothing of it
 * depends on where a run was stopped.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include "../engine/calendar.h"
#include "../engine/engine.h"
#include "../engine/queue_time.h"
#include "../scenario/drop.h"
#include "../scenario/policy.h"
#include "batch.h"
#include "events_preempt.h"
#include "events_share.h"
#include "holding.h"
#include "impatience.h"
#include "staff.h"
#include "waiting.h"

enum kind {
    EVENT_COMPLETION,
    EVENT_RESUMPTION,
    EVENT_TIMEOUT
}; /* in the order of the tie rule (engine.h) */

/* Of a plain one, a task once inside stays, and nobody is outside. */
enum shape {
    SHAPE_PLAIN,        /* by arrival */
    SHAPE_LINES,        /* plain, by the priority of classes and then by arrival */
    SHAPE_ROOM_PLAIN,   /* plain, any discipline */
    SHAPE_SHARE_PLAIN,  /* plain, with one that shares the consumers */
    SHAPE_RING,         /* by arrival, any policy */
    SHAPE_ROOM,         /* any discipline, any policy */
    SHAPE_CLOSED,       /* by arrival, any policy, and closed */
    SHAPE_STATION_RING, /* like SHAPE_RING, of a network (station.h) */
    SHAPE_ANY,     /* any discipline and policy; it may be closed, and tasks may lose patience */
    SHAPE_PREEMPT, /* likewise, with a discipline that interrupts */
    SHAPE_SHARE,   /* and with one that shares the consumers */
    SHAPE_STATION, /* the last three, of a network */
    SHAPE_STATION_PREEMPT,
    SHAPE_STATION_SHARE,
    SHAPE_STATION_STAFF, /* of a network, with consumers that come and go (staff.h) */
    SHAPE_STATION_BATCH  /* of a network, with consumers that serve several at once (batch.h) */
};

static inline bool is_station(enum shape shape)
{
    return shape == SHAPE_STATION_RING || shape >= SHAPE_STATION;
}

static inline bool is_staffed(enum shape shape)
{
    return shape == SHAPE_STATION_STAFF;
}

static inline bool is_batched(enum shape shape)
{
    return shape == SHAPE_STATION_BATCH;
}

static inline bool is_preemptive(enum shape shape)
{
    return shape == SHAPE_PREEMPT || shape == SHAPE_STATION_PREEMPT;
}

static inline bool is_shared(enum shape shape)
{
    return shape == SHAPE_SHARE || shape == SHAPE_SHARE_PLAIN || shape == SHAPE_STATION_SHARE;
}

/* Of a network: what a consumer's `label` says, the station of its task (from bit SERVICE_STATION
 * on) among it; and the label of a task outside that another station still holds, whose `arrival`
 * is then its patience. */
enum { SERVICE_BUSY = 1, SERVICE_KEPT = 2, SERVICE_ASKS = 4, SERVICE_STATION = 3 };
enum { TASK_BLOCKED = 1, TASK_RESERVES = 2 }; /* the latter waits for no more than a place */
enum { TASK_ORDER = 2 }; /* from that bit on: of its deadline among those of all stations */

/* The task that a consumer serves. Of a network: SERVICE_... and the visit. */
struct service {
    double start, wait, service;
    uint32_t label, client;
};

struct agenda;
struct crew;

struct events {
    struct calendar calendar;
    struct source *source;
    struct recorder *recorder;
    struct service *services; /* by consumer */
    uint32_t *idlers;         /* the idle consumers: a stack */
    uint64_t consumers, idle;
    uint64_t capacity;   /* UINT64_MAX: unbounded */
    uint64_t places;     /* tasks that there can be inside, of SHAPE_SHARE_PLAIN */
    uint64_t take_limit; /* waiting tasks below which nothing but the queue grows */
    uint64_t waiting;    /* in the buffer */
    uint64_t sequence;   /* of the next event */
    struct ring ring;    /* the buffer, of the shapes by arrival */
    struct ring *lines;  /* likewise of SHAPE_LINES, by level (waiting.h) */
    uint32_t levels;     /* of them */
    uint32_t held;       /* bit i: somebody waits in lines[i] */
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
    struct labels labels;      /* of tasks arriving now */
    size_t offered;            /* tasks of the source's block that the recorder has counted */
    struct waiting_room *room; /* the buffer, of the other shapes; with the tasks in service of the
                                  last two, and of SHAPE_SHARE_PLAIN */
    struct impatience
        *impatience; /* NULL: all wait as long as it takes; has the line outside, too */
    struct preemption *preemption; /* of SHAPE_PREEMPT, in place of services */
    struct sharing sharing;        /* of SHAPE_SHARE and SHAPE_SHARE_PLAIN, likewise */
    struct queue_watch *watch;     /* the recorder's */
    const struct policy *policy;
    bool untouched; /* tasks yet to come cannot touch those inside */
    bool shut;      /* no more arrivals are taken */
    enum shape shape;

    /* Of a network (station.h); else `agenda` is NULL. */
    struct agenda *agenda;
    struct events *staff; /* whose consumers they are: its own, or those of its pool */
    uint32_t number;      /* of the station */
    uint64_t serving;     /* consumers at its tasks */
    uint64_t kept;        /* of them, by tasks that they have served */
    uint64_t blocked;     /* tasks outside that another station holds */
    uint64_t reserved;    /* places for tasks that will come */
    bool asks;            /* a service waits for permission (station_start) */
    bool down;            /* it has fallen over: nobody comes in (station_crash) */
    bool standing;        /* its consumers stand still, and nobody begins (station_pace) */
    double held_area;
    double own_speed, turned; /* the consumers' own, and the pace that `speed` has it at: where they
                                 stand still, that before; of shared ones 0 then */
    double stood;             /* since when they stand still */
    uint64_t away;            /* consumers that would be idle, did they not stand still */
    event *stands;            /* by consumer, while they do: the completion that was to be; NULL */
    struct crew *crew;   /* of a pool: all stations that its consumers serve; NULL: its own alone */
    struct staff *hands; /* of SHAPE_STATION_STAFF */
    struct batches *batches; /* of SHAPE_STATION_BATCH */
    double rank;             /* among them, of disciplines by priority: the least goes first */
    double weight;           /* among them, in the draws of those by weight */
    struct holding *holding; /* of all inside; NULL: nobody asks */
    double buffered;  /* bytes of what waits in the buffer; where nothing interrupts or shares */
    double filled;    /* when the buffer was full last by a task that came in; without places: when
                         the last consumer was taken; -1: never */
    double max_bytes; /* of them; INFINITY: any number */
    uint64_t max_paused;          /* outside; UINT64_MAX: any number */
    const struct drop_rule *drop; /* NULL: none */
    double drop_params[DROP_BYTES / sizeof(double)];
    struct drop_state dropping;
};

/* Of a station: what is going to happen there next. */
static inline event station_next(const struct events *e)
{
    return calendar_top(&e->calendar);
}

/* How long a consumer that is at work has to work yet, at the speed that there is or (they stand
 * still) was. */
static inline double events_left(const struct events *staff, uint64_t consumer, double now)
{
    return staff->standing ? event_time(staff->stands[consumer]) - staff->stood
                           : event_time(calendar_get(&staff->calendar, consumer)) - now;
}

/* Goes on until the first limit is met. */
enum engine_stop events_run(struct events *e, const struct engine_limits *limits);

#endif
