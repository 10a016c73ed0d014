/* Who asks where: made of a network's sources and calls. */
#include <math.h>
#include <stdlib.h>

#include "asks.h"

static double given(double value, double preset)
{
    return value > 0 ? value : preset;
}

static uint32_t most(double value, double preset)
{
    double n = given(value, preset);
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void set_breaker(struct breaker *b, const struct breaker_spec *spec)
{
    bool by_time = spec->window.kind == AMOUNT_DURATION;
    double window = given(by_time ? NAN : spec->window.value, BREAKER_WINDOW);
    b->failure_rate = given(spec->failure_rate, 0);
    b->window = by_time ? 0 : (uint32_t)window;
    b->seconds = by_time ? spec->window.value : 0;
    b->open_for = given(spec->open_for, BREAKER_OPEN);
    b->min_calls = most(spec->min_calls, by_time ? BREAKER_CALLS : fmin(BREAKER_CALLS, window));
    b->probes = most(spec->probes, BREAKER_PROBES);
}

/* What the parameters in force make of it; what is under way stays. */
static void set_desk(struct desk *d, const struct client_spec *c)
{
    const struct retry_spec *r = &c->retry;
    bool retries = retry_says(r), hedges = c->hedge.delay > 0;
    d->client = c;
    d->timeout = given(c->timeout, INFINITY);
    d->deadline = given(c->deadline, INFINITY);
    d->hedge_delay = given(c->hedge.delay, INFINITY);
    d->hedges = hedges ? most(c->hedge.max_attempts, HEDGE_ATTEMPTS) : 1;
    d->limit = most(c->limit, UINT32_MAX);
    d->on = retry_outcomes(r);
    d->tries = retries ? retry_tries(r) : 1;
    d->cancel = c->cancel == CLIENT_QUEUED    ? WITHDRAW_QUEUED
                : c->cancel == CLIENT_RUNNING ? WITHDRAW_RUNNING
                                              : WITHDRAW_NEVER;
    d->backoff = backoff_of(&r->backoff);
    budget_set(&d->budget, &r->budget);
    set_breaker(&d->breaker, &c->breaker);
}

static void open_desk(const struct net *net, struct desk *d, const struct client_spec *c,
                      uint32_t stage, uint32_t which)
{
    const struct network *n = net->network;
    const bool source = stage == NETWORK_EXIT;
    d->line_first = d->line_last = NOBODY;
    d->stage = stage;
    if (!c)
        return;
    set_desk(d, c);
    const char *what = source ? "client.backoff" : internf("calls.%u.backoff", which);
    if (!source)
        d->name = hash_name(internf("%s.%u", n->stages[stage].name, which));
    d->backoffs = xcalloc(n->n_inlets, sizeof *d->backoffs);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        d->backoffs[i] = stream_of(net->seed, net->replication,
                                   network_stream_path(n, stage, i, NETWORK_ANY, what));
}

void asking_open(struct net *net)
{
    const struct network *n = net->network;
    if (!n->asks)
        return;
    struct askers *a = net->asking = xcalloc(1, sizeof *a);
    a->free_ask = a->free_work = NOBODY;
    a->inlets = n->n_inlets;
    a->desks = n->n_inlets + n->n_calls;
    a->desk = xcalloc(a->desks, sizeof *a->desk);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        open_desk(net, &a->desk[i], n->inlets[i].client, NETWORK_EXIT, i);
    for (uint32_t stage = 0; stage < n->n_stages; stage++) {
        const struct network_stage *s = &n->stages[stage];
        for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
            for (uint32_t i = n->steps[k].first; i < n->steps[k].first + n->steps[k].n; i++)
                open_desk(net, &a->desk[n->n_inlets + i], n->calls[i].client, stage,
                          i - n->steps[s->first_step].first);
    }
    a->cancels = network_cancels(n);
    net->withdraws |= a->cancels;
}

void asking_adopt(struct net *net)
{
    const struct network *n = net->network;
    struct askers *a = net->asking;
    for (uint32_t i = 0; a && i < a->desks; i++)
        if (a->desk[i].client)
            set_desk(&a->desk[i],
                     i < a->inlets ? n->inlets[i].client : n->calls[i - a->inlets].client);
}

static void add_desk(const struct net *net, const struct desk *d, struct flow *out)
{
    if (!d->client)
        return;
    out->has |= FLOW_RETRIES;
    out->retries += d->again;
    out->trouble[TROUBLE_OPEN] += breaker_open_time(&d->breaker, net->now);
}

void asking_flow(const struct net *net, uint32_t place, struct flow *out)
{
    const struct askers *a = net->asking;
    const bool whole = place == net->all, client = place == net->client;
    if (place < net->all && net->stages[place].retry)
        out->has |= FLOW_RETRIES;
    if (!a)
        return;
    for (uint32_t i = 0; i < a->desks; i++) {
        const bool source = i < a->inlets;
        if (source ? whole || client
                   : a->desk[i].stage == place) /* `all` has those of its stages */
            add_desk(net, &a->desk[i], out);
    }
    out->has |= FLOW_GOOD;
    out->good = client ? out->completed : out->completed - out->late;
}

void asking_free(struct askers *a)
{
    for (uint32_t i = 0; a && i < a->desks; i++) {
        budget_free(&a->desk[i].budget);
        breaker_free(&a->desk[i].breaker);
        free(a->desk[i].backoffs);
    }
    if (!a)
        return;
    free(a->desk);
    free(a->attempt);
    free(a->part);
    free(a->ask);
    free(a->work);
    free(a);
}
