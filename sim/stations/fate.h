/*
 * What befalls stages (scenario/trouble.h has the keys): outages, and machines that fall over.
 *
 * Rules where networks.md leaves room:
 *   - An outage begins and ends after what completes at that moment, and before everything else
 *     (EVENT_RESUMPTION), in the order of stages, outages and replicas.
 *   - pause: station.h (station_pace). At delay stations, and where consumers are shared
 *     (processor-sharing), tasks that come are in service at once, and stand still, too. Patience
 *     goes on: who waits may leave. Consumers that stand still are there, and busy if they have a
 *     task. What they keep for calls, or because it is blocked, is let go as ever.
 *   - reject: whoever would come to the station (after `delay`, if there is one) is lost; who waits
 *     outside for a place, or has one reserved, was there before.
 *   - Outages at once: a pause is a pause; speeds multiply.
 *   - A stage whose consumers serve others, too: those stand still, or are slow, for all.
 *   - A machine that falls over loses what waits at it, is in service, keeps a consumer (its calls
 *     go on for nobody; what it would have handed on comes nowhere) or, of sources and calls, is
 *     in line outside; in the order of sources, their requests, stages and turns. Callers are
 *     told. What other stages hold until it has a place there waits on; so does what is in
 *     `delay`. What it keeps (`keeps`) waits there, and outside, until it is up again; what was in
 *     service or waits for answers begins anew then, in front of the buffer, in that order; what
 *     is blocked goes on waiting for its place.
 *   - What comes to one that is down is lost there. Where all replicas are left out, balancers
 *     choose as if none were; copies to all go to those that are not left out.
 *   - Nothing begins any more when nothing is inside and no source has anything to come.
 */
#ifndef FATE_H
#define FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "timers.h"

struct net;
struct flow;

/* One outage, of a stage or (each) of one of its replicas, again and again. */
struct outage {
    const struct outage_spec *spec;
    uint32_t stage, replica; /* NOBODY: all */
    struct stream every, length;
    uint64_t n; /* begun */
    bool on;
    double since, spent; /* when the one under way began; how long the others lasted */
};

/* Services at a delay station that stands still: the time of each is what is left of it. */
struct standing {
    struct timer *items;
    size_t n, room;
};

/* A machine that may fall over: a replica of the stage that has `crash`, and of those on its
 * machines. */
struct machine {
    uint32_t stage, replica;
    uint32_t life; /* of it up or down: timers of others are of none any more */
    struct stream every, restart;
    uint64_t lives, crashes; /* lives: drawn */
    double clock, down_area; /* seconds down, up to `clock` */
    bool down, looked_at;    /* looked_at: it is among those that fate_look looks at */
    bool full;               /* a timer says when it has been full for too long */
    bool out;                /* balancers leave it out */
};

struct fate {
    struct outage *outages;
    uint32_t n;
    uint32_t *first;           /* by stage, and one more: its outages */
    struct standing *standing; /* by station */
    struct machine *machines;
    uint32_t n_machines;
    uint32_t *machine_of; /* by station: its machine; NOBODY: one that never falls over */
    uint32_t *out;        /* by stage: replicas that are left out */
    uint32_t *look;       /* machines whose memory may be full */
    uint32_t n_look;
    uint32_t *among; /* room for three numbers of each replica of any stage */
};

void fate_begin(struct net *net);
void fate_end(struct net *net);

/* A timer of CLOCK_OUTAGES, and of CLOCK_CRASHES. */
void fate_outage(struct net *net, struct timer timer);
void fate_crash(struct net *net, struct timer timer);

/* Something has happened at a station; whether a machine falls over for what it holds, looked at
 * when nothing more follows. */
void fate_touched(struct net *net, uint32_t station);
bool fate_look(struct net *net);

/* Machines that are up, and that have fallen over: of a stage; of all, those that have. */
void fate_flow(const struct net *net, uint32_t place, struct flow *out);

/* Whether a station is down, and whether balancers leave it out. */
bool fate_is_down(const struct net *net, uint32_t station);
bool fate_is_out(const struct net *net, uint32_t station);

/* Seconds of all outages of a stage so far, those at once each for itself. */
double fate_outage_time(const struct net *net, uint32_t stage);

/* Whether a visit that comes to a station is refused; it is then lost there. */
bool fate_refuses(struct net *net, uint32_t visit, uint32_t stage, uint32_t station, uint32_t turn,
                  double size);

/* A visit comes to a delay station that is not at its own pace, and would be served in `work`; one
 * leaves it that stands still; work that stands still there, in seconds at its speed. */
void fate_enter_crowd(struct net *net, uint32_t visit, uint32_t station, double work);
void fate_leave_crowd(struct net *net, uint32_t station, uint32_t visit);
double fate_crowd_work(const struct net *net, uint32_t station);
double fate_crowd_left(const struct net *net, uint32_t station, uint32_t visit); /* of one's size */

/* Everything is taken out of one, and it stands still; it goes on at another pace. */
void fate_clear_crowd(struct net *net, uint32_t station);
void fate_crowd_pace(struct net *net, uint32_t station, double pace);

/* victims.c: everything that a machine holds and does not keep is lost, after it has been booked
 * what that has had of its service; whether it keeps what is at a stage of it; what consumers are
 * at goes back into the buffer. */
struct events;
void fate_book_all(struct net *net, uint32_t machine);
void fate_lose_all(struct net *net, uint32_t machine);
bool fate_keeps(const struct net *net, uint32_t stage);
void fate_put_all_back(struct net *net, struct events *e);

/* Between the files of it: the n-th draw; the pace that outages make of a replica; whether anything
 * else goes on; machines are made. */
double fate_draw(const struct law *law, const struct stream *stream, uint64_t n);
double fate_pace(const struct net *net, uint32_t stage, uint32_t replica);
bool fate_goes_on(struct net *net);
void fate_begin_machines(struct net *net);

#endif
