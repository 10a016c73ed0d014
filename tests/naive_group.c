/* Who is told that a visit is over: its caller, its group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive_world.h"

/* Answers. */

void naive_tell_caller(struct world *w, uint32_t visit, bool good)
{
    struct visit *v = &w->visits[visit];
    struct item item = {.chore = CHORE_ANSWER,
                        .subject = v->caller,
                        .serial = v->serial,
                        .entry = v->entry,
                        .good = good,
                        .way = v->way};
    uint32_t asked = v->asked;
    if (v->copies != NONE) {
        struct group *g = &w->groups[v->copies];
        g->lost += !good;
        if (++g->answers < g->n)
            return;
        item.subject = g->caller, item.serial = g->serial, item.entry = g->entry;
        item.good = g->lost < g->n;
        asked = g->asked;
    }
    if (asked != NONE) {
        item.chore = CHORE_REPLY;
        item.subject = asked;
    }
    if (item.subject != NONE)
        naive_push(w, item);
}

/* Groups. */

static bool belongs(const struct world *w, uint32_t group, uint32_t to)
{
    while (group != NONE && group != to)
        group = w->groups[group].parent;
    return group == to;
}

/* A place that it had at the next stage, or waited for, is free again. */
void naive_unpromise(struct world *w, uint32_t visit)
{
    uint32_t next = w->visits[visit].next;
    if (next == NONE)
        return;
    struct visit *n = &w->visits[next];
    if (n->spot == SPOT_LINE)
        naive_station_leave_line(w, next);
    else
        station_of(w, n)->reserved--;
    n->spot = SPOT_GONE;
    w->visits[visit].next = NONE;
    naive_station_let_in(w, station_of(w, n));
}

/* Of one that is taken out of a line: whoever handed it on is rid of it now. That was the task
 * itself, which has not been taken; or, if it is a copy, what it is a copy of. */
static void free_holder(struct world *w, uint32_t visit, uint32_t outcome)
{
    uint32_t from = w->visits[visit].from;
    w->visits[visit].from = NONE;
    if (from == NONE || --w->visits[from].pending > 0 || !w->visits[from].blocked)
        return;
    bool itself = w->visits[from].group == w->visits[visit].group;
    naive_record(w, &w->visits[from], itself ? outcome : TRACE_COMPLETED);
    naive_station_release(w, from);
    naive_end(w, from);
}

void naive_take_out(struct world *w, uint32_t visit, enum loss why)
{
    struct visit *v = &w->visits[visit];
    enum spot spot = v->spot;
    uint32_t station = v->station;
    uint32_t outcome = why == LOSS_WITHDRAWN ? TRACE_WITHDRAWN : TRACE_LOST + (uint32_t)why;
    const struct station *owner = owner_of(w, station_of(w, v));
    if (spot == SPOT_SERVICE)
        v->rest = naive_station_left(w, owner, v);
    if (v->there && spot != SPOT_CALLS)
        v->spent = spot == SPOT_SERVICE && naive_batched(w, owner)
                       ? naive_batch_spent(w, v)
                       : (v->size - v->rest) / owner->speed;
    bool waits = spot == SPOT_LINE || spot == SPOT_BUFFER || spot == SPOT_PROMISE;
    if ((v->there && waits) || spot == SPOT_DOOR)
        v->way = v->way_before + w->now - v->arrival;
    v->spot = SPOT_NOWHERE;
    if (v->there || spot == SPOT_DELAY || spot == SPOT_DOOR)
        naive_record(w, v, outcome);
    naive_give_up(w, visit);
    if (v->copies != NONE || v->asked != NONE || v->caller != NONE) /* it is an end, no failure */
        naive_tell_caller(w, visit, true);
    naive_unpromise(w, visit);
    if (spot == SPOT_LINE) {
        naive_station_leave_line(w, visit);
        free_holder(w, visit, outcome);
        naive_station_let_in(w, &w->stations[station]);
    } else if (spot == SPOT_BUFFER) {
        naive_station_leave_buffer(w, visit);
        naive_station_let_in(w, &w->stations[station]);
    } else if (spot == SPOT_STARTING) {
        naive_staff_leave(w, &w->stations[station], visit);
    } else if (spot == SPOT_DOOR) {
        naive_door_leave(w, visit);
    } else if (spot != SPOT_DELAY) {
        naive_station_release(w, visit);
    }
    naive_end(w, visit);
}

bool naive_can_go(const struct visit *v, bool running)
{
    bool queued = v->spot == SPOT_LINE || v->spot == SPOT_BUFFER || v->spot == SPOT_DELAY ||
                  v->spot == SPOT_DOOR;
    bool served = v->spot == SPOT_SERVICE || v->spot == SPOT_PROMISE || v->spot == SPOT_CALLS ||
                  v->spot == SPOT_STARTING;
    return queued || (served && running);
}

static void withdraw(struct world *w, uint32_t group, enum withdraw how)
{
    struct list members = {0};
    for (uint32_t i = 0; i < w->alive.n; i++) {
        const struct visit *v = &w->visits[w->alive.items[i]];
        if (belongs(w, v->group, group) && naive_can_go(v, how == WITHDRAW_RUNNING))
            naive_list_add(&members, w->alive.items[i]);
    }
    while (members.n > 0) { /* who became a member first goes first */
        size_t first = 0;
        for (size_t i = 1; i < members.n; i++)
            if (w->visits[members.items[i]].born < w->visits[members.items[first]].born)
                first = i;
        naive_take_out(w, naive_list_take(&members, first), LOSS_WITHDRAWN);
    }
    for (uint32_t g = 0; g < w->n_groups; g++) /* nobody wants what groups within would start */
        w->groups[g].closed |= g != group && belongs(w, g, group);
    free(members.items);
}

/* A request is over when the join of its batch, to which it has come, starts its task. */
void naive_hold(struct world *w, uint32_t group, uint32_t request, double way)
{
    struct group *g = &w->groups[group];
    if (!g->batch)
        return;
    w->requests[request].left = true;
    if (g->closed)
        return;
    w->requests[request].alive++;
    w->requests[request].way = way;
    naive_list_add(&g->held, request);
}

static void end_held(struct world *w, uint32_t group)
{
    struct list held = w->groups[group].held;
    w->groups[group].held = (struct list){0};
    for (size_t i = 0; i < held.n; i++)
        naive_tell_request(w, held.items[i], w->requests[held.items[i]].way);
    for (size_t i = 0; i < held.n; i++)
        naive_left(w, held.items[i], 0);
    free(held.items);
}

/* Nobody wants its task: it ends with the last of its members. */
static void leave_unjoined(struct world *w, uint32_t group)
{
    struct group *g = &w->groups[group];
    const uint32_t request = g->request;
    g->at = g->join_of = NETWORK_EXIT;
    g->closed = g->ended == g->n;
    if (g->closed)
        naive_tell_group(w, g->parent, request, NETWORK_EXIT, g->carried, g->way);
    naive_left(w, request, NAN);
}

void naive_join(struct world *w, uint32_t group)
{
    const struct group g = w->groups[group];
    const struct network_stage *join = &w->network->stages[g.at];
    if (naive_is_cancelled(w, g.request)) {
        leave_unjoined(w, group);
        return;
    }
    uint32_t visit = naive_visit(w, g.request, g.at);
    struct visit *v = &w->visits[visit];
    v->group = g.parent;
    v->joined = true;
    v->carried = g.carried;
    v->aside = g.aside;
    v->way = g.way;
    v->born = w->births++;
    naive_make_alive(w, visit);
    w->requests[g.request].alive--; /* the group was counted */
    if (join->withdraw != WITHDRAW_NEVER)
        withdraw(w, group, join->withdraw);
    end_held(w, group);
    if (g.batch)
        naive_tell_request(w, g.request, g.way);
    naive_offer(w, visit);
}

/* One more member has come to `stage` (NETWORK_EXIT: it has ended otherwise). */
void naive_tell_group(struct world *w, uint32_t group, uint32_t request, uint32_t stage,
                      double carried, double way)
{
    if (group == NONE)
        return;
    struct group *g = &w->groups[group];
    g->ended++;
    if (g->closed)
        return;
    if (stage != NETWORK_EXIT)
        g->at = stage;
    uint32_t at = g->at != NETWORK_EXIT ? g->at : g->join_of;
    uint32_t join = at != NETWORK_EXIT ? w->network->stages[at].join : JOIN_ALL;
    if (g->open ? g->ended < join : g->ended < (join < g->n ? join : g->n))
        return;
    g->request = request;
    g->closed = true;
    if (at == NETWORK_EXIT) {
        naive_tell_group(w, g->parent, request, NETWORK_EXIT, carried, way);
        return;
    }
    g->at = at;
    g->carried = carried;
    g->way = way;
    w->requests[g->request].alive++;
    naive_push(w, (struct item){.chore = CHORE_JOIN, .subject = group});
}

/* ---- out of a station before its time ---- */

void naive_station_leave_buffer(struct world *w, uint32_t visit)
{
    struct station *owner = owner_of(w, station_of(w, &w->visits[visit]));
    naive_waiting_take(w, owner, naive_list_find(&owner->waiting, visit));
}

/* Out of the line; the last calls lapse if there is nobody for them. */
void naive_station_leave_line(struct world *w, uint32_t visit)
{
    struct station *x = station_of(w, &w->visits[visit]);
    naive_list_take(&x->line, naive_list_find(&x->line, visit));
    while (x->n_calls > x->line.n) {
        size_t last = 0;
        for (size_t k = 1; k < x->n_calls; k++)
            last = x->calls[k].time >= x->calls[last].time ? k : last;
        memmove(&x->calls[last], &x->calls[last + 1], (--x->n_calls - last) * sizeof *x->calls);
    }
}
