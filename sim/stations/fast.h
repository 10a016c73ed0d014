/*
 * The common case, in one piece: a visit that is done at a plain stage goes to another, or leaves.
 *
 * A stage is plain if its stations serve in order of arrival, and nothing but that happens to what
 * comes to it: no calls, no reply, no patience, no delay, no copies, no group, consumers of its
 * own. What would follow by way of the agenda (way.c, ends.c) then follows at once, in the same
 * order and with the same numbers. Where somebody waits outside, or may have to, this is left to
 * them.
 */
#ifndef FAST_H
#define FAST_H

#include "../events/events_rules.h"
#include "step.h"

#define FAST static inline __attribute__((always_inline))

/* Whether a task that comes finds a place, and nobody before it outside. */
FAST bool fast_has_room(const struct events *e)
{
    return ring_count(&e->outside) == 0 && e->reserved == 0 &&
           (e->idle > 0 || e->waiting < e->capacity);
}

FAST void fast_balance(struct net *net, const struct network_stage *s, uint32_t stage,
                       uint32_t station)
{
    struct balance *b = &net->balance[stage];
    if (__builtin_expect(b->model != NULL, 0))
        balance_set(b, station - s->first_station,
                    (uint32_t)(net->station[station]->serving + net->station[station]->waiting));
}

/* A visit comes to a station of a plain stage, which has room. */
FAST void fast_come(struct net *net, uint32_t visit, struct visit *v, const struct request *r,
                    uint32_t stage, uint32_t station, uint32_t turn)
{
    const enum shape shape = SHAPE_STATION_RING;
    struct events *e = net->station[station];
    struct tally *t = &net->tally[stage];
    const double now = net->now;
    const double size =
        draws_get(draws_at(net->draws, DRAW_SIZE, r->inlet, stage, r->class), r->number, turn);
    move_to(e, now, shape, false);
    e->arrived++;
    e->seen += e->serving + e->waiting;
    const struct task task = {.arrival = now, .size = size, .tag = r->class, .client = visit};
    if (e->idle > 0) {
        calendar_set(&e->calendar, station_serve(e, task, e->idlers[--e->idle]));
        net_post(net, station, calendar_top(&e->calendar));
    } else {
        ring_push(&e->ring, task);
        e->waiting++;
        e->arrivals += now;
    }
    const double gap = now - t->last_arrival;
    t->last_arrival = now;
    t->arrival_gaps += gap;
    t->arrival_squares += gap * gap;
    v->size = size;
    v->turn = (uint16_t)turn;
    v->stage = (uint16_t)stage;
    v->station = station;
    v->arrival = now;
    v->state = VISIT_INSIDE;
    recorder_visit(net->recorder, label_at(net->recorder, r->label, stage), size);
    if (__builtin_expect(net->trace != NULL, 0))
        net->traced[visit] = (struct traced){NAN, NAN, turn};
}

/* Its consumer takes the next task. */
FAST void fast_let_go(struct net *net, struct events *e, uint32_t station, uint32_t consumer)
{
    const enum shape shape = SHAPE_STATION_RING;
    struct service *s = &e->services[consumer];
    e->serving--;
    e->completed++;
    e->sojourn_sum += s->wait + s->service;
    e->service_sum += s->service;
    event top;
    if (e->waiting > 0) {
        top = calendar_set(&e->calendar, station_serve(e, buffer_pop(e, shape), consumer));
    } else {
        top = calendar_clear(&e->calendar, consumer);
        s->label = 0;
        e->idlers[e->idle++] = consumer;
    }
    net_post(net, station, top);
}

/* The next event of a station, where it is of this kind; false, and nothing has happened, else. */
FAST bool fast_event(struct net *net, uint32_t station)
{
    struct events *e = net->station[station];
    const uint32_t stage = net->stage_of[station];
    const struct network_stage *s = &net->stages[stage];
    const event top = calendar_top(&e->calendar);
    if (!net->plain[stage] || event_kind(top) != EVENT_COMPLETION || ring_count(&e->outside) > 0)
        return false;
    const uint32_t consumer = (uint32_t)event_index(top);
    const struct service done = e->services[consumer];
    const uint32_t visit = done.client;
    struct visit *v = &net->visit[visit];
    const struct request *r = &net->request[v->request];
    const uint32_t next = net_next_stage(net, &s->to, r, stage, v->turn);
    uint32_t to = NOBODY, turn = 0;
    if (next != NETWORK_EXIT) {
        const struct network_stage *n = &net->stages[next];
        if (!net->plain[next])
            return false;
        to = n->first_station;
        if (n->replicas == 1 && !fast_has_room(net->station[to]))
            return false; /* with more of them they have room without end */
        turn = net_next_turn(net, v->request, next);
        if (n->replicas > 1)
            to += net_replica(net, v, next, stage, turn);
    }
    struct recorder *recorder = net->recorder;
    const double now = net->now, latency = now - v->arrival, arrival = v->arrival;
    const uint32_t label = label_at(recorder, r->label, stage);
    struct traced traced = {0};
    if (__builtin_expect(net->trace != NULL, 0))
        traced = (struct traced){arrival + done.wait, now, net->traced[visit].turn};
    v->way += done.wait;
    const double way = v->way;
    const uint32_t request = v->request;
    move_to(e, now, SHAPE_STATION_RING, false);
    if (next != NETWORK_EXIT) {
        fast_come(net, visit, v, r, next, to, turn);
        fast_balance(net, &net->stages[next], next, to);
    }
    struct tally *t = &net->tally[stage];
    const double gap = now - t->last_departure;
    t->last_departure = now;
    t->departure_gaps += gap;
    t->departure_squares += gap * gap;
    recorder_visit_complete(recorder, label, done.wait, latency);
    recorder_settle(recorder, label, stage, latency);
    if (__builtin_expect(net->trace != NULL, 0)) {
        const struct stay stay = {.request = request,
                                  .stage = stage,
                                  .station = station,
                                  .arrival = arrival,
                                  .way = way,
                                  .traced = traced};
        net_tell(net, &stay, TRACE_COMPLETED);
    }
    fast_let_go(net, e, station, consumer);
    fast_balance(net, s, stage, station);
    if (next == NETWORK_EXIT)
        net_end(net, visit, true);
    return true;
}

/* A visit that comes from outside; false: its first stage is not plain, or it has to wait outside.
 */
FAST bool fast_arrive(struct net *net, uint32_t visit, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    if (!net->plain[stage] || (s->replicas == 1 && !fast_has_room(net->station[s->first_station])))
        return false;
    struct visit *v = &net->visit[visit];
    uint32_t turn = net_next_turn(net, v->request, stage), station = s->first_station;
    if (s->replicas > 1)
        station += net_replica(net, v, stage, NETWORK_EXIT, turn);
    fast_come(net, visit, v, &net->request[v->request], stage, station, turn);
    fast_balance(net, s, stage, station);
    return true;
}

#endif
