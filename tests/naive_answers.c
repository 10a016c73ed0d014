/* What becomes of attempts, and of what they are made for. */
#include <math.h>

#include "naive_client.h"

static enum outcome told_of(enum loss why)
{
    bool rejected = why == LOSS_REJECTED || why == LOSS_THROTTLED || why == LOSS_LIMITED ||
                    why == LOSS_OUTAGE || why == LOSS_BREAKER;
    bool error = why == LOSS_FAILED || why == LOSS_ERROR || why == LOSS_CRASHED ||
                 why == LOSS_DEAD_LETTER || why == LOSS_CANCELLED;
    return rejected ? OUTCOME_REJECTED : error ? OUTCOME_ERROR : OUTCOMES; /* nothing */
}

static void no_more(struct world *w, uint32_t t)
{
    uint32_t of = w->requests[t].of;
    naive_attempt(w, t)->over = true;
    naive_left(w, of, NAN);
}

/* Nobody waits for it any more; what was the matter with it is known to the breaker. */
static void forget(struct world *w, uint32_t t)
{
    struct attempt *x = naive_attempt(w, t);
    struct ask *a = ask_at(w, x->ask);
    double cancel = desk_of(w, a)->client->cancel;
    naive_list_take(&a->waits, naive_list_find(&a->waits, t));
    x->worth = IN_VAIN;
    if (!x->sent || x->ended)
        no_more(w, t);
    else if (cancel == CLIENT_QUEUED || cancel == CLIENT_RUNNING)
        naive_push(w, (struct item){.chore = CHORE_CANCEL, .subject = t});
}

/* Those that are still waited for; the latest first. */
static void forget_all(struct world *w, uint32_t ask)
{
    while (ask_at(w, ask)->waits.n > 0) {
        const struct ask *a = ask_at(w, ask);
        uint32_t t = a->waits.items[a->waits.n - 1];
        if (naive_attempt(w, t)->sent)
            naive_desk_unasked(desk_of(w, a), naive_attempt(w, t)->breaker);
        forget(w, t);
    }
}

static void leave_line(struct world *w, uint32_t ask)
{
    struct list *line = &desk_of(w, ask_at(w, ask))->line;
    size_t at = naive_list_find(line, ask);
    if (at < line->n)
        naive_list_take(line, at);
}

static void give_slot(struct world *w, uint32_t ask)
{
    struct ask *a = ask_at(w, ask);
    struct desk *d = desk_of(w, a);
    if (!a->slot)
        return;
    a->slot = false;
    if (d->line.n == 0) {
        d->under_way--;
        return;
    }
    uint32_t next = naive_list_take(&d->line, 0);
    ask_at(w, next)->slot = true;
    naive_push(
        w, (struct item){.chore = CHORE_SEND, .subject = next, .serial = ask_at(w, next)->tries});
}

void naive_send(struct world *w, const struct item *item)
{
    const struct ask *a = ask_at(w, item->subject);
    if (!a->over && a->tries == item->serial && a->slot && a->waits.n > 0 &&
        !naive_attempt(w, a->waits.items[0])->sent)
        naive_send_attempt(w, a->waits.items[0]);
}

static void end_ask(struct world *w, uint32_t ask)
{
    forget_all(w, ask);
    leave_line(w, ask);
    give_slot(w, ask);
    struct ask *a = ask_at(w, ask);
    a->over = true;
    naive_left(w, a->of, NAN);
}

/* Whoever asked has an answer, or (lost) never will. */
static void resolve(struct world *w, uint32_t ask, bool lost, enum loss why, double way)
{
    const struct ask *a = ask_at(w, ask);
    struct request *r = &w->requests[a->of];
    if (a->caller == NONE) {
        naive_attempt(w, a->of)->made = a->made;
        if (!lost)
            r->reply = w->now;
        else if (r->loss == NONE)
            r->loss = why;
        if (r->client != NONE)
            naive_think(w, a->of);
    } else {
        naive_push(w, (struct item){.chore = CHORE_ANSWER,
                                    .subject = a->caller,
                                    .serial = a->serial,
                                    .entry = a->entry,
                                    .good = !lost,
                                    .way = way});
    }
    end_ask(w, ask);
}

static void give_up(struct world *w, uint32_t ask, enum loss why)
{
    const struct ask *a = ask_at(w, ask);
    resolve(w, ask, true, why, a->way + w->now - a->meant);
}

static bool tries_again(struct world *w, const struct ask *a, enum outcome outcome)
{
    struct desk *d = desk_of(w, a);
    const struct retry_spec *r = &d->client->retry;
    return retry_says(r) && (retry_outcomes(r) >> outcome & 1) &&
           a->tries < given(r->max_attempts, 3) && naive_desk_grants(d, w->now);
}

void naive_failed(struct world *w, uint32_t t, enum outcome outcome, enum loss why)
{
    const uint32_t ask = naive_attempt(w, t)->ask;
    struct ask *a = ask_at(w, ask);
    if (naive_attempt(w, t)->sent)
        naive_desk_ended(desk_of(w, a), w->now, naive_attempt(w, t)->breaker, true);
    forget(w, t);
    if (a->waits.n > 0)
        return;
    a->hedge = INFINITY;
    leave_line(w, ask);
    if (!tries_again(w, a, outcome)) {
        give_up(w, ask, why);
        return;
    }
    give_slot(w, ask);
    a->pause = naive_desk_pause(w, desk_of(w, a), &w->requests[a->of], a->tries, a->pause,
                                naive_desk_turn(w, a->desk, a, a->made));
    a->back = w->now + a->pause;
    a->back_mark = w->marks++;
}

static void answered(struct world *w, uint32_t t, double way)
{
    struct attempt *x = naive_attempt(w, t);
    struct ask *a = ask_at(w, x->ask);
    x->worth = USEFUL;
    naive_desk_ended(desk_of(w, a), w->now, x->breaker, false);
    naive_list_take(&a->waits, naive_list_find(&a->waits, t));
    resolve(w, x->ask, false, LOSS_KINDS, way);
}

/* It is lost; whoever is told nothing notices when its time is up, or, where none is, with the last
 * of them. */
static void ends_badly(struct world *w, uint32_t t, enum loss why)
{
    struct attempt *x = naive_attempt(w, t);
    const uint32_t ask = x->ask;
    struct desk *d = desk_of(w, ask_at(w, ask));
    if (told_of(why) < OUTCOMES) {
        naive_failed(w, t, told_of(why), why);
        return;
    }
    if (d->client->timeout > 0 || d->client->deadline > 0)
        return;
    naive_desk_unasked(d, x->breaker);
    forget(w, t);
    const struct ask *a = ask_at(w, ask);
    if (a->waits.n == 0 && a->in_try >= naive_hedges(d->client))
        give_up(w, ask, why);
}

void naive_attempt_gone(struct world *w, uint32_t t)
{
    const struct request *r = &w->requests[t];
    const struct attempt *x = naive_attempt(w, t);
    if (x->worth == AWAITED && ask_at(w, x->ask)->caller == NONE) {
        if (r->left || r->loss == NONE)
            answered(w, t, r->last);
        else
            ends_badly(w, t, (enum loss)(x->told != NONE ? x->told : r->loss));
    }
    if (naive_attempt(w, t)->worth == AWAITED)
        naive_attempt(w, t)->ended = true; /* and nobody has noticed */
    else
        no_more(w, t);
}

void naive_replied(struct world *w, const struct item *item)
{
    uint32_t t = item->subject;
    const struct attempt *x = naive_attempt(w, t);
    if (x->worth == AWAITED && item->good)
        answered(w, t, item->way);
    else if (x->worth == AWAITED)
        ends_badly(w, t, (enum loss)x->told);
    naive_left(w, t, NAN);
}

/* Of a source's client, by a stage on the way. */
bool naive_client_hears(struct world *w, uint32_t request, double way)
{
    uint32_t t = request;
    while (w->requests[t].of != NONE && w->requests[w->requests[t].of].of != NONE)
        t = w->requests[t].of;
    if (w->requests[t].of == NONE || ask_at(w, naive_attempt(w, t)->ask)->caller != NONE)
        return false;
    if (naive_attempt(w, t)->worth == AWAITED)
        answered(w, t, way);
    return true;
}

/* What it is told of: how a called visit was lost, else how the first of an attempt was. */
void naive_client_told(struct world *w, const struct visit *v, enum loss loss)
{
    if (!w->clients)
        return;
    struct attempt *x = naive_attempt(w, v->request);
    bool answers = v->spot != SPOT_DONE;
    bool asked =
        answers && (v->asked != NONE || (v->copies != NONE && w->groups[v->copies].asked != NONE));
    bool called = answers &&
                  (v->caller != NONE || (v->copies != NONE && w->groups[v->copies].caller != NONE));
    if (asked || (!called && !v->aside && x->told == NONE))
        x->told = loss;
}

/* All that a visit has asked for, the latest first. */
void naive_give_up(struct world *w, uint32_t visit)
{
    for (uint32_t i = w->clients ? w->clients->n_asks : 0; i > 0; i--)
        if (ask_at(w, i - 1)->caller == visit && !ask_at(w, i - 1)->over)
            end_ask(w, i - 1);
}

/* ---- what happens some time ---- */

bool naive_client_next(struct world *w, bool leaves, double *time, uint64_t *mark, uint32_t *ask)
{
    *time = INFINITY;
    *mark = UINT64_MAX;
    for (uint32_t i = 0; w->clients && i < w->clients->n_asks; i++) {
        const struct ask *a = ask_at(w, i);
        for (size_t k = 0; k < a->waits.n + 2 && !a->over; k++) {
            const struct attempt *x = k < a->waits.n ? naive_attempt(w, a->waits.items[k]) : NULL;
            double at = x                 ? x->timeout
                        : leaves          ? a->deadline
                        : k == a->waits.n ? a->back
                                          : a->hedge;
            uint64_t m = x                 ? x->mark
                         : leaves          ? a->deadline_mark
                         : k == a->waits.n ? a->back_mark
                                           : a->hedge_mark;
            if ((x && !leaves) || at > *time || (at == *time && m >= *mark))
                continue;
            *time = at, *mark = m, *ask = i;
        }
    }
    return *time < INFINITY;
}

/* The ask whose time it is; what of it that is. */
void naive_client_leaves(struct world *w, uint32_t ask, uint64_t mark)
{
    const struct ask *a = ask_at(w, ask);
    for (size_t k = 0; k < a->waits.n; k++)
        if (naive_attempt(w, a->waits.items[k])->mark == mark) {
            naive_failed(w, a->waits.items[k], OUTCOME_TIMEOUT, LOSS_CANCELLED);
            return;
        }
    for (size_t k = 0; k < a->waits.n; k++)
        if (naive_attempt(w, a->waits.items[k])->sent)
            naive_desk_ended(desk_of(w, a), w->now, naive_attempt(w, a->waits.items[k])->breaker,
                             true);
    while (a->waits.n > 0)
        forget(w, a->waits.items[a->waits.n - 1]);
    give_up(w, ask, LOSS_CANCELLED);
}

void naive_client_again(struct world *w, uint32_t ask, uint64_t mark)
{
    struct ask *a = ask_at(w, ask);
    if (a->back_mark == mark && a->back < INFINITY) {
        naive_try(w, ask);
        return;
    }
    a->hedge = INFINITY;
    a->in_try++;
    naive_make(w, ask);
}
