/* Attempts that nobody waits for are taken out; where the work went. */
#include <math.h>
#include <stdlib.h>

#include "naive_client.h"

bool naive_is_cancelled(struct world *w, uint32_t request)
{
    return w->clients && naive_attempt(w, request)->cancelled;
}

/* Its own visits, those that were there first going first. */
void naive_cancel(struct world *w, uint32_t t)
{
    struct attempt *x = naive_attempt(w, t);
    if (x->over)
        return;
    const struct ask *a = &w->clients->asks[x->ask];
    bool all = w->clients->desks[a->desk].client->cancel == CLIENT_RUNNING;
    struct list doomed = {0};
    x->cancelled = true;
    for (uint32_t i = 0; i < w->alive.n; i++)
        if (w->visits[w->alive.items[i]].request == t)
            naive_list_add(&doomed, w->alive.items[i]);
    while (doomed.n > 0) {
        size_t first = 0;
        for (size_t i = 1; i < doomed.n; i++)
            if (w->visits[doomed.items[i]].born < w->visits[doomed.items[first]].born)
                first = i;
        uint32_t visit = naive_list_take(&doomed, first);
        if (naive_can_go(&w->visits[visit], all))
            naive_take_out(w, visit, LOSS_CANCELLED);
    }
    free(doomed.items);
}

/* ---- work ---- */

static void undone(struct world *w, uint32_t request, double cancelled, double denied)
{
    struct clients *c = w->clients;
    if (c->n_undone == c->undone_room) {
        c->undone_room = 2 * c->undone_room + 64;
        c->undone = xrealloc(c->undone, c->undone_room * sizeof *c->undone);
    }
    c->undone[c->n_undone].request = request;
    c->undone[c->n_undone].cancelled = cancelled;
    c->undone[c->n_undone++].denied = denied;
}

/* A visit leaves a stage: it has had so much of a consumer's time. */
void naive_book(struct world *w, const struct visit *v, bool lost, enum loss why)
{
    struct clients *c = w->clients;
    if (!c || (!v->there && stage_of(w, v)->copies)) /* which copies would have had */
        return;
    double size = v->there ? v->size : naive_work(w, v);
    double wanted =
        naive_step_work(w, station_of(w, v), size) / owner_of(w, station_of(w, v))->speed;
    double spent = v->spent + (v->served < INFINITY ? w->now - v->served : 0);
    if (c->n_works == c->works_room) {
        c->works_room = 2 * c->works_room + 64;
        c->works = xrealloc(c->works, c->works_room * sizeof *c->works);
    }
    c->works[c->n_works++] = (struct work){v->request, spent, lost};
    if (lost && !v->fails && wanted > spent)
        undone(w, v->request, why == LOSS_CANCELLED ? wanted - spent : 0,
               why == LOSS_CANCELLED || why == LOSS_FAILED || why == LOSS_WITHDRAWN
                   ? 0
                   : wanted - spent);
}

/* Useful: whoever waited for any of the attempts that it was made for had its answer. */
static void judge(struct world *w, const struct work *work, struct ledger *ledger)
{
    bool waits = false, vain = work->lost;
    for (uint32_t r = work->request; r != NONE && !vain && !waits; r = w->requests[r].of) {
        waits = naive_attempt(w, r)->worth == AWAITED;
        vain = naive_attempt(w, r)->worth == IN_VAIN;
    }
    if (vain)
        ledger->wasted += work->seconds;
    else if (!waits)
        ledger->useful += work->seconds;
}

uint32_t naive_ledger(struct world *w, uint32_t request, struct ledger *ledger)
{
    struct clients *c = w->clients;
    if (!c)
        return 0;
    for (size_t i = 0; i < c->n_works; i++)
        if (naive_whole(w, c->works[i].request) == request)
            judge(w, &c->works[i], ledger);
    for (size_t i = 0; i < c->n_undone; i++)
        if (naive_whole(w, c->undone[i].request) == request) {
            ledger->cancelled += c->undone[i].cancelled;
            ledger->denied += c->undone[i].denied;
        }
    return naive_attempt(w, request)->made;
}
