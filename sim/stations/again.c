#include "again.h"

#include <math.h>
#include <stdlib.h>

#include "../scenario/distribution.h"
#include "asks.h"
#include "step.h"

/* Of FNV-1a (Fowler, Noll, Vo 1991), for attempts: as of the calls of a stage (desks.c), of which
 * none is called so. */
static uint32_t name_of(const struct net *net, uint32_t stage)
{
    return hash_name(internf("%s.retry", net->stages[stage].name));
}

static void set_stage(struct net *net, uint32_t stage)
{
    const struct retry_spec *r = net->stages[stage].retry;
    struct retrying *t = &net->agains->stage[stage];
    t->on = r ? retry_outcomes(r) : 0;
    if (!r)
        return;
    t->tries = retry_tries(r);
    t->backoff = backoff_of(&r->backoff);
    budget_set(&t->budget, &r->budget);
}

void agains_begin(struct net *net)
{
    const struct network *n = net->network;
    if (!n->again)
        return;
    net->agains = xcalloc(1, sizeof *net->agains);
    net->agains->stage = xcalloc(n->n_stages, sizeof *net->agains->stage);
    for (uint32_t i = 0; i < n->n_stages; i++) {
        struct retrying *t = &net->agains->stage[i];
        set_stage(net, i);
        if (!t->on)
            continue;
        t->name = name_of(net, i);
        t->backoffs = xcalloc(n->n_inlets, sizeof *t->backoffs);
        for (uint32_t k = 0; k < n->n_inlets; k++)
            t->backoffs[k] = stream_of(net->seed, net->replication,
                                       network_stream_path(n, i, k, NETWORK_ANY, "retry.backoff"));
    }
}

void agains_adopt(struct net *net)
{
    for (uint32_t i = 0; i < net->network->n_stages && net->agains; i++)
        set_stage(net, i);
}

void agains_end(struct net *net)
{
    if (!net->agains)
        return;
    for (uint32_t i = 0; i < net->network->n_stages; i++) {
        budget_free(&net->agains->stage[i].budget);
        free(net->agains->stage[i].backoffs);
    }
    free(net->agains->stage);
    free(net->agains->visit);
    free(net->agains);
}

void again_comes(struct net *net, uint32_t stage)
{
    budget_first(&net->agains->stage[stage].budget, net->now);
}

bool again_tries(const struct net *net, uint32_t visit, uint32_t stage)
{
    return net->agains && net->stages[stage].retry && net->agains->visit[visit].tries > 0;
}

uint32_t again_forget(struct net *net, uint32_t visit)
{
    if (!net->agains)
        return 0;
    const uint32_t tries = net->agains->visit[visit].tries;
    net->agains->visit[visit].tries = 0;
    return tries;
}

void again_recall(struct net *net, uint32_t visit, uint32_t tries)
{
    if (net->agains)
        net->agains->visit[visit].tries = tries;
}

/* Whether it is one that fails, at a stage that has a rule for those. */
static bool fails(const struct net *net, uint32_t visit, enum loss why)
{
    const struct visit *v = &net->visit[visit];
    return net->agains && again_outcome(why) < OUTCOMES && v->state != VISIT_BLOCKED &&
           !net_is_cancelled(net, v->request);
}

/* How long until its next attempt, whose turn that is. */
static double back_off(const struct retrying *t, const struct again *a, const struct request *r,
                       uint32_t turn)
{
    const struct stream stream = stream_turn(&t->backoffs[r->inlet], turn);
    if (!t->backoff.law)
        return backoff_delay(&t->backoff, a->tries, a->last, stream_uniform(&stream, 0, r->number));
    double delay;
    law_model(t->backoff.law)->fill(t->backoff.law->params, &stream, r->number, 1, &delay);
    return delay;
}

bool again_takes(struct net *net, uint32_t visit, enum loss why, double wait)
{
    struct visit *v = &net->visit[visit];
    if (!fails(net, visit, why))
        return false;
    struct retrying *t = &net->agains->stage[v->stage];
    struct again *a = &net->agains->visit[visit];
    struct budget *budget = &t->budget;
    if ((t->on >> again_outcome(why) & 1) == 0 || a->tries + 1 >= t->tries ||
        !budget_grants(budget, net->now))
        return false;
    if (net->asking && v->state == VISIT_CALLING)
        asks_give_up(net, visit);
    net_give_up_place(net, visit);
    const struct stay stay = net_stay(net, visit, wait);
    const bool delayed = stay.delayed;
    struct tally *tally = &net->state[v->stage].tally;
    net_fail(net, &stay, why);
    if (a->tries++ == 0) {
        a->last = NAN;
        a->turn = v->turn;
    }
    a->offered = stay.offered;
    a->waited = stay.wait;
    const struct request *r = &net->request[v->request];
    const uint32_t of = net->asking ? net->asking->attempt[v->request].tag : 0;
    v->turn = network_attempt_turns(of, t->name, a->turn, a->tries);
    a->last = back_off(t, a, r, v->turn);
    v->size = net_size(net, v, v->stage, v->turn);
    v->state = VISIT_DELAYED;
    v->consumer = NO_CONSUMER;
    v->step = 0;
    v->stays++;
    v->due = 0;
    v->station = net->stages[v->stage].first_station; /* where it goes is drawn then */
    net->offered[visit] = net->now;
    net_pass_delays(tally, net->now);
    tally->failed += !delayed;
    tally->delayed++;
    tally->delay_offers += net->now;
    if (delayed) /* which has been counted as one that came, and was lost (door.c) */
        tally->withdrawn--;
    if (net->trace)
        net->traced[visit] = (struct traced){NAN, NAN, v->turn, v->size, NAN};
    net_set(net, CLOCK_DELAYS, net->now + a->last, EVENT_BACK, visit, 0);
    return true;
}

bool again_is_dead(const struct net *net, uint32_t visit, enum loss why)
{
    return fails(net, visit, why) && net->stages[net->visit[visit].stage].letter != NETWORK_EXIT;
}

uint32_t again_letter(struct net *net, uint32_t visit)
{
    const uint32_t letter = visit_new(net, net->visit[visit].request);
    const struct visit *v = &net->visit[visit];
    struct visit *l = &net->visit[letter];
    l->way = v->way;
    l->size = v->size;
    l->station = v->station;
    l->call = ASIDE;
    return letter;
}
