/*
 * The common case, in one piece: a visit that is done at a plain stage goes to a simple one, or
 * leaves.
 *
 * A stage is simple if its stations are posts (post.h), and nothing but that happens to what comes:
 * no join, no delay, no copies, sizes of its own. It is plain if its stations are posts, and
 * nothing happens to what is done: no calls, no reply, no copies. What would follow by way of the
 * agenda (way.c, ends.c) then follows at once, in the same order and with the same numbers.
 */
#ifndef FAST_H
#define FAST_H

#include "../events/events.h"
#include "step.h"

#define FAST static inline __attribute__((always_inline))

/* A server begins a visit. */
FAST void fast_begin(struct net *net, struct posted *all, uint32_t server, uint32_t visit,
                     double size, double speed)
{
    const double now = net->now;
    const double service = speed == 1 ? size : size / speed;
    struct server *s = &net->server[server];
    s->start = now;
    s->service = service;
    s->visit = visit;
    all->begun += now;
    net_put(net, server,
            event_make(now + service, EVENT_COMPLETION, net->agenda.sequence++, server));
}

FAST double fast_speed(const struct net *net, const struct posted *all, uint32_t station)
{
    return __builtin_expect(net->network->kinds != NULL, 0) ? net->network->kinds[station].speed
                                                            : all->speed;
}

/* A post takes a visit whose fields are those of its stay there. */
FAST void fast_take(struct net *net, uint32_t visit, struct visit *v, uint32_t stage,
                    uint32_t station)
{
    struct posted *all = &net->posted[stage];
    struct post *p = &net->post[station];
    posted_pass(all, net->now);
    all->seen += all->waiting + all->serving;
    all->arrived++;
    if (p->idle != NO_SERVER) {
        uint32_t server = p->idle;
        p->idle = net->server[server].visit;
        p->serving++;
        all->serving++;
        all->arrivals_begun += v->arrival;
        fast_begin(net, all, server, visit, v->size, fast_speed(net, all, station));
        return;
    }
    if (p->waiting++ == 0)
        p->head = visit;
    else
        net->visit[p->tail].consumer = visit;
    p->tail = visit;
    all->waiting++;
    all->arrivals += v->arrival;
}

/* A server whose visit has gone takes the next; `all` is as of now. */
FAST void fast_let_go(struct net *net, struct posted *all, uint32_t server, double arrival,
                      bool lost)
{
    struct server *s = &net->server[server];
    struct post *p = &net->post[s->post];
    all->completed += !lost;
    all->lost += lost;
    all->sojourn_sum += net->now - arrival;
    all->service_sum += s->service;
    all->begun -= s->start;
    all->arrivals_begun -= arrival;
    if (p->waiting == 0) {
        s->visit = p->idle;
        p->idle = server;
        p->serving--;
        all->serving--;
        net_put(net, server, CALENDAR_NEVER);
        return;
    }
    const uint32_t next = p->head;
    const struct visit *v = &net->visit[next];
    p->head = v->consumer;
    p->waiting--;
    all->waiting--;
    all->arrivals -= v->arrival;
    all->arrivals_begun += v->arrival;
    fast_begin(net, all, server, next, v->size, fast_speed(net, all, s->post));
}

FAST void fast_balance(struct net *net, uint32_t stage, uint32_t station)
{
    struct balance *b = &net->balance[stage];
    if (__builtin_expect(b->model != NULL, 0))
        balance_set(b, station - net->stages[stage].first_station,
                    net->post[station].waiting + net->post[station].serving);
}

/* A visit comes to a simple stage. */
FAST void fast_come(struct net *net, uint32_t visit, struct visit *v, uint32_t stage, uint32_t from)
{
    const struct network_stage *s = &net->stages[stage];
    const struct request *r = &net->request[v->request];
    const uint32_t turn = net_next_turn(net, v->request, stage);
    uint32_t station = s->first_station;
    if (s->replicas > 1)
        station += net_replica(net, v, stage, from, turn);
    net_stays(net, visit, stage, station, turn, net_draw(net, DRAW_SIZE, r, stage, turn));
    net_counts(net, visit);
    fast_take(net, visit, v, stage, station);
    fast_balance(net, stage, station);
}

FAST void fast_tell(struct net *net, const struct visit *v, double wait, uint32_t visit)
{
    const struct stay stay = {
        .request = v->request,
        .stage = v->stage,
        .station = v->station,
        .arrival = v->arrival,
        .way = v->way,
        .traced = {v->arrival + wait, net->now, net->traced[visit].turn},
    };
    net_tell(net, &stay, TRACE_COMPLETED);
}

/* A server's completion, where it is of this kind; false, and nothing has happened, else. */
FAST bool fast_event(struct net *net, uint32_t server)
{
    const struct server *s = &net->server[server];
    const uint32_t visit = s->visit, station = s->post;
    struct visit *v = &net->visit[visit];
    const uint32_t stage = v->stage;
    if (!net->plain[stage])
        return false;
    const struct network_stage *at = &net->stages[stage];
    const struct request *r = &net->request[v->request];
    const uint32_t next = net_next_stage(net, &at->to, r, stage, v->turn);
    const bool joins = next != NETWORK_EXIT && net->stages[next].join && v->group != NOBODY;
    if (next != NETWORK_EXIT && !net->simple[next] && !joins)
        return false;
    const bool called = v->caller != NOBODY || v->call == COPY;
    struct recorder *recorder = net->recorder;
    struct posted *all = &net->posted[stage];
    const double now = net->now, arrival = v->arrival, wait = s->start - arrival;
    const uint32_t label = label_at(recorder, r->label, stage);
    v->way += wait;
    gaps_add(&net->tally[stage].departures, now);
    recorder_visit_complete(recorder, label, wait, now - arrival);
    recorder_settle(recorder, label, stage, now - arrival);
    if (__builtin_expect(net->trace != NULL, 0))
        fast_tell(net, v, wait, visit);
    if (__builtin_expect(called, 0))
        net_put_answer(net, visit, false);
    if (next != NETWORK_EXIT && !joins)
        fast_come(net, visit, v, next, stage);
    posted_pass(all, now);
    fast_let_go(net, all, server, arrival, false);
    fast_balance(net, stage, station);
    if (joins)
        net_joins(net, visit, next);
    else if (next == NETWORK_EXIT)
        net_end(net, visit, !called);
    return true;
}

/* A visit that comes from outside; false: its first stage is not simple. */
FAST bool fast_arrive(struct net *net, uint32_t visit, uint32_t stage)
{
    if (!net->simple[stage])
        return false;
    fast_come(net, visit, &net->visit[visit], stage, NETWORK_EXIT);
    return true;
}

#endif
