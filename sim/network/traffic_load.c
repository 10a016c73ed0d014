/* What visits ask of the consumers of each stage (traffic.h). */
#include <gsl/gsl_sort.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/balancer.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "../scenario/policy.h"
#include "staffing.h"
#include "traffic_in.h"

bool traffic_loses(const struct network *n, uint32_t stage)
{
    const struct stage *s = n->stages[stage].stage;
    const struct policy *policy = (const struct policy *)s->when_full;
    return isfinite(s->consumers) &&
           ((stage_is_bounded(s) && policy->verdict != VERDICT_PAUSE) ||
            n->stages[stage].guard == GUARD_BOUNDS || staffing_refuses(n, stage));
}

bool traffic_pauses(const struct network *n, uint32_t stage)
{
    const struct stage *s = n->stages[stage].stage;
    const struct policy *policy = (const struct policy *)s->when_full;
    return stage_is_bounded(s) && isfinite(s->consumers) && policy->verdict == VERDICT_PAUSE;
}

/* ---- holding ---- */

static bool is_delay(const struct network *n, uint32_t stage)
{
    return isinf(n->stages[n->stages[stage].pool].stage->consumers);
}

static double own_delay(const struct network_stage *s)
{
    return s->delay && s->delay->model ? law_mean(s->delay) : 0;
}

/* The mean response of a stage that is called; a lower bound of it where *known becomes false. */
static double response(const struct traffic *t, uint32_t stage, const struct responses *responses,
                       bool *known)
{
    const struct stage_traffic *called = &t->stage[stage];
    double own = own_delay(&t->network->stages[stage]);
    double mean = NAN;
    if (t->network->stages[stage].copies)
        *known = false; /* the longest of its copies */
    else if (is_delay(t->network, stage) && called->holding_known)
        mean = called->holding;
    else if (responses)
        mean = responses->mean(t, stage, responses->context);
    *known = *known && !isnan(mean);
    return own + (isnan(mean) ? called->holding : mean);
}

/* From the end of its own work until all calls are answered. */
static double called_for(const struct traffic *t, uint32_t stage, const struct responses *responses,
                         bool *known)
{
    const struct network *n = t->network;
    const struct network_stage *s = &n->stages[stage];
    double sum = 0;
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++) {
        const struct call_step *step = &n->steps[k];
        double longest = 0;
        for (uint32_t i = step->first; i < step->first + step->n; i++) {
            const struct call *call = &n->calls[i];
            double mean = response(t, call->stage, responses, known);
            *known = *known && !network_is_troubled(n, call->stage);
            longest = fmax(longest, call->share > 0 ? call->share * call->count * mean : 0);
        }
        *known = *known && step->n <= 1;
        sum += step->need < step->n ? 0 : longest;
    }
    return sum;
}

/* Whether the holding of all that it calls has been filled in. */
static bool ready(const struct network *n, uint32_t stage, const bool *done)
{
    const struct network_stage *s = &n->stages[stage];
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
        for (uint32_t i = n->steps[k].first; i < n->steps[k].first + n->steps[k].n; i++)
            if (!done[n->calls[i].stage])
                return false;
    return true;
}

static bool may_block(const struct network *n, uint32_t stage)
{
    const struct route *to = &n->stages[stage].to;
    for (uint32_t i = to->first; i < to->first + to->n; i++)
        if (n->legs[i].stage != NETWORK_EXIT && traffic_pauses(n, n->legs[i].stage))
            return true;
    return false;
}

static void hold(struct traffic *t, uint32_t stage, const struct responses *responses)
{
    struct stage_traffic *s = &t->stage[stage];
    bool known = true;
    s->called = called_for(t, stage, responses, &known);
    s->blocked = may_block(t->network, stage) && !is_delay(t->network, stage);
    s->holding = s->work + s->called;
    s->holding_known = known && !s->blocked;
    s->load = s->rate == 0 ? 0 : s->rate * s->holding;
}

/* ---- work ---- */

/* Means over classes, by how often each comes; `rate` too. */
static void work(struct traffic *t, uint32_t stage)
{
    const struct network *n = t->network;
    struct stage_traffic *s = &t->stage[stage];
    double sum = 0, first = NAN;
    bool alike = true;
    s->rate = 0;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        size_t at = (size_t) class * n->n_stages + stage;
        if (t->by_class[at] == 0)
            continue;
        alike = alike && (isnan(first) || t->size[at] == first);
        first = t->size[at];
        s->rate += t->by_class[at];
        sum += t->by_class[at] * t->size[at];
    }
    s->work = s->rate == 0 ? NAN : alike ? first : sum / s->rate;
    s->work /= n->stages[n->stages[stage].pool].stage->speed;
}

/* ---- consumers ---- */

/* How many replicas are compared; 1: those of a pair of like loads are as good as drawn. */
static uint32_t compared(const struct network_stage *s)
{
    if (!s->balancer || s->balancer->pick || s->copies)
        return 1;
    return s->choices > 0 ? s->choices : s->replicas;
}

/* The most that any k >= d of the weakest replicas are asked, over what they can do. `work` of a
 * visit is at speed `speed`, and shrinks with that of a replica. */
static double weakest(const struct network *n, uint32_t pool, double rate, double holding)
{
    const struct network_stage *s = &n->stages[pool];
    uint32_t d = compared(s), replicas = s->replicas;
    double *can = xmalloc(replicas * sizeof *can), sum = 0, most = 0;
    for (uint32_t k = 0; k < replicas; k++) {
        struct station_kind kind = network_station(n, pool, k);
        can[k] = staffing_power(n, pool, k) * kind.speed / s->stage->speed / holding;
    }
    gsl_sort(can, 1, replicas);
    for (uint32_t k = 1; k <= replicas; k++) {
        double comes = 1; /* C(k, d) / C(replicas, d) */
        sum += can[k - 1];
        for (uint32_t i = 0; i < d; i++)
            comes *= fmax(0, (double)k - i) / ((double)replicas - i);
        most = fmax(most, rate * comes / sum);
    }
    free(can);
    return most;
}

/* The most that a replica is asked that tasks are hashed to, over what it can do. */
static double hashed(const struct network *n, uint32_t pool, double rate, double holding)
{
    const struct network_stage *s = &n->stages[pool];
    double most = 0;
    for (uint32_t k = 0; k < s->replicas; k++) {
        const double speed = network_station(n, pool, k).speed / s->stage->speed;
        most = fmax(most, rate * network_key_share(n, pool, k) * holding /
                              (staffing_power(n, pool, k) * speed));
    }
    return most;
}

double traffic_fullness(const struct network *n, uint32_t pool, double rate, double holding)
{
    const struct network_stage *s = &n->stages[pool];
    if (isinf(s->stage->consumers) || rate == 0)
        return 0;
    if (s->key_share && isfinite(holding) && !isnan(rate))
        return hashed(n, pool, rate, holding);
    if (n->kinds && isfinite(holding) && holding > 0 && !isnan(rate))
        return weakest(n, pool, rate, holding);
    return rate * holding / (staffing_power(n, pool, 0) * s->replicas);
}

static double consumers_of(const struct network *n, uint32_t pool)
{
    const struct network_stage *s = &n->stages[pool];
    double sum = 0;
    for (uint32_t k = 0; n->kinds && k < s->replicas; k++)
        sum += network_station(n, pool, k).consumers;
    if (s->staff && s->staff->shifts > 0)
        return staffing_power(n, pool, 0) * s->replicas;
    const double more = s->staff ? s->staff->max : NAN; /* there can be */
    return n->kinds ? sum : fmax(s->stage->consumers, more) * s->replicas;
}

/* Utilization by all the stages that share a pool. */
static void fill_pools(struct traffic *t)
{
    const struct network *n = t->network;
    double *rate = xcalloc(2 * n->n_stages, sizeof *rate), *load = rate + n->n_stages;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        rate[n->stages[j].pool] += t->stage[j].rate;
        load[n->stages[j].pool] += t->stage[j].load;
    }
    for (uint32_t j = 0; j < n->n_stages; j++) {
        uint32_t pool = n->stages[j].pool;
        t->stage[j].consumers = consumers_of(n, pool);
        t->stage[j].utilization =
            traffic_fullness(n, pool, rate[pool], rate[pool] == 0 ? 0 : load[pool] / rate[pool]) /
            network_availability(n, pool);
    }
    free(rate);
}

static void find_bottleneck(struct traffic *t)
{
    double most = 0;
    t->bottleneck = NETWORK_EXIT;
    for (uint32_t j = 0; j < t->network->n_stages; j++)
        if (t->stage[j].utilization > most * (1 + 1e-12)) {
            most = t->stage[j].utilization;
            t->bottleneck = j;
        }
}

/* The rates of what is known only for one request. */
static void forget_rates(struct traffic *t)
{
    const struct network *n = t->network;
    for (size_t i = 0; i < (size_t)n->n_stages * n->n_classes; i++)
        t->by_class[i] = t->by_class[i] == 0 ? 0 : NAN;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        struct stage_traffic *s = &t->stage[j];
        if (s->rate == 0)
            continue;
        s->rate = s->comes = s->done = s->load = NAN;
        s->utilization = isinf(s->consumers) ? 0 : NAN;
    }
}

void traffic_loads(struct traffic *t, bool mix, const struct responses *responses)
{
    const struct network *n = t->network;
    bool *done = xcalloc(n->n_stages, sizeof *done), more = true;
    for (uint32_t j = 0; j < n->n_stages; j++)
        work(t, j);
    while (more) { /* what is called before who calls: there are no cycles of calls */
        more = false;
        for (uint32_t j = 0; j < n->n_stages; j++)
            if (!done[j] && ready(n, j, done)) {
                hold(t, j, responses);
                done[j] = more = true;
            }
    }
    free(done);
    fill_pools(t);
    find_bottleneck(t); /* of closed systems: by their demands */
    traffic_judge(t);
    if (mix)
        forget_rates(t);
}
