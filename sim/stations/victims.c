/* What a machine that falls over held: what is lost, and what begins anew (fate.h). */
#include <stdlib.h>

#include "../events/events.h"
#include "asks.h"

/* A visit that is lost, and what orders it among the others. */
struct victim {
    uint32_t visit, stay, inlet, order, stage, turn; /* stay: or its consumer */
};

static int by_request(const void *a, const void *b)
{
    const struct victim *x = a, *y = b;
    if (x->inlet != y->inlet)
        return x->inlet < y->inlet ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->stage != y->stage)
        return x->stage < y->stage ? -1 : 1;
    if (x->turn != y->turn)
        return x->turn < y->turn ? -1 : 1;
    return x->visit < y->visit ? -1 : 1;
}

/* Whether a stage's tasks are there when its machine comes up again. */
bool fate_keeps(const struct net *net, uint32_t stage)
{
    const struct network_stage *at = &net->stages[network_machines(net->network, stage)];
    double what = at->trouble->crash.keeps;
    return what == KEEPS_ALL || (what == KEEPS_DURABLE && net->stages[stage].stage->durable == 1);
}

static bool is_held_by(const struct net *net, const struct visit *v, uint32_t machine)
{
    return v->state != VISIT_FREE && v->state != VISIT_DELAYED && v->state != VISIT_AT_DOOR &&
           v->state != VISIT_COPY_BLOCKED && net->fate->machine_of[v->station] == machine &&
           !fate_keeps(net, v->stage);
}

static uint32_t turn_at(const struct net *net, uint32_t visit)
{
    /* the turn of what is blocked is of its next stage: nothing else is of its request here */
    return net->visit[visit].state == VISIT_BLOCKED ? 0 : net->visit[visit].turn;
}

/* All that a machine holds, in the order of their requests. */
static struct victim *victims_of(const struct net *net, uint32_t machine, size_t *n)
{
    size_t room = 0;
    struct victim *all = NULL;
    *n = 0;
    for (uint32_t i = 0; i < net->visits; i++) {
        const struct visit *v = &net->visit[i];
        if (!is_held_by(net, v, machine))
            continue;
        if (*n == room) {
            room = room ? 2 * room : 64;
            all = xrealloc(all, room * sizeof *all);
        }
        const struct request *r = &net->request[v->request];
        all[(*n)++] = (struct victim){i, v->stays, r->inlet, r->order, v->stage, turn_at(net, i)};
    }
    if (*n > 1)
        qsort(all, *n, sizeof *all, by_request);
    return all;
}

/* What waits elsewhere for a place for a visit, or has just had one, is of no use. */
static void end_of_waiting(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    bool reserves = v->state == VISIT_RESERVING;
    if (reserves && net_forget(net, visit, AGENDA_RESERVED))
        return; /* it has one, which is given up with it */
    uint32_t station = reserves ? net->reservation[visit].station : v->caller_key;
    station_withdraw(net->station[station], net->now, visit);
    net_touched(net, station, net->stage_of[station]);
    if (reserves)
        net->reservation[visit].station = NOBODY;
}

/* Its copies that have found no place come nowhere; the others stand for it. */
static void lose_with_copies(struct net *net, uint32_t visit)
{
    struct stay stay = net_stay(net, visit, net_wait(net, visit));
    net_know(net, visit, LOSS_CRASHED);
    for (uint32_t i = 0; i < net->visits; i++) {
        struct visit *copy = &net->visit[i];
        if (copy->state != VISIT_COPY_BLOCKED || copy->caller != visit)
            continue;
        uint32_t station = copy->caller_key;
        copy->caller = NOBODY;
        station_withdraw(net->station[station], net->now, i);
        net_touched(net, station, net->stage_of[station]);
        net_waits_for_nothing(net, i);
        net_end(net, i, false);
    }
    net_leave(net, &stay, true, LOSS_CRASHED);
    net_replaced(net, visit);
}

static void lose(struct net *net, uint32_t machine, const struct victim *victim)
{
    const uint32_t visit = victim->visit;
    struct visit *v = &net->visit[visit];
    if (v->stays != victim->stay || !is_held_by(net, v, machine))
        return; /* it has gone with another one */
    if (v->state == VISIT_BLOCKED)
        net_hasten(net, visit);
    if (v->stays != victim->stay || !is_held_by(net, v, machine))
        return; /* it had a place elsewhere, and is there */
    double wait = net->now - v->arrival;
    switch ((enum visit_state)v->state) {
    case VISIT_BLOCKED:
        if (v->caller != NOBODY) {
            lose_with_copies(net, visit);
            return;
        }
        end_of_waiting(net, visit);
        wait = net_wait(net, visit);
        break;
    case VISIT_CALLING:
        wait = net_wait(net, visit);
        break;
    case VISIT_RESERVING:
        end_of_waiting(net, visit);
        v->way += wait;
        break;
    case VISIT_INSIDE:
    case VISIT_FREE:
    case VISIT_DELAYED:
    case VISIT_AT_DOOR:
    case VISIT_COPY_BLOCKED: /* no victims */
        if (!net->station[v->station])
            crowd_serve(&net->crowd[v->station], v->arrival, net->now);
        v->consumer = NO_CONSUMER; /* which it has let go */
        v->way += wait;
        break;
    }
    net_waits_for_nothing(net, visit);
    net_lose(net, visit, LOSS_CRASHED, wait);
}

/* What a consumer is at begins anew, some time: whoever it has called is not waited for. */
static void put_back(struct net *net, uint32_t visit, uint32_t consumer)
{
    struct visit *v = &net->visit[visit];
    struct events *e = net->station[v->station];
    if (v->state == VISIT_CALLING)
        v->way -= net_wait(net, visit);
    if (v->state == VISIT_CALLING && net->asking)
        asks_give_up(net, visit);
    net_waits_for_nothing(net, visit);
    station_put_back(e, net->now, consumer, net->request[v->request].class, v->size, v->arrival);
    v->state = VISIT_INSIDE;
    v->consumer = NO_CONSUMER;
    v->stays++;
    v->step = 0;
    if (net->trace)
        net->traced[visit].start = NAN;
}

void fate_put_all_back(struct net *net, struct events *e)
{
    size_t n = 0;
    struct victim *all = xcalloc(e->staff->consumers, sizeof *all);
    for (uint32_t i = 0; i < e->staff->consumers; i++) {
        const struct service *s = &e->staff->services[i];
        const struct visit *v = &net->visit[s->client];
        if (!(s->label & SERVICE_BUSY) || s->label >> SERVICE_STATION != e->number ||
            v->state == VISIT_BLOCKED)
            continue;
        const struct request *r = &net->request[v->request];
        all[n++] = (struct victim){s->client, i, r->inlet, r->order, v->stage, v->turn};
    }
    if (n > 1)
        qsort(all, n, sizeof *all, by_request);
    while (n-- > 0)
        put_back(net, all[n].visit, all[n].stay);
    free(all);
}

void fate_book_all(struct net *net, uint32_t machine)
{
    for (uint32_t i = 0; i < net->visits && net->asking; i++)
        if (is_held_by(net, &net->visit[i], machine))
            net_book(net, i);
}

void fate_lose_all(struct net *net, uint32_t machine)
{
    size_t n;
    struct victim *all = victims_of(net, machine, &n);
    for (size_t i = 0; i < n; i++)
        lose(net, machine, &all[i]);
    free(all);
}
