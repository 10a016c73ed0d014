/* Deadlocks: whoever can go on is found by going through all of them until nothing changes; the
 * others wait for each other for ever. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive_world.h"

/* Whether all that one of several consumers serves at once moves. */
static bool batch_moves(struct world *w, const struct station *x)
{
    if (naive_batch_idle(w, x) > 0)
        return true;
    for (size_t i = 0; i < x->service.n; i++) {
        bool all = true;
        for (size_t k = 0; k < x->service.n; k++)
            all &= w->visits[x->service.items[k]].hand != w->visits[x->service.items[i]].hand ||
                   w->visits[x->service.items[k]].moves;
        if (all)
            return true;
    }
    return false;
}

/* Whether a consumer there can become free, or is. */
static bool consumers_move(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    if (naive_batched(w, owner)   ? naive_batch_idle(w, owner) > 0
        : naive_staffed(w, owner) ? owner->most > (double)owner->service.n
                                  : (double)owner->service.n < owner->consumers)
        return true;
    if (naive_batched(w, owner))
        return batch_moves(w, owner);
    for (size_t i = 0; i < owner->service.n; i++)
        if (w->visits[owner->service.items[i]].moves)
            return true;
    return false;
}

/* The same of a place: somebody in the buffer may lose patience, too, or be called in. */
static bool place_frees(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    for (size_t i = 0; i < owner->waiting.n; i++) {
        const struct visit *v = &w->visits[owner->waiting.items[i]];
        if (v->station == x->number && v->deadline < INFINITY)
            return true;
    }
    return x->n_calls > 0 || consumers_move(w, x);
}

/* Whether a join may take it out yet. */
static bool may_be_withdrawn(const struct world *w, const struct visit *v, enum withdraw how)
{
    bool late = false; /* of a group that has been joined, and is a member by its task */
    for (uint32_t g = v->group; g != NONE; g = w->groups[g].parent) {
        const struct group *group = &w->groups[g];
        uint32_t at = group->at != NETWORK_EXIT ? group->at : group->join_of;
        if (!group->closed && at != NETWORK_EXIT && w->network->stages[at].withdraw >= how &&
            group->n + group->open + late - group->ended > 1)
            return true;
        late |= group->closed;
    }
    return false;
}

/* Whether one that waits at its station is served some time, or lost. */
static bool waiting_moves(struct world *w, const struct visit *v)
{
    const struct network_stage *s = stage_of(w, v);
    const struct law **timeout = s->timeout;
    return (timeout && timeout[w->requests[v->request].class]) ||
           strcmp(s->stage->when_full->name, "drop-oldest") == 0 ||
           may_be_withdrawn(w, v, WITHDRAW_QUEUED) || consumers_move(w, station_of(w, v));
}

/* Everything that it handed on, and that is not taken yet, may have a place. */
static bool blocked_moves(struct world *w, uint32_t visit)
{
    for (uint32_t i = 0; i < w->alive.n; i++) {
        const struct visit *o = &w->visits[w->alive.items[i]];
        if (o->from == visit && o->spot == SPOT_LINE && !place_frees(w, station_of(w, o)) &&
            !may_be_withdrawn(w, o, WITHDRAW_QUEUED))
            return false;
    }
    return true;
}

/* One of its calls is answered some time; of a call to several all of these. */
static bool calls_move(struct world *w, uint32_t visit)
{
    const struct visit *v = &w->visits[visit];
    if (may_be_withdrawn(w, v, WITHDRAW_RUNNING))
        return true;
    for (uint32_t i = 0; i < w->alive.n; i++) {
        const struct visit *o = &w->visits[w->alive.items[i]];
        if (o->caller == visit && o->serial == v->step_serial && o->spot != SPOT_DONE && o->moves)
            return true;
    }
    for (uint32_t g = 0; g < w->n_groups; g++) {
        const struct group *group = &w->groups[g];
        if (group->caller != visit || group->serial != v->step_serial || group->answers == group->n)
            continue;
        bool all = true;
        for (uint32_t i = 0; i < w->alive.n; i++) {
            const struct visit *o = &w->visits[w->alive.items[i]];
            all &= o->copies != g || o->spot == SPOT_DONE || o->moves;
        }
        if (all)
            return true;
    }
    return false;
}

/* Whether it need not wait for ever, as far as is known. */
static bool visit_moves(struct world *w, uint32_t visit)
{
    const struct visit *v = &w->visits[visit];
    switch (v->spot) {
    case SPOT_LINE:
    case SPOT_BUFFER:
        return v->from == NONE ? waiting_moves(w, v) : place_frees(w, station_of(w, v));
    case SPOT_DONE:
        return blocked_moves(w, visit);
    case SPOT_CALLS:
        return calls_move(w, visit);
    case SPOT_PROMISE:
        return place_frees(w, station_of(w, &w->visits[v->next])) ||
               may_be_withdrawn(w, v, WITHDRAW_RUNNING);
    case SPOT_NOWHERE:
    case SPOT_DELAY:
    case SPOT_DOOR:
    case SPOT_SERVICE:
    case SPOT_STARTING:
    case SPOT_RESERVED:
    case SPOT_GONE:
        break;
    }
    return true;
}

static bool is_held(const struct visit *v)
{
    return v->spot == SPOT_PROMISE || v->spot == SPOT_CALLS ||
           (v->spot == SPOT_DONE && v->pending > 0);
}

const char *naive_deadlock(struct world *w)
{
    bool held = false;
    for (size_t i = 0; i < w->alive.n; i++) {
        w->visits[w->alive.items[i]].moves = false;
        held |= is_held(&w->visits[w->alive.items[i]]);
    }
    for (bool again = held; again;) {
        again = false;
        for (size_t i = 0; i < w->alive.n; i++) {
            struct visit *v = &w->visits[w->alive.items[i]];
            if (!v->moves && visit_moves(w, w->alive.items[i]))
                again = v->moves = true;
        }
    }
    const char *names = NULL;
    for (uint32_t s = 0; s < w->network->n_stages && held; s++) {
        bool stuck = false;
        for (size_t i = 0; i < w->alive.n; i++) {
            const struct visit *v = &w->visits[w->alive.items[i]];
            stuck |= is_held(v) && v->stage == s && !v->moves;
        }
        if (stuck)
            names = names ? internf("%s, %s", names, w->network->stages[s].name)
                          : w->network->stages[s].name;
    }
    return names;
}
