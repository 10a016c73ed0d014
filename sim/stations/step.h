/*
 * Small steps of a visit that the loop has inline: its turn at a stage, its draws, where it goes.
 */
#ifndef STEP_H
#define STEP_H

#include "net.h"

/* The number (from 0) of this offer of the request among those to the stage; of an attempt that is
 * not the first, from a number of its own on. */
static inline uint32_t net_turn(const struct net *net, uint32_t request, uint32_t stage)
{
    uint32_t repeat = net->state[stage].repeat, first = 0;
    if (__builtin_expect(net->asking != NULL, 0)) {
        first = net->asking->attempt[request].tag;
        request = net->asking->attempt[request].turns;
    }
    return first + (repeat == NOBODY ? 0 : net->turns[(size_t)request * net->repeats + repeat]);
}

static inline uint32_t net_next_turn(struct net *net, uint32_t request, uint32_t stage)
{
    uint32_t repeat = net->state[stage].repeat, first = 0;
    if (__builtin_expect(net->asking != NULL, 0)) {
        first = net->asking->attempt[request].tag;
        request = net->asking->attempt[request].turns;
    }
    return first + (repeat == NOBODY ? 0 : net->turns[(size_t)request * net->repeats + repeat]++);
}

static inline double net_draw(struct net *net, enum draw_what what, const struct request *r,
                              uint32_t stage, uint32_t turn)
{
    bool by_class = what == DRAW_SIZE || what == DRAW_TIMEOUT;
    uint32_t at = (by_class ? r->sizes : r->streams) + what;
    return draws_get(&net->state[stage].drawn[at], r->number, turn);
}

/* Its work at a stage, and its patience there. */
static inline double net_size(struct net *net, const struct visit *v, uint32_t stage, uint32_t turn)
{
    return net->stages[stage].carried
               ? v->size
               : net_draw(net, DRAW_SIZE, &net->request[v->request], stage, turn);
}

static inline double net_patience(struct net *net, const struct request *r, uint32_t stage,
                                  uint32_t turn)
{
    const struct law **timeout = net->stages[stage].timeout;
    return timeout && timeout[r->class] ? net_draw(net, DRAW_TIMEOUT, r, stage, turn) : INFINITY;
}

/* A visit is at a station from now on. */
static inline void net_stays(struct net *net, uint32_t visit, struct visit *v, uint32_t stage,
                             uint32_t station, uint32_t turn, double size, double now)
{
    v->arrival = now;
    v->size = size;
    v->station = station;
    v->consumer = NO_CONSUMER;
    v->turn = turn;
    v->stays++;
    v->stage = (uint16_t)stage;
    v->state = VISIT_INSIDE;
    v->step = 0;
    if (__builtin_expect(net->trace != NULL, 0))
        net->traced[visit] = (struct traced){NAN, NAN, turn, size, NAN};
}

/* It has arrived at its stage: where that has a delay, before that. */
static inline void net_counts(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    uint32_t label = label_at(net->recorder, net->request[v->request].label, v->stage);
    gaps_add(&net->state[v->stage].tally.arrivals, net->now);
    recorder_visit(net->recorder, label, v->size);
}

/* Where a visit that is done goes: a stage, or NETWORK_EXIT. */
static inline uint32_t net_leg(struct net *net, const struct route *route, const struct request *r,
                               double uniform)
{
    const struct leg *legs = net->network->legs + route->first;
    if (route->way == WAY_RULES) {
        for (uint32_t i = 0; i < route->n; i++)
            if (legs[i].class == NETWORK_ANY || legs[i].class == r->class)
                return legs[i].stage;
        return NETWORK_EXIT;
    }
    uint32_t low = 0, high = route->n; /* the first with uniform < until */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (uniform < legs[middle].until)
            high = middle;
        else
            low = middle + 1;
    }
    return low < route->n ? legs[low].stage : NETWORK_EXIT;
}

/* Whether chance decides. */
static inline bool net_by_chance(const struct net *net, const struct route *route)
{
    return route->way == WAY_ONE && route->n > 0 &&
           !(route->n == 1 && net->network->legs[route->first].until >= 1);
}

/* The same of a visit that is done at a stage, on its turn. */
static inline uint32_t net_next_stage(struct net *net, const struct route *route,
                                      const struct request *r, uint32_t stage, uint32_t turn)
{
    double u = net_by_chance(net, route) ? net_draw(net, DRAW_TO, r, stage, turn) : 0;
    return net_leg(net, route, r, u);
}

#endif
