#include "deadlock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "../scenario/policy.h"
#include "asks.h"
#include "net.h"
#include "watched.h"

/* What is looked at: a visit, or the consumers of a station. */
enum { LOOK_STATION = 1 };

static bool is_idle_or_busy(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station];
    if (!e) { /* a post */
        const struct post *p = &net->post[station];
        bool moves = p->idle != NO_SERVER;
        for (uint32_t i = 0; i < p->serving && !moves; i++)
            moves = net->server[p->first + i].leaf != NO_LEAF;
        return moves;
    }
    if (!e->crew)
        return e->kept < e->consumers;
    for (uint64_t i = 0; i < e->consumers; i++)
        if (!(e->services[i].label & SERVICE_KEPT))
            return true;
    return false;
}

/* The station whose consumers serve what waits at one. */
static uint32_t staff_at(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station];
    return e ? e->staff->number : station;
}

static uint64_t consumers_at(const struct net *net, uint32_t staff)
{
    const struct events *e = net->station[staff];
    return e ? e->consumers : (uint64_t)net->post[staff].serving;
}

static uint32_t kept_by(const struct net *net, uint32_t staff, uint64_t consumer)
{
    const struct events *e = net->station[staff];
    return e ? e->services[consumer].client : net->server[net->post[staff].first + consumer].visit;
}

/* Whether it is known that it can move; if it is not, it is among what is looked at. */
static bool known(struct watched *w, uint32_t what)
{
    uint32_t *mark = what & LOOK_STATION ? &w->of_station[what >> 1] : &w->of_visit[what >> 1];
    if (*mark == w->epoch + 1)
        return true;
    if (*mark != w->epoch) {
        *mark = w->epoch;
        watched_add(&w->looked_at, what);
    }
    return false;
}

static bool consumers_move(struct net *net, uint32_t station)
{
    uint32_t staff = staff_at(net, station);
    return is_idle_or_busy(net, staff) || known(net->watched, staff << 1 | LOOK_STATION);
}

/* Whether a place at a station becomes free, whatever its consumers do. */
static bool place_frees_by_itself(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station];
    return ring_count(&e->resumptions) > 0 ||
           (e->impatience && isfinite(deadlines_soonest(&e->impatience->inside)));
}

static bool place_frees(struct net *net, uint32_t station)
{
    return place_frees_by_itself(net, station) || consumers_move(net, station);
}

/* Whether a join may yet take it out. */
static bool may_be_withdrawn(const struct net *net, const struct visit *v, enum withdraw how)
{
    uint32_t others = 0;                   /* its task stands for one that has been joined */
    if (net_is_cancelled(net, v->request)) /* whose copies are not joined any more */
        return false;
    for (uint32_t g = v->group; g != NOBODY && net->withdraws;) {
        const struct group *group = &net->group[g];
        bool open = group->state != GROUP_JOINED && group->state != GROUP_UNWANTED;
        if (open && group->stage != NETWORK_EXIT && net->stages[group->stage].withdraw >= how &&
            group->members + others > 1)
            return true;
        others += group->state == GROUP_JOINED;
        g = group->parent != NOBODY && net->group[group->parent].stays == group->parent_stays
                ? group->parent
                : NOBODY;
    }
    return false;
}

/* Whether a visit that has come to its station, and has no consumer, can get one, or is lost. */
static bool waiting_moves(struct net *net, const struct visit *v)
{
    const struct events *e = net->station[v->station];
    const struct law **timeout = net->stages[v->stage].timeout;
    if (!e)
        return !net->state[v->stage].posts || consumers_move(net, v->station);
    return e->shape == SHAPE_STATION_SHARE ||
           (timeout && timeout[net->request[v->request].class]) ||
           e->policy->verdict == VERDICT_LOSE_OLDEST || may_be_withdrawn(net, v, WITHDRAW_QUEUED) ||
           consumers_move(net, v->station);
}

/* All of the copies that found no place may have one. */
static bool copies_move(struct net *net, uint32_t visit)
{
    const struct waits *waits = watched_waits(net->watched, visit);
    bool all = true;
    for (uint32_t i = 0; i < waits->n; i++) {
        const struct visit *c = &net->visit[waits->items[i] >> 1];
        if (c->state != VISIT_COPY_BLOCKED || c->caller != visit)
            continue;
        bool withdrawn = may_be_withdrawn(net, c, WITHDRAW_QUEUED);
        bool frees = place_frees(net, c->caller_key);
        all = all && (withdrawn || frees);
    }
    return all;
}

/* Whether a call is answered, or lost, in the end. */
static bool call_moves(struct net *net, uint32_t called)
{
    const struct visit *v = &net->visit[called];
    return v->state == VISIT_DELAYED || v->state == VISIT_AT_DOOR ||
           (v->state == VISIT_INSIDE ? waiting_moves(net, v) : known(net->watched, called << 1));
}

/* Whether a visit is a call that another waits for. */
static bool is_awaited(const struct net *net, uint32_t called, uint32_t caller)
{
    const struct visit *v = &net->visit[called];
    return v->caller == caller && v->caller_key == visit_key(&net->visit[caller]) &&
           (v->state == VISIT_DELAYED || v->state == VISIT_AT_DOOR || v->state == VISIT_INSIDE ||
            v->state == VISIT_CALLING || v->state == VISIT_RESERVING);
}

static bool is_copy_of(const struct net *net, uint32_t visit, uint32_t group)
{
    const struct visit *v = &net->visit[visit];
    return v->state != VISIT_FREE && v->group == group && v->call == COPY;
}

static bool is_awaited_group(const struct net *net, uint32_t group, uint32_t caller)
{
    const struct group *g = &net->group[group];
    return g->request != NOBODY && g->unanswered > 0 && g->caller == caller &&
           g->caller_key == visit_key(&net->visit[caller]);
}

/* All copies of a call can end. */
static bool group_moves(struct net *net, uint32_t group)
{
    const struct group *g = &net->group[group];
    bool all = true;
    for (uint32_t i = 0; i < g->n; i++)
        if (is_copy_of(net, g->list[i].visit, group))
            all &= call_moves(net, g->list[i].visit);
    return all;
}

static bool calls_move(struct net *net, uint32_t visit)
{
    const struct waits *waits = watched_waits(net->watched, visit);
    for (uint32_t i = 0; i < waits->n; i++) {
        uint32_t what = waits->items[i] >> 1;
        if (waits->items[i] & WAITS_FOR_GROUP
                ? is_awaited_group(net, what, visit) && group_moves(net, what)
                : is_awaited(net, what, visit) && call_moves(net, what))
            return true;
    }
    return may_be_withdrawn(net, &net->visit[visit], WITHDRAW_RUNNING);
}

static bool visit_moves(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    switch ((enum visit_state)v->state) {
    case VISIT_INSIDE:
        return waiting_moves(net, v);
    case VISIT_CALLING:
        return calls_move(net, visit);
    case VISIT_BLOCKED:
        if (v->caller != NOBODY)
            return copies_move(net, visit);
        return may_be_withdrawn(net, v, WITHDRAW_QUEUED) || place_frees(net, v->caller_key);
    case VISIT_RESERVING:
        return may_be_withdrawn(net, v, WITHDRAW_RUNNING) ||
               place_frees(net, net->reservation[visit].station);
    case VISIT_FREE:
    case VISIT_DELAYED:
    case VISIT_AT_DOOR:
    case VISIT_COPY_BLOCKED:
        break;
    }
    return true;
}

/* Consumer i of a station that serves several at once: it is free when all of them have gone. */
static bool batch_moves(struct net *net, const struct events *e, uint32_t hand)
{
    const struct batches *b = e->batches;
    for (uint32_t i = 0; i < b->hands[hand].n; i++)
        if (!visit_moves(net, e->services[b->members[hand * b->max + i]].client))
            return false;
    return true;
}

/* Who keeps consumer 0 of a station that cannot move, and cannot either. */
static uint32_t keeper(struct net *net, uint32_t staff)
{
    const struct events *e = net->station[staff];
    if (!e || !e->batches)
        return kept_by(net, staff, 0);
    uint32_t i = 0;
    while (i + 1 < e->batches->hands[0].n &&
           visit_moves(net, e->services[e->batches->members[i]].client))
        i++;
    return e->services[e->batches->members[i]].client;
}

static bool moves(struct net *net, uint32_t what)
{
    if (!(what & LOOK_STATION))
        return visit_moves(net, what >> 1);
    uint32_t staff = what >> 1;
    const struct events *e = net->station[staff];
    for (uint64_t i = 0; i < consumers_at(net, staff); i++)
        if (e && e->batches ? batch_moves(net, e, (uint32_t)i)
                            : visit_moves(net, kept_by(net, staff, i)))
            return true;
    return false;
}

/* Whether something cannot move: all that it depends on is found, and gone over until nothing more
 * of it is known to. */
static bool stands(struct net *net, uint32_t what)
{
    struct watched *w = net->watched;
    watched_begin(net);
    known(w, what);
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < w->looked_at.n; i++) {
            uint32_t at = w->looked_at.items[i];
            uint32_t *mark = at & LOOK_STATION ? &w->of_station[at >> 1] : &w->of_visit[at >> 1];
            if (*mark == w->epoch + 1 || !moves(net, at))
                continue;
            if (at == what)
                return false;
            *mark = w->epoch + 1;
            again = true;
        }
    }
    return true;
}

/* The first of what a visit that cannot move waits for that cannot either: a place at a station, or
 * the answer of a visit. */
static struct wait_for first_of(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    const struct waits *waits = watched_waits(net->watched, visit);
    if (v->state == VISIT_RESERVING)
        return (struct wait_for){net->reservation[visit].station, NOBODY};
    if (v->state == VISIT_BLOCKED && v->caller == NOBODY)
        return (struct wait_for){v->caller_key, NOBODY};
    for (uint32_t i = 0; i < waits->n; i++) {
        uint32_t what = waits->items[i] >> 1;
        const struct visit *other = &net->visit[what];
        if (v->state == VISIT_BLOCKED) {
            if (other->state == VISIT_COPY_BLOCKED && other->caller == visit &&
                !place_frees(net, other->caller_key))
                return (struct wait_for){other->caller_key, NOBODY};
        } else if (!(waits->items[i] & WAITS_FOR_GROUP)) {
            if (is_awaited(net, what, visit))
                return (struct wait_for){other->station, what};
        } else if (is_awaited_group(net, what, visit)) {
            const struct group *g = &net->group[what];
            for (uint32_t k = 0; k < g->n; k++)
                if (is_copy_of(net, g->list[k].visit, what) && !call_moves(net, g->list[k].visit))
                    return (struct wait_for){net->visit[g->list[k].visit].station,
                                             g->list[k].visit};
        }
    }
    return (struct wait_for){NOBODY, NOBODY};
}

/* Who is in its way: what it has called, where that has a consumer; else what a consumer keeps at
 * the station that it waits for. */
static uint32_t in_the_way(struct net *net, uint32_t visit)
{
    struct wait_for next = first_of(net, visit);
    if (next.visit != NOBODY && net->visit[next.visit].state != VISIT_INSIDE)
        return next.visit;
    return keeper(net, staff_at(net, next.station));
}

static void name(struct deadlock *d, uint32_t place, enum wait_kind waits)
{
    if (d->n < DEADLOCK_NAMED) {
        d->place[d->n] = place;
        d->waits[d->n] = (uint8_t)waits;
    }
    d->n++;
}

/* Names the cycle that one of them leads into. */
static void name_cycle(struct net *net, uint32_t visit)
{
    uint32_t slow = visit, fast = visit;
    do {
        slow = in_the_way(net, slow);
        fast = in_the_way(net, in_the_way(net, fast));
    } while (slow != fast);
    do {
        struct wait_for next = first_of(net, slow);
        uint32_t after = in_the_way(net, slow);
        uint32_t at =
            next.visit == NOBODY ? net->stage_of[next.station] : net->visit[next.visit].stage;
        name(&net->deadlock, net->visit[slow].stage,
             next.visit == NOBODY ? WAITS_FOR_PLACE : WAITS_FOR_ANSWER);
        if (at != net->visit[after].stage)
            name(&net->deadlock, at, WAITS_FOR_CONSUMER);
        slow = after;
    } while (slow != fast);
}

bool watched_deadlock(struct net *net)
{
    struct watched *w = net->watched;
    for (uint32_t i = 0; i < w->suspects.n && net->deadlock.n == 0; i++) {
        uint32_t what = w->suspects.items[i], number = what >> 1;
        if (!(what & LOOK_STATION)) {
            if (stands(net, what))
                name_cycle(net, net->visit[number].state == VISIT_INSIDE
                                    ? keeper(net, staff_at(net, net->visit[number].station))
                                    : in_the_way(net, number));
        } else if (net->station[number]->blocked > 0 && !place_frees_by_itself(net, number)) {
            uint32_t staff = staff_at(net, number);
            if (!is_idle_or_busy(net, staff) && stands(net, staff << 1 | LOOK_STATION))
                name_cycle(net, keeper(net, staff));
        }
    }
    w->suspects.n = 0;
    return net->deadlock.n > 0;
}
