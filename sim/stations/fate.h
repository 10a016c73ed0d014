/*
 * What befalls stages (scenario/trouble.h has the keys): outages.
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
 *   - Nothing begins any more when nothing is inside and no source has anything to come.
 */
#ifndef FATE_H
#define FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "timers.h"

struct net;

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

struct fate {
    struct outage *outages;
    uint32_t n;
    uint32_t *first;           /* by stage, and one more: its outages */
    struct standing *standing; /* by station */
};

void fate_begin(struct net *net);
void fate_end(struct net *net);

/* A timer of CLOCK_OUTAGES. */
void fate_outage(struct net *net, struct timer timer);

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

#endif
