/* Figures of an open network's stages, and from end to end (theory_network.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "erlang.h"
#include "passage.h"
#include "service.h"
#include "theory_open.h"

static double own_delay(const struct network_stage *s)
{
    return s->delay && s->delay->model ? law_mean(s->delay) : 0;
}

/* Whether its calls are made one after the other. */
static bool calls_in_turn(const struct network *n, uint32_t stage)
{
    const struct network_stage *s = &n->stages[stage];
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
        if (n->steps[k].n > 1)
            return false;
    return true;
}

/* ---- stages ---- */

/* Mean latency of visits of each stage, calls included, [class * stages + stage]. */
static void with_calls(const struct open *o, double *latency)
{
    const struct network *n = o->v->n;
    size_t stages = n->n_stages;
    for (size_t i = 0; i < stages * n->n_classes; i++)
        latency[i] = o->own[i] + own_delay(&n->stages[i % stages]);
    /* As often as calls can be nested: each round adds a level of them. */
    bool more = true;
    double *before = xmalloc(stages * n->n_classes * sizeof *before);
    double *calls = xmalloc(stages * sizeof *calls);
    for (size_t round = 0; more && round < stages; round++) {
        more = false;
        for (size_t i = 0; i < stages * n->n_classes; i++)
            before[i] = latency[i];
        for (uint32_t class = 0; class < n->n_classes; class ++)
            for (uint32_t i = 0; i < stages; i++) {
                double sum = o->own[class * stages + i] + own_delay(&n->stages[i]);
                if (n->stages[i].steps == 0)
                    continue;
                for (size_t j = 0; j < stages; j++)
                    calls[j] = 0;
                traffic_call(n, i, 1, calls);
                for (size_t j = 0; j < stages; j++)
                    sum += calls[j] > 0 ? calls[j] * before[class * stages + j] : 0;
                latency[class * stages + i] = calls_in_turn(n, i) ? sum : NAN;
                more = more || !(sum == before[class * stages + i] || isnan(sum));
            }
    }
    free(calls);
    free(before);
}

static bool all_keep_up(const struct open *o)
{
    for (uint32_t j = 0; j < o->v->n->n_stages; j++)
        if (o->v->t->stage[j].stable != TRAFFIC_STABLE)
            return false;
    return true;
}

/* How many classes lose patience at a stage. */
static size_t impatience(const struct open *o, uint32_t stage)
{
    const struct law **timeout = o->v->n->stages[stage].timeout;
    size_t sum = 0;
    for (uint32_t class = 0; class < o->v->n->n_classes; class ++)
        sum += timeout && timeout[class] && timeout[class]->model;
    return sum;
}

static void of_stage(const struct open *o, uint32_t stage, const double *latency)
{
    const struct network *n = o->v->n;
    const struct traffic *t = o->v->t;
    const struct pool *p = &o->pool[pool_of(o, stage)];
    double rate = 0, wait = 0, whole = 0;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        size_t at = (size_t) class * n->n_stages + stage;
        if (t->by_class[at] == 0)
            continue;
        rate += t->by_class[at];
        wait += t->by_class[at] * o->waits[at];
        whole += t->by_class[at] * latency[at];
        if (n->n_classes > 1) {
            network_add(o->v, stage, (int)class, THEORY_WAIT_MEAN, NAN, o->waits[at], p->source,
                        p->approximate);
            network_add(o->v, stage, (int)class, THEORY_LATENCY_MEAN, NAN, latency[at], p->source,
                        p->approximate);
        }
    }
    bool delayed = own_delay(&n->stages[stage]) > 0;
    if (!delayed && n->stages[stage].pool == stage)
        network_add(o->v, stage, THEORY_ALL, THEORY_WAIT_PROBABILITY, NAN, p->probability,
                    p->source, p->approximate);
    if (!delayed)
        network_add(o->v, stage, THEORY_ALL, THEORY_WAIT_MEAN, NAN, wait / rate, p->source,
                    p->approximate);
    network_add(o->v, stage, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, whole / rate, p->source,
                p->approximate);
    bool kept = all_keep_up(o) && !traffic_loses(n, stage) && !t->stage[stage].at_most &&
                impatience(o, stage) == 0;
    if (kept)
        network_add(o->v, stage, THEORY_ALL, THEORY_THROUGHPUT, NAN, rate, "traffic equations",
                    false);
    if (kept && isfinite(t->stage[stage].consumers) && t->stage[stage].holding_known)
        network_add(o->v, stage, THEORY_ALL, THEORY_UTILIZATION, NAN,
                    t->stage[stage].load / t->stage[stage].consumers, "Little 1961", false);
}

/* ---- from end to end ---- */

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

/* With one group: the sum over what is visited before and behind it, and its time. */
static void add_group(const struct open *o)
{
    const struct network *n = o->v->n;
    const struct traffic *t = o->v->t;
    bool *branch = xcalloc(n->n_stages, sizeof *branch), rough = false;
    double requests = 0, rate = 0;
    const char *source = "";
    double group = open_group(o, branch, &rate, &source), sum = rate * group;
    for (uint32_t i = 0; i < n->n_inlets; i++)
        requests += t->requests[i];
    for (uint32_t j = 0; j < n->n_stages; j++) {
        if (traffic_loses(n, j))
            sum = NAN;
        if (branch[j] || t->stage[j].rate == 0)
            continue;
        rough = rough || o->pool[pool_of(o, j)].approximate;
        sum += t->stage[j].rate * (o->own[j] + own_delay(&n->stages[j]));
    }
    network_add(o->v, n->n_stages, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, sum / requests, source,
                rough);
    free(branch);
}

/* Sums over the visits of a request of each class; INFINITY or NAN where a stage is not known. */
static void add_sums(const struct open *o)
{
    const struct network *n = o->v->n;
    const struct traffic *t = o->v->t;
    double requests = 0, wait = 0, whole = 0;
    bool rough = false;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        double brought = 0, own_wait = 0, own = 0;
        for (uint32_t i = 0; i < n->n_inlets; i++)
            brought += t->requests[i] * traffic_inlet_share(n, i, class);
        if (brought == 0)
            continue;
        for (uint32_t j = 0; j < n->n_stages; j++) {
            size_t at = (size_t) class * n->n_stages + j;
            if (t->by_class[at] == 0)
                continue;
            rough = rough || o->pool[pool_of(o, j)].approximate;
            own_wait += t->by_class[at] * o->waits[at];
            own += t->by_class[at] * (o->own[at] + own_delay(&n->stages[j]));
        }
        requests += brought;
        wait += own_wait;
        whole += own;
        if (n->n_classes > 1)
            network_add(o->v, n->n_stages, (int)class, THEORY_LATENCY_MEAN, NAN, own / brought,
                        "sum over visits", rough);
    }
    network_add(o->v, n->n_stages, THEORY_ALL, THEORY_WAIT_MEAN, NAN, wait / requests,
                "sum over visits", rough);
    network_add(o->v, n->n_stages, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, whole / requests,
                "sum over visits", rough);
    if (isfinite(whole))
        network_add(o->v, n->n_stages, THEORY_ALL, THEORY_THROUGHPUT, NAN, requests,
                    "traffic equations", false);
}

static bool nothing_is_lost(const struct open *o)
{
    const struct network *n = o->v->n;
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (traffic_loses(n, j) || o->v->t->stage[j].at_most || !calls_in_turn(n, j))
            return false;
    return all_keep_up(o);
}

/* ---- quantiles ---- */

/* Whether tasks of a stage come from one stage or source alone; whether it hands on at all. */
static size_t streams_into(const struct open *o, uint32_t stage)
{
    const struct network *n = o->v->n;
    size_t streams = 0;
    for (uint32_t i = 0; i < n->n_inlets; i++)
        streams += open_starts(n, i, stage) > 0;
    for (uint32_t i = 0; i < n->n_stages; i++)
        streams += o->flow[(size_t)i * n->n_stages + stage] > 0;
    return streams;
}

static bool is_end(const struct open *o, uint32_t stage)
{
    for (uint32_t j = 0; j < o->v->n->n_stages; j++)
        if (o->flow[(size_t)stage * o->v->n->n_stages + j] > 0)
            return false;
    return true;
}

static bool is_begin(const struct open *o, uint32_t stage)
{
    for (uint32_t i = 0; i < o->v->n->n_inlets; i++)
        if (open_starts(o->v->n, i, stage) > 0)
            return true;
    return false;
}

/* One consumer in order of arrival, or at an end of the way any of like ones: nobody overtakes in
 * between. */
static bool fits(const struct open *o, uint32_t stage)
{
    const struct network *n = o->v->n;
    const struct stage *s = n->stages[stage].stage;
    const struct pool *p = &o->pool[stage];
    bool at_end = is_end(o, stage) || is_begin(o, stage);
    bool one = n->stages[stage].replicas == 1 && s->consumers == 1;
    const struct law *law = pool_law(n, stage, 0);
    bool exponential = law && law_model(law)->service && p->input == INPUT_POISSON;
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (j != stage && n->stages[j].pool == stage)
            return false;
    struct service service;
    exponential = exponential && law_model(law)->service(law->params, &service) &&
                  service.kind == SERVICE_EXPONENTIAL;
    bool in_order =
        isinf(s->consumers) || (p->kind == POOL_BLIND && stage_discipline(s)->by_arrival);
    return exponential && in_order && (one || at_end) && n->stages[stage].pool == stage &&
           n->stages[stage].steps == 0 &&
           !(n->stages[stage].delay && n->stages[stage].delay->model) &&
           streams_into(o, stage) == 1 && !isnan(p->latency) &&
           pool_spread(n, stage) <= SPREAD_CHANCE;
}

/* Steps of each stage: [wait,] time there. */
struct steps {
    size_t first[PASSAGE_STEPS], last[PASSAGE_STEPS];
    double waits[PASSAGE_STEPS];
};

static void add_steps(const struct open *o, uint32_t stage, struct passage *way,
                      struct steps *steps)
{
    const struct network_stage *s = &o->v->n->stages[stage];
    double rate = o->v->t->stage[stage].rate / s->replicas, mu = 1 / o->v->t->stage[stage].work;
    double c = s->stage->consumers;
    steps->first[stage] = way->n;
    steps->waits[stage] = 1;
    if (isinf(c)) {
        way->rate[way->n++] = mu;
    } else if (c == 1) {
        way->rate[way->n++] = mu - rate;
    } else { /* waits with the chance C, and is served */
        steps->waits[stage] = erlang_c(c, rate / mu);
        way->to[way->n][way->n + 1] = 1;
        way->rate[way->n++] = c * mu - rate;
        way->rate[way->n++] = mu;
    }
    steps->last[stage] = way->n - 1;
}

static void lead(struct passage *way, const struct steps *steps, double *from, double chance,
                 uint32_t stage)
{
    (void)way;
    from[steps->first[stage]] += chance * steps->waits[stage];
    if (steps->last[stage] != steps->first[stage])
        from[steps->last[stage]] += chance * (1 - steps->waits[stage]);
}

/* The stages in the order of the way, which never comes back. */
static bool walk(const struct open *o, struct passage *way)
{
    const struct network *n = o->v->n;
    uint32_t line[PASSAGE_STEPS], end = 0;
    struct steps steps;
    double requests = 0;
    *way = (struct passage){0};
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (o->v->t->stage[j].rate > 0 && is_begin(o, j))
            line[end++] = j;
    for (uint32_t next = 0; next < end; next++) {
        add_steps(o, line[next], way, &steps);
        for (uint32_t j = 0; j < n->n_stages; j++)
            if (o->flow[(size_t)line[next] * n->n_stages + j] > 0)
                line[end++] = j;
    }
    for (uint32_t i = 0; i < n->n_inlets; i++)
        requests += o->v->t->requests[i];
    for (uint32_t k = 0; k < end; k++) {
        for (uint32_t i = 0; i < n->n_inlets; i++)
            lead(way, &steps, way->start,
                 o->v->t->requests[i] / requests * open_starts(n, i, line[k]), line[k]);
        for (uint32_t j = 0; j < n->n_stages; j++) {
            double flow = o->flow[(size_t)line[k] * n->n_stages + j];
            if (flow > 0)
                lead(way, &steps, way->to[steps.last[line[k]]], flow / o->v->t->stage[line[k]].rate,
                     j);
        }
    }
    return end > 0;
}

static void add_quantiles(const struct open *o)
{
    const struct network *n = o->v->n;
    size_t visited = 0;
    bool all = n->n_stages <= PASSAGE_STEPS / 2;
    for (uint32_t j = 0; j < n->n_stages && all; j++) {
        visited += o->v->t->stage[j].rate > 0;
        all = !(o->v->t->stage[j].rate > 0) || fits(o, j);
    }
    struct passage *way = xmalloc(sizeof *way);
    if (all && visited > 0 && walk(o, way))
        for (size_t i = 0; i < o->v->n_points; i++)
            network_add(o->v, n->n_stages, THEORY_ALL, THEORY_LATENCY_QUANTILE, o->v->points[i],
                        passage_quantile(way, o->v->points[i]), "Reich 1957; Burke 1969", false);
    free(way);
}

bool open_whole(struct open *o)
{
    const struct network *n = o->v->n;
    double *latency = xmalloc((size_t)n->n_stages * n->n_classes * sizeof *latency);
    if (has_groups(n)) {
        add_group(o);
    } else if (nothing_is_lost(o)) {
        add_sums(o);
        add_quantiles(o);
    }
    with_calls(o, latency);
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (o->v->t->stage[j].rate > 0)
            of_stage(o, j, latency);
    free(latency);
    return o->v->out->n > 0;
}
