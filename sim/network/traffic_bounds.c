/* Stages that never hold more than those before them let in, and where the backlog grows in place
 * of theirs (traffic.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "traffic_in.h"

struct bounds {
    struct traffic *t;
    double *let;  /* visits per second of [from * stages + to] that are held back with `from` */
    double *open; /* of each stage, the rest */
};

static bool is_tight(const struct traffic *t, uint32_t stage)
{
    return isfinite(t->stage[stage].consumers) || t->stage[stage].bounded;
}

/* Calls that the caller has the answers of, whatever comes, before it does anything else. Where
 * something can be lost one of several may fail, and the others go on for nobody. */
static void add_calls(const struct bounds *b, uint32_t from, bool loses)
{
    const struct network *n = b->t->network;
    const struct network_stage *s = &n->stages[from];
    double *out = b->let + (size_t)from * n->n_stages;
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++) {
        const struct call_step *step = &n->steps[k];
        if (step->need < step->n || (step->n > 1 && loses))
            continue;
        for (uint32_t i = step->first; i < step->first + step->n; i++) {
            const struct call *call = &n->calls[i];
            out[call->stage] += b->t->stage[from].rate * call->share * call->count *
                                traffic_copies(&n->stages[call->stage]);
        }
    }
}

/* What is handed on to a stage that pauses waits where it comes from. */
static void add_handed(const struct bounds *b, uint32_t from)
{
    const struct network *n = b->t->network;
    const struct route *to = &n->stages[from].to;
    double *sum = xcalloc(n->n_stages, sizeof *sum);
    for (uint32_t class = 0; class < n->n_classes && to->way != WAY_COPIES; class ++)
        traffic_hand_on(n, to, class, b->t->by_class[(size_t) class * n->n_stages + from], sum);
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (traffic_pauses(n, j) && !n->stages[j].join && !n->stages[j].copies)
            b->let[(size_t)from * n->n_stages + j] += sum[j];
    free(sum);
}

static void find_bounded(const struct bounds *b, bool loses)
{
    struct traffic *t = b->t;
    uint32_t stages = t->network->n_stages;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < (size_t)stages * stages; i++)
            b->let[i] = 0;
        for (uint32_t i = 0; i < stages; i++) {
            if (is_tight(t, i))
                add_calls(b, i, loses);
            add_handed(b, i);
        }
        for (uint32_t j = 0; j < stages; j++) {
            double let = 0, rate = t->stage[j].rate;
            for (uint32_t i = 0; i < stages; i++)
                let += b->let[(size_t)i * stages + j];
            bool all = rate > 0 && let >= rate * (1 - 1e-9);
            b->open[j] = all ? 0 : fmax(0, rate - let);
            more = more || (all && !t->stage[j].bounded);
            t->stage[j].bounded = t->stage[j].bounded || all;
        }
    }
}

/* The only stage that all comes from that is held back before the consumers of a pool; NETWORK_EXIT
 * where there are several, or where some of what comes is not. */
static uint32_t sole_feeder(const struct bounds *b, uint32_t pool)
{
    const struct network *n = b->t->network;
    uint32_t sole = NETWORK_EXIT;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        if (n->stages[j].pool != pool || b->t->stage[j].rate == 0)
            continue;
        if (!b->t->stage[j].bounded)
            return NETWORK_EXIT;
        for (uint32_t i = 0; i < n->n_stages; i++) {
            if (!(b->let[(size_t)i * n->n_stages + j] > 0) || i == sole)
                continue;
            if (sole != NETWORK_EXIT)
                return NETWORK_EXIT;
            sole = i;
        }
    }
    return sole;
}

/* What consumers are asked by those that are not held back: as a share of all. */
static double open_share(const struct bounds *b, uint32_t pool)
{
    const struct network *n = b->t->network;
    double open = 0, all = 0;
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].pool == pool) {
            open += b->open[j] * (b->t->stage[j].rate == 0 ? 0 : b->t->stage[j].holding);
            all += b->t->stage[j].load;
        }
    return all > 0 ? open / all : 1;
}

/* Where pools with too much to do are fed by several, some of these back up, or what else comes to
 * them: which ones is left open. */
static void leave_open(const struct bounds *b, uint32_t pool)
{
    const struct network *n = b->t->network;
    bool open_keeps_up = false, some = false;
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t i = 0; i < n->n_stages && n->stages[j].pool == pool; i++)
            if (b->let[(size_t)i * n->n_stages + j] > 0)
                b->t->stage[i].unsure = some = true;
    open_keeps_up = some && b->t->stage[pool].fullness * open_share(b, pool) < 1;
    for (uint32_t j = 0; j < n->n_stages && open_keeps_up; j++)
        if (n->stages[j].pool == pool)
            b->t->stage[j].unsure = true;
}

/* Stages can do no more than what they alone wait for. */
static void pass_back(const struct bounds *b)
{
    const struct network *n = b->t->network;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t pool = 0; pool < n->n_stages; pool++) {
            double full = b->t->stage[pool].fullness;
            uint32_t feeder = n->stages[pool].pool == pool ? sole_feeder(b, pool) : NETWORK_EXIT;
            if (feeder == NETWORK_EXIT || !(full > b->t->stage[feeder].fullness))
                continue;
            b->t->stage[feeder].fullness = full;
            more = true;
        }
    }
    for (uint32_t pool = 0; pool < n->n_stages; pool++)
        if (n->stages[pool].pool == pool && b->t->stage[pool].fullness >= 1 &&
            sole_feeder(b, pool) == NETWORK_EXIT)
            leave_open(b, pool);
}

/* Behind those of which it is not known how much they hand on; what waits for its own answer or
 * place does not count. */
static void mark_behind(const struct bounds *b, const double *flow)
{
    struct traffic *t = b->t;
    size_t stages = t->network->n_stages;
    for (bool more = true; more;) {
        more = false;
        for (size_t at = 0; at < stages * stages; at++) {
            const struct stage_traffic *from = &t->stage[at / stages];
            struct stage_traffic *to = &t->stage[at % stages];
            bool comes = flow[at] - b->let[at] > 1e-9 * flow[at];
            if (comes && !to->less && (from->less || from->unsure))
                to->less = more = true;
        }
    }
}

void traffic_bound(struct traffic *t, const double *flow)
{
    const struct network *n = t->network;
    bool loses = false;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        t->stage[j].bounded = t->stage[j].unsure = t->stage[j].less = false;
        t->stage[j].fullness = t->stage[j].utilization;
        loses = loses || traffic_loses(n, j) || traffic_impatient(t, j);
    }
    struct bounds b = {t, xcalloc((size_t)n->n_stages * n->n_stages, sizeof *b.let),
                       xcalloc(n->n_stages, sizeof *b.open)};
    find_bounded(&b, loses);
    pass_back(&b);
    mark_behind(&b, flow);
    free(b.open);
    free(b.let);
}
