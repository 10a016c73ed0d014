/* What the loop asks of stages again and again, made ready. */
#include "net.h"

/* Where all go that are done at a stage, if they do. */
static uint32_t only_next(const struct network *n, const struct route *to)
{
    if (to->way == WAY_COPIES)
        return BY_ROUTE;
    if (to->n == 0)
        return NETWORK_EXIT;
    const struct leg *first = &n->legs[to->first];
    bool all = to->way == WAY_RULES ? first->class == NETWORK_ANY : first->until >= 1;
    return all ? first->stage : BY_ROUTE;
}

/* Whether copies go to stages only that take them at once. */
static bool copies_are_taken(const struct net *net, const struct route *to)
{
    for (uint32_t i = 0; i < to->n; i++) {
        uint32_t stage = net->network->legs[to->first + i].stage;
        if (stage == NETWORK_EXIT || !net->state[stage].takes || net->state[stage].join)
            return false;
    }
    return true;
}

/* The call that is the only one of all visits of a stage. */
static void find_only_call(const struct net *net, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    struct stage_state *at = &net->state[stage];
    const struct call_step *step = &net->network->steps[s->first_step];
    at->only_call = NOBODY;
    if (s->steps != 1 || step->n != 1)
        return;
    const struct call *c = &net->network->calls[step->first];
    if (c->share < 1 || !net->state[c->stage].takes)
        return;
    at->only_call = c->stage;
    at->call = call_of(0, c->count - 1);
}

/* Whether all its stations are delay stations. */
static bool crowds(const struct net *net, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    for (uint32_t i = s->first_station; i < s->first_station + s->replicas; i++)
        if (net->station[i])
            return false;
    return !net->state[stage].posts;
}

void net_prepare(struct net *net)
{
    const struct network *n = net->network;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct network_stage *s = &net->stages[i];
        struct stage_state *at = &net->state[i];
        at->next = only_next(n, &s->to);
        at->first_station = s->first_station;
        at->replicas = s->replicas;
        at->drawn = draws_at(net->draws, 0, 0, i, 0);
        at->crowds = crowds(net, i);
        at->plain = (at->posts || at->crowds) && !s->delay && !network_has_trouble(n, i) &&
                    !s->staff && !net->withdraws && !net->batches && !s->guard && !n->bytes;
        at->takes = at->plain && !s->copies;
        at->join = s->join;
        at->place = i * net->recorder->classes;
        at->carried = s->carried;
        at->balanced = net->balance[i].model != NULL;
        at->replies = s->replies;
        at->copies = s->to.way == WAY_COPIES;
    }
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct network_stage *s = &net->stages[i];
        struct stage_state *at = &net->state[i];
        find_only_call(net, i);
        if (net->watched && (s->steps > 0 || at->copies))
            at->plain = false;                 /* who waits for whom is kept (deadlock.h) */
        at->plain = at->plain && !net->asking; /* what is done is booked (ledger.c) */
        at->plain = at->plain && (s->steps == 0 || at->only_call != NOBODY) &&
                    (!at->copies || copies_are_taken(net, &s->to));
        at->quick_in = !net->asking && at->takes && at->posts && at->replicas == 1 &&
                       !at->carried && at->repeat == NOBODY;
        at->quick_out =
            at->plain && at->posts && s->steps == 0 && !at->copies && !at->replies && !at->balanced;
    }
}
