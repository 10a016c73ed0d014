/*
 * Deadlock of blocked consumers: everybody waits for a place at the next station, and none of them
 * can end (Perros, Queueing Networks with Blocking, 1994, section 1.3).
 *
 * A station is stuck if all of its consumers keep blocked visits, nobody is on the way in, and all
 * stations that these wait for are stuck. Whether such a set is closed is looked for when a visit
 * is blocked, from the station that it waits for on, and when one that was called in (resume_delay)
 * has taken the last place; most often that station has a consumer at work.
 */
#include <math.h>
#include <stdlib.h>

#include "../events/events.h"
#include "net.h"

/* Whether a place is its, which is yet on the agenda. */
static bool is_let_in(const struct net *net, uint32_t visit)
{
    const struct agenda *a = &net->agenda;
    for (uint64_t i = a->head; i < a->tail; i++) {
        const struct agenda_item *item = &a->items[i & a->mask];
        if (item->visit == visit && (item->kind == AGENDA_RESERVED || item->kind == AGENDA_CAME_IN))
            return true;
    }
    return false;
}

/* The station that the visit kept by a consumer waits for; NOBODY: it does not. */
static uint32_t waits_for(const struct net *net, const struct events *e, uint64_t consumer)
{
    const struct service *s = &e->services[consumer];
    const struct visit *v = &net->visit[s->client];
    if (!(s->label & SERVICE_KEPT) || is_let_in(net, s->client))
        return NOBODY;
    return v->state == VISIT_BLOCKED     ? v->caller_key
           : v->state == VISIT_RESERVING ? net->reservation[s->client].station
                                         : NOBODY;
}

/* Whether somebody who waits inside will leave, and make a place free. */
static bool loses_patience(const struct events *e)
{
    return e->impatience && isfinite(deadlines_soonest(&e->impatience->inside));
}

static bool at_a_stand(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station] ? net->station[station]->staff : NULL;
    if (!e || (!e->crew && e->kept < e->consumers) ||
        ring_count(&net->station[station]->resumptions) > 0 ||
        loses_patience(net->station[station]))
        return false;
    for (uint64_t i = 0; i < e->consumers; i++)
        if (waits_for(net, e, i) == NOBODY)
            return false;
    return true;
}

/* Names the cycle that the first consumers make, from a station that is stuck. */
static void name_cycle(struct net *net, uint32_t station)
{
    struct deadlock *d = &net->deadlock;
    uint32_t slow = station, fast = station;
    do {
        slow = waits_for(net, net->station[slow]->staff, 0);
        fast = waits_for(net, net->station[fast]->staff, 0);
        fast = waits_for(net, net->station[fast]->staff, 0);
    } while (slow != fast);
    do {
        if (d->n < DEADLOCK_NAMED)
            d->place[d->n] = net->stage_of[slow];
        d->n++;
        slow = waits_for(net, net->station[slow]->staff, 0);
    } while (slow != fast);
}

void net_look_for_deadlock(struct net *net, uint32_t visit)
{
    net_look_for_deadlock_at(net, net->visit[visit].state == VISIT_RESERVING
                                      ? net->reservation[visit].station
                                      : net->visit[visit].caller_key);
}

void net_look_for_deadlock_at(struct net *net, uint32_t first)
{
    uint32_t n = 0, done = 0;
    if (net->deadlock.n > 0 || !at_a_stand(net, first))
        return;
    uint32_t *found = xmalloc(net->network->n_stations * sizeof *found);
    unsigned char *seen = xcalloc(net->network->n_stations, 1);
    bool stuck = true;
    found[n++] = first;
    seen[first] = 1;
    while (done < n) {
        uint32_t station = found[done++];
        if (!at_a_stand(net, station)) {
            stuck = false;
            break;
        }
        const struct events *e = net->station[station]->staff;
        for (uint64_t i = 0; i < e->consumers; i++) {
            uint32_t next = waits_for(net, e, i);
            if (!seen[next]) {
                seen[next] = 1;
                found[n++] = next;
            }
        }
    }
    if (stuck)
        name_cycle(net, first);
    free(found);
    free(seen);
}
