/* Open networks: what comes to each pool, in an order in which it can be known
 * (theory_network.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "theory_open.h"

/* ---- what comes where ---- */

static void fill_flow(struct open *o)
{
    const struct network *n = o->v->n;
    size_t stages = n->n_stages;
    for (uint32_t i = 0; i < stages; i++) {
        double *row = o->flow + i * stages;
        for (uint32_t class = 0; class < n->n_classes; class ++) {
            double rate = o->v->t->by_class[(size_t) class * stages + i];
            if (rate > 0)
                traffic_hand_on(n, &n->stages[i].to, class, rate, row);
        }
    }
    for (uint32_t i = 0; i < stages; i++) {
        double *calls = xcalloc(stages, sizeof *calls);
        traffic_call(n, i, o->v->t->stage[i].rate > 0 ? o->v->t->stage[i].rate : 0, calls);
        for (uint32_t j = 0; j < stages; j++) {
            o->flow[i * stages + j] += calls[j];
            o->flow[j * stages + i] += 1e-300 * (calls[j] > 0); /* the answer */
        }
        free(calls);
    }
}

/* Pools that can be reached from `pool`. */
static void reach(const struct open *o, uint32_t pool, bool *out)
{
    uint32_t stages = o->v->n->n_stages;
    bool more = true;
    for (uint32_t j = 0; j < stages; j++)
        out[j] = false;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < stages; i++)
            for (uint32_t j = 0; j < stages; j++) {
                bool from = pool_of(o, i) == pool || out[pool_of(o, i)];
                if (from && o->flow[(size_t)i * stages + j] > 0 && !out[pool_of(o, j)])
                    out[pool_of(o, j)] = more = true;
            }
    }
}

static bool source_is_poisson(const struct inlet *inlet)
{
    const struct arrival_process *p = (const struct arrival_process *)inlet->arrivals->process;
    return p->poisson && !p->batches && p->stationary;
}

static bool comes_in_batches(const struct inlet *inlet)
{
    return ((const struct arrival_process *)inlet->arrivals->process)->batches;
}

double open_starts(const struct network *n, uint32_t inlet, uint32_t stage)
{
    double *out = xcalloc(n->n_stages, sizeof *out), sum;
    for (uint32_t class = 0; class < n->n_classes; class ++)
        traffic_hand_on(n, &n->inlets[inlet].to, class, traffic_inlet_share(n, inlet, class), out);
    sum = out[stage];
    free(out);
    return sum;
}

static double dispersion(const struct inlet *inlet, double rate)
{
    const struct arrivals *a = inlet->arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    const struct process_view view = {.params = a->params, .rate = rate};
    return process->dispersion ? process->dispersion(&view) : NAN;
}

/* Adds a stream to what comes: cv2 of streams together is near their mean, and of a part p of one
 * it is p cv2 + 1 - p (Whitt 1983, sec. 4.2 and 4.4). */
struct mix {
    double rate, cv2; /* cv2 times rate */
    bool poisson, copied, batched;
    size_t streams;
};

static void mix_in(struct mix *mix, double rate, double part, double cv2, bool poisson, bool copied)
{
    bool several = part > 1 + 1e-9; /* at once */
    mix->rate += rate;
    mix->cv2 += several ? NAN : rate * (part * cv2 + 1 - part);
    mix->poisson = mix->poisson && poisson && !several;
    mix->copied = mix->copied || copied;
    mix->streams++;
}

/* Whether tasks go from one pool to the other and back. */
static bool same_loop(const struct open *o, uint32_t a, uint32_t b)
{
    size_t stages = o->v->n->n_stages;
    return o->reached[a * stages + b] && o->reached[b * stages + a];
}

/* What comes to a stage, but from inside a loop of its own: its stages hand on Poisson traffic as
 * it comes, or nothing is known of them (loop_is_known). */
static void mix_of(const struct open *o, uint32_t stage, struct mix *mix, uint32_t *all_of)
{
    const struct network *n = o->v->n;
    const struct traffic *t = o->v->t;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        double part = open_starts(n, i, stage);
        if (part == 0)
            continue;
        mix_in(mix, part * t->requests[i], part, dispersion(&n->inlets[i], t->requests[i]),
               source_is_poisson(&n->inlets[i]), n->inlets[i].to.way == WAY_COPIES);
        mix->batched |= comes_in_batches(&n->inlets[i]);
        *all_of = part == 1 && mix->streams == 1 ? i : NETWORK_EXIT;
    }
    for (uint32_t i = 0; i < n->n_stages; i++) {
        double flow = o->flow[(size_t)i * n->n_stages + stage];
        const struct pool *from = &o->pool[pool_of(o, i)];
        if (flow < 1e-200 || same_loop(o, pool_of(o, i), pool_of(o, stage)))
            continue;
        bool copied = from->copied || n->stages[i].to.way == WAY_COPIES;
        mix_in(mix, flow, flow / t->stage[i].rate, from->leaves, from->poisson, copied);
        *all_of = NETWORK_EXIT;
    }
    if (n->stages[stage].join) {
        mix->poisson = false;
        mix->cv2 = NAN;
    }
}

static void input_of(struct open *o, uint32_t pool)
{
    struct pool *p = &o->pool[pool];
    struct mix mix = {.poisson = true};
    for (uint32_t j = 0; j < o->v->n->n_stages; j++)
        if (pool_of(o, j) == pool)
            mix_of(o, j, &mix, &p->inlet);
    bool chance = !mix.copied || mix.streams == 1;
    p->copied = mix.copied;
    p->batched = mix.batched;
    p->cv2 = chance ? mix.cv2 / mix.rate : NAN;
    bool inside = mix.streams == 0 && p->loops; /* all of it comes from its loop */
    p->input = inside                                                      ? INPUT_POISSON
               : mix.streams == 0                                          ? INPUT_UNKNOWN
               : mix.poisson && chance                                     ? INPUT_POISSON
               : mix.streams == 1 && p->inlet != NETWORK_EXIT && !p->loops ? INPUT_SOURCE
               : !isnan(p->cv2) && !p->loops                               ? INPUT_OTHER
                                                                           : INPUT_UNKNOWN;
}

/* ---- pool by pool ---- */

static bool calls_anything(const struct network *n, uint32_t pool)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].pool == pool && n->stages[j].steps > 0)
            return true;
    return false;
}

/* Nothing is known of a pool whose rate is not, or that is held by others than its tasks. */
static bool is_out_of_reach(const struct open *o, uint32_t pool)
{
    const struct traffic *t = o->v->t;
    for (uint32_t j = 0; j < o->v->n->n_stages; j++)
        if (pool_of(o, j) == pool &&
            (t->stage[j].at_most || t->stage[j].blocked || isnan(t->stage[j].rate)))
            return true;
    return calls_anything(o->v->n, pool) && isfinite(t->stage[pool].consumers);
}

static void decide(struct open *o, uint32_t pool)
{
    struct pool *p = &o->pool[pool];
    p->wait = p->latency = p->probability = p->leaves = NAN;
    input_of(o, pool);
    p->decided = true;
    if (!is_out_of_reach(o, pool))
        open_single(o, pool);
}

/* All pools of its loop hand on Poisson traffic as it comes, if what comes from outside is. */
static bool loop_is_known(const struct open *o, uint32_t pool)
{
    size_t stages = o->v->n->n_stages;
    for (uint32_t j = 0; j < stages; j++)
        if (same_loop(o, pool, j) && pool_of(o, j) == j &&
            (o->pool[j].kind == POOL_OTHER || pool_spread(o->v->n, j) > SPREAD_CHANCE))
            return false;
    return true;
}

/* Whether all that a pool's traffic comes from, outside of its own loop, has been decided. */
static bool is_ready(const struct open *o, const bool *reached, uint32_t pool)
{
    const struct network *n = o->v->n;
    for (uint32_t i = 0; i < n->n_stages; i++)
        for (uint32_t j = 0; j < n->n_stages; j++) {
            bool leads = pool_of(o, j) == pool && o->flow[(size_t)i * n->n_stages + j] > 0;
            if (leads && !o->pool[pool_of(o, i)].decided && !reached[pool_of(o, i)])
                return false;
        }
    return true;
}

static void forget(struct open *o, uint32_t pool)
{
    uint32_t stages = o->v->n->n_stages;
    for (uint32_t j = 0; j < stages; j++)
        for (uint32_t class = 0; class < o->v->n->n_classes && pool_of(o, j) == pool; class ++)
            o->own[class * stages + j] = o->waits[class * stages + j] = NAN;
}

static void decide_all(struct open *o)
{
    const struct network *n = o->v->n;
    size_t stages = n->n_stages;
    bool *reached = o->reached, more = true;
    for (uint32_t j = 0; j < stages; j++)
        if (pool_of(o, j) == j) {
            reach(o, j, reached + j * stages);
            o->pool[j].loops = reached[j * stages + j];
            o->pool[j].kind = pool_kind(o->v->t, j);
        }
    while (more) {
        more = false;
        for (uint32_t j = 0; j < stages; j++) {
            struct pool *p = &o->pool[j];
            if (pool_of(o, j) != j || p->decided || !is_ready(o, reached + j * stages, j))
                continue;
            more = true;
            decide(o, j);
            if (p->loops && !loop_is_known(o, j)) {
                p->wait = p->latency = p->probability = p->leaves = NAN;
                p->poisson = false;
                forget(o, j);
            }
        }
    }
}

bool theory_of_open(const struct network_view *v)
{
    size_t stages = v->n->n_stages, cells = stages * v->n->n_classes;
    struct open o = {.v = v,
                     .flow = xcalloc(stages * stages, sizeof *o.flow),
                     .pool = xcalloc(stages, sizeof *o.pool),
                     .reached = xcalloc(stages * stages, sizeof *o.reached),
                     .own = xmalloc(2 * cells * sizeof *o.own)};
    o.waits = o.own + cells;
    for (size_t i = 0; i < 2 * cells; i++)
        o.own[i] = NAN;
    fill_flow(&o);
    decide_all(&o);
    bool known = open_whole(&o);
    free(o.own);
    free(o.reached);
    free(o.pool);
    free(o.flow);
    return known;
}
