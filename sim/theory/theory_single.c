/* A pool of a network by itself: as a scenario of one stage (theory_network.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "many.h"
#include "parallel.h"
#include "single.h"
#include "theory_open.h"

static double said(const struct theory *t, enum theory_measure measure, int class, bool *rough,
                   const char **source)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->figure[i].measure == measure && t->figure[i].class == class) {
            *rough = *rough || t->figure[i].approximate;
            *source = *source ? *source : t->figure[i].source;
            return t->figure[i].value;
        }
    return NAN;
}

static void pass_quantiles(const struct open *o, uint32_t stage, const struct theory *single)
{
    for (size_t i = 0; i < single->n; i++) {
        const struct theory_figure *f = &single->figure[i];
        bool quantile = f->measure == THEORY_WAIT_QUANTILE || f->measure == THEORY_LATENCY_QUANTILE;
        if (quantile && f->class == THEORY_ALL)
            network_add(o->v, stage, THEORY_ALL, f->measure, f->p, f->value, f->source,
                        f->approximate);
    }
}

/* From the figures of its scenario to those of its stages and classes. */
static void spread_out(struct open *o, uint32_t pool, const struct scenario *s,
                       const struct theory *single, const struct pool_pair *pairs, size_t n_pairs)
{
    struct pool *p = &o->pool[pool];
    const struct discipline *d = stage_discipline(&s->stage);
    uint32_t stages = o->v->n->n_stages;
    double mean = scenario_mean_size(s);
    p->source = NULL;
    p->wait = said(single, THEORY_WAIT_MEAN, THEORY_ALL, &p->approximate, &p->source);
    p->latency = said(single, THEORY_LATENCY_MEAN, THEORY_ALL, &p->approximate, &p->source);
    p->probability = said(single, THEORY_WAIT_PROBABILITY, THEORY_ALL, &p->approximate, &p->source);
    bool ordered = !d->before && !d->shares && d->order == ORDER_BLIND;
    bool prorated = d->shares || (d->before && d->order == ORDER_BLIND);
    for (size_t i = 0; i < n_pairs; i++) {
        size_t at = (size_t)pairs[i].class * stages + pairs[i].stage;
        double size = law_mean(scenario_size(s, s->classes_count > 0 ? (int)i : 0));
        double wait = said(single, THEORY_WAIT_MEAN, (int)i, &p->approximate, &p->source);
        double latency = said(single, THEORY_LATENCY_MEAN, (int)i, &p->approximate, &p->source);
        bool alone = n_pairs == 1;
        o->waits[at] = alone || ordered ? p->wait : wait;
        o->own[at] = alone      ? p->latency
                     : ordered  ? p->wait + size / s->stage.speed
                     : prorated ? p->latency * size / mean
                                : latency;
    }
    if (n_pairs == 1 && o->v->of_stages)
        pass_quantiles(o, pairs[0].stage, single);
}

/* The three figures that always go together. */
static void set_delays(struct theory *t, const char *model, double probability, double wait,
                       double work, const char *source, bool rough)
{
    const double values[] = {probability, wait, wait + work};
    static const enum theory_measure measures[] = {THEORY_WAIT_PROBABILITY, THEORY_WAIT_MEAN,
                                                   THEORY_LATENCY_MEAN};
    *t = (struct theory){.model = model};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!isnan(values[i]))
            t->figure[t->n++] =
                (struct theory_figure){measures[i], THEORY_ALL, NAN, values[i], rough, source, 0};
}

/* Where balancers look at loads: exponential sizes. Of many replicas, of which some are compared,
 * approximately, as of ever more of them. */
static bool by_loads(struct open *o, uint32_t pool, const struct scenario *s, struct theory *single)
{
    const struct network_stage *stage = &o->v->n->stages[pool];
    uint32_t n = stage->replicas, d = stage->choices > 0 ? stage->choices : n;
    double work = scenario_mean_size(s) / s->stage.speed, each = s->arrivals.rate / n;
    struct parallel many = {.rule = PARALLEL_SHORTEST,
                            .lambda = s->arrivals.rate,
                            .n = (int)n,
                            .drawn = (int)d,
                            .consumers = (int)s->stage.consumers};
    struct parallel_means m;
    for (uint32_t k = 0; k < n && k < PARALLEL_STATIONS; k++)
        many.mu[k] = 1 / work;
    if (o->pool[pool].input != INPUT_POISSON || o->pool[pool].kind != POOL_BLIND)
        return false;
    if (n <= PARALLEL_STATIONS && parallel_solve(&many, o->v->most_cost, &m))
        set_delays(single, "side by side", m.probability, m.response - work, work,
                   "Adan, Wessels and Zijm 1990, by its chain", false);
    else if (d >= 2 && d < n && s->stage.consumers == 1 && each * work < 1)
        set_delays(single, "many side by side", many_waits(each, 1 / work, (int)d),
                   many_shortest_of(each, 1 / work, (int)d) - work, work,
                   "Vvedenskaya et al. 1996; Mitzenmacher 1996, limit", true);
    else
        return false;
    return true;
}

/* One replica of several, or all of them as one, as they are spread; false: not known. */
static bool single_of(struct open *o, uint32_t pool, struct scenario *s, struct theory *single)
{
    const struct network *n = o->v->n;
    const struct pool *p = &o->pool[pool];
    enum pool_spread spread = pool_spread(n, pool);
    double replicas = n->stages[pool].replicas, rate = s->arrivals.rate;
    if (p->input == INPUT_SOURCE && spread == SPREAD_NONE) {
        s->arrivals = *n->inlets[p->inlet].arrivals;
        s->arrivals.rate_per_consumer = s->arrivals.utilization = NAN;
    }
    switch (spread) {
    case SPREAD_NONE:
        break;
    case SPREAD_CHANCE:
    case SPREAD_COPIES:
        s->arrivals.rate /= replicas;
        break;
    case SPREAD_TURN:
        if (p->input != INPUT_POISSON)
            return false;
        param_set(s, "arrivals.process", "renewal", (struct place){0}, NULL);
        param_set(s, "arrivals.interarrival.distribution", "erlang", (struct place){0}, NULL);
        param_set(s, "arrivals.interarrival.shape", internf("%.0f", replicas), (struct place){0},
                  NULL);
        s->arrivals.rate = rate / replicas;
        break;
    case SPREAD_WORK:
        if (s->stage.consumers != 1 || !stage_discipline(&s->stage)->by_arrival)
            return false;
        s->stage.consumers = replicas; /* the same waits as of one line for all (Foss 1980) */
        break;
    case SPREAD_REQUESTS:
        return by_loads(o, pool, s, single);
    case SPREAD_UNLIKE:
        return false;
    }
    bool quick = o->v->most_cost < 1e8;
    if (quick)
        theory_latency(s, single);
    else
        theory_at(s, o->v->points, o->v->n_points, single);
    return single->model != NULL;
}

/* ---- behind stages that change the traffic ---- */

static double highest(const struct scenario *s, double *lowest)
{
    double most = 0;
    *lowest = INFINITY;
    for (int i = 0; i < scenario_classes(s); i++) {
        struct service service;
        const struct law *law = scenario_size(s, i);
        if (!law_model(law)->service || !law_model(law)->service(law->params, &service)) {
            *lowest = 0;
            return INFINITY;
        }
        most = fmax(most, service_highest(&service));
        *lowest = fmin(*lowest, service_lowest(&service));
    }
    *lowest /= s->stage.speed;
    return most / s->stage.speed;
}

/* The least time between two that come, where they come from one stage alone. */
static double spacing_before(const struct open *o, uint32_t pool)
{
    const struct network *n = o->v->n;
    double spacing = 0;
    size_t streams = 0;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        if (pool_of(o, j) != pool)
            continue;
        for (uint32_t i = 0; i < n->n_inlets; i++)
            streams += open_starts(n, i, j) > 0;
        for (uint32_t i = 0; i < n->n_stages; i++)
            if (o->flow[(size_t)i * n->n_stages + j] > 1e-200) {
                streams++;
                spacing = o->pool[pool_of(o, i)].spacing;
            }
    }
    return streams == 1 ? spacing : 0;
}

/* Allen and Cunneen's formula, with the variation of what comes. */
static bool roughly(const struct pool *p, const struct scenario *s, struct theory *single)
{
    static const char qna[] = "Whitt 1983 (QNA)";
    const struct discipline *d = stage_discipline(&s->stage);
    double speed = s->stage.speed, mean = scenario_mean_size(s) / speed;
    double cs2 = scenario_second_size(s) / (speed * speed) / (mean * mean) - 1;
    double wait = allen_cunneen_wait(s->arrivals.rate, mean, s->stage.consumers, p->cv2, cs2);
    if (p->batched && s->stage.consumers > 1) /* a batch finds them free together, or none */
        return false;
    if (d->before || d->shares || d->order != ORDER_BLIND || isnan(wait))
        return false;
    set_delays(single, "GI/G/c", NAN, wait, mean, qna, true);
    return true;
}

static void nobody_waits(const struct scenario *s, struct theory *single)
{
    set_delays(single, "nobody waits", 0, 0, scenario_mean_size(s) / s->stage.speed,
               "Friedman 1965", false);
}

/* The variation of what leaves: Marshall 1968 for M/G/1, Whitt 1983, eq. 38, for others. */
static void leaving(struct pool *p, const struct scenario *s, double utilization, bool unhurried)
{
    double mean = scenario_mean_size(s), rho2 = utilization * utilization;
    double cs2 = scenario_second_size(s) / (mean * mean) - 1, c = s->stage.consumers;
    p->poisson = p->input == INPUT_POISSON && p->kind != POOL_OTHER;
    p->leaves = p->poisson  ? 1
                : unhurried ? p->cv2
                : c == 1    ? 1 + (1 - rho2) * (p->cv2 - 1) + rho2 * (cs2 - 1)
                            : 1 + (1 - rho2) * (p->cv2 - 1) + rho2 / sqrt(c) * (fmax(cs2, 0.2) - 1);
}

/* ---- all of it ---- */

static void of_delay(struct open *o, uint32_t pool)
{
    const struct network *n = o->v->n;
    struct pool *p = &o->pool[pool];
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t class = 0; class < n->n_classes && pool_of(o, j) == pool; class ++) {
            size_t at = (size_t) class * n->n_stages + j;
            o->waits[at] = 0;
            o->own[at] = o->v->t->size[at] / n->stages[pool].stage->speed;
        }
    p->wait = p->probability = 0;
    p->latency = o->v->t->stage[pool].work;
    p->poisson = p->input == INPUT_POISSON && p->kind == POOL_DELAY;
    p->leaves = p->poisson ? 1 : p->cv2;
    p->source = "Little 1961";
}

void open_single(struct open *o, uint32_t pool)
{
    struct pool *p = &o->pool[pool];
    struct pool_pair pairs[POOL_PAIRS];
    size_t n_pairs;
    const struct stage_traffic *t = &o->v->t->stage[pool];
    if (isinf(t->consumers) || p->kind == POOL_DELAY) {
        of_delay(o, pool);
        return;
    }
    struct scenario *s =
        p->input == INPUT_UNKNOWN ? NULL : pool_scenario(o->v->t, pool, 1, pairs, &n_pairs);
    if (!s)
        return;
    struct theory *single = xcalloc(1, sizeof *single);
    double lowest, most = highest(s, &lowest), spacing = spacing_before(o, pool);
    bool alone = s->stage.consumers == 1 && o->v->n->stages[pool].replicas == 1;
    bool unhurried = alone && spacing > 0 && most <= spacing * (1 + 1e-12);
    bool known = true;
    if (unhurried)
        nobody_waits(s, single);
    else if (p->input == INPUT_OTHER)
        known = o->v->n->stages[pool].replicas == 1 && !stability_loses(s) && t->utilization < 1 &&
                roughly(p, s, single);
    else
        known = single_of(o, pool, s, single);
    if (known) {
        spread_out(o, pool, s, single, pairs, n_pairs);
        if (!stability_loses(s) && pool_spread(o->v->n, pool) <= SPREAD_CHANCE)
            leaving(p, s, t->utilization, unhurried);
        p->spacing = unhurried ? spacing : alone ? lowest : 0;
    }
    free(single);
    free(s);
}
