/* Which station of a stage: the rules of the balancers, once more. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/balancer.h"
#include "naive_world.h"

/* So many in the buffer and in service there, and to come to a place that is reserved. */
static double requests_at(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    double n = x->reserved;
    for (size_t i = 0; i < owner->waiting.n; i++)
        n += w->visits[owner->waiting.items[i]].station == x->number;
    for (size_t i = 0; i < owner->service.n; i++)
        n += w->visits[owner->service.items[i]].station == x->number;
    return n;
}

/* Work in the buffer, and what is left of it in service. */
static double work_at(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    double work = 0;
    for (size_t i = 0; i < owner->waiting.n; i++) {
        const struct visit *v = &w->visits[owner->waiting.items[i]];
        work += v->station == x->number ? v->rest : 0;
    }
    for (size_t i = 0; i < owner->service.n; i++) {
        const struct visit *v = &w->visits[owner->service.items[i]];
        if (v->station == x->number && v->spot == SPOT_SERVICE && naive_stepped(w, x))
            work += v->rest;
        else if (v->station == x->number && v->spot == SPOT_SERVICE &&
                 (!naive_batched(w, x) || naive_batch_is_first(w, x, i)))
            work += naive_station_left(w, owner, v);
        if (v->station == x->number && (v->spot == SPOT_PROMISE || v->spot == SPOT_STARTING))
            work += v->size;
    }
    return work;
}

/* The replicas that are not left out; if all are, all of them. */
static uint32_t candidates(const struct world *w, const struct network_stage *stage,
                           uint32_t *chosen)
{
    uint32_t n = 0;
    for (int all = 0; all < 2 && n == 0; all++)
        for (uint32_t i = 0; i < stage->replicas; i++) {
            const struct machine *m =
                naive_crash_machine(w, &w->stations[stage->first_station + i]);
            if (all || !m || !m->out)
                chosen[n++] = i;
        }
    return n;
}

/* Consumers that it begins with, as its stage says. */
static double first_of(const struct world *w, const struct station *x)
{
    return naive_staffed(w, x) ? network_station(w->network, x->stage, x->replica).consumers
                               : x->consumers;
}

/* d different ones of n drawn, in ascending order: each new one from as many as there are up to
 * the last that is allowed yet; if it is there already, that last one itself. */
static void draw_some(struct world *w, const struct visit *v, uint32_t n, uint32_t d,
                      uint32_t *chosen)
{
    uint32_t *all = xmalloc(n * sizeof *all);
    memcpy(all, chosen, n * sizeof *all);
    bool *in = xcalloc(n, sizeof *in);
    for (uint32_t i = 0; i < d; i++) {
        uint32_t last = n - d + i;
        uint32_t one = (uint32_t)(naive_uniform(w, v, DRAW_BALANCER, i) * (last + 1.0));
        in[in[one] ? last : one] = true;
    }
    for (uint32_t i = 0; i < n; i++)
        if (in[i])
            *chosen++ = all[i];
    free(in);
    free(all);
}

static double load_of(struct world *w, const char *algorithm, const struct station *x)
{
    double requests = requests_at(w, x);
    if (strcmp(algorithm, "least-work") == 0)
        return work_at(w, x);
    if (strcmp(algorithm, "first-idle") == 0 && requests < fmax(1, first_of(w, x)))
        return -1;
    return requests;
}

/* The best of the candidates; of several as good, each as likely, but of idle ones the first. */
static uint32_t best_of(struct world *w, const struct visit *v, const char *algorithm,
                        const uint32_t *chosen, uint32_t n, uint32_t sub)
{
    struct station *first = &w->stations[stage_of(w, v)->first_station];
    double best = INFINITY;
    uint32_t ties = 0;
    for (uint32_t i = 0; i < n; i++) {
        double load = load_of(w, algorithm, first + chosen[i]);
        ties = load < best ? 1 : ties + (load == best);
        best = fmin(best, load);
    }
    uint32_t take = 0;
    if (ties > 1 && best >= 0)
        take = (uint32_t)(naive_uniform(w, v, DRAW_BALANCER, sub) * ties);
    for (uint32_t i = 0; i < n; i++)
        if (load_of(w, algorithm, first + chosen[i]) == best && take-- == 0)
            return first[chosen[i]].number;
    abort();
}

/* The first of those that its key hashes to which is a candidate. */
static uint32_t hashed(struct world *w, const struct visit *v, const uint32_t *chosen, uint32_t n)
{
    const uint32_t replicas = stage_of(w, v)->replicas, key = naive_key(w, v->request);
    uint32_t replica = 0;
    for (uint32_t probe = 0;; probe++) {
        replica = probe < 64 ? balancer_hash(key, probe, replicas) : (replica + 1) % replicas;
        for (uint32_t i = 0; i < n; i++)
            if (chosen[i] == replica)
                return replica;
    }
}

uint32_t naive_balance_pick(struct world *w, const struct visit *v)
{
    const struct network_stage *stage = stage_of(w, v);
    if (stage->replicas <= 1)
        return stage->first_station;
    if (v->machine != NONE && v->machines == stage->machines)
        return stage->first_station + v->machine;
    const char *algorithm =
        stage->balancer ? ((const struct model *)(const void *)stage->balancer)->name : "random";
    uint32_t *chosen = xcalloc(stage->replicas, sizeof *chosen);
    uint32_t n = candidates(w, stage, chosen), of = n, sub = 0, picked;
    if (strcmp(algorithm, "hash") == 0) {
        picked = stage->first_station + hashed(w, v, chosen, n);
    } else if (strcmp(algorithm, "random") == 0) {
        picked = n == 1 ? 0 : (uint32_t)(naive_uniform(w, v, DRAW_BALANCER, 0) * n);
        picked = stage->first_station + chosen[picked];
    } else if (strcmp(algorithm, "round-robin") == 0) {
        picked = stage->first_station + chosen[w->stations[stage->first_station].rounds++ % n];
    } else {
        if (stage->choices && stage->choices < n) {
            n = sub = stage->choices;
            draw_some(w, v, of, n, chosen);
        }
        picked = best_of(w, v, algorithm, chosen, n, sub);
    }
    free(chosen);
    return picked;
}

uint32_t naive_balance_copies(struct world *w, const struct visit *v, uint32_t *stations)
{
    const struct network_stage *stage = stage_of(w, v);
    uint32_t n = candidates(w, stage, stations), of = n;
    if (stage->choices && stage->choices < n) {
        n = stage->choices;
        draw_some(w, v, of, n, stations);
    }
    for (uint32_t i = 0; i < n; i++)
        stations[i] += stage->first_station;
    return n;
}
