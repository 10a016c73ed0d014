/* Calls and answers. */
#include "asks.h"

/* The calls of a visit's stage, which are counted from 0. */
static const struct call *calls_of(const struct net *net, const struct visit *v)
{
    const struct network_stage *s = &net->stages[v->stage];
    return net->network->calls + net->network->steps[s->first_step].first;
}

/* Makes one call of a visit. */
static void call(struct net *net, uint32_t caller, uint32_t entry, uint32_t left, double way)
{
    const struct call *c = calls_of(net, &net->visit[caller]) + entry;
    if (c->client && net->asking) {
        const struct visit *v = &net->visit[caller];
        net_ask(net,
                &(struct asked){.desk = net->asking->inlets + (uint32_t)(c - net->network->calls),
                                .of = v->request,
                                .caller = caller,
                                .caller_key = visit_key(v),
                                .call = call_of(entry, left),
                                .station = v->station,
                                .size = v->size,
                                .way = way});
        return;
    }
    uint32_t visit = visit_new(net, net->visit[caller].request);
    struct visit *v = &net->visit[visit];
    v->caller = caller;
    v->caller_key = visit_key(&net->visit[caller]);
    v->call = call_of(entry, left);
    v->way = way;
    v->size = net->visit[caller].size;
    v->station = net->visit[caller].station;
    net_waits_for(net, caller, visit, false);
    net_offer(net, visit, c->stage, net->visit[caller].stage, false);
}

/* Whether it makes one of them. */
static bool made(struct net *net, const struct visit *v, uint32_t entry)
{
    double share = calls_of(net, v)[entry].share;
    if (share >= 1)
        return true;
    const struct request *r = &net->request[v->request];
    const struct drawn *d = draws_at(net->draws, DRAW_CALLS, r->inlet, v->stage, 0);
    return draws_sub(d, entry, r->number, v->turn) < share;
}

/* The calls of a step: from the first on. */
static uint32_t first_of(const struct net *net, const struct visit *v, const struct call_step *step)
{
    return step->first - net->network->steps[net->stages[v->stage].first_step].first;
}

bool net_call(struct net *net, uint32_t visit)
{
    const struct network_stage *s = &net->stages[net->visit[visit].stage];
    while (net->visit[visit].step < s->steps) {
        struct visit *v = &net->visit[visit];
        const struct call_step *step = &net->network->steps[s->first_step + v->step++];
        uint32_t chosen[MAX_BRANCHES], n = 0, first = first_of(net, v, step);
        for (uint32_t i = first; i < first + step->n; i++)
            if (made(net, v, i))
                chosen[n++] = i;
        if (n == 0)
            continue;
        v->state = VISIT_CALLING;
        net_waits_for_nothing(net, visit);
        v->open = (uint8_t)n;
        v->due = (uint8_t)(step->need < n ? step->need : n);
        for (uint32_t i = 0; i < n; i++)
            call(net, visit, chosen[i], calls_of(net, &net->visit[visit])[chosen[i]].count - 1,
                 net->visit[visit].way);
        return true;
    }
    return false;
}

void net_put_answer(struct net *net, uint32_t visit, bool lost)
{
    struct visit *v = &net->visit[visit];
    if (v->call == COPY) {
        v->call = 0;
        net_copy_done(net, v->group, lost, v->way);
        return;
    }
    agenda_put(&net->agenda, (struct agenda_item){lost ? AGENDA_FAILURE : AGENDA_ANSWER, v->call,
                                                  v->caller, v->caller_key, v->way});
    v->caller = NOBODY;
}

/* The calls of a visit are over. */
static void goes_on(struct net *net, uint32_t caller)
{
    double wait = net_wait(net, caller);
    if (net->asking)
        asks_give_up(net, caller);
    const struct visit *v = &net->visit[caller];
    if (v->step < net->stages[v->stage].steps && net_is_cancelled(net, v->request))
        net_lose(net, caller, LOSS_CANCELLED, wait);
    else if (net_call(net, caller))
        net_suspect(net, caller);
    else
        net_done(net, caller, wait);
}

void net_answer(struct net *net, const struct agenda_item *item)
{
    if (item->station == ASKED) {
        ask_answer(net, item);
        return;
    }
    uint32_t caller = item->visit, entry = call_entry(item->station);
    uint32_t left = call_left(item->station);
    struct visit *v = &net->visit[caller];
    if (visit_key(v) != item->consumer || v->state != VISIT_CALLING)
        return;
    const struct network_stage *s = &net->stages[v->stage];
    const struct call_step *step = &net->network->steps[s->first_step + v->step - 1u];
    uint32_t first = first_of(net, v, step);
    if (entry < first || entry >= first + step->n)
        return; /* of a step that is over */
    bool failed = item->kind == AGENDA_FAILURE && !calls_of(net, v)[entry].ignores;
    if (!failed && left > 0 && !net_is_cancelled(net, v->request)) {
        call(net, caller, entry, left - 1, item->wait);
        net_suspect(net, caller);
        return;
    }
    v->open--;
    if (failed && v->open + 0u < v->due) {
        net_lose(net, caller, LOSS_FAILED, net_wait(net, caller));
        return;
    }
    v->due -= !failed;
    if (v->due > 0) {
        net_suspect(net, caller);
        return;
    }
    v->way = item->wait;
    goes_on(net, caller);
}
