/* Calls and answers. */
#include "net.h"

/* Makes one call of a visit. */
static void call(struct net *net, uint32_t caller, uint32_t entry, uint32_t left, double way)
{
    const struct call *c = &net->network->calls[entry];
    uint32_t visit = visit_new(net, net->visit[caller].request);
    struct visit *v = &net->visit[visit];
    v->caller = caller;
    v->caller_serial = visit_key(&net->visit[caller]);
    v->entry = (uint16_t)entry;
    v->left = (uint16_t)left;
    v->way = way;
    v->size = net->visit[caller].size;
    v->station = net->visit[caller].station;
    net_offer(net, visit, c->stage, net->visit[caller].stage, false);
}

static bool made(struct net *net, const struct visit *v, const struct network_stage *s,
                 uint32_t entry)
{
    const struct call *c = &net->network->calls[entry];
    if (c->share >= 1)
        return true;
    const struct request *r = &net->request[v->request];
    struct drawn *d = draws_at(net->draws, DRAW_CALLS, r->inlet, v->stage, 0);
    uint32_t sub = entry - net->network->steps[s->first_step].first;
    return draws_sub(d, sub, r->number, v->turn) < c->share;
}

bool net_call(struct net *net, uint32_t visit)
{
    const struct network_stage *s = &net->stages[net->visit[visit].stage];
    while (net->visit[visit].step < s->steps) {
        struct visit *v = &net->visit[visit];
        const struct call_step *step = &net->network->steps[s->first_step + v->step++];
        uint32_t chosen[UINT8_MAX], n = 0;
        for (uint32_t i = 0; i < step->n; i++)
            if (made(net, v, s, step->first + i))
                chosen[n++] = step->first + i;
        if (n == 0)
            continue;
        v->state = VISIT_CALLING;
        v->open = (uint8_t)n;
        v->due = (uint8_t)(step->need < n ? step->need : n);
        for (uint32_t i = 0; i < n; i++)
            call(net, visit, chosen[i], net->network->calls[chosen[i]].count - 1,
                 net->visit[visit].way);
        return true;
    }
    return false;
}

void net_put_answer(struct net *net, uint32_t visit, bool lost)
{
    struct visit *v = &net->visit[visit];
    if (v->entry == COPY) {
        v->entry = 0;
        net_copy_done(net, v->group, lost, v->way);
        return;
    }
    agenda_put(&net->agenda, (struct agenda_item){lost ? AGENDA_FAILURE : AGENDA_ANSWER,
                                                  (uint32_t)v->entry << 16 | v->left, v->caller,
                                                  v->caller_serial, v->way});
    v->caller = NOBODY;
}

/* The calls of a visit are over. */
static void goes_on(struct net *net, uint32_t caller)
{
    double wait = net_wait(net, caller);
    if (!net_call(net, caller))
        net_done(net, caller, wait);
}

void net_answer(struct net *net, const struct agenda_item *item)
{
    uint32_t caller = item->visit, entry = item->station >> 16, left = item->station & 0xffff;
    struct visit *v = &net->visit[caller];
    if (visit_key(v) != item->consumer || v->state != VISIT_CALLING)
        return;
    const struct network_stage *s = &net->stages[v->stage];
    const struct call_step *step = &net->network->steps[s->first_step + v->step - 1u];
    if (entry < step->first || entry >= step->first + step->n)
        return; /* of a step that is over */
    bool failed = item->kind == AGENDA_FAILURE && !net->network->calls[entry].ignores;
    if (!failed && left > 0) {
        call(net, caller, entry, left - 1, item->wait);
        return;
    }
    v->open--;
    if (failed && v->open + 0u < v->due) {
        net_lose(net, caller, LOSS_FAILED, net_wait(net, caller));
        return;
    }
    if (failed)
        return;
    v->due--;
    if (v->due > 0)
        return;
    v->way = item->wait;
    goes_on(net, caller);
}
