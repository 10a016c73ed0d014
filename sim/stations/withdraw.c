/* What a join with `cancel` does with those that it does not wait for. */
#include "../events/events.h"
#include "net.h"

static void forget(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    struct tally *t = &net->state[v->stage].tally;
    net_cancel(net, CLOCK_DELAYS, visit);
    v->arrival = net->now;
    if (net->stages[v->stage].copies) /* which are counted, and have not come */
        return;
    net_pass_delays(t, net->now);
    t->delayed--;
    t->withdrawn++;
    t->delay_offers -= net->offered[visit];
    t->delay_sum += net->now - net->offered[visit];
}

/* Whether a member could be taken out of where it is; how long it had waited there. */
static bool take_out(struct net *net, uint32_t visit, bool running, double *wait)
{
    struct visit *v = &net->visit[visit];
    struct events *e = net->station[v->station];
    *wait = 0;
    switch ((enum visit_state)v->state) {
    case VISIT_DELAYED:
        forget(net, visit);
        return true;
    case VISIT_INSIDE:
        if (!e && running) {
            if (net->crowd[v->station].pace > 0)
                net_cancel(net, CLOCK_CROWDS, visit);
            else
                fate_leave_crowd(net, v->station, visit);
            crowd_serve(&net->crowd[v->station], v->arrival, net->now);
            return true;
        }
        *wait = net->now - v->arrival;
        if (!e || !station_withdraw(e, net->now, visit, running))
            return false;
        v->consumer = NO_CONSUMER; /* which the station has let go */
        return true;
    case VISIT_BLOCKED:
        if (v->caller != NOBODY)
            return false; /* its copies are taken out one by one */
        station_withdraw(net->station[v->caller_key], net->now, visit, running);
        net_touched(net, v->caller_key, net->stage_of[v->caller_key]);
        *wait = net_wait(net, visit);
        return true;
    case VISIT_CALLING:
        *wait = net_wait(net, visit);
        return running;
    case VISIT_RESERVING: {
        uint32_t at = net->reservation[visit].station;
        station_withdraw(net->station[at], net->now, visit, running);
        net_touched(net, at, net->stage_of[at]);
        *wait = net->now - v->arrival;
        return true;
    }
    case VISIT_COPY_BLOCKED:
    case VISIT_FREE:
        break;
    }
    return false;
}

/* A copy that waits for a place at its stage, and has not come there: what it is a copy of may go
 * on.
 */
static void withdraw_blocked_copy(struct net *net, uint32_t visit, bool running)
{
    struct visit *v = &net->visit[visit];
    uint32_t station = v->caller_key, original = v->caller;
    station_withdraw(net->station[station], net->now, visit, running);
    net_touched(net, station, net->stage_of[station]);
    v->caller = NOBODY;
    net_end(net, visit, false);
    net_copy_came_in(net, original);
}

/* Lets follow what the agenda has for a visit, before it is taken out; false: that is for it to
 * say.
 */
static bool hasten(struct net *net, uint32_t visit, bool running)
{
    struct agenda *a = &net->agenda;
    for (uint64_t i = a->head; i < a->tail; i++) {
        struct agenda_item *pending = &a->items[i & a->mask], item = *pending;
        if (item.visit != visit)
            continue;
        if (item.kind == AGENDA_LOST || (item.kind == AGENDA_SERVED && !running))
            return false;
        if (item.kind == AGENDA_SERVED)
            pending->kind = AGENDA_NOTHING;
        if (item.kind == AGENDA_CAME_IN || item.kind == AGENDA_BEGUN ||
            item.kind == AGENDA_RESERVED) {
            pending->kind = AGENDA_NOTHING;
            net_follow(net, &item);
        }
    }
    return true;
}

static void withdraw(struct net *net, uint32_t visit, bool running)
{
    double wait;
    if (!hasten(net, visit, running))
        return;
    if (net->visit[visit].state == VISIT_COPY_BLOCKED) {
        withdraw_blocked_copy(net, visit, running);
        return;
    }
    if (!take_out(net, visit, running, &wait))
        return;
    if (net->visit[visit].state == VISIT_RESERVING)
        net->reservation[visit].station = NOBODY; /* it has none yet */
    net_give_up_place(net, visit);
    if (net->visit[visit].caller != NOBODY || net->visit[visit].call == COPY)
        net_put_answer(net, visit, false);
    struct stay stay = net_stay(net, visit, wait);
    net_leave(net, &stay, true, LOSS_WITHDRAWN);
    net_end(net, visit, false);
}

void net_suspect_members(struct net *net, uint32_t group)
{
    if (!net->watched)
        return;
    for (uint32_t i = 0; i < net->group[group].n; i++)
        net_suspect(net, net->group[group].list[i]);
    for (uint32_t g = 0; g < net->groups; g++)
        if (net->group[g].request != NOBODY && net->group[g].parent == group)
            net_suspect_members(net, g);
}

/* A group within one of which nothing is wanted any more: no task stands for it. */
static void withdraw_inner(struct net *net, uint32_t group, enum withdraw how)
{
    struct group *g = &net->group[group];
    g->members++; /* so that it is there until all are out */
    g->stage = NETWORK_EXIT;
    net_withdraw(net, group, how);
    g = &net->group[group];
    net_member_ended(net, group, g->way, g->size);
}

void net_withdraw(struct net *net, uint32_t group, enum withdraw how)
{
    for (uint32_t i = 0; i < net->group[group].n; i++) {
        uint32_t visit = net->group[group].list[i];
        if (net->visit[visit].state != VISIT_FREE && net->visit[visit].group == group)
            withdraw(net, visit, how == WITHDRAW_RUNNING);
    }
    for (uint32_t g = 0; g < net->groups; g++)
        if (net->group[g].request != NOBODY && net->group[g].parent == group &&
            net->group[g].state == GROUP_OPEN)
            withdraw_inner(net, g, how);
    net_suspect_members(net, group); /* whoever is there yet is not withdrawn any more */
}
