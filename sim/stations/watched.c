#include "watched.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../scenario/policy.h"

/* Whether a task handed on to a stage may be blocked. */
static bool blocks(const struct network_stage *s)
{
    return !isinf(s->stage->capacity) && !isinf(s->stage->consumers) &&
           ((const struct policy *)s->stage->when_full)->verdict == VERDICT_PAUSE;
}

/* Adds to `degree` of a stage the stages left that its consumers may wait for (`out`), or to theirs
 * of those that wait for them. */
static void count(const struct network *n, uint32_t stage, const bool *left, uint32_t *in,
                  uint32_t *out)
{
    const struct network_stage *s = &n->stages[stage];
    uint32_t root = s->pool;
    for (uint32_t i = 0; i < s->to.n; i++) {
        uint32_t to = n->legs[s->to.first + i].stage;
        if (to == NETWORK_EXIT || !blocks(&n->stages[to]) || !left[n->stages[to].pool])
            continue;
        out[root]++;
        in[n->stages[to].pool]++;
    }
    for (uint32_t k = 0; k < s->steps; k++) {
        const struct call_step *step = &n->steps[s->first_step + k];
        for (uint32_t i = 0; i < step->n; i++) {
            uint32_t to = n->stages[n->calls[step->first + i].stage].pool;
            if (!left[to])
                continue;
            out[root]++;
            in[to]++;
        }
    }
}

/* What is left when stages that wait for none that is left, or for which none waits, have been
 * taken away again and again (stages that share consumers as one): the cycles, and what is between
 * them.
 */
static bool find_cycles(const struct network *n, bool *left)
{
    uint32_t *in = xcalloc(n->n_stages, sizeof *in), *out = xcalloc(n->n_stages, sizeof *out);
    bool any = false;
    for (uint32_t i = 0; i < n->n_stages; i++)
        left[i] = n->stages[i].pool == i;
    for (bool again = true; again;) {
        again = any = false;
        memset(in, 0, n->n_stages * sizeof *in);
        memset(out, 0, n->n_stages * sizeof *out);
        for (uint32_t i = 0; i < n->n_stages; i++)
            if (left[n->stages[i].pool])
                count(n, i, left, in, out);
        for (uint32_t i = 0; i < n->n_stages; i++) {
            bool stays = left[i] && in[i] > 0 && out[i] > 0;
            again |= left[i] && !stays;
            left[i] = stays;
            any |= stays;
        }
    }
    for (uint32_t i = 0; i < n->n_stages; i++)
        left[i] = left[n->stages[i].pool];
    free(in);
    free(out);
    return any;
}

struct watched *watched_new(const struct network *network)
{
    bool *stage = xcalloc(network->n_stages, sizeof *stage);
    if (!find_cycles(network, stage)) {
        free(stage);
        return NULL;
    }
    struct watched *w = xcalloc(1, sizeof *w);
    w->stage = stage;
    w->of_station = xcalloc(network->n_stations, sizeof *w->of_station);
    w->epoch = 2;
    return w;
}

void watched_free(struct watched *w)
{
    if (!w)
        return;
    for (uint32_t i = 0; i < w->visits; i++)
        free(w->of[i].items);
    free(w->of);
    free(w->of_visit);
    free(w->of_station);
    free(w->suspects.items);
    free(w->looked_at.items);
    free(w->stage);
    free(w);
}

void watched_add(struct waits *list, uint32_t item)
{
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 4;
        list->items = xrealloc(list->items, list->room * sizeof *list->items);
    }
    list->items[list->n++] = item;
}

static void make_room(struct watched *w, uint32_t visits)
{
    if (visits <= w->visits)
        return;
    w->of = xrealloc(w->of, visits * sizeof *w->of);
    w->of_visit = xrealloc(w->of_visit, visits * sizeof *w->of_visit);
    memset(w->of + w->visits, 0, (visits - w->visits) * sizeof *w->of);
    memset(w->of_visit + w->visits, 0, (visits - w->visits) * sizeof *w->of_visit);
    w->visits = visits;
}

void watched_visit(struct net *net, uint32_t visit)
{
    struct watched *w = net->watched;
    if (w->stage[net->visit[visit].stage])
        watched_add(&w->suspects, visit << 1);
}

void watched_station(struct net *net, uint32_t station)
{
    struct watched *w = net->watched;
    if (w->stage[net->stage_of[station]] && net->station[station])
        watched_add(&w->suspects, station << 1 | 1);
}

void watched_waits_for(struct net *net, uint32_t visit, uint32_t other, bool group)
{
    make_room(net->watched, net->visit_room);
    watched_add(&net->watched->of[visit], other << 1 | group);
}

void watched_waits_for_nothing(struct net *net, uint32_t visit)
{
    make_room(net->watched, net->visit_room);
    net->watched->of[visit].n = 0;
}

const struct waits *watched_waits(struct watched *w, uint32_t visit)
{
    return &w->of[visit];
}

void watched_begin(struct net *net)
{
    struct watched *w = net->watched;
    make_room(w, net->visit_room);
    w->looked_at.n = 0;
    w->epoch += 2;
    if (w->epoch == 0) { /* all marks are as old as any */
        memset(w->of_visit, 0, w->visits * sizeof *w->of_visit);
        memset(w->of_station, 0, net->network->n_stations * sizeof *w->of_station);
        w->epoch = 2;
    }
}
