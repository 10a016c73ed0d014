/* What becomes of attempts, and of asks. */
#include <math.h>

#include "asks.h"

/* What a client is told of a loss; OUTCOMES: nothing. */
static enum outcome told_of(enum loss why)
{
    switch (why) {
    case LOSS_REJECTED:
    case LOSS_THROTTLED:
    case LOSS_LIMITED:
    case LOSS_OUTAGE:
    case LOSS_BREAKER:
        return OUTCOME_REJECTED;
    case LOSS_FAILED:
    case LOSS_ERROR:
    case LOSS_CRASHED:
    case LOSS_DEAD_LETTER:
    case LOSS_CANCELLED: /* taken out on its way to an answer */
        return OUTCOME_ERROR;
    case LOSS_DROPPED_NEWEST:
    case LOSS_DROPPED_OLDEST:
    case LOSS_TIMED_OUT:
    case LOSS_EARLY:
    case LOSS_WITHDRAWN:
    case LOSS_KINDS:
        break;
    }
    return OUTCOMES;
}

static struct attempt *attempt_at(struct net *net, uint32_t t)
{
    return &net->asking->attempt[t];
}

static struct desk *desk_of(struct net *net, uint32_t t)
{
    return &net->asking->desk[net->asking->attempt[t].desk];
}

/* Its ask does not wait for it any more. */
static void detach(struct net *net, uint32_t t)
{
    struct attempt *x = attempt_at(net, t);
    if (x->next != NOBODY)
        attempt_at(net, x->next)->before = x->before;
    if (x->before != NOBODY)
        attempt_at(net, x->before)->next = x->next;
    else
        net->asking->ask[x->ask].first = x->next;
}

/* Nothing is left of it. */
static void over(struct net *net, uint32_t t)
{
    struct attempt *x = attempt_at(net, t);
    uint32_t of = x->of;
    ledger_close(net, t);
    x->key++;
    request_free(net, t);
    request_left(net, of);
}

/* Nobody waits for it any more, and it is not answered. */
static void abandon(struct net *net, uint32_t t)
{
    struct attempt *x = attempt_at(net, t);
    detach(net, t);
    x->worth = WASTED;
    ledger_close(net, t);
    if (!x->sent || x->gone)
        over(net, t);
    else if (desk_of(net, t)->cancel != WITHDRAW_NEVER)
        agenda_put(&net->agenda, (struct agenda_item){AGENDA_CANCEL, 0, t, x->key, 0});
}

static void abandon_all(struct net *net, uint32_t ask)
{
    struct askers *as = net->asking;
    while (as->ask[ask].first != NOBODY) {
        uint32_t t = as->ask[ask].first;
        if (as->attempt[t].sent)
            breaker_forget(&desk_of(net, t)->breaker, as->attempt[t].epoch);
        abandon(net, t);
    }
}

/* The closed client is done with its request. */
static void think(struct net *net, const struct request *r)
{
    if (net->sources[r->inlet].clients)
        net_thinks(net, r->inlet, r->client);
}

/* A request that was given up was done all the same. */
static void count_late(struct net *net, uint32_t request)
{
    recorder_late(net->recorder, label_at(net->recorder, net->request[request].label, net->client));
    net->answered_late++;
}

/* The client of a source has its answer, or (lost) gives up for `why`. */
static void tell_client(struct net *net, uint32_t ask, bool lost, enum loss why, double way)
{
    const struct ask *a = &net->asking->ask[ask];
    struct request *r = &net->request[a->of];
    struct attempt *x = attempt_at(net, a->of);
    x->made = a->made;
    x->given_up = lost;
    r->answered = true;
    if (!lost)
        r->reply = net->now;
    else if (!r->lost)
        r->lost = (uint8_t)(1 + why);
    recorder_attempts(net->recorder, label_at(net->recorder, r->label, net->client), a->made);
    request_answer(net, r, way, lost, why);
    if (lost && x->came)
        count_late(net, a->of);
    think(net, r);
}

static void resolve(struct net *net, uint32_t ask, bool lost, enum loss why, double way)
{
    const struct ask a = net->asking->ask[ask];
    if (a.caller == NOBODY)
        tell_client(net, ask, lost, why, way);
    else
        agenda_put(&net->agenda, (struct agenda_item){lost ? AGENDA_FAILURE : AGENDA_ANSWER, a.call,
                                                      a.caller, a.caller_key, way});
    abandon_all(net, ask);
    ask_leave_line(net, ask);
    ask_let_slot_go(net, ask);
    ask_free(net, ask);
}

/* How long it took, where nothing came of it: all that was waiting. */
static double in_vain(const struct net *net, uint32_t ask)
{
    const struct ask *a = &net->asking->ask[ask];
    return a->way + net->now - a->meant;
}

void ask_failed(struct net *net, uint32_t t, enum outcome outcome, enum loss why)
{
    const uint32_t ask = attempt_at(net, t)->ask;
    struct ask *a = &net->asking->ask[ask];
    struct desk *d = desk_of(net, t);
    if (attempt_at(net, t)->sent)
        breaker_end(&d->breaker, net->now, attempt_at(net, t)->epoch, true);
    abandon(net, t);
    if (a->first != NOBODY)
        return;
    a->round++;
    ask_leave_line(net, ask);
    if ((d->on >> outcome & 1) == 0 || a->tries >= d->tries ||
        !budget_grants(&d->budget, net->now)) {
        resolve(net, ask, true, why, in_vain(net, ask));
        return;
    }
    ask_let_slot_go(net, ask);
    ask_back_off(net, ask);
}

/* It is lost, and nobody is told. */
static void ends_in_silence(struct net *net, uint32_t t, enum loss why)
{
    struct attempt *x = attempt_at(net, t);
    const uint32_t ask = x->ask;
    const struct desk *d = desk_of(net, t);
    if (d->timeout < INFINITY || d->deadline < INFINITY) {
        x->gone = net->request[t].alive == 0;
        return;
    }
    breaker_forget(&desk_of(net, t)->breaker, x->epoch);
    abandon(net, t);
    const struct ask *a = &net->asking->ask[ask];
    if (a->first == NOBODY && a->hedges >= d->hedges)
        resolve(net, ask, true, why, in_vain(net, ask));
}

static void ends_lost(struct net *net, uint32_t t, enum loss why)
{
    enum outcome told = told_of(why);
    if (told == OUTCOMES)
        ends_in_silence(net, t, why);
    else
        ask_failed(net, t, told, why);
}

void ask_answered(struct net *net, uint32_t t, double way)
{
    struct attempt *x = attempt_at(net, t);
    if (x->worth != AWAITED)
        return;
    x->worth = WORTH_IT;
    breaker_end(&desk_of(net, t)->breaker, net->now, x->epoch, false);
    detach(net, t);
    ledger_close(net, t);
    resolve(net, x->ask, false, 0, way);
}

/* An attempt of a source that nobody waits for any more has its answer. */
static void comes_late(struct net *net, uint32_t t)
{
    const uint32_t of = attempt_at(net, t)->of;
    struct attempt *whole = attempt_at(net, of);
    if (whole->given_up && !whole->came)
        count_late(net, of);
    whole->came = true;
}

bool attempt_replies(struct net *net, uint32_t request, double way)
{
    const struct attempt *attempt = net->asking->attempt;
    uint32_t t = request;
    while (attempt[t].of != NOBODY && attempt[attempt[t].of].of != NOBODY)
        t = attempt[t].of;
    if (attempt[t].of == NOBODY || attempt[t].by_call)
        return false; /* its client only waits */
    if (attempt[t].worth == AWAITED)
        ask_answered(net, t, way);
    else if (attempt[t].worth == WASTED)
        comes_late(net, t);
    return true;
}

/* Whether it came to an answer. */
static bool has_come(const struct net *net, uint32_t t)
{
    return !net->request[t].lost || net->request[t].exited;
}

/* Nothing is left of one that is waited for. */
static void ends(struct net *net, uint32_t t)
{
    const struct attempt *x = attempt_at(net, t);
    const struct request *r = &net->request[t];
    if (x->by_call)
        return; /* it has had an answer, which told nothing */
    if (has_come(net, t))
        ask_answered(net, t, r->way);
    else
        ends_lost(net, t, (enum loss)((x->why ? x->why : r->lost) - 1));
}

void attempt_over(struct net *net, uint32_t t)
{
    if (attempt_at(net, t)->worth == AWAITED)
        ends(net, t);
    else if (attempt_at(net, t)->worth == WASTED && !attempt_at(net, t)->by_call &&
             has_come(net, t) && !attempt_at(net, t)->cancelled)
        comes_late(net, t);
    if (attempt_at(net, t)->worth == AWAITED)
        attempt_at(net, t)->gone = true; /* nobody has noticed */
    else
        over(net, t);
}

void ask_answer(struct net *net, const struct agenda_item *item)
{
    const uint32_t t = item->visit;
    const struct attempt *x = attempt_at(net, t);
    if (x->worth == AWAITED) {
        if (item->kind == AGENDA_ANSWER)
            ask_answered(net, t, item->wait);
        else
            ends_lost(net, t, (enum loss)(x->why - 1));
    }
    request_left(net, t);
}

void asks_give_up(struct net *net, uint32_t caller)
{
    struct askers *as = net->asking;
    uint32_t next, ask = as->attempt[net->visit[caller].request].asks;
    for (; ask != NOBODY; ask = next) {
        next = as->ask[ask].next;
        if (as->ask[ask].caller != caller)
            continue;
        abandon_all(net, ask);
        ask_leave_line(net, ask);
        ask_let_slot_go(net, ask);
        ask_free(net, ask);
    }
}

void timeout_event(struct net *net, struct timer timer)
{
    if (attempt_waits(net, timer.number, timer.key))
        ask_failed(net, timer.number, OUTCOME_TIMEOUT, LOSS_CANCELLED);
}

void deadline_event(struct net *net, struct timer timer)
{
    struct askers *as = net->asking;
    const uint32_t ask = timer.number;
    if (as->ask[ask].key != timer.key)
        return;
    for (uint32_t t = as->ask[ask].first; t != NOBODY; t = as->attempt[t].next)
        if (as->attempt[t].sent)
            breaker_end(&desk_of(net, t)->breaker, net->now, as->attempt[t].epoch, true);
    while (as->ask[ask].first != NOBODY)
        abandon(net, as->ask[ask].first);
    resolve(net, ask, true, LOSS_CANCELLED, in_vain(net, ask));
}
