/* The consumers of a pool as formulas see them (theory_network.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/balancer.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "../scenario/process.h"
#include "service.h"
#include "theory_network.h"

/* Whether `class` comes to `stage` at all. */
static bool comes(const struct traffic *t, uint32_t stage, uint32_t class)
{
    return t->by_class[(size_t) class * t->network->n_stages + stage] != 0;
}

static const struct law *law_at(const struct network *n, uint32_t stage, uint32_t class,
                                uint32_t depth);

/* What is carried to a stage, where all that comes brings the same law: from sources, or through
 * delay stations. Those move each task by a time of its own, which leaves Poisson arrivals with
 * independent sizes what they are (displacement: Kingman, Poisson Processes, 1993, sec. 5.1). */
static const struct law *carried_to(const struct network *n, uint32_t stage, uint32_t class,
                                    uint32_t depth)
{
    const struct law *law = NULL;
    bool same = depth > 0 && n->stages[stage].join == 0;
    double *row = xcalloc(2 * n->n_stages, sizeof *row), *calls = row + n->n_stages;
    for (uint32_t i = 0; i < n->n_inlets && same; i++) {
        row[stage] = 0;
        traffic_hand_on(n, &n->inlets[i].to, class, traffic_inlet_share(n, i, class), row);
        if (row[stage] > 0)
            law = scenario_size(n->scenario, (int)class);
    }
    for (uint32_t i = 0; i < n->n_stages && same; i++) {
        row[stage] = calls[stage] = 0;
        traffic_hand_on(n, &n->stages[i].to, class, 1, row);
        traffic_call(n, i, 1, calls);
        if (row[stage] == 0 && calls[stage] == 0)
            continue;
        const struct law *brought = law_at(n, i, class, depth - 1);
        bool moved =
            isinf(n->stages[n->stages[i].pool].stage->consumers) && n->stages[i].steps == 0;
        same = moved && calls[stage] == 0 && brought && (!law || law == brought);
        law = brought;
    }
    free(row);
    return same ? law : NULL;
}

static const struct law *law_at(const struct network *n, uint32_t stage, uint32_t class,
                                uint32_t depth)
{
    const struct network_stage *s = &n->stages[stage];
    const struct law *law = s->carried ? carried_to(n, stage, class, depth)
                            : s->size  ? s->size[class]
                                       : NULL;
    return law && law->model ? law : NULL;
}

const struct law *pool_law(const struct network *n, uint32_t stage, uint32_t class)
{
    enum { CARRIED = 8 }; /* stages at the most */
    return law_at(n, stage, class, CARRIED);
}

static bool impatient(const struct network *n, uint32_t stage, uint32_t class)
{
    const struct law **timeout = n->stages[stage].timeout;
    return timeout && timeout[class] && timeout[class]->model;
}

bool pool_is_open(const struct traffic *t, uint32_t pool)
{
    const struct network *n = t->network;
    bool limited = isfinite(n->stages[pool].stage->consumers);
    for (uint32_t j = 0; j < n->n_stages; j++) {
        if (n->stages[j].pool != pool)
            continue;
        if (limited && (isfinite(n->stages[j].stage->capacity) || n->stages[j].steps > 0 ||
                        t->stage[j].blocked))
            return false;
        for (uint32_t class = 0; class < n->n_classes && limited; class ++)
            if (comes(t, j, class) && impatient(n, j, class))
                return false;
    }
    return true;
}

static bool is_exponential(const struct law *law)
{
    struct service service;
    return law && law_model(law)->service && law_model(law)->service(law->params, &service) &&
           service.kind == SERVICE_EXPONENTIAL;
}

/* Whether all sizes of a pool are exponential of one mean; whether all laws are known. */
static bool all_markov(const struct traffic *t, uint32_t pool, bool *known)
{
    const struct network *n = t->network;
    double mean = NAN;
    bool same = true;
    *known = true;
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t class = 0; class < n->n_classes; class ++) {
            if (n->stages[j].pool != pool || !comes(t, j, class))
                continue;
            const struct law *law = pool_law(n, j, class);
            *known = *known && law;
            same = same && is_exponential(law) && (isnan(mean) || law_mean(law) == mean);
            mean = law ? law_mean(law) : NAN;
        }
    return same;
}

enum pool_kind pool_kind(const struct traffic *t, uint32_t pool)
{
    const struct network *n = t->network;
    const struct stage *s = n->stages[pool].stage;
    const struct discipline *d = stage_discipline(s);
    bool known, markov = all_markov(t, pool, &known);
    if (isinf(s->consumers))
        return known ? POOL_DELAY : POOL_OTHER;
    if (!pool_is_open(t, pool) || !known)
        return POOL_OTHER;
    if (t->stage[pool].work == 0 && t->stage[pool].load == 0) /* no work at all */
        return POOL_DELAY;
    if (d->shares)
        return scenario_weighs(n->scenario) ? POOL_OTHER : POOL_SHARED;
    if (d->before && d->order == ORDER_BLIND && s->consumers == 1)
        return POOL_LAST;
    return markov && d->order == ORDER_BLIND ? POOL_BLIND : POOL_OTHER;
}

double pool_work(const struct traffic *t, uint32_t pool, double *rate)
{
    const struct network *n = t->network;
    double sum = 0;
    *rate = 0;
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].pool == pool && t->stage[j].rate > 0) {
            *rate += t->stage[j].rate;
            sum += t->stage[j].rate * t->stage[j].work;
        }
    return *rate > 0 ? sum / *rate : NAN;
}

/* ---- as a scenario of one stage ---- */

static const struct model *poisson(void)
{
    for (size_t i = 0; process_family.models[i]; i++)
        if (((const struct arrival_process *)process_family.models[i])->poisson)
            return process_family.models[i];
    return NULL;
}

static void set_class(struct scenario *s, size_t i, const struct law *size,
                      const struct law *timeout, double share, double priority)
{
    struct task_class *class = &s->classes[i];
    *class = (struct task_class){
        .name = internf("pair %zu", i), .share = share, .priority = priority, .size = *size};
    if (timeout && timeout->model)
        class->timeout = *timeout;
}

/* Pairs of a pool, with shares that add up to 1; false where there are too many. */
static bool fill_classes(const struct traffic *t, uint32_t pool, struct scenario *s,
                         struct pool_pair *pairs, size_t *n_pairs)
{
    const struct network *n = t->network;
    double all = 0;
    bool alone = true; /* no other stage has these consumers */
    *n_pairs = 0;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        alone = alone && (j == pool || n->stages[j].pool != pool);
        all += n->stages[j].pool == pool ? t->stage[j].rate : 0;
    }
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t class = 0; class < n->n_classes; class ++) {
            if (n->stages[j].pool != pool || !comes(t, j, class))
                continue;
            const struct law *law = pool_law(n, j, class);
            double rate = t->by_class[(size_t) class * n->n_stages + j];
            if (!law || *n_pairs == POOL_PAIRS || isnan(rate) ||
                (!alone && isfinite(n->stages[j].stage->capacity)))
                return false;
            const struct task_class *own = &n->scenario->classes[class];
            bool listed = class < (uint32_t)n->scenario->classes_count;
            double priority = !alone ? n->stages[j].priority : listed ? own->priority : 0;
            set_class(s, *n_pairs, law, n->stages[j].timeout ? n->stages[j].timeout[class] : NULL,
                      rate / all, priority);
            pairs[(*n_pairs)++] = (struct pool_pair){j, class};
        }
    return *n_pairs > 0;
}

struct scenario *pool_scenario(const struct traffic *t, uint32_t pool, double share,
                               struct pool_pair *pairs, size_t *n_pairs)
{
    struct scenario *s = xmalloc(sizeof *s);
    double rate;
    param_defaults(s);
    (void)pool_work(t, pool, &rate);
    s->arrivals.process = poisson();
    s->arrivals.rate = rate * share;
    s->arrivals.rate_per_consumer = s->arrivals.utilization = NAN;
    s->stage = *t->network->stages[pool].stage;
    const bool shared = stage_discipline(&s->stage)->shares;
    if (!fill_classes(t, pool, s, pairs, n_pairs) ||
        (shared && *n_pairs > 1 && scenario_weighs(t->network->scenario))) {
        free(s);
        return NULL;
    }
    s->classes_count = (double)*n_pairs;
    if (*n_pairs == 1 || pool_kind(t, pool) == POOL_BLIND) { /* one class, or as good as one */
        s->size = s->classes[0].size;
        s->timeout = s->classes[0].timeout;
        s->classes_count = 0;
    }
    return s;
}

/* ---- replicas ---- */

enum pool_spread pool_spread(const struct network *n, uint32_t pool)
{
    const struct network_stage *s = &n->stages[pool];
    if (s->replicas <= 1)
        return SPREAD_NONE;
    for (uint32_t k = 1; n->kinds && k < s->replicas; k++) {
        struct station_kind a = network_station(n, pool, k - 1), b = network_station(n, pool, k);
        if (a.consumers != b.consumers || a.speed != b.speed)
            return SPREAD_UNLIKE;
    }
    const struct balancer *b = s->balancer;
    bool fewer = s->choices > 0 && s->choices < s->replicas; /* looks at some alone */
    if (s->copies)
        return SPREAD_COPIES;
    if (s->machines != pool || !b) /* stays on the machine that it comes from */
        return SPREAD_UNLIKE;
    if (b->pick)
        return b->by_chance ? SPREAD_CHANCE : b->in_turn ? SPREAD_TURN : SPREAD_UNLIKE;
    if (b->by_work)
        return fewer ? SPREAD_UNLIKE : SPREAD_WORK;
    /* Where an idle one comes first, whatever it has: with one consumer that has none. */
    return b->in_order && s->stage->consumers != 1 ? SPREAD_UNLIKE : SPREAD_REQUESTS;
}
