/* Offers: what a visit takes with it to a stage, and what becomes of it there. */
#include <math.h>
#include <stdlib.h>

#include "naive_world.h"

/* Its consumer is free, unless it is blocked. */
void naive_release(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    if (v->pending > 0) {
        v->blocked = true;
        return;
    }
    naive_record(w, v, TRACE_COMPLETED);
    naive_station_release(w, visit);
    naive_end(w, visit);
}

static uint32_t turn_of(struct world *w, const struct visit *v)
{
    uint32_t first, *turns = naive_turns(w, v->request, &first);
    return first + turns[v->stage]++;
}

/* Blocking before service: whether a place is reserved, or none is needed; else it waits in line.
 */
bool naive_promise(struct world *w, uint32_t visit)
{
    const struct route *to = &stage_of(w, &w->visits[visit])->to;
    if (to->way == WAY_COPIES)
        return true;
    uint32_t stage = naive_chosen(w, visit, to);
    const struct network_stage *next = stage == NETWORK_EXIT ? NULL : &w->network->stages[stage];
    if (!next || next->join || next->delay || next->copies || next->guard ||
        isinf(next->stage->capacity) || isinf(next->stage->consumers) ||
        ((const struct policy *)(const void *)next->stage->when_full)->verdict != VERDICT_PAUSE)
        return true;
    uint32_t promise = naive_after(w, visit, stage);
    w->visits[visit].next = promise;
    struct visit *n = &w->visits[promise];
    n->promised = true;
    n->from = visit;
    n->turn = turn_of(w, n);
    n->turned = true;
    n->station = naive_balance_pick(w, n);
    struct station *x = station_of(w, n);
    if (naive_station_has_room(w, x)) {
        n->spot = SPOT_RESERVED;
        x->reserved++;
        return true;
    }
    n->spot = SPOT_LINE;
    naive_list_add(&x->line, promise);
    naive_station_let_in(w, x); /* after resume_delay, if there is a place for it */
    return false;
}

/* Offers. */

/* A copy to each station, or to each of some. */
static void offer_copies(struct world *w, uint32_t visit)
{
    if (w->visits[visit].spot == SPOT_DELAY) /* copies are offered now, and not before */
        w->visits[visit].turn = turn_of(w, &w->visits[visit]);
    w->visits[visit].spot = SPOT_NOWHERE;
    const struct visit v = w->visits[visit];
    uint32_t *stations = xcalloc(stage_of(w, &v)->replicas, sizeof *stations);
    uint32_t n = naive_balance_copies(w, &v, stations);
    uint32_t group = naive_group(w, v.request, v.group, n);
    w->groups[group].join_of = w->network->copies_join_of[v.stage];
    w->groups[group].caller = v.caller;
    w->groups[group].serial = v.serial;
    w->groups[group].entry = v.entry;
    w->groups[group].asked = v.asked;
    w->groups[group].aside = v.aside;
    if (v.from != NONE)
        w->visits[v.from].pending += n - 1;
    uint32_t first = w->n_visits;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t copy = i == 0 ? visit : naive_visit(w, v.request, v.stage);
        w->visits[copy] = v;
        w->visits[copy].station = stations[i];
        w->visits[copy].turn = i == 0 ? v.turn : turn_of(w, &v);
        w->visits[copy].caller = w->visits[copy].asked = NONE;
        w->visits[copy].copies = group; /* it answers, or only stands for who would be answered */
        w->visits[copy].group = group;
        w->visits[copy].born = w->births++;
        if (i > 0)
            naive_make_alive(w, copy);
    }
    for (uint32_t i = 0; i < n; i++)
        naive_door_enter(w, i == 0 ? visit : first + i - 1, true);
    free(stations);
}

void naive_offer_on(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    if (stage_of(w, v)->copies) {
        offer_copies(w, visit);
        return;
    }
    naive_door_enter(w, visit, false);
}

void naive_offer(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    if (v->promised) {
        naive_station_enter(w, visit);
    } else if (stage->join && !v->joined && v->group != NONE) {
        naive_taken(w, visit);
        naive_hold(w, v->group, v->request, v->way);
        naive_tell_group(w, v->group, v->request, v->stage, v->carried, v->way);
        naive_end(w, visit);
    } else {
        v->turn = turn_of(w, v);
        naive_again_comes(w, v->stage);
        if (stage->copies && stage->delay) {
            uint32_t first;
            naive_turns(w, v->request, &first)[v->stage]--;
        }
        if (!stage->delay) {
            naive_offer_on(w, visit);
            return;
        }
        naive_taken(w, visit);
        v = &w->visits[visit];
        v->spot = SPOT_DELAY;
        v->mark = w->marks++;
        v->back = w->now + naive_law(w, stage->delay, v, DRAW_DELAY);
    }
}
