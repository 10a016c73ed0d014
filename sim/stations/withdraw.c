/* What a join with `cancel` does with those that it does not wait for. */
#include <stdlib.h>

#include "../events/events.h"
#include "asks.h"

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

static void leave_crowd(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    if (net->crowd[v->station].pace > 0)
        net_cancel(net, CLOCK_CROWDS, visit);
    else
        fate_leave_crowd(net, v->station, visit);
    crowd_serve(&net->crowd[v->station], v->arrival, net->now);
}

/* What the agenda has of a kind for a visit; NULL: nothing. */
static struct agenda_item *pending(const struct net *net, uint32_t visit, uint32_t kind)
{
    const struct agenda *a = &net->agenda;
    for (uint64_t i = a->head; i < a->tail; i++) {
        struct agenda_item *item = &a->items[i & a->mask];
        if (item->visit == visit && item->kind == kind)
            return item;
    }
    return NULL;
}

/* Whether a member has a consumer, or (of a delay station) needs none. */
static bool is_running(const struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    const struct agenda_item *in = pending(net, visit, AGENDA_CAME_IN);
    const struct events *e = net->station[in ? in->station : v->station];
    return in ? e && station_serves(e, visit)
              : v->state == VISIT_CALLING || v->state == VISIT_RESERVING ||
                    (v->state == VISIT_INSIDE && (!e || station_serves(e, visit)));
}

/* Whether it can be taken out, as far as it is for itself. */
static bool is_somewhere(const struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    if (pending(net, visit, AGENDA_LOST))
        return false;
    if (v->state == VISIT_BLOCKED)
        return v->caller == NOBODY; /* else its copies are taken out one by one */
    return v->state != VISIT_FREE;
}

/* Takes a member out of where it is: how long it had waited there. */
static double take_out(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    struct events *e = net->station[v->station];
    double wait = 0;
    switch ((enum visit_state)v->state) {
    case VISIT_DELAYED:
        forget(net, visit);
        break;
    case VISIT_AT_DOOR:
        wait = door_withdraw(net, visit);
        v->way += wait;
        break;
    case VISIT_INSIDE:
        if (!e) {
            leave_crowd(net, visit);
            break;
        }
        wait = station_withdraw(e, net->now, visit);
        v->way += wait;
        v->consumer = NO_CONSUMER; /* which the station has let go */
        break;
    case VISIT_BLOCKED:
        station_withdraw(net->station[v->caller_key], net->now, visit);
        net_touched(net, v->caller_key, net->stage_of[v->caller_key]);
        return net_wait(net, visit);
    case VISIT_CALLING:
        return net_wait(net, visit);
    case VISIT_RESERVING: {
        uint32_t at = net->reservation[visit].station;
        station_withdraw(net->station[at], net->now, visit);
        net_touched(net, at, net->stage_of[at]);
        wait = net->now - v->arrival;
        v->way += wait;
        break;
    }
    case VISIT_COPY_BLOCKED:
    case VISIT_FREE:
        break;
    }
    return wait;
}

/* A copy that waits for a place at its stage, and has not come there: what it is a copy of may go
 * on.
 */
static void withdraw_blocked_copy(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    uint32_t station = v->caller_key, original = v->caller;
    station_withdraw(net->station[station], net->now, visit);
    net_touched(net, station, net->stage_of[station]);
    v->caller = NOBODY;
    net_end(net, visit, false);
    net_copy_came_in(net, original);
}

/* Lets follow what the agenda has for a visit, before it is taken out. */
static void hasten(struct net *net, uint32_t visit, uint32_t kind)
{
    struct agenda_item *item = pending(net, visit, kind);
    if (!item)
        return;
    const struct agenda_item follows = *item;
    item->kind = AGENDA_NOTHING;
    if (kind != AGENDA_BEGUN) /* it will not begin */
        net_follow(net, &follows);
}

void net_hasten(struct net *net, uint32_t visit)
{
    hasten(net, visit, AGENDA_CAME_IN);
}

bool net_forget(struct net *net, uint32_t visit, uint32_t kind)
{
    struct agenda_item *item = pending(net, visit, kind);
    if (item)
        item->kind = AGENDA_NOTHING;
    return item != NULL;
}

void net_book(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    const struct events *e = net->station[v->station];
    if (v->state != VISIT_INSIDE)
        return;
    double left = e                            ? station_left(e, net->now, visit)
                  : net->state[v->stage].posts ? NAN
                                               : fate_crowd_left(net, v->station, visit);
    if (left < v->size || (e && is_batched(e->shape) && station_serves(e, visit)))
        ledger_served(net, visit, left);
}

static void withdraw(struct net *net, uint32_t visit, enum loss why)
{
    hasten(net, visit, AGENDA_CAME_IN);
    hasten(net, visit, AGENDA_RESERVED);
    hasten(net, visit, AGENDA_BEGUN);
    if (net->asking)
        net_book(net, visit);
    if (net->visit[visit].state == VISIT_COPY_BLOCKED) {
        withdraw_blocked_copy(net, visit);
        return;
    }
    double wait = take_out(net, visit);
    if (net->asking && net->visit[visit].state == VISIT_CALLING)
        asks_give_up(net, visit);
    if (net->visit[visit].state == VISIT_RESERVING)
        net->reservation[visit].station = NOBODY; /* it has none yet */
    net_give_up_place(net, visit);
    if (net->visit[visit].caller != NOBODY || net->visit[visit].call == COPY)
        net_put_answer(net, visit, false);
    struct stay stay = net_stay(net, visit, wait);
    net_leave(net, &stay, true, why);
    net_end(net, visit, false);
}

void net_take_out(struct net *net, uint32_t visit, bool running, enum loss why)
{
    struct agenda_item *served = pending(net, visit, AGENDA_SERVED);
    if (!is_somewhere(net, visit) || (served && !running))
        return;
    if (!running && is_running(net, visit))
        return;
    if (served)
        served->kind = AGENDA_NOTHING;
    withdraw(net, visit, why);
}

/* Whether a group was made of a member of another: late members of it may be all that is left. */
static bool is_within(const struct net *net, uint32_t group, uint32_t of)
{
    const struct group *g = &net->group[group];
    return g->request != NOBODY && g->parent == of && g->parent_stays == net->group[of].stays;
}

void net_suspect_members(struct net *net, uint32_t group)
{
    if (!net->watched)
        return;
    for (uint32_t i = 0; i < net->group[group].n; i++)
        net_suspect(net, net->group[group].list[i].visit);
    for (uint32_t g = 0; g < net->groups; g++)
        if (is_within(net, g, group))
            net_suspect_members(net, g);
}

/* Members of a group, and of those within it. */
struct members {
    struct member *items;
    uint32_t n, room;
};

static void add(struct members *all, struct member member)
{
    if (all->n == all->room) {
        all->room = all->room ? 2 * all->room : 16;
        all->items = xrealloc(all->items, all->room * sizeof *all->items);
    }
    all->items[all->n++] = member;
}

/* Finds them; nothing within a group of them is wanted any more, and no task stands for it. */
static void find_members(struct net *net, uint32_t group, struct members *all)
{
    for (uint32_t i = 0; i < net->group[group].n; i++) {
        const struct member member = net->group[group].list[i];
        const struct visit *v = &net->visit[member.visit];
        if (v->state != VISIT_FREE && v->group == group && net->birth[member.visit] == member.born)
            add(all, member);
    }
    for (uint32_t g = 0; g < net->groups; g++)
        if (is_within(net, g, group)) {
            if (net->group[g].state == GROUP_OPEN)
                net->group[g].state = GROUP_UNWANTED;
            find_members(net, g, all);
        }
}

int members_by_birth(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return (x->born > y->born) - (x->born < y->born);
}

/* Those that wait now, or (`running`) are in service, too, in the order in which they became
 * members: whatever places and consumers do that are free again. */
void net_withdraw(struct net *net, uint32_t group, enum withdraw how)
{
    struct members all = {0};
    find_members(net, group, &all);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        uint32_t visit = all.items[i].visit;
        if (is_somewhere(net, visit) && (how == WITHDRAW_RUNNING || !is_running(net, visit)))
            all.items[n++] = all.items[i];
    }
    if (n > 0)
        qsort(all.items, n, sizeof *all.items, members_by_birth);
    for (uint32_t i = 0; i < n; i++)
        if (is_somewhere(net, all.items[i].visit)) /* it may be lost since */
            withdraw(net, all.items[i].visit, LOSS_WITHDRAWN);
    free(all.items);
    net_suspect_members(net, group); /* whoever is there yet is not withdrawn any more */
}
