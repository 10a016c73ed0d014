/* A visit is offered to its station (sim/engine/engine.h): it comes in, waits outside, or is
 * refused.
 */
#include <math.h>
#include <string.h>

#include "naive_world.h"

static const struct stage *stage_at(const struct world *w, uint32_t station)
{
    return w->network->stages[w->stations[station].stage].stage;
}

static uint32_t oldest(struct world *w, const struct list *list, const struct station *x)
{
    uint32_t best = NONE;
    for (size_t i = 0; i < list->n; i++) {
        const struct visit *v = &w->visits[list->items[i]];
        if (v->station == x->number && !v->returned &&
            (v->spot == SPOT_BUFFER || v->spot == SPOT_SERVICE) &&
            (best == NONE || v->order < w->visits[best].order))
            best = list->items[i];
    }
    return best;
}

static void refuse(struct world *w, uint32_t visit)
{
    struct station *x = station_of(w, &w->visits[visit]), *owner = owner_of(w, x);
    const struct policy *policy =
        (const struct policy *)(const void *)stage_at(w, x->number)->when_full;
    uint32_t old = NONE;
    if (strcmp(policy->model.name, "drop-oldest") == 0 && x->capacity > 0 &&
        w->visits[visit].bytes <= x->max_bytes)
        old = oldest(w, naive_station_shares(w, x) ? &owner->service : &owner->waiting, x);
    if (old == NONE) {
        naive_be_there(w, visit);
        naive_taken(w, visit);
        naive_lost_later(w, visit, policy->loss);
        return;
    }
    if (naive_station_shares(w, x))
        naive_station_end_service(w, owner, naive_list_find(&owner->service, old));
    else
        naive_waiting_take(w, owner, naive_list_find(&owner->waiting, old));
    naive_lost_later(w, old, policy->loss);
    if (naive_station_fits(w, x, &w->visits[visit], 0))
        naive_station_come_in(w, visit);
    else
        refuse(w, visit);
}

/* It gets a consumer that is added for it. */
static void come_to_own(struct world *w, uint32_t visit)
{
    naive_be_there(w, visit);
    naive_taken(w, visit);
    w->visits[visit].order = w->orders++;
    if (naive_staff_grow(w, station_of(w, &w->visits[visit]), visit))
        naive_station_begin(w, visit);
}

static bool is_pausing(const struct world *w, const struct station *x)
{
    return strcmp(stage_at(w, x->number)->when_full->name, "pause") == 0;
}

/* As many wait outside as may (buffer.max_paused). */
static bool is_crowded(const struct world *w, const struct station *x)
{
    return is_pausing(w, x) &&
           (double)x->line.n >= fmin(stage_at(w, x->number)->max_paused, INFINITY);
}

/* The visit is offered to its station. */
void naive_station_enter(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct station *x = station_of(w, v);
    const bool nobody = naive_staffed(w, x) && !naive_station_is_idle(w, x);
    const double inside = naive_station_waiting(w, x), waited = inside + (double)x->line.n;
    bool made = false;
    enum loss why;
    if (v->promised) {
        const struct machine *m = naive_crash_machine(w, x);
        x->reserved--;
        if (!m || !m->down) {
            naive_station_come_in(w, visit);
            return;
        }
        naive_be_there(w, visit);
        naive_taken(w, visit);
        naive_lost_later(w, visit, LOSS_CRASHED);
        return;
    } else if (naive_trouble_refuses(w, x, &why)) {
        naive_be_there(w, visit);
        naive_taken(w, visit);
        naive_lost_later(w, visit, why);
        return;
    } else if (x->line.n == 0 && nobody && naive_staff_grows(w, x, inside < x->capacity)) {
        made = true;
        come_to_own(w, visit);
    } else if (x->line.n == 0 && naive_station_fits(w, x, v, 0)) {
        naive_station_come_in(w, visit);
    } else if (is_crowded(w, x)) {
        naive_be_there(w, visit);
        naive_taken(w, visit);
        naive_lost_later(w, visit, LOSS_ERROR);
    } else if (is_pausing(w, x)) {
        naive_station_wait_outside(w, visit);
    } else {
        refuse(w, visit);
    }
    if (nobody && !made)
        naive_staff_ask(w, x, waited);
    naive_staff_set_up(w, x);
    if (naive_batched(w, x))
        naive_batch_watch(w, x);
}
