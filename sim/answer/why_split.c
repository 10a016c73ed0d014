#include "why_split.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

/* Less than this of a time is what rounding has made of it. */
#define ROUNDING 1e-9
#define CLOCK    (8 * DBL_EPSILON) /* and of the clock */

uint32_t why_pool_of(const struct network *network, uint32_t stage, uint32_t station)
{
    const struct network_stage *s = &network->stages[stage];
    return network->stages[s->pool].first_station + (station - s->first_station);
}

static double speed_of(const struct network *network, const struct why_visit *v)
{
    const struct network_stage *s = &network->stages[v->stage];
    uint32_t replica = v->station - s->first_station;
    return network_station(network, s->pool, replica).speed;
}

/* When the own service of a visit is over, as far as nothing stopped it. */
static double served(const struct network *network, const struct why_visit *v)
{
    return fmin(v->start + v->work / speed_of(network, v), v->left);
}

/* ---- what consumers were at ---- */

/* At a time consumers begin to be at something, or end. */
struct change {
    double time;
    int large, plain, held;
};

static int by_change(const void *a, const void *b)
{
    double x = ((const struct change *)a)->time, y = ((const struct change *)b)->time;
    return (x > y) - (x < y);
}

static int by_arrival(const void *a, const void *b)
{
    const struct why_visit *x = *(const struct why_visit *const *)a;
    const struct why_visit *y = *(const struct why_visit *const *)b;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

/* The visits that are a pool's and had a consumer, and those that waited. */
struct share {
    const struct why_visit **served, **waited;
    size_t n_served, n_waited;
};

static void integrate(const struct why_run *run, const struct share *share, struct why_pool *pool)
{
    double mean = 0;
    for (size_t i = 0; i < share->n_served; i++)
        mean += share->served[i]->work / (double)share->n_served;
    struct change *changes = xmalloc((3 * share->n_served + 1) * sizeof *changes);
    size_t n = 0;
    for (size_t i = 0; i < share->n_served; i++) {
        const struct why_visit *v = share->served[i];
        int large = v->work > WHY_LARGER * mean;
        double over = served(run->network, v);
        changes[n++] = (struct change){v->start, large, !large, 0};
        changes[n++] = (struct change){over, -large, -!large, 1};
        changes[n++] = (struct change){v->left, 0, 0, -1};
    }
    qsort(changes, n, sizeof *changes, by_change);
    pool->points = xmalloc((n + 2) * sizeof *pool->points);
    struct why_point at = {0, {0, 0, 0, 0}};
    int large = 0, plain = 0, held = 0;
    for (size_t i = 0; i <= n; i++) {
        double time = i < n ? changes[i].time : fmax(run->end, at.time), dt = time - at.time;
        int busy = large + plain + held;
        pool->points[pool->n++] = at;
        if (busy > 0) {
            at.sum[WHY_LARGE - WHY_LARGE] += dt * large / busy;
            at.sum[WHY_PLAIN - WHY_LARGE] += dt * plain / busy;
            at.sum[WHY_HELD - WHY_LARGE] += dt * held / busy;
        } else {
            at.sum[WHY_IDLE - WHY_LARGE] += dt;
        }
        at.time = time;
        if (i < n) {
            large += changes[i].large;
            plain += changes[i].plain;
            held += changes[i].held;
        }
    }
    pool->points[pool->n++] = at;
    free(changes);
}

/* Stretches in which somebody waits. */
static void find_spells(const struct share *share, struct why_pool *pool)
{
    size_t n = share->n_waited;
    qsort(share->waited, n, sizeof *share->waited, by_arrival);
    pool->from = xcalloc(4 * n + 4, sizeof *pool->from);
    pool->to = pool->from + n + 1;
    pool->waited = pool->to + n + 1;
    pool->largest = pool->waited + n + 1;
    for (size_t i = 0; i < n; i++) {
        const struct why_visit *v = share->waited[i];
        if (pool->spells == 0 || v->arrival > pool->to[pool->spells - 1]) {
            pool->from[pool->spells] = v->arrival;
            pool->to[pool->spells++] = v->start;
        }
        double *to = &pool->to[pool->spells - 1];
        *to = fmax(*to, v->start);
    }
}

/* The stretch that a time is in. */
static size_t spell_at(const struct why_pool *pool, double time)
{
    size_t low = 0, high = pool->spells; /* the last with from <= time */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pool->from[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

static void note_large(const struct share *share, struct why_pool *pool)
{
    for (size_t i = 0; i < share->n_served && pool->spells > 0; i++) {
        const struct why_visit *v = share->served[i];
        /* that with which a stretch begins is under way by then */
        size_t last = spell_at(pool, v->left);
        if (pool->from[last] <= v->left && pool->to[last] >= v->start)
            pool->largest[last] = fmax(pool->largest[last], v->work);
    }
}

static int by_request(const void *a, const void *b)
{
    const struct why_visit *x = a, *y = b;
    if (x->inlet != y->inlet)
        return x->inlet < y->inlet ? -1 : 1;
    if (x->request != y->request)
        return x->request < y->request ? -1 : 1;
    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    return (x->left < y->left) - (x->left > y->left);
}

/* The visits of all pools, pool by pool; first[pool] is where those of a pool begin. */
static const struct why_visit **by_pool(const struct why_run *run, size_t *first)
{
    const struct network *network = run->network;
    const struct why_visit **all = xmalloc((run->n + 1) * sizeof *all);
    for (size_t i = 0; i < run->n; i++)
        first[why_pool_of(network, run->visits[i].stage, run->visits[i].station) + 1]++;
    for (uint32_t station = 0; station < network->n_stations; station++)
        first[station + 1] += first[station];
    size_t *next = xmalloc((network->n_stations + (size_t)1) * sizeof *next);
    memcpy(next, first, (network->n_stations + (size_t)1) * sizeof *next);
    for (size_t i = 0; i < run->n; i++)
        all[next[why_pool_of(network, run->visits[i].stage, run->visits[i].station)]++] =
            &run->visits[i];
    free(next);
    return all;
}

void why_prepare(struct why_run *run)
{
    const uint32_t stations = run->network->n_stations;
    qsort(run->visits, run->n, sizeof *run->visits, by_request);
    run->pools = xcalloc(stations, sizeof *run->pools);
    size_t *first = xcalloc(stations + (size_t)1, sizeof *first);
    const struct why_visit **all = by_pool(run, first);
    const struct why_visit **mine = xmalloc(2 * (run->n + 1) * sizeof *mine);
    for (uint32_t station = 0; station < stations; station++) {
        struct share share = {mine, mine + run->n + 1, 0, 0};
        for (size_t i = first[station]; i < first[station + 1]; i++) {
            if (isnan(all[i]->start))
                continue;
            share.served[share.n_served++] = all[i];
            if (all[i]->start > all[i]->arrival)
                share.waited[share.n_waited++] = all[i];
        }
        integrate(run, &share, &run->pools[station]);
        find_spells(&share, &run->pools[station]);
        note_large(&share, &run->pools[station]);
    }
    free(mine);
    free(all);
    free(first);
}

void why_run_free(struct why_run *run)
{
    for (uint32_t station = 0; run->pools && station < run->network->n_stations; station++) {
        free(run->pools[station].points);
        free(run->pools[station].from);
    }
    free(run->pools);
    free(run->visits);
}

/* The integrals at a time. */
static struct why_point at_time(const struct why_pool *pool, double time)
{
    size_t low = 0, high = pool->n; /* the first with a later time */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pool->points[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || low == pool->n)
        return pool->points[low == 0 ? 0 : pool->n - 1];
    const struct why_point *a = &pool->points[low - 1], *b = &pool->points[low];
    double part = (time - a->time) / (b->time - a->time);
    struct why_point out = {time, {0, 0, 0, 0}};
    for (int i = 0; i < 4; i++)
        out.sum[i] = a->sum[i] + part * (b->sum[i] - a->sum[i]);
    return out;
}

/* ---- a request ---- */

static void put(struct why_run *run, uint32_t stage, enum why_part part, double seconds)
{
    run->why->seconds[stage][part] += seconds;
    run->put += seconds;
}

static void put_wait(struct why_run *run, const struct why_visit *v, double from, double to)
{
    static const enum why_part order[] = {WHY_LARGE, WHY_HELD, WHY_IDLE}; /* and then all others */
    struct why_pool *pool = &run->pools[why_pool_of(run->network, v->stage, v->station)];
    struct why_point a = at_time(pool, from), b = at_time(pool, to);
    double rest = to - from;
    for (int i = 0; i < 3; i++) {
        double seconds = b.sum[order[i] - WHY_LARGE] - a.sum[order[i] - WHY_LARGE];
        seconds = seconds > ROUNDING * (to - from) + CLOCK * to ? fmin(seconds, rest) : 0;
        put(run, v->stage, order[i], seconds);
        rest -= seconds;
    }
    put(run, v->stage, WHY_PLAIN, rest);
    if (pool->spells > 0)
        pool->waited[spell_at(pool, from)] += to - from;
}

/* Those of a request, in order of arrival. */
struct own_visits {
    const struct why_visit *visits;
    size_t n;
};

static bool calls(const struct network *network, uint32_t caller, uint32_t stage)
{
    const struct network_stage *s = &network->stages[caller];
    for (uint32_t i = s->first_step; i < s->first_step + s->steps; i++)
        for (uint32_t k = 0; k < network->steps[i].n; k++)
            if (network->calls[network->steps[i].first + k].stage == stage)
                return true;
    return false;
}

/* What was waited for just before `to`: the visit that ended last by then, of those at the same
 * time the one that began first (the caller goes before whom it calls); or else one that went on.
 * Of a caller: only of whom it called. */
static const struct why_visit *last_before(const struct why_run *run, const struct own_visits *way,
                                           const struct why_visit *caller, double from, double to)
{
    const struct why_visit *ended = NULL, *on = NULL;
    for (size_t i = 0; i < way->n; i++) {
        const struct why_visit *v = &way->visits[i];
        if (v->arrival >= to || v->arrival < from || v == caller)
            continue;
        if (caller && !calls(run->network, caller->stage, v->stage))
            continue;
        if (v->left > to)
            on = on ? on : v;
        else if (!ended || v->left > ended->left)
            ended = v;
    }
    return ended && (!on || ended->left == to) ? ended : on ? on : ended;
}

/* Time with a consumer: its own work, and, of what nobody who was called took, the rest. */
static void put_service(struct why_run *run, const struct why_visit *v, double own)
{
    double work = fmin(v->work / speed_of(run->network, v), own);
    if (own - work < ROUNDING * own + CLOCK * v->left)
        work = own;
    put(run, v->stage, WHY_WORK, work);
    put(run, v->stage, WHY_STOPPED, own - work);
}

enum { DEEPEST = 64 }; /* a cycle of calls is refused, and there are no more stages */

static double walk(struct why_run *run, const struct own_visits *way,
                   const struct why_visit *caller, double from, double to, unsigned depth);

/* A visit from its arrival, but for what was after `to`. */
static void put_visit(struct why_run *run, const struct own_visits *way, const struct why_visit *v,
                      double to, unsigned depth)
{
    double start = isnan(v->start) ? v->left : v->start, done = isnan(v->done) ? v->left : v->done;
    if (to > done)
        put(run, v->stage, WHY_BLOCKED, to - done);
    double end = fmin(done, to);
    if (end > start) {
        double own = end - start;
        if (run->network->stages[v->stage].steps > 0 && depth < DEEPEST)
            own = walk(run, way, v, start, end, depth + 1);
        put_service(run, v, own);
    }
    put_wait(run, v, v->arrival, fmin(start, to));
}

/* From `to` back to `from`; returns what nobody's visit took, which of a caller is its own. */
static double walk(struct why_run *run, const struct own_visits *way,
                   const struct why_visit *caller, double from, double to, unsigned depth)
{
    double alone = 0;
    const struct why_visit *next = NULL;
    while (to > from) {
        const struct why_visit *v = last_before(run, way, caller, from, to);
        double until = v ? fmin(v->left, to) : from;
        if (caller)
            alone += to - until;
        else if (to > until)
            put(run, next ? next->stage : v ? v->stage : 0, WHY_DELAY, to - until);
        if (!v)
            break;
        put_visit(run, way, v, until, depth);
        to = v->arrival;
        next = v;
    }
    return alone;
}

double why_split(struct why_run *run, uint32_t inlet, uint32_t request, double from, double to)
{
    size_t low = 0, high = run->n;
    const struct why_visit key = {.inlet = (uint16_t)inlet, .request = request, .arrival = -1};
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (by_request(&run->visits[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    struct own_visits way = {&run->visits[low], 0};
    while (low + way.n < run->n && way.visits[way.n].inlet == inlet &&
           way.visits[way.n].request == request)
        way.n++;
    run->put = 0;
    walk(run, &way, NULL, from, to, 0);
    return run->put;
}
