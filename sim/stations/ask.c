/* Asks begin, and make attempts. */
#include <math.h>

#include "../events/events.h"
#include "asks.h"
#include "step.h"

static struct ask *ask_at(struct net *net, uint32_t ask)
{
    return &net->asking->ask[ask];
}

static struct desk *desk_at(struct net *net, uint32_t ask)
{
    return &net->asking->desk[net->asking->ask[ask].desk];
}

static uint32_t ask_new(struct net *net)
{
    struct askers *a = net->asking;
    uint32_t i = a->free_ask;
    if (i != NOBODY) {
        a->free_ask = a->ask[i].next;
        return i;
    }
    if (a->asks == a->ask_room) {
        a->ask_room = a->ask_room ? 2 * a->ask_room : 256;
        a->ask = xrealloc(a->ask, a->ask_room * sizeof *a->ask);
    }
    a->ask[a->asks] = (struct ask){.key = 0};
    return a->asks++;
}

void ask_free(struct net *net, uint32_t ask)
{
    struct askers *as = net->asking;
    struct ask *a = &as->ask[ask];
    uint32_t of = a->of;
    if (a->next != NOBODY)
        as->ask[a->next].before = a->before;
    if (a->before != NOBODY)
        as->ask[a->before].next = a->next;
    else
        as->attempt[of].asks = a->next;
    a->key++;
    a->round++;
    a->next = as->free_ask;
    as->free_ask = ask;
    request_left(net, of);
}

/* ---- the line of a desk with a limit ---- */

static void stand_in_line(struct net *net, uint32_t ask)
{
    struct desk *d = desk_at(net, ask);
    struct ask *a = ask_at(net, ask);
    a->in_line = true;
    a->line_next = NOBODY;
    a->line_before = d->line_last;
    if (d->line_last != NOBODY)
        ask_at(net, d->line_last)->line_next = ask;
    else
        d->line_first = ask;
    d->line_last = ask;
}

void ask_leave_line(struct net *net, uint32_t ask)
{
    struct desk *d = desk_at(net, ask);
    struct ask *a = ask_at(net, ask);
    if (!a->in_line)
        return;
    a->in_line = false;
    if (a->line_next != NOBODY)
        ask_at(net, a->line_next)->line_before = a->line_before;
    else
        d->line_last = a->line_before;
    if (a->line_before != NOBODY)
        ask_at(net, a->line_before)->line_next = a->line_next;
    else
        d->line_first = a->line_next;
}

void ask_let_slot_go(struct net *net, uint32_t ask)
{
    struct desk *d = desk_at(net, ask);
    struct ask *a = ask_at(net, ask);
    if (!a->slot)
        return;
    a->slot = false;
    uint32_t next = d->line_first;
    if (next == NOBODY || d->under_way > d->limit) { /* it may have been lowered */
        d->under_way--;
        return;
    }
    ask_leave_line(net, next);
    ask_at(net, next)->slot = true;
    agenda_put(&net->agenda,
               (struct agenda_item){AGENDA_SEND, 0, next, ask_at(net, next)->round, 0});
}

/* ---- attempts ---- */

static uint32_t turns_of(const struct net *net, const struct ask *a, const struct desk *d,
                         uint32_t number)
{
    const struct attempt *of = &net->asking->attempt[a->of];
    if (a->caller == NOBODY)
        return network_attempt_turns(of->tag, 0, 0, number);
    return network_attempt_turns(of->tag, d->name + call_left(a->call), net->visit[a->caller].turn,
                                 number);
}

static uint32_t attempt_new(struct net *net, uint32_t ask)
{
    uint32_t t = request_for(net, ask_at(net, ask)->of);
    struct ask *a = ask_at(net, ask);
    struct attempt *x = &net->asking->attempt[t];
    uint32_t number = a->made++;
    net->asking->desk[a->desk].again += number > 0;
    x->ask = ask;
    x->desk = a->desk;
    x->by_call = a->caller != NOBODY;
    x->of = a->of;
    x->worth = AWAITED;
    x->tag = turns_of(net, a, desk_at(net, ask), number);
    x->turns = number == 0 ? net->asking->attempt[a->of].turns : t;
    x->before = NOBODY;
    x->next = a->first;
    if (a->first != NOBODY)
        net->asking->attempt[a->first].before = t;
    a->first = t;
    net->request[a->of].alive++;
    return t;
}

/* A visit of the attempt begins. */
static void go_in(struct net *net, uint32_t t)
{
    const struct attempt *x = &net->asking->attempt[t];
    const struct ask *a = ask_at(net, x->ask);
    const struct desk *d = desk_at(net, x->ask);
    const uint32_t caller = a->caller, stage = d->stage, desk = a->desk;
    uint32_t visit = visit_new(net, t);
    struct visit *v = &net->visit[visit];
    v->size = a->size;
    v->way = a->way + net->now - a->meant;
    if (caller == NOBODY) {
        net_go_in(net, visit, desk);
        return;
    }
    net->request[t].alive++; /* until the answer has been given */
    v->caller = t;
    v->caller_key = x->key;
    v->call = ASKED;
    v->station = a->station;
    net_offer(net, visit, net->network->calls[desk - net->asking->inlets].stage, stage, false);
}

static void send_attempt(struct net *net, uint32_t t)
{
    struct attempt *x = &net->asking->attempt[t];
    struct desk *d = desk_at(net, x->ask);
    const struct ask *a = ask_at(net, x->ask);
    if (!breaker_lets(&d->breaker, net->now, &x->epoch)) {
        ask_failed(net, t, OUTCOME_REJECTED, LOSS_BREAKER);
        return;
    }
    x->sent = true;
    if (a->hedges < d->hedges)
        net_set_behind(net, CLOCK_HEDGES, net->now + d->hedge_delay, EVENT_BACK, x->ask, a->round);
    go_in(net, t);
}

static void begin_attempt(struct net *net, uint32_t ask)
{
    uint32_t t = attempt_new(net, ask);
    struct desk *d = desk_at(net, ask);
    struct ask *a = ask_at(net, ask);
    if (d->timeout < INFINITY)
        net_set_behind(net, CLOCK_TIMEOUTS, net->now + d->timeout, EVENT_TIMEOUT, t,
                       net->asking->attempt[t].key);
    if (!a->slot && d->under_way >= d->limit) {
        stand_in_line(net, ask);
        return;
    }
    d->under_way += !a->slot;
    a->slot = true;
    send_attempt(net, t);
}

static void begin_try(struct net *net, uint32_t ask)
{
    struct ask *a = ask_at(net, ask);
    a->round++;
    a->tries++;
    a->hedges = 1;
    begin_attempt(net, ask);
}

void net_ask(struct net *net, const struct asked *asked)
{
    uint32_t ask = ask_new(net);
    struct askers *as = net->asking;
    struct ask *a = &as->ask[ask];
    struct attempt *of = &as->attempt[asked->of];
    struct desk *d = &as->desk[asked->desk];
    *a = (struct ask){.meant = net->now,
                      .way = asked->way,
                      .size = asked->size,
                      .last = NAN,
                      .of = asked->of,
                      .desk = asked->desk,
                      .caller = asked->caller,
                      .caller_key = asked->caller_key,
                      .call = asked->call,
                      .station = asked->station,
                      .key = a->key,
                      .round = a->round,
                      .first = NOBODY,
                      .next = of->asks,
                      .before = NOBODY};
    if (of->asks != NOBODY)
        as->ask[of->asks].before = ask;
    of->asks = ask;
    net->request[asked->of].alive++;
    budget_first(&d->budget, net->now);
    if (d->deadline < INFINITY)
        net_set_behind(net, CLOCK_DEADLINES, net->now + d->deadline, EVENT_TIMEOUT, ask, a->key);
    begin_try(net, ask);
}

void ask_may_send(struct net *net, uint32_t ask, uint32_t round)
{
    const struct ask *a = ask_at(net, ask);
    if (a->round == round && a->slot && a->first != NOBODY && !net->asking->attempt[a->first].sent)
        send_attempt(net, a->first);
}

void backoff_event(struct net *net, struct timer timer)
{
    if (ask_at(net, timer.number)->round == timer.key)
        begin_try(net, timer.number);
}

void hedge_event(struct net *net, struct timer timer)
{
    struct ask *a = ask_at(net, timer.number);
    if (a->round != timer.key)
        return;
    a->hedges++;
    begin_attempt(net, timer.number);
}

void ask_back_off(struct net *net, uint32_t ask)
{
    struct ask *a = ask_at(net, ask);
    const struct desk *d = desk_at(net, ask);
    const struct request *r = &net->request[a->of];
    const struct stream stream = stream_turn(&d->backoffs[r->inlet], turns_of(net, a, d, a->made));
    double delay;
    if (d->backoff.law)
        law_model(d->backoff.law)->fill(d->backoff.law->params, &stream, r->number, 1, &delay);
    else
        delay =
            backoff_delay(&d->backoff, a->tries, a->last, stream_uniform(&stream, 0, r->number));
    a->last = delay;
    net_set(net, CLOCK_BACKOFFS, net->now + delay, EVENT_BACK, ask, a->round);
}
