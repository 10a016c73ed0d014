/* Visits that fail: back into the buffer, later, or as letters to another stage. */
#include <math.h>
#include <stdlib.h>

#include "naive_client.h"

struct naive_retry {
    struct client_spec as; /* of which only `retry` says anything */
    struct desk desk;
};

void naive_again_begin(struct world *w)
{
    const struct network *n = w->network;
    w->retries = xcalloc(n->n_stages, sizeof *w->retries);
    for (uint32_t i = 0; i < n->n_stages; i++) {
        struct naive_retry *r = &w->retries[i];
        if (n->stages[i].retry)
            r->as.retry = *n->stages[i].retry;
        r->desk = (struct desk){.client = &r->as, .stage = i, .path = "retry.backoff"};
    }
}

void naive_again_end(struct world *w)
{
    for (uint32_t i = 0; i < w->network->n_stages; i++) {
        free(w->retries[i].desk.firsts.items);
        free(w->retries[i].desk.retries.items);
    }
    free(w->retries);
}

void naive_again_comes(struct world *w, uint32_t stage)
{
    if (w->network->stages[stage].retry)
        naive_desk_first(&w->retries[stage].desk, w->now);
}

static bool fails(struct world *w, const struct visit *v, enum loss why)
{
    bool known = why == LOSS_TIMED_OUT || why == LOSS_REJECTED || why == LOSS_THROTTLED ||
                 why == LOSS_LIMITED || why == LOSS_OUTAGE || why == LOSS_FAILED ||
                 why == LOSS_ERROR || why == LOSS_CRASHED;
    return known && v->spot != SPOT_DONE && !naive_is_cancelled(w, v->request);
}

bool naive_again_takes(struct world *w, const struct visit *v, enum loss why)
{
    const struct retry_spec *r = stage_of(w, v)->retry;
    enum outcome outcome = why == LOSS_TIMED_OUT ? OUTCOME_TIMEOUT
                           : why == LOSS_FAILED || why == LOSS_ERROR || why == LOSS_CRASHED
                               ? OUTCOME_ERROR
                               : OUTCOME_REJECTED;
    return r && fails(w, v, why) && (retry_outcomes(r) >> outcome & 1) &&
           v->tries + 1 < (r->max_attempts > 0 ? r->max_attempts : 3) &&
           naive_desk_grants(&w->retries[v->stage].desk, w->now);
}

/* It has left where it was. */
void naive_again_waits(struct world *w, uint32_t visit)
{
    const uint32_t anew = naive_visit(w, w->visits[visit].request, w->visits[visit].stage);
    struct visit *v = &w->visits[visit];
    const struct visit was = *v;
    struct desk *d = &w->retries[v->stage].desk;
    const uint32_t of = w->clients ? naive_attempt(w, v->request)->tag : 0;
    const uint32_t name = naive_desk_hash(internf("%s.retry", stage_of(w, v)->name));
    free(v->left);
    *v = w->visits[anew]; /* as one that has never been here */
    w->n_visits--;
    v->caller = was.caller, v->serial = was.serial, v->entry = was.entry, v->asked = was.asked;
    v->copies = was.copies, v->group = was.group, v->born = was.born, v->joined = was.joined;
    v->aside = was.aside;
    v->carried = was.carried, v->way = was.way, v->step_serial = was.step_serial + 1;
    v->first_turn = was.tries == 0 ? was.turn : was.first_turn;
    v->tries = was.tries + 1;
    v->turn = network_attempt_turns(of, name, v->first_turn, v->tries);
    v->pause = naive_desk_pause(w, d, &w->requests[v->request], v->tries,
                                was.tries == 0 ? NAN : was.pause, v->turn);
    v->spot = SPOT_DELAY;
    v->mark = w->marks++;
    v->back = w->now + v->pause;
}

/* The letter that it becomes; NONE. */
uint32_t naive_letter(struct world *w, uint32_t visit, enum loss why)
{
    const struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    if (stage->letter == NETWORK_EXIT || !fails(w, v, why))
        return NONE;
    uint32_t letter = naive_visit(w, v->request, stage->letter);
    v = &w->visits[visit];
    struct visit *l = &w->visits[letter];
    l->carried = v->size;
    l->way = v->way;
    l->machine = v->station - stage->first_station;
    l->machines = stage->machines;
    l->born = w->births++;
    l->aside = true;
    naive_make_alive(w, letter);
    return letter;
}
