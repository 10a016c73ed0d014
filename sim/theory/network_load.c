#include "network_load.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../network/staffing.h"
#include "../scenario/distribution.h"
#include "../scenario/process.h"
#include "line.h"
#include "product.h"
#include "theory_network.h"

/* ---- consumers that wait for answers ---- */

static bool calls_in_turn(const struct network *n, uint32_t stage)
{
    const struct network_stage *s = &n->stages[stage];
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
        if (n->steps[k].n > 1)
            return false;
    return true;
}

/* Whether all that comes to a stage are calls of one other. */
static bool comes_from(const struct traffic *t, uint32_t stage, uint32_t caller)
{
    const struct network *n = t->network;
    double *calls = xcalloc(n->n_stages, sizeof *calls);
    traffic_call(n, caller, t->stage[caller].rate, calls);
    bool all = fabs(calls[stage] - t->stage[stage].rate) <= 1e-9 * t->stage[stage].rate;
    free(calls);
    return all;
}

/* The stations that a caller's consumers go through; false where one has no product form. */
static bool fill_called(const struct traffic *t, uint32_t caller, struct product *network)
{
    const struct network *n = t->network;
    double *calls = xcalloc(n->n_stages, sizeof *calls);
    bool known = true;
    traffic_call(n, caller, 1, calls);
    for (uint32_t j = 0; j < n->n_stages && known; j++) {
        const struct network_stage *s = &n->stages[j];
        if (calls[j] == 0)
            continue;
        bool alone = s->pool == j;
        for (uint32_t i = 0; i < n->n_stages; i++)
            alone = alone && (i == j || n->stages[i].pool != j);
        enum pool_kind kind = pool_kind(t, j);
        known = alone && comes_from(t, j, caller) && kind != POOL_OTHER && s->steps == 0 &&
                pool_spread(n, j) <= SPREAD_CHANCE && isfinite(t->stage[j].work) &&
                network->stations + s->replicas <= PRODUCT_STATIONS;
        if (s->delay && s->delay->model)
            network->think[0] += calls[j] * law_mean(s->delay);
        for (uint32_t k = 0; known && k < s->replicas; k++) {
            struct product_station *at = &network->station[network->stations++];
            at->consumers = s->stage->consumers;
            at->demand[0] = calls[j] * t->stage[j].work / s->replicas;
        }
    }
    free(calls);
    return known;
}

double network_callers_capacity(const struct traffic *t, uint32_t stage)
{
    const struct network *n = t->network;
    const struct network_stage *s = &n->stages[stage];
    double consumers = s->stage->consumers * s->replicas, can = NAN;
    for (uint32_t i = 0; i < n->n_stages; i++)
        if (i != stage && n->stages[i].pool == stage)
            return NAN; /* others hold them, too */
    if (s->pool != stage || n->kinds || !(consumers <= 100000) || t->stage[stage].blocked ||
        !calls_in_turn(n, stage) || !isfinite(t->stage[stage].work))
        return NAN;
    struct product *network = xcalloc(1, sizeof *network);
    struct product_means *means = xmalloc(sizeof *means);
    network->classes = 1;
    network->think[0] = t->stage[stage].work;
    bool known = fill_called(t, stage, network);
    double part = consumers - floor(consumers);
    for (int up = 0; up < 2 && known; up++) { /* in proportion between whole numbers */
        network->clients[0] = (int)consumers + up;
        known = (up == 1 && part == 0) || product_solve(network, means);
        can = up == 0 ? means->cycles[0] : can + part * (means->cycles[0] - can);
    }
    free(means);
    free(network);
    return known ? can : NAN;
}

/* ---- all of it ---- */

static bool of_line(const struct network *n, const struct traffic *t, struct network_load *out)
{
    struct theory unused;
    const struct network_view v = {n, t, NULL, 0, false, LINE_MOST, &unused};
    double can;
    if (t->closed || !network_is_line(&v, &can) || isnan(can))
        return false;
    *out = (struct network_load){t->requests[0] / can, can, 0, LOAD_OF_LINE};
    return true;
}

static bool of_clients(const struct network *n, const struct traffic *t, struct network_load *out)
{
    const struct arrivals *a = n->inlets[0].arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    const struct process_view view = {.params = a->params, .rate = NAN};
    double all = 0, most = 0;
    if (n->n_inlets > 1 || n->kinds)
        return false;
    *out = (struct network_load){0, NAN, NETWORK_EXIT, LOAD_OF_CLIENTS};
    for (uint32_t j = 0; j < n->n_stages; j++) {
        const struct network_stage *s = &n->stages[j];
        double visits = 0, demand;
        for (uint32_t class = 0; class < n->n_classes; class ++)
            visits += traffic_inlet_share(n, 0, class) * t->visits[class * n->n_stages + j];
        if (visits == 0)
            continue;
        if (s->pool != j || s->join || s->copies || s->to.way == WAY_COPIES ||
            !calls_in_turn(n, j) || !pool_is_open(t, j))
            return false;
        demand = visits * t->stage[j].work;
        all += demand + (s->delay && s->delay->model ? visits * law_mean(s->delay) : 0);
        if (demand / (s->stage->consumers * s->replicas) > most) {
            most = demand / (s->stage->consumers * s->replicas);
            out->stage = j;
        }
    }
    out->highest = 1 / most;
    out->value = process->clients(&view) * most / (law_mean(process->think(&view)) + all);
    return out->stage != NETWORK_EXIT;
}

static bool is_lossy(const struct traffic *t)
{
    const struct network *n = t->network;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        const struct law **timeout = n->stages[j].timeout;
        if (traffic_loses(n, j) || t->stage[j].at_most)
            return true;
        for (uint32_t class = 0; class < n->n_classes && timeout; class ++)
            if (timeout[class] && timeout[class]->model)
                return true;
    }
    return false;
}

static bool is_troubled(const struct network *n)
{
    bool any = false;
    for (uint32_t j = 0; j < n->n_stages; j++)
        any = any || network_is_troubled(n, j);
    return any;
}

/* Of one stage; NAN: not known. */
static double of_stage(const struct traffic *t, uint32_t stage, enum network_load_kind *kind)
{
    const struct stage_traffic *s = &t->stage[stage];
    *kind = LOAD_OF_STAGE;
    if (s->rate == 0 || isinf(s->consumers))
        return 0;
    if (s->blocked ||
        (traffic_pauses(t->network, stage) && t->network->stages[stage].stage->resume_delay > 0))
        return NAN;
    if (s->holding_known)
        return s->utilization;
    if (is_troubled(t->network))
        return NAN;
    *kind = LOAD_OF_CALLERS;
    return s->rate / network_callers_capacity(t, stage);
}

bool network_load_of(const struct network *n, const struct traffic *t, struct network_load *out)
{
    *out = (struct network_load){.value = NAN, .highest = NAN, .stage = NETWORK_EXIT};
    if (is_lossy(t) || staffing_said(n))
        return false;
    if (!is_troubled(n) && of_line(n, t, out))
        return true;
    if (t->closed && is_troubled(n))
        return false;
    if (t->closed)
        return of_clients(n, t, out);
    struct network_load most = {-1, NAN, NETWORK_EXIT, LOAD_OF_STAGE};
    if (!t->enough)
        return false;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        enum network_load_kind kind;
        double load = of_stage(t, j, &kind);
        if (isnan(load))
            return false;
        if (load > most.value)
            most = (struct network_load){load, t->stage[j].rate / load, j, kind};
    }
    *out = most;
    return true;
}
