/* Groups: copies of one task, and where they are joined. */
#include <stdlib.h>

#include "asks.h"

static void remember(struct net *net, struct group *g, uint32_t visit)
{
    if (!net->birth)
        return;
    if (g->n == g->room) {
        g->room = g->room ? 2 * g->room : 8;
        g->list = xrealloc(g->list, g->room * sizeof *g->list);
    }
    g->list[g->n++] = (struct member){net->birth[visit], visit};
}

/* A copy of a visit, a member of the group. */
static uint32_t copy(struct net *net, uint32_t visit, uint32_t group)
{
    uint32_t copied = visit_new(net, net->visit[visit].request);
    struct visit *c = &net->visit[copied];
    const struct visit *v = &net->visit[visit];
    c->group = group;
    c->call = net->group[group].call == ASIDE ? ASIDE : 0;
    c->way = v->way;
    c->size = v->size;
    c->station = v->station;
    remember(net, &net->group[group], copied);
    return copied;
}

void net_replaced(struct net *net, uint32_t visit)
{
    uint32_t request = net->visit[visit].request;
    again_forget(net, visit);
    visit_free(net, visit);
    request_left(net, request);
}

void net_block(struct net *net, uint32_t visit, uint32_t copies)
{
    struct visit *v = &net->visit[visit];
    v->state = VISIT_BLOCKED;
    v->caller = copies;
}

/* A copy that found no place waits for one; the consumer of what it is a copy of, too. */
static void block_copy(struct net *net, uint32_t copied, uint32_t visit)
{
    struct visit *c = &net->visit[copied];
    c->state = VISIT_COPY_BLOCKED;
    c->caller = visit;
    net->visit[visit].caller_key = c->caller_key;
    net_waits_for(net, visit, copied, false);
}

uint32_t net_copies(struct net *net, uint32_t visit, const struct route *route, uint32_t join,
                    uint32_t from)
{
    uint32_t blocked = 0;
    bool held = from != NETWORK_EXIT && net->visit[visit].consumer != NO_CONSUMER;
    const struct leg *legs = net->network->legs + route->first;
    const struct visit *v = &net->visit[visit];
    uint32_t group = group_new(net, v->group, v->request);
    struct group *g = &net->group[group];
    g->members = route->n;
    g->stage = join;
    g->call = v->call == ASIDE ? ASIDE : 0;
    for (uint32_t i = 0; i < route->n; i++) {
        uint32_t copied = copy(net, visit, group);
        if (legs[i].stage == NETWORK_EXIT) {
            net_end(net, copied, true);
            continue;
        }
        net->holder = visit;
        if (net_offer(net, copied, legs[i].stage, from, held) == OFFER_OUTSIDE) {
            block_copy(net, copied, visit);
            blocked++;
        }
        net->holder = NOBODY;
    }
    blocked += net->held_copies;
    net->held_copies = 0;
    return blocked;
}

enum offered net_broadcast(struct net *net, uint32_t visit, uint32_t stage, bool handed)
{
    uint32_t blocked = 0;
    uint32_t n = net_copies_at(net, visit, stage);
    uint32_t group = group_new(net, net->visit[visit].group, net->visit[visit].request);
    struct visit *v = &net->visit[visit];
    struct group *g = &net->group[group];
    bool called = v->caller != NOBODY;
    g->members = n;
    g->stage = net->network->copies_join_of ? net->network->copies_join_of[stage] : NETWORK_EXIT;
    g->call = v->call == ASIDE ? ASIDE : 0;
    if (called) {
        g->unanswered = n;
        g->caller = v->caller;
        g->caller_key = v->caller_key;
        g->call = v->call;
        net_waits_for(net, v->caller, group, true);
        v->caller = NOBODY;
    }
    uint32_t holder = net->holder == NOBODY ? visit : net->holder;
    uint32_t *replicas = xmalloc(n * sizeof *replicas); /* what copies lead to may ask, too */
    for (uint32_t i = 0; i < n; i++)
        replicas[i] = net->copies[i];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t copied = copy(net, visit, group);
        if (called)
            net->visit[copied].call = COPY;
        if (net_offer_copy(net, copied, stage, replicas[i], handed)) {
            block_copy(net, copied, holder);
            blocked++;
        }
    }
    free(replicas);
    if (holder != visit)
        net->held_copies += blocked;
    else if (blocked > 0) {
        net_block(net, visit, blocked);
        return OFFER_OUTSIDE;
    }
    net_replaced(net, visit);
    return OFFER_INSIDE;
}

void net_copy_done(struct net *net, uint32_t group, bool lost, double way)
{
    struct group *g = &net->group[group];
    g->succeeded |= !lost;
    if (--g->unanswered > 0) {
        net_suspect(net, g->caller);
        return;
    }
    agenda_put(&net->agenda, (struct agenda_item){g->succeeded ? AGENDA_ANSWER : AGENDA_FAILURE,
                                                  g->call, g->caller, g->caller_key, way});
}

void net_batched(struct net *net, uint32_t inlet, uint32_t visit)
{
    uint32_t *batch = &net->batch[inlet];
    if (*batch == NOBODY) {
        *batch = group_new(net, NOBODY, IN_BATCH);
        net->group[*batch].stage = net->network->inlets[inlet].batch_join_of;
        net->group[*batch].members = 1; /* one yet to come, until the last has */
    }
    net->visit[visit].group = *batch;
    remember(net, &net->group[*batch], visit);
    if (net->next_arrival[inlet] == net->now)
        net->group[*batch].members++;
    else
        *batch = NOBODY; /* that was the last */
}

/* A request whose task has come to the join of its batch is over when that starts. */
static void hold(struct net *net, struct group *g, uint32_t request, double way)
{
    struct request *r = &net->request[request];
    r->alive++;
    r->held = true;
    r->way = way;
    r->client = g->held;
    g->held = request;
}

/* The join starts its task: those that have come are over, and `stands` stands for it. */
static void end_held(struct net *net, uint32_t held, uint32_t stands, double way)
{
    while (held != NOBODY) {
        uint32_t next = net->request[held].client;
        request_joined(net, held);
        request_left(net, held);
        held = next;
    }
    if (!net->request[stands].told) {
        net->request[stands].way = way;
        request_joined(net, stands);
    }
}

/* Nothing of it is left: it ends as a member of what it is in, unless a task stands for it. */
static void dissolve(struct net *net, uint32_t group)
{
    struct group *g = &net->group[group];
    uint32_t parent = g->parent, request = g->request;
    bool joined = g->state == GROUP_JOINED;
    double way = g->way, size = g->size;
    group_free(net, group);
    if (joined)
        return;
    if (parent != NOBODY)
        net_member_ended(net, parent, request, way, size);
    if (request != IN_BATCH)
        request_left(net, request);
}

void net_member_ended(struct net *net, uint32_t group, uint32_t request, double way, double size)
{
    struct group *g = &net->group[group];
    if (g->state == GROUP_OPEN) {
        g->way = way;
        g->size = size;
    }
    g->members--;
    g->come++;
    if (g->state == GROUP_OPEN && g->stage != NETWORK_EXIT) {
        uint32_t join = net->stages[g->stage].join;
        if (join == JOIN_ALL ? g->members == 0 : g->come >= join || g->members == 0) {
            g->state = GROUP_JOINING;
            if (g->request == IN_BATCH) {
                g->caller = request; /* which stands for what the join starts */
                net->request[request].alive++;
            }
            agenda_put(&net->agenda, (struct agenda_item){AGENDA_JOIN, 0, group, 0, 0});
            return; /* it is looked at when it has */
        }
    }
    if (g->members == 0 && g->state != GROUP_JOINING)
        dissolve(net, group);
    else if (g->members == 1 && net->withdraws)
        net_suspect_members(net, group); /* the last is not withdrawn any more */
}

bool net_joins(struct net *net, uint32_t visit, uint32_t stage)
{
    struct visit *v = &net->visit[visit];
    if (v->group == NOBODY)
        return false;
    struct group *g = &net->group[v->group];
    bool batch = g->request == IN_BATCH;
    if (g->state == GROUP_OPEN) {
        g->stage = stage;
        if (batch)
            hold(net, g, v->request, v->way);
    }
    net_end(net, visit, batch);
    return true;
}

void net_start_group(struct net *net, uint32_t group)
{
    struct group *g = &net->group[group];
    bool batch = g->request == IN_BATCH;
    uint32_t stage = g->stage, request = batch ? g->caller : g->request, held = g->held;
    if (net_is_cancelled(net, request)) {
        g->state = GROUP_OPEN;
        g->stage = NETWORK_EXIT;
        if (g->members == 0)
            dissolve(net, group);
        return;
    }
    uint32_t visit = visit_new(net, request);
    struct visit *v = &net->visit[visit];
    v->group = g->parent;
    v->way = g->way;
    v->size = g->size;
    v->call = g->call == ASIDE ? ASIDE : 0;
    if (g->parent != NOBODY)
        remember(net, &net->group[g->parent], visit);
    if (net->stages[stage].withdraw != WITHDRAW_NEVER)
        net_withdraw(net, group, net->stages[stage].withdraw);
    g = &net->group[group];
    g->state = GROUP_JOINED;
    net->request[request].alive--; /* which the visit is counted for */
    if (g->members == 0)
        dissolve(net, group);
    if (batch)
        end_held(net, held, request, net->visit[visit].way);
    net_offer_joined(net, visit, stage);
}
