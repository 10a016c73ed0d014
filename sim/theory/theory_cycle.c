/* Closed networks whose stages have product form (theory_network.h, product.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "../scenario/process.h"
#include "product.h"
#include "theory_network.h"

/* A chain: the clients of a source, each of whose requests is of the classes that it brings. */
struct chains {
    const struct network_view *v;
    struct product network;
    struct product_means means;
    /* Of chain r at stage j of the network, [j * chains + r]: visits of a request, and seconds of
     * work. */
    double *visits, *work;
    uint32_t *station_of; /* by stage: the first of its pool's; SIZE_MAX-like NETWORK_EXIT: none */
    double *delay;        /* by chain: of `delay`, in a request */
};

static void fill_visits(struct chains *y)
{
    const struct network *n = y->v->n;
    const struct traffic *t = y->v->t;
    for (uint32_t r = 0; r < n->n_inlets; r++)
        for (uint32_t class = 0; class < n->n_classes; class ++) {
            double share = traffic_inlet_share(n, r, class);
            for (uint32_t j = 0; j < n->n_stages && share > 0; j++) {
                const struct network_stage *s = &n->stages[j];
                double visits = t->visits[((size_t)r * n->n_classes + class) * n->n_stages + j];
                double size = t->size[(size_t) class * n->n_stages + j];
                double speed = n->stages[s->pool].stage->speed;
                if (visits == 0)
                    continue;
                y->visits[j * n->n_inlets + r] += share * visits;
                y->work[j * n->n_inlets + r] += share * visits * size / speed;
                y->delay[r] +=
                    s->delay && s->delay->model ? share * visits * law_mean(s->delay) : 0;
            }
        }
}

static bool visited(const struct chains *y, uint32_t stage)
{
    for (uint32_t r = 0; r < y->v->n->n_inlets; r++)
        if (y->visits[stage * y->v->n->n_inlets + r] > 0)
            return true;
    return false;
}

/* A station for each replica of each pool; false where one has no product form, or too many. */
static bool fill_stations(struct chains *y)
{
    const struct network *n = y->v->n;
    uint32_t chains = n->n_inlets;
    for (uint32_t pool = 0; pool < n->n_stages; pool++) {
        double demand[PRODUCT_CLASSES] = {0};
        bool any = false;
        if (n->stages[pool].pool != pool)
            continue;
        for (uint32_t j = 0; j < n->n_stages; j++) {
            if (n->stages[j].pool != pool || !visited(y, j))
                continue;
            any = true;
            y->station_of[j] = (uint32_t)y->network.stations;
            for (uint32_t r = 0; r < chains; r++)
                demand[r] += y->work[j * chains + r];
        }
        if (!any)
            continue;
        enum pool_spread spread = pool_spread(n, pool);
        uint32_t replicas = n->stages[pool].replicas;
        if (pool_kind(y->v->t, pool) == POOL_OTHER || spread > SPREAD_CHANCE ||
            y->network.stations + replicas > PRODUCT_STATIONS)
            return false;
        for (uint32_t k = 0; k < replicas; k++) {
            struct product_station *s = &y->network.station[y->network.stations++];
            s->consumers = n->stages[pool].stage->consumers;
            for (uint32_t r = 0; r < chains; r++)
                s->demand[r] = demand[r] / replicas;
        }
    }
    return true;
}

static bool fill_chains(struct chains *y)
{
    const struct network *n = y->v->n;
    y->network.classes = n->n_inlets;
    for (uint32_t r = 0; r < n->n_inlets; r++) {
        const struct arrivals *a = n->inlets[r].arrivals;
        const struct arrival_process *process = (const struct arrival_process *)a->process;
        const struct process_view view = {.params = a->params, .rate = NAN};
        if (!process->clients || process->clients(&view) > 1e6)
            return false;
        y->network.clients[r] = (int)process->clients(&view);
        y->network.think[r] = law_mean(process->think(&view)) + y->delay[r];
    }
    return true;
}

/* ---- figures ---- */

static const char source[] = "Baskett et al. 1975; Reiser and Lavenberg 1980";

/* Number of a chain's tasks at a stage: what it works there, and of the waiting of the pool its
 * part: by visits in order of arrival, else by work. */
static double number(const struct chains *y, uint32_t stage, uint32_t chain)
{
    const struct network *n = y->v->n;
    uint32_t pool = n->stages[stage].pool, first = y->station_of[stage], chains = n->n_inlets;
    double inside = 0, work = 0, visits = 0;
    for (uint32_t k = 0; k < n->stages[pool].replicas; k++)
        inside += y->means.number[first + k][chain];
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].pool == pool) {
            work += y->work[j * chains + chain];
            visits += y->visits[j * chains + chain];
        }
    double own = y->work[stage * chains + chain], came = y->visits[stage * chains + chain];
    if (came == 0)
        return 0;
    if (pool_kind(y->v->t, pool) != POOL_BLIND)
        return inside * own / work;
    double cycles = y->means.cycles[chain];
    return cycles * own + (inside - cycles * work) * came / visits;
}

static void of_stage(const struct chains *y, uint32_t stage)
{
    const struct network *n = y->v->n;
    const struct network_stage *s = &n->stages[stage], *pool = &n->stages[s->pool];
    uint32_t chains = n->n_inlets;
    double inside = 0, rate = 0, busy = 0;
    for (uint32_t r = 0; r < chains; r++) {
        inside += number(y, stage, r);
        rate += y->means.cycles[r] * y->visits[stage * chains + r];
        busy += y->means.cycles[r] * y->work[stage * chains + r];
    }
    double delay = s->delay && s->delay->model ? law_mean(s->delay) : 0;
    if (pool_kind(y->v->t, s->pool) == POOL_BLIND && delay == 0)
        network_add(y->v, stage, THEORY_ALL, THEORY_WAIT_MEAN, NAN, (inside - busy) / rate, source,
                    false);
    if (s->steps == 0)
        network_add(y->v, stage, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, inside / rate + delay,
                    source, false);
    network_add(y->v, stage, THEORY_ALL, THEORY_THROUGHPUT, NAN, rate, source, false);
    if (isfinite(pool->stage->consumers))
        network_add(y->v, stage, THEORY_ALL, THEORY_UTILIZATION, NAN,
                    busy / (pool->stage->consumers * pool->replicas), source, false);
}

/* Of requests: all, and those of a class that has chains of its own. */
static void of_requests(const struct chains *y, int class)
{
    const struct network *n = y->v->n;
    double inside = 0, rate = 0;
    for (uint32_t r = 0; r < n->n_inlets; r++) {
        if (class != THEORY_ALL && n->inlets[r].class != (uint32_t) class)
            continue;
        rate += y->means.cycles[r];
        inside += y->means.cycles[r] * y->delay[r];
        for (uint32_t j = 0; j < n->n_stages; j++)
            inside += number(y, j, r);
    }
    if (!(rate > 0))
        return;
    network_add(y->v, n->n_stages, class, THEORY_LATENCY_MEAN, NAN, inside / rate, source, false);
    if (class == THEORY_ALL)
        network_add(y->v, n->n_stages, class, THEORY_THROUGHPUT, NAN, rate, source, false);
}

static bool drawn_classes(const struct network *n)
{
    for (uint32_t r = 0; r < n->n_inlets; r++)
        if (n->inlets[r].class == NETWORK_ANY)
            return true;
    return false;
}

static bool calls_side_by_side(const struct network *n)
{
    for (uint32_t k = 0; k < n->n_steps; k++)
        if (n->steps[k].n > 1)
            return true;
    return false;
}

static bool has_groups(const struct network *n)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].join || n->stages[j].copies || n->stages[j].to.way == WAY_COPIES)
            return true;
    for (uint32_t i = 0; i < n->n_inlets; i++)
        if (n->inlets[i].to.way == WAY_COPIES)
            return true;
    return false;
}

static bool solve(struct chains *y)
{
    const struct network *n = y->v->n;
    fill_visits(y);
    if (!fill_chains(y) || !fill_stations(y) || !product_solve(&y->network, &y->means))
        return false;
    of_requests(y, THEORY_ALL);
    for (uint32_t class = 0; class < n->n_classes && n->n_classes > 1 && !drawn_classes(n);
         class ++)
        of_requests(y, (int)class);
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (visited(y, j))
            of_stage(y, j);
    return true;
}

bool theory_of_cycle(const struct network_view *v)
{
    const struct network *n = v->n;
    size_t cells = (size_t)n->n_stages * n->n_inlets;
    if (!v->t->closed || n->n_inlets > PRODUCT_CLASSES || has_groups(n) || calls_side_by_side(n))
        return false;
    struct chains *y = xcalloc(1, sizeof *y);
    y->v = v;
    y->visits = xcalloc(2 * cells + n->n_inlets, sizeof *y->visits);
    y->work = y->visits + cells;
    y->delay = y->work + cells;
    y->station_of = xcalloc(n->n_stages, sizeof *y->station_of);
    bool known = solve(y);
    free(y->station_of);
    free(y->visits);
    free(y);
    return known;
}
