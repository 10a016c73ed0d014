/* Who asks again, and who gives up. */
#include "naive_client.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct attempt *naive_attempt(struct world *w, uint32_t request)
{
    struct clients *c = w->clients;
    if (request >= c->n_attempts) {
        uint32_t n = w->requests_room;
        c->attempts = xrealloc(c->attempts, n * sizeof *c->attempts);
        for (uint32_t i = c->n_attempts; i < n; i++)
            c->attempts[i] = (struct attempt){
                .ask = NONE, .worth = USEFUL, .turns = i, .told = NONE, .timeout = INFINITY};
        c->n_attempts = n;
    }
    return &c->attempts[request];
}

uint32_t naive_whole(const struct world *w, uint32_t request)
{
    while (w->requests[request].of != NONE)
        request = w->requests[request].of;
    return request;
}

uint32_t *naive_turns(struct world *w, uint32_t request, uint32_t *first)
{
    *first = w->clients ? naive_attempt(w, request)->tag : 0;
    return w->requests[w->clients ? naive_attempt(w, request)->turns : request].turns;
}

/* ---- the beginning and the end of it all ---- */

void naive_clients_begin(struct world *w)
{
    const struct network *n = w->network;
    if (!n->asks)
        return;
    struct clients *c = w->clients = xcalloc(1, sizeof *c);
    c->n_desks = n->n_inlets + n->n_calls;
    c->desks = xcalloc(c->n_desks, sizeof *c->desks);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        c->desks[i] = (struct desk){
            .client = n->inlets[i].client, .stage = NETWORK_EXIT, .path = "client.backoff"};
    for (uint32_t s = 0; s < n->n_stages; s++)
        for (uint32_t k = 0; k < n->stages[s].steps; k++) {
            const struct call_step *step = &n->steps[n->stages[s].first_step + k];
            uint32_t first = n->steps[n->stages[s].first_step].first;
            for (uint32_t i = step->first; i < step->first + step->n; i++)
                c->desks[n->n_inlets + i] =
                    (struct desk){.client = n->calls[i].client,
                                  .stage = s,
                                  .which = i - first,
                                  .path = internf("calls.%u.backoff", i - first),
                                  .called = n->calls[i].stage};
        }
}

void naive_clients_end(struct world *w)
{
    struct clients *c = w->clients;
    if (!c)
        return;
    for (uint32_t i = 0; i < c->n_desks; i++) {
        free(c->desks[i].firsts.items);
        free(c->desks[i].retries.items);
        free(c->desks[i].ended.items);
        free(c->desks[i].line.items);
    }
    for (uint32_t i = 0; i < c->n_asks; i++)
        free(c->asks[i].waits.items);
    free(c->desks);
    free(c->asks);
    free(c->attempts);
    free(c->works);
    free(c->undone);
    free(c);
}

/* ---- attempts ---- */

/* Another request, which is made for that of the ask. */
static uint32_t new_attempt(struct world *w, uint32_t ask)
{
    struct ask *a = ask_at(w, ask);
    struct request r = w->requests[a->of];
    r.of = a->of;
    r.client = NONE;
    r.alive = 0;
    r.loss = NONE;
    r.left = r.told = false;
    r.arrival = w->now;
    r.reply = NAN;
    r.turns = xcalloc(w->network->n_stages, sizeof *r.turns);
    uint32_t t = naive_request(w, r), number = a->made++;
    struct attempt *x = naive_attempt(w, t);
    x->ask = ask;
    x->worth = AWAITED;
    x->tag = naive_desk_turn(w, a->desk, a, number);
    x->turns = number == 0 ? naive_attempt(w, a->of)->turns : t;
    w->requests[a->of].alive++;
    naive_list_add(&a->waits, t);
    return t;
}

static void go_in(struct world *w, uint32_t t)
{
    const struct ask a = *ask_at(w, naive_attempt(w, t)->ask);
    const double way = a.way + w->now - a.meant;
    if (a.caller == NONE) {
        naive_go_in(w, t, NONE, way);
        return;
    }
    uint32_t visit = naive_visit(w, t, desk_of(w, &a)->called);
    struct visit *v = &w->visits[visit];
    v->asked = t;
    v->way = way;
    v->carried = a.carried;
    v->machine = a.machine;
    v->machines = a.machines;
    v->born = w->births++;
    w->requests[t].alive++; /* until the answer has been given */
    naive_make_alive(w, visit);
    naive_offer(w, visit);
}

double naive_hedges(const struct client_spec *c)
{
    return c->hedge.delay > 0 ? given(c->hedge.max_attempts, 2) : 1;
}

void naive_send_attempt(struct world *w, uint32_t t)
{
    struct attempt *x = naive_attempt(w, t);
    struct ask *a = ask_at(w, x->ask);
    struct desk *d = desk_of(w, a);
    if (!naive_desk_lets(d, w->now, &x->breaker)) {
        naive_failed(w, t, OUTCOME_REJECTED, LOSS_BREAKER);
        return;
    }
    x->sent = true;
    if (a->in_try < naive_hedges(d->client)) {
        a->hedge = w->now + d->client->hedge.delay;
        a->hedge_mark = w->marks++;
    }
    go_in(w, t);
}

void naive_make(struct world *w, uint32_t ask)
{
    uint32_t t = new_attempt(w, ask);
    struct ask *a = ask_at(w, ask);
    struct desk *d = desk_of(w, a);
    struct attempt *x = naive_attempt(w, t);
    x->timeout = w->now + given(d->client->timeout, INFINITY);
    x->mark = w->marks++;
    if (!a->slot && d->under_way >= given(d->client->limit, INFINITY)) {
        naive_list_add(&d->line, ask);
        return;
    }
    d->under_way += !a->slot;
    a->slot = true;
    naive_send_attempt(w, t);
}

void naive_try(struct world *w, uint32_t ask)
{
    struct ask *a = ask_at(w, ask);
    a->back = a->hedge = INFINITY;
    a->tries++;
    a->in_try = 1;
    naive_make(w, ask);
}

static void begin(struct world *w, struct ask a)
{
    struct clients *c = w->clients;
    a.meant = w->now;
    a.pause = NAN;
    a.back = a.hedge = INFINITY;
    if (c->n_asks == c->asks_room) {
        c->asks_room = 2 * c->asks_room + 64;
        c->asks = xrealloc(c->asks, c->asks_room * sizeof *c->asks);
    }
    struct desk *d = desk_of(w, &a);
    a.deadline = w->now + given(d->client->deadline, INFINITY);
    a.deadline_mark = w->marks++;
    c->asks[c->n_asks++] = a;
    w->requests[a.of].alive++;
    naive_desk_first(d, w->now);
    naive_try(w, c->n_asks - 1);
}

bool naive_asks(const struct world *w, uint32_t inlet)
{
    return w->network->inlets[inlet].client != NULL;
}

void naive_ask(struct world *w, uint32_t request)
{
    begin(w, (struct ask){.of = request,
                          .desk = w->requests[request].inlet,
                          .caller = NONE,
                          .carried = NAN,
                          .machine = NONE,
                          .machines = NONE});
}

bool naive_ask_call(struct world *w, uint32_t visit, uint32_t entry, double way)
{
    const struct network *n = w->network;
    const struct visit *v = &w->visits[visit];
    uint32_t call = n->steps[n->stages[v->stage].first_step].first + entry;
    if (!n->calls[call].client)
        return false;
    begin(w, (struct ask){.of = v->request,
                          .desk = n->n_inlets + call,
                          .caller = visit,
                          .serial = v->step_serial,
                          .entry = entry,
                          .left = v->left[entry] - 1,
                          .machine = v->station - n->stages[v->stage].first_station,
                          .machines = n->stages[v->stage].machines,
                          .way = way,
                          .carried = v->size});
    return true;
}
