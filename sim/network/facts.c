#include "facts.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/distribution.h"
#include "../scenario/process.h"
#include "../scenario/stages.h"
#include "staffing.h"

static void of_source(struct network_facts *facts, const struct scenario *s, uint32_t inlet)
{
    struct scenario *own = xmalloc(sizeof *own);
    source_alone(s, inlet, own);
    const struct arrival_process *process = (const struct arrival_process *)own->arrivals.process;
    facts->rate += facts->traffic->requests[inlet];
    facts->stationary = facts->stationary && process->stationary;
    facts->recurs = facts->recurs && process_recurs(own);
    facts->periodic = facts->periodic || !isnan(process_period(own));
    facts->replays = facts->replays || scenario_replays(own);
    facts->repeats = facts->repeats && scenario_repeats(own);
    facts->closed = facts->closed && process_is_closed(own);
    free(own);
}

static double tail_of(const struct law *law)
{
    return law->model && law_model(law)->tail ? law_model(law)->tail(law->params) : INFINITY;
}

static bool has(const struct law **laws, uint32_t class)
{
    return laws && laws[class] && laws[class]->model;
}

/* The laws of the tasks that come to a stage. Where it is not known how many do, some may. */
static void of_stage(struct network_facts *facts, uint32_t stage)
{
    const struct network *n = facts->network;
    const struct network_stage *at = &n->stages[stage];
    facts->loses[stage] = traffic_loses(n, stage) || at->guard || staffing_fails(n, stage) ||
                          network_is_mortal(n, stage) ||
                          (at->trouble && trouble_loses(at->trouble));
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        if (facts->traffic->by_class[(size_t) class * n->n_stages + stage] == 0)
            continue;
        if (has(at->size, class))
            facts->tail = fmin(facts->tail, tail_of(at->size[class]));
        if (has(at->timeout, class))
            facts->loses[stage] = true;
    }
    if (at->delay)
        facts->tail = fmin(facts->tail, tail_of(at->delay));
    if (at->carried) /* what an arrival brings */
        for (int i = 0; i < scenario_classes(n->scenario); i++)
            facts->tail = fmin(facts->tail, tail_of(scenario_size(n->scenario, i)));
}

/* A visit whose call can be lost, or given up, fails with it, unless that is ignored. */
static bool can_fail(const struct network_facts *facts, uint32_t stage)
{
    const struct network *n = facts->network;
    const struct network_stage *at = &n->stages[stage];
    for (uint32_t i = at->first_step; i < at->first_step + at->steps; i++)
        for (uint32_t k = n->steps[i].first; k < n->steps[i].first + n->steps[i].n; k++)
            if (!n->calls[k].ignores && (n->calls[k].client || facts->loses[n->calls[k].stage]))
                return true;
    return false;
}

static void spread_losses(struct network_facts *facts)
{
    const uint32_t stages = facts->network->n_stages;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < stages; i++)
            if (!facts->loses[i] && can_fail(facts, i))
                facts->loses[i] = more = true;
    }
    for (uint32_t i = 0; i < stages; i++)
        facts->loses[stages] = facts->loses[stages] || facts->loses[i];
    facts->loses[stages] = facts->loses[stages] || facts->network->asks ||
                           facts->network->again; /* for want of time */
}

static double dispersion_of(const struct network *n, uint32_t inlet, double rate)
{
    const struct arrivals *a = n->inlets[inlet].arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    const struct process_view view = {.params = a->params, .rate = rate, .scenario = n->scenario};
    return process->dispersion ? process->dispersion(&view) : NAN;
}

/* The squared coefficient of variation of the work at a stage; NAN: unknown. */
static double work_variation(const struct network_facts *facts, uint32_t stage)
{
    const struct network *n = facts->network;
    const struct network_stage *at = &n->stages[stage];
    double weight = 0, first = 0, second = 0;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        double rate = facts->traffic->by_class[(size_t) class * n->n_stages + stage];
        const struct law *law = at->carried            ? scenario_size(n->scenario, (int)class)
                                : has(at->size, class) ? at->size[class]
                                                       : NULL;
        if (rate == 0)
            continue;
        if (!law || !law->model)
            return NAN;
        weight += rate;
        first += rate * law_mean(law);
        second += rate * law_model(law)->second(law->params);
    }
    return weight * second / (first * first) - 1;
}

static void of_relaxation(struct network_facts *facts)
{
    const uint32_t stages = facts->network->n_stages;
    double dispersion = 1, slowest = NAN;
    for (uint32_t i = 0; i < facts->network->n_inlets; i++) {
        double own = dispersion_of(facts->network, i, facts->traffic->requests[i]);
        dispersion = own > dispersion || isnan(own) ? own : dispersion;
    }
    for (uint32_t i = 0; i < stages; i++) {
        const struct stage_traffic *at = &facts->traffic->stage[i];
        double variation = dispersion + work_variation(facts, i), rho = at->utilization;
        double visits = 2 * rho * variation / ((1 - rho) * (1 - rho));
        bool known = at->stable == TRAFFIC_STABLE && rho < 1 && at->rate > 0 &&
                     !network_is_troubled(facts->network, i);
        facts->relaxation[i] = known ? fmax(1, visits * facts->rate / at->rate) : NAN;
        facts->known = facts->known && (known || at->rate == 0) && at->holding_known;
        slowest = fmax(slowest, facts->relaxation[i]); /* of NAN and a number the number */
    }
    facts->relaxation[stages] = slowest;
}

struct network_facts *network_facts_of(const struct scenario *s)
{
    struct network *network = network_of(s);
    if (!network)
        return NULL;
    struct network_facts *facts = xcalloc(1, sizeof *facts);
    *facts = (struct network_facts){.network = network, .traffic = traffic_of(network, NULL)};
    facts->tail = INFINITY;
    facts->stationary = facts->recurs = facts->closed = facts->repeats = true;
    facts->known = true;
    facts->relaxation = xcalloc(network->n_stages + 1, sizeof *facts->relaxation);
    facts->loses = xcalloc(network->n_stages + 1, sizeof *facts->loses);
    for (uint32_t i = 0; i < network->n_inlets; i++)
        of_source(facts, s, i);
    for (uint32_t i = 0; i < network->n_stages; i++)
        of_stage(facts, i);
    facts->known = facts->known && !network->asks && !network->again;
    for (uint32_t i = 0; i < network->n_stages; i++)
        facts->loses[i] = facts->loses[i] || (network->asks && network_cancels(network));
    spread_losses(facts);
    of_relaxation(facts);
    return facts;
}

void network_facts_free(struct network_facts *facts)
{
    if (!facts)
        return;
    traffic_free(facts->traffic);
    network_free(facts->network);
    free(facts->relaxation);
    free(facts->loses);
    free(facts);
}
