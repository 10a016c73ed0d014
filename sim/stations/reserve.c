/* `consumers.blocks: before-service`: a place at the next stage before the service begins. */
#include <math.h>

#include "../events/events.h"
#include "../scenario/policy.h"
#include "step.h"

/* Whether there are places to be reserved. What else stands before a stage decides when a task
 * comes there: then nothing is. */
static bool pauses(const struct network_stage *s)
{
    return !isinf(s->stage->capacity) && !isinf(s->stage->consumers) && !s->guard &&
           ((const struct policy *)s->stage->when_full)->verdict == VERDICT_PAUSE;
}

/* A visit comes to the place that is reserved for it. */
void net_take_place(struct net *net, uint32_t visit, uint32_t stage)
{
    struct visit *v = &net->visit[visit];
    const struct request *r = &net->request[v->request];
    struct reservation *place = &net->reservation[visit];
    uint32_t station = place->station, turn = place->turn;
    place->station = NOBODY;
    double size = net_size(net, v, stage, turn), patience = net_patience(net, r, stage, turn);
    if (net->fate && fate_is_down(net, station)) {
        station_give_up(net->station[station], net->now);
        fate_refuses(net, visit, stage, station, turn, size);
        return;
    }
    if (net->trace)
        net->agenda.admitted[visit] = net->now;
    station_come(net->station[station], net->now, visit, r->class, size, patience);
    net_stays(net, visit, &net->visit[visit], stage, station, turn, size, net->now);
    net_counts(net, visit);
    net_touched(net, station, stage);
}

/* A consumer has taken a visit and may begin when there is a place for it at the next stage. */
void net_begun(struct net *net, const struct agenda_item *item)
{
    struct visit *v = &net->visit[item->visit];
    const struct network_stage *s = &net->stages[v->stage];
    struct reservation *place = &net->reservation[item->visit];
    v->consumer = item->consumer;
    uint32_t next = s->to.way == WAY_COPIES
                        ? NETWORK_EXIT
                        : net_next_stage(net, &s->to, &net->request[v->request], v->stage, v->turn);
    const struct network_stage *n = next == NETWORK_EXIT ? NULL : &net->stages[next];
    if (n && !n->join && !n->copies && !n->delay && pauses(n)) {
        place->turn = net_next_turn(net, v->request, next);
        place->station = n->first_station + net_replica(net, v, next, v->stage, place->turn);
        bool free = station_reserve(net->station[place->station], net->now, item->visit);
        net_touched(net, place->station, next);
        if (!free) {
            v->state = VISIT_RESERVING;
            station_hold(net->station[v->station], net->now, v->consumer);
            net_touched(net, v->station, v->stage);
            net_suspect(net, item->visit);
            return;
        }
    }
    station_start(net->station[v->station], net->now, v->consumer);
    net_touched(net, v->station, v->stage);
}

void net_give_up_place(struct net *net, uint32_t visit)
{
    if (!net->reservation || net->reservation[visit].station == NOBODY)
        return;
    uint32_t station = net->reservation[visit].station;
    net->reservation[visit].station = NOBODY;
    station_give_up(net->station[station], net->now);
    net_touched(net, station, net->stage_of[station]);
}

/* It is the visit's turn at the station that it waits for: its service begins. */
void net_reserved(struct net *net, const struct agenda_item *item)
{
    struct visit *v = &net->visit[item->visit];
    if (v->state != VISIT_RESERVING) /* at once: begun() sees to it */
        return;
    v->state = VISIT_INSIDE;
    net_touched(net, item->station, net->stage_of[item->station]);
    net_suspect_at(net, item->station);
    station_start(net->station[v->station], net->now, v->consumer);
    net_touched(net, v->station, v->stage);
}
