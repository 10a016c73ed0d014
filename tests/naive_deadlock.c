/* Deadlocks: whoever can go on is found by going through all of them until nothing changes; the
 * others wait for each other for ever. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive_world.h"

/* Whether a place can become free there: somebody in the buffer may lose patience or be taken by
 * a consumer that can become free, or is. */
static bool station_moves(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    if ((double)owner->service.n < owner->consumers || x->n_calls > 0)
        return true;
    for (size_t i = 0; i < owner->service.n; i++)
        if (w->visits[owner->service.items[i]].moves)
            return true;
    for (size_t i = 0; i < owner->waiting.n; i++)
        if (w->visits[owner->waiting.items[i]].deadline < INFINITY)
            return true;
    return false;
}

/* Whether it need not wait for ever, as far as is known. */
static bool visit_moves(struct world *w, uint32_t visit)
{
    const struct visit *v = &w->visits[visit];
    switch (v->spot) {
    case SPOT_LINE:
    case SPOT_BUFFER:
        return v->deadline < INFINITY || station_moves(w, station_of(w, v));
    case SPOT_DONE:
    case SPOT_CALLS:
        for (uint32_t i = 0; i < w->alive.n; i++) {
            const struct visit *o = &w->visits[w->alive.items[i]];
            bool copied = o->copies != NONE && w->groups[o->copies].caller == visit;
            if (o->moves && (o->from == visit || o->caller == visit || copied))
                return true;
        }
        return false;
    case SPOT_PROMISE:
        return station_moves(w, station_of(w, &w->visits[v->next]));
    case SPOT_NOWHERE:
    case SPOT_DELAY:
    case SPOT_SERVICE:
    case SPOT_RESERVED:
    case SPOT_GONE:
        break;
    }
    return true;
}

const char *naive_deadlock(struct world *w)
{
    for (size_t i = 0; i < w->alive.n; i++)
        w->visits[w->alive.items[i]].moves = false;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < w->alive.n; i++) {
            struct visit *v = &w->visits[w->alive.items[i]];
            if (!v->moves && visit_moves(w, w->alive.items[i]))
                again = v->moves = true;
        }
    }
    const char *names = NULL;
    for (uint32_t s = 0; s < w->network->n_stages; s++) {
        bool stuck = false;
        for (size_t i = 0; i < w->alive.n; i++) {
            const struct visit *v = &w->visits[w->alive.items[i]];
            bool blocked = v->spot == SPOT_PROMISE || (v->spot == SPOT_DONE && v->pending > 0);
            stuck |= blocked && v->stage == s && !v->moves;
        }
        if (stuck)
            names = names ? internf("%s, %s", names, w->network->stages[s].name)
                          : w->network->stages[s].name;
    }
    return names;
}
