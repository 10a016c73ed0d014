/*
 * A station of a network: one stage of consumers and buffer with the rules of engine.h, for a loop
 * of many (sim/stations). It has the state of the events engine (events.h) and its rules
 * (events_rules.h), but neither source nor recorder: tasks are offered to it and released from it,
 * and what comes of them is put on the agenda of the network.
 *
 * A task is a visit by number (`client`). A consumer that has served one keeps it, busy, until it
 * is released: what the visit does next (calls, blocked by a full buffer) is not the station's.
 * With consumers that are shared a task leaves when it has its size (NO_CONSUMER).
 *
 * A visit handed on by another station that finds no place, where the policy pauses, stays where it
 * was while it is in line outside: it arrives here when it comes in (AGENDA_CAME_IN), and wait and
 * patience begin then. Others in the line have arrived, and wait.
 *
 * Every call says what time it is: not before that of the last. Times in seconds.
 */
#ifndef STATION_H
#define STATION_H

#include "../engine/calendar.h"
#include "../engine/engine.h"
#include "holding.h"
#include "slots.h"

struct drop_rule;
struct events;
struct staff_plan;
struct staff_spec;

#define NO_CONSUMER UINT32_MAX

enum agenda_kind {
    AGENDA_SERVED,  /* `consumer` of `station` is done with the visit; it waited `wait` */
    AGENDA_CAME_IN, /* a visit that was blocked has come in at `station` */
    AGENDA_LOST,    /* the visit is lost at `station`, for `why` */
    AGENDA_BEGUN,   /* `consumer` has taken a visit, and asks whether to begin (station_start) */
    AGENDA_RESERVED,
    /* a place at `station` is the visit's */ AGENDA_NOTHING, /* what was to follow does not */
    AGENDA_FIRST_TOKEN, /* a task that is served step by step has had its first; `wait` */
    AGENDA_TOKEN,       /* a further one: so long after the last */
    AGENDA_MOVED,       /* something has happened at `station`, which shares its consumers */
    AGENDA_OTHERS       /* first of the kinds that the network uses for itself */
};

struct agenda_item {
    uint32_t kind, station, visit;
    uint32_t consumer; /* or why */
    double wait;
};

/* What follows from an event, at the same moment: first in, first out. Empty between events. */
struct agenda {
    struct agenda_item *items; /* a power of two */
    uint64_t head, tail, mask;
    uint64_t sequence;   /* of events, of all stations */
    const double *bytes; /* by visit: memory that it takes; only read where a station `holds` */
    double *admitted;    /* by visit, for a trace: when it was let in from outside, NAN: it is there
                            yet;    NULL: nobody asks */
    const double *prefill; /* by visit: what it takes before its first iteration; NULL: nothing */
};

void agenda_init(struct agenda *agenda);
void agenda_free(struct agenda *agenda);
void agenda_grow(struct agenda *agenda);

static inline void agenda_put(struct agenda *a, struct agenda_item item)
{
    if (__builtin_expect(a->tail - a->head > a->mask, 0))
        agenda_grow(a);
    a->items[a->tail++ & a->mask] = item;
}

static inline void agenda_served(struct agenda *a, uint32_t station, uint32_t visit,
                                 uint32_t consumer, double wait)
{
    agenda_put(a, (struct agenda_item){AGENDA_SERVED, station, visit, consumer, wait});
}

/* Of a visit that has been inside: `left` of its work, which is less than all where it was
 * interrupted. */
static inline void agenda_dropped(struct agenda *a, uint32_t station, uint32_t visit, enum loss why,
                                  double left)
{
    agenda_put(a, (struct agenda_item){AGENDA_LOST, station, visit, (uint32_t)why, left});
}

static inline void agenda_lost(struct agenda *a, uint32_t station, uint32_t visit, enum loss why)
{
    agenda_dropped(a, station, visit, why, INFINITY);
}

/* Stations that share consumers: those whose they are first. */
struct crew {
    struct events **members;
    uint32_t n, room, number; /* of the next task that waits: in order of arrival among all */
};

static inline uint32_t crew_number(struct crew *crew)
{
    return crew->number += CLASS_MASK + 1;
}

/* What a station is made of. The stage's consumers and speed do not count. */
struct station_plan {
    const struct scenario *scenario; /* the classes' priorities */
    const struct stage *stage;
    double consumers, speed;
    bool impatient; /* tasks may lose patience */
    bool named;     /* any visit can be taken out of it (station_withdraw) */
    bool asks;      /* a service waits for permission (not of consumers that are shared, or leave
                       what they are at for others) */
    bool pooled;    /* its consumers are shared, or another's */
    double rank, weight; /* its priority and weight among those that share */
    uint32_t number;
    struct agenda *agenda;
    struct stream picks;          /* of the discipline */
    const struct drop_rule *drop; /* of the stage; NULL: none */
    struct holding *holding; /* memory that its visits take; NULL: nobody asks (agenda->bytes) */
    const struct staff_plan *staff; /* NULL: as many consumers as there are */
    const struct staff_spec *batch; /* NULL: each serves one task */
};

struct events *station_new(const struct station_plan *plan);
void station_free(struct events *e);

/* The visits of `member`, which has no consumers, are served by those of `e`: by the discipline of
 * both, over all that wait. Both are `pooled`. Whose turn it is: station_pool.c. */
void station_share(struct events *e, struct events *member);
struct events *crew_next(const struct crew *crew); /* whose task goes next; NULL: nobody waits */
void crew_free(struct crew *crew);

enum offered { OFFER_INSIDE, OFFER_OUTSIDE, OFFER_LOST };

/* A visit comes: `patience` from now (INFINITY: as long as it takes). `handed`: another station
 * holds it until it is inside. Where it is lost, or another one is for it, the agenda says so. */
enum offered station_offer(struct events *e, double now, uint32_t visit, uint32_t class,
                           double size, double patience, bool handed);

/* Does the station's next event (station_next, events.h). */
void station_event(struct events *e);

/* A visit comes, and is lost at once, whatever there is room for. */
void station_refuse(struct events *e, double now, uint32_t visit, enum loss why);

/* A consumer that has served a visit goes on to keep it: it is not to be looked for among events.
 */
void station_hold(struct events *e, double now, uint32_t consumer);

/* The visit of a consumer, which came at `arrival`, leaves, completed or (`lost`) not, and the
 * consumer takes the next. */
void station_let_go(struct events *e, double now, uint32_t consumer, double arrival, bool lost);

/* Of consumers that are shared: a visit that has just left counts as lost. */
void station_failed(struct events *e);

/* A place for a visit that will come: true, or it waits for one outside (AGENDA_RESERVED). It comes
 * there. */
bool station_reserve(struct events *e, double now, uint32_t visit);
void station_come(struct events *e, double now, uint32_t visit, uint32_t class, double size,
                  double patience);

/* The visit that a consumer has taken is begun now; until then it waits. Nobody comes to a place.
 */
void station_start(struct events *e, double now, uint32_t consumer);
void station_give_up(struct events *e, double now);

/* Takes a visit out that waits, inside or outside, or is in service, as one that is lost: how long
 * it had waited here; NAN: it is neither. What its place or its consumer does then happens at once.
 * Whether a visit is in service. */
double station_withdraw(struct events *e, double now, uint32_t visit);
bool station_serves(const struct events *e, uint32_t visit);

/* How much of the work of a visit is left, in seconds at speed 1, as of `now`; NAN: it is not
 * inside.
 */
double station_left(const struct events *e, double now, uint32_t visit);

/* Goes on to a time at which nothing happens. */
void station_pass(struct events *e, double now);

/* From now on the consumers work at `pace` times their own speed, at what they are at already, too.
 * At 0 they stand still: what they are at goes on from where it was when that is over, in the order
 * it had among what ends at the same time; nobody begins, or interrupts, anything meanwhile (who
 * has a place reserved, or was called in, waits in the buffer, even if that is full); then those
 * that are idle take what waits, and what goes before something in service interrupts it. Consumers
 * that are shared go on to take all that come, at no pace. Of a station that has consumers of its
 * own. */
void station_pace(struct events *e, double now, double pace);

/* Whether no more fits into its memory (buffer.max_bytes): somebody waits outside for it, or there
 * is none left. */
bool station_is_full(const struct events *e);

/* It falls over: everything at it is lost but what its consumers keep, and what other stations hold
 * until it comes in: those are the network's to let go. Consumers stand still, and nobody comes in,
 * until it is up again, with a pace (0: consumers stand still yet). Of stations that have a pool
 * each, the first one's (station_share) comes first. Where it `keeps` what is there, and outside,
 * all that is lost is the time: what its consumers have the network puts back, in front of the
 * buffer (the last one first), to be begun anew; where nothing interrupts or is shared. */
void station_put_back(struct events *e, double now, uint32_t consumer, uint32_t class, double size,
                      double arrival);
void station_crash(struct events *e, double now, bool keeps);
void station_restart(struct events *e, double now, double pace);

/* New parameters (drift). */
void station_adopt(struct events *e, double now, double speed, double resume_delay);

/* As of `now`. held_area is part of busy_area. */
void station_flow(const struct events *station, double now, struct flow *out);

/* Visits waiting or in service, places that are reserved among them, and the work of them that is
 * left, in seconds at speed 1: what balancers see. */
uint64_t station_requests(const struct events *e);

/* Of them those that wait, and with them those that are outside and held by no other station. */
uint64_t station_waiting(const struct events *e);
double station_work(const struct events *e, double now);

/* How long the visit that a consumer keeps had waited. */
double station_wait(const struct events *e, uint32_t consumer);

#endif
