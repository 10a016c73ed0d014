/* From visit to visit: what is done, who is answered, which group has come
 * together, which request is over. */
#include <math.h>
#include <stdlib.h>

#include "naive_world.h"

void naive_make_alive(struct world *w, uint32_t visit)
{
    naive_list_add(&w->alive, visit);
    w->requests[w->visits[visit].request].alive++;
}

void naive_offer_new(struct world *w, uint32_t visit)
{
    naive_make_alive(w, visit);
    naive_offer(w, visit);
}

/* One thing fewer that a request has become; with the last of them it is over. */
void naive_left(struct world *w, uint32_t request, double way)
{
    if (!isnan(way))
        w->requests[request].last = w->requests[naive_whole(w, request)].last = way;
    if (--w->requests[request].alive > 0)
        return;
    if (w->requests[request].of != NONE) {
        naive_attempt_gone(w, request);
        return;
    }
    naive_tell_request(w, request, w->requests[request].last);
    naive_over(w, request);
}

void naive_tell_request(struct world *w, uint32_t request, double way)
{
    if (!w->requests[request].told)
        naive_record_request(w, &w->requests[request], way);
    w->requests[request].told = true;
}

/* Something of it leaves the system; something was lost. */
void naive_leaves(struct world *w, uint32_t request, bool aside)
{
    for (; request != NONE; request = w->requests[request].of)
        if (!aside || w->requests[request].of == NONE) /* it is no answer to an attempt */
            w->requests[request].left = true;
}

void naive_loses(struct world *w, const struct visit *v, enum loss loss)
{
    naive_client_told(w, v, loss);
    for (uint32_t request = v->request; request != NONE; request = w->requests[request].of)
        if (w->requests[request].loss == NONE)
            w->requests[request].loss = loss;
}

/* A visit that is over without a word to anybody. */
void naive_end(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    v->spot = SPOT_GONE;
    free(v->left);
    v->left = NULL;
    naive_list_take(&w->alive, naive_list_find(&w->alive, visit));
    naive_left(w, v->request, v->went_on ? NAN : v->way);
}

/* It has been taken, by a station or by nobody: whoever handed it on is rid of it. */
void naive_taken(struct world *w, uint32_t visit)
{
    uint32_t from = w->visits[visit].from;
    w->visits[visit].from = NONE;
    if (from != NONE && --w->visits[from].pending == 0 && w->visits[from].blocked)
        naive_push(w, (struct item){.chore = CHORE_TAKEN, .subject = from});
}

/* Whether it is only an answer, if it goes no further. */
static bool is_called(const struct world *w, const struct visit *v)
{
    const struct group *g = v->copies != NONE ? &w->groups[v->copies] : NULL;
    return v->caller != NONE || v->asked != NONE || (g && (g->caller != NONE || g->asked != NONE));
}

/* A visit that comes after `v`, at `stage`: a member of the same group, unless said otherwise. */
uint32_t naive_after(struct world *w, uint32_t visit, uint32_t stage)
{
    uint32_t next = naive_visit(w, w->visits[visit].request, stage);
    struct visit *v = &w->visits[visit], *n = &w->visits[next];
    n->carried = v->size;
    n->way = v->way;
    n->machine = v->station - stage_of(w, v)->first_station;
    n->machines = stage_of(w, v)->machines;
    n->aside = v->aside || is_called(w, v);
    n->group = v->group;
    n->born = v->born;
    return next;
}

/* It is lost there, which is told in its turn. */
void naive_lost_later(struct world *w, uint32_t visit, enum loss loss)
{
    w->visits[visit].spot = SPOT_NOWHERE; /* nobody else takes it away */
    naive_push(w, (struct item){.chore = CHORE_LOST, .subject = visit, .loss = loss});
}

/* It leaves its station, and comes again. */
static void fail(struct world *w, uint32_t visit, enum loss loss)
{
    bool served = w->visits[visit].spot == SPOT_CALLS;
    naive_give_up(w, visit);
    naive_unpromise(w, visit);
    w->visits[visit].spot = SPOT_NOWHERE;
    naive_record(w, &w->visits[visit], TRACE_LOST + (uint32_t)loss);
    if (served)
        naive_station_release(w, visit);
    naive_again_waits(w, visit);
}

/* It is lost: recorded, and everybody who is concerned told. */
void naive_lose(struct world *w, uint32_t visit, enum loss loss)
{
    struct visit *v = &w->visits[visit];
    bool answered = v->spot == SPOT_DONE, served = v->spot == SPOT_CALLS || answered;
    if (!served) { /* what it had of service before it was interrupted was in vain */
        v->way = v->way_before + w->now - v->arrival;
        if (v->there)
            v->spent = (v->size - v->rest) / owner_of(w, station_of(w, v))->speed;
    }
    v->fails = naive_again_takes(w, v, loss);
    if (v->fails) {
        fail(w, visit, loss);
        return;
    }
    uint32_t letter = naive_letter(w, visit, loss);
    v = &w->visits[visit];
    loss = letter != NONE ? LOSS_DEAD_LETTER : loss;
    naive_loses(w, v, loss);
    naive_give_up(w, visit);
    v->spot = SPOT_NOWHERE;
    naive_record(w, v, TRACE_LOST + (uint32_t)loss);
    if (!answered)
        naive_tell_caller(w, visit, false);
    naive_unpromise(w, visit);
    if (served)
        naive_station_release(w, visit);
    naive_tell_group(w, w->visits[visit].group, w->visits[visit].request, NETWORK_EXIT,
                     w->visits[visit].size, w->visits[visit].way);
    naive_end(w, visit);
    if (letter != NONE)
        naive_offer(w, letter);
}

/* Calls. */

static void start_call(struct world *w, uint32_t visit, uint32_t entry, double way)
{
    const struct network *n = w->network;
    const struct network_stage *stage = stage_of(w, &w->visits[visit]);
    uint32_t first = n->steps[stage->first_step].first;
    if (naive_ask_call(w, visit, entry, way))
        return;
    uint32_t next = naive_after(w, visit, n->calls[first + entry].stage);
    w->visits[next].group = NONE;
    w->visits[next].aside = false;
    w->visits[next].born = w->births++;
    w->visits[next].way = way;
    w->visits[next].caller = visit;
    w->visits[next].serial = w->visits[visit].step_serial;
    w->visits[next].entry = entry;
    naive_offer_new(w, next);
}

static void hand_on(struct world *w, uint32_t visit);

/* Its service is over, and its calls are answered. */
static void visit_done(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct request *r = &w->requests[naive_whole(w, v->request)];
    v->spot = SPOT_DONE;
    v->over = w->now;
    if (stage_of(w, v)->replies && !naive_client_hears(w, v->request, v->way) && isnan(r->reply))
        r->reply = w->now;
    naive_tell_caller(w, visit, true);
    hand_on(w, visit);
}

/* The next step of its calls that asks anything; or it is done. */
static void next_step(struct world *w, uint32_t visit)
{
    const struct network *n = w->network;
    const struct network_stage *stage = stage_of(w, &w->visits[visit]);
    uint32_t first = stage->steps ? n->steps[stage->first_step].first : 0;
    while (w->visits[visit].step < stage->steps) {
        struct visit *v = &w->visits[visit];
        const struct call_step *step = &n->steps[stage->first_step + v->step++];
        v->step_serial++;
        v->made = v->answers = v->failures = 0;
        for (uint32_t i = 0; i < step->n; i++) {
            uint32_t entry = step->first + i - first;
            v->left[entry] = 0;
            if (naive_uniform(w, v, DRAW_CALLS, entry) < n->calls[first + entry].share) {
                v->left[entry] = n->calls[first + entry].count;
                v->made++;
            }
        }
        v->need = step->need < v->made ? step->need : v->made;
        for (uint32_t i = 0; i < step->n; i++)
            if (w->visits[visit].left[step->first + i - first] > 0)
                start_call(w, visit, step->first + i - first, w->visits[visit].way);
        if (w->visits[visit].made > 0)
            return;
    }
    visit_done(w, visit);
}

void naive_answer(struct world *w, const struct item *item)
{
    struct visit *v = &w->visits[item->subject];
    const struct network_stage *stage = stage_of(w, v);
    if (v->spot != SPOT_CALLS || v->step_serial != item->serial)
        return; /* nobody waits for it any more */
    uint32_t first = w->network->steps[stage->first_step].first;
    bool cancelled = naive_is_cancelled(w, v->request);
    if (item->good || w->network->calls[first + item->entry].ignores) {
        if (--v->left[item->entry] > 0 && !cancelled) {
            start_call(w, item->subject, item->entry, item->way);
        } else if (++v->answers == v->need) {
            v->way = item->way;
            naive_give_up(w, item->subject);
            if (v->step < stage->steps && cancelled)
                naive_lose(w, item->subject, LOSS_CANCELLED);
            else
                next_step(w, item->subject);
        }
    } else if (v->made - ++v->failures < v->need) {
        naive_lose(w, item->subject, LOSS_FAILED);
    }
}

/* Its own work is done. */
void naive_served(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    uint32_t calls = 0;
    for (uint32_t i = 0; i < stage->steps; i++)
        calls += w->network->steps[stage->first_step + i].n;
    v->spot = SPOT_CALLS;
    const bool batched = naive_batched(w, station_of(w, v));
    v->spent = batched ? naive_batch_spent(w, v) : v->size / owner_of(w, station_of(w, v))->speed;
    v->served = batched ? INFINITY : w->now;
    bool cancelled = calls > 0 && naive_is_cancelled(w, v->request);
    if (naive_fails(w, v) || cancelled) {
        naive_lose(w, visit, naive_fails(w, v) ? LOSS_ERROR : LOSS_CANCELLED);
        return;
    }
    v->left = calls ? xcalloc(calls, sizeof *v->left) : NULL;
    next_step(w, visit);
}

/* Routes. */

uint32_t naive_chosen(struct world *w, uint32_t visit, const struct route *route)
{
    const struct visit *v = &w->visits[visit];
    double u = 0;
    if (route->way == WAY_ONE && route->n > 0)
        u = naive_uniform(w, v, DRAW_TO, 0);
    for (uint32_t i = 0; i < route->n; i++) {
        const struct leg *leg = &w->network->legs[route->first + i];
        bool fits = leg->class == NETWORK_ANY || leg->class == w->requests[v->request].class;
        if (route->way == WAY_RULES ? fits : u < leg->until)
            return leg->stage;
    }
    return NETWORK_EXIT;
}

static void hand_on_to(struct world *w, uint32_t visit, uint32_t stage)
{
    uint32_t next = naive_after(w, visit, stage);
    w->visits[next].from = visit;
    w->visits[visit].pending++;
    w->visits[visit].went_on = true;
    naive_offer_new(w, next);
}

/* A copy to each, which are a group in its place. */
static void hand_on_copies(struct world *w, uint32_t visit, const struct route *to)
{
    const struct visit v = w->visits[visit];
    uint32_t group = naive_group(w, v.request, v.group, to->n);
    w->groups[group].join_of = w->network->join_of[v.stage];
    w->groups[group].aside = v.aside || is_called(w, &v);
    w->visits[visit].pending += to->n;
    w->visits[visit].went_on = true;
    for (uint32_t i = 0; i < to->n; i++) {
        uint32_t stage = w->network->legs[to->first + i].stage;
        if (stage == NETWORK_EXIT) {
            naive_leaves(w, v.request, v.aside || is_called(w, &v));
            w->requests[v.request].last = w->requests[naive_whole(w, v.request)].last = v.way;
            w->visits[visit].pending--;
            naive_tell_group(w, group, v.request, NETWORK_EXIT, v.size, v.way);
            continue;
        }
        uint32_t copy = naive_after(w, visit, stage);
        w->visits[copy].from = visit;
        w->visits[copy].group = group;
        w->visits[copy].born = w->births++;
        naive_offer_new(w, copy);
    }
    naive_release(w, visit);
}

static void hand_on(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    const struct route *to = &stage_of(w, v)->to;
    if (naive_is_cancelled(w, v->request))
        naive_unpromise(w, visit);
    v = &w->visits[visit];
    if (v->next != NONE) {
        uint32_t next = v->next;
        v->next = NONE;
        v->pending++;
        v->went_on = true;
        w->visits[next].carried = v->size;
        w->visits[next].way = v->way;
        w->visits[next].group = v->group;
        naive_offer_new(w, next);
    } else if (to->way == WAY_COPIES && to->n > 0 && !naive_is_cancelled(w, v->request)) {
        hand_on_copies(w, visit, to);
        return;
    } else {
        bool further = !naive_is_cancelled(w, v->request) && to->way != WAY_COPIES;
        uint32_t next = further ? naive_chosen(w, visit, to) : NETWORK_EXIT;
        if (next != NETWORK_EXIT) {
            hand_on_to(w, visit, next);
        } else { /* it leaves, and then ends as a member of its group */
            if (!is_called(w, v) && !naive_is_cancelled(w, v->request))
                naive_leaves(w, v->request, v->aside);
            w->requests[v->request].alive++;
            uint32_t request = v->request, group = v->group;
            double size = v->size, way = v->way;
            naive_release(w, visit);
            naive_tell_group(w, group, request, NETWORK_EXIT, size, way);
            naive_left(w, request, way);
            return;
        }
    }
    naive_release(w, visit);
}
