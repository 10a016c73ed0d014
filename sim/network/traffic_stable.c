/* Which stages keep up, and what they hand on (traffic.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "../scenario/trouble.h"
#include "staffing.h"
#include "traffic_in.h"

/* Tasks of a stage that lose patience: none, some classes', all. */
enum patience { PATIENT, SOME_IMPATIENT, IMPATIENT };

static enum patience patience_of(const struct traffic *t, uint32_t stage)
{
    const struct network *n = t->network;
    const struct law **timeout = n->stages[stage].timeout;
    bool some = false, all = true;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        if (t->by_class[(size_t) class * n->n_stages + stage] == 0)
            continue;
        bool has = timeout && timeout[class] && timeout[class]->model;
        some = some || has;
        all = all && has;
    }
    return !some ? PATIENT : all ? IMPATIENT : SOME_IMPATIENT;
}

bool traffic_impatient(const struct traffic *t, uint32_t stage)
{
    return patience_of(t, stage) != PATIENT;
}

/* ---- what is more than can come ---- */

/* Stages inside of groups whose members are taken back: before a join that does so, up to where the
 * group is made. Their work is at most what is offered; nothing that a join starts is less for it.
 */
static void mark_withdrawn(struct traffic *t)
{
    const struct network *n = t->network;
    bool *back = xcalloc(n->n_stages, sizeof *back), more = true;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < n->n_stages; i++) {
            const struct route *to = &n->stages[i].to;
            bool makes = to->way == WAY_COPIES && n->join_of && n->join_of[i] != NETWORK_EXIT;
            for (uint32_t k = to->first; k < to->first + to->n && !back[i]; k++) {
                const struct network_stage *next =
                    n->legs[k].stage == NETWORK_EXIT ? NULL : &n->stages[n->legs[k].stage];
                bool into = next && next->withdraw != WITHDRAW_NEVER;
                bool before =
                    next && back[n->legs[k].stage] && !makes && !next->copies && !next->join;
                if (into || before)
                    back[i] = t->stage[i].at_most = more = true;
            }
        }
    }
    free(back);
}

/* Whether it refuses what comes, again and again. */
static bool refuses(const struct network *n, uint32_t stage)
{
    const struct trouble_spec *trouble = n->stages[stage].trouble;
    if (network_is_mortal(n, stage))
        return true;
    for (size_t i = 0; trouble && i < (size_t)trouble->outages_count; i++)
        if (trouble->outages[i].effect == OUTAGE_REJECT && trouble->outages[i].every.model)
            return true;
    return false;
}

/* Whoever comes behind a stage that loses. A caller whose call is lost fails, and hands nothing on.
 */
static void mark_losses(struct traffic *t, const double *flow)
{
    const struct network *n = t->network;
    size_t stages = n->n_stages;
    bool *loses = xcalloc(stages, sizeof *loses), more = true;
    double *calls = xcalloc(stages * stages, sizeof *calls);
    for (uint32_t j = 0; j < stages; j++) {
        loses[j] = traffic_loses(n, j) || n->stages[j].guard || patience_of(t, j) != PATIENT ||
                   refuses(n, j) || staffing_fails(n, j);
        t->stage[j].at_most = t->stage[j].at_most || refuses(n, j);
        traffic_call(n, j, 1, calls + j * stages);
    }
    while (more) {
        more = false;
        for (size_t at = 0; at < stages * stages; at++) {
            size_t i = at / stages, j = at % stages;
            bool less = loses[i] || t->stage[i].at_most;
            if (less && flow[at] > 0 && !t->stage[j].at_most)
                t->stage[j].at_most = more = true;
            if (loses[j] && !loses[i] && calls[at] > 0)
                loses[i] = more = true;
        }
    }
    free(calls);
    free(loses);
}

/* ---- throughputs ---- */

/* What comes to a stage that others hand x on to. */
static double coming(const double *share, const double *outside, const double *x, uint32_t stages,
                     uint32_t stage)
{
    double sum = outside[stage];
    for (uint32_t i = 0; i < stages; i++)
        sum += x[i] * share[(size_t)i * stages + stage];
    return sum;
}

/* x_j = min(what comes, capacity): by Howard's policy iteration from above, for each stage either
 * all that comes or its capacity. */
static void throughputs(struct traffic *t, const double *flow)
{
    const struct network *n = t->network;
    uint32_t stages = n->n_stages;
    double *share = xcalloc((size_t)stages * stages, sizeof *share);
    double *x = xmalloc(4 * stages * sizeof *x);
    double *outside = x + stages, *can = outside + stages, *start = can + stages;
    bool *capped = xcalloc(stages, sizeof *capped), more = true;
    for (uint32_t j = 0; j < stages; j++) {
        const struct stage_traffic *s = &t->stage[j];
        double inside = 0;
        for (uint32_t i = 0; i < stages; i++) {
            double part = flow[(size_t)i * stages + j];
            inside += part;
            share[(size_t)i * stages + j] = part > 0 ? part / t->stage[i].rate : 0;
        }
        x[j] = s->rate;
        outside[j] = fmax(0, s->rate - inside);
        can[j] = s->fullness > 0 ? s->rate / s->fullness : INFINITY;
    }
    for (uint32_t round = 0; more && round < 2 * stages + 8; round++) {
        more = false;
        for (uint32_t j = 0; j < stages; j++) {
            bool over = coming(share, outside, x, stages, j) > can[j] * (1 + 1e-12);
            more = more || over != capped[j];
            capped[j] = over;
            start[j] = over ? can[j] : outside[j];
        }
        struct traffic_equations *e = traffic_factor(stages, share, capped);
        traffic_solve(e, start, x);
        traffic_unfactor(e);
    }
    for (uint32_t j = 0; j < stages; j++) {
        t->stage[j].comes = coming(share, outside, x, stages, j);
        t->stage[j].done = x[j];
    }
    free(capped);
    free(x);
    free(share);
}

/* ---- verdicts ---- */

/* Whether tasks never come back to consumers that they have had: pools can be put in an order. */
static bool feeds_forward(const struct network *n, const double *flow)
{
    uint32_t stages = n->n_stages, left = 0, next = 0, end = 0;
    bool *leads = xcalloc((size_t)stages * stages, sizeof *leads);
    uint32_t *before = xcalloc(2 * stages, sizeof *before), *line = before + stages;
    for (size_t i = 0; i < stages; i++)
        for (size_t j = 0; j < stages; j++)
            if (flow[i * stages + j] > 0)
                leads[(size_t)n->stages[i].pool * stages + n->stages[j].pool] = true;
    for (uint32_t j = 0; j < stages; j++) {
        for (uint32_t i = 0; i < stages; i++)
            before[j] += leads[(size_t)i * stages + j];
        left += n->stages[j].pool == j;
        if (n->stages[j].pool == j && before[j] == 0)
            line[end++] = j;
    }
    for (; next < end; next++)
        for (uint32_t j = 0; j < stages; j++)
            if (leads[(size_t)line[next] * stages + j] && --before[j] == 0)
                line[end++] = j;
    free(before);
    free(leads);
    return end == left;
}

/* Whether all the visits of a pool are alike, in order of arrival with one mean, or shared. */
static bool is_tame(const struct traffic *t, uint32_t pool)
{
    const struct network *n = t->network;
    const struct discipline *d = stage_discipline(n->stages[pool].stage);
    double mean = NAN;
    uint32_t kinds = 0;
    bool alike = true;
    if (isinf(n->stages[pool].stage->consumers) || d->shares)
        return true;
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t class = 0; class < n->n_classes && n->stages[j].pool == pool; class ++) {
            size_t at = (size_t) class * n->n_stages + j;
            if (t->by_class[at] == 0)
                continue;
            kinds++;
            alike = alike && (isnan(mean) || t->size[at] == mean);
            mean = t->size[at];
        }
    return kinds <= 1 || (alike && d->by_arrival);
}

static bool all_tame(const struct traffic *t)
{
    for (uint32_t j = 0; j < t->network->n_stages; j++)
        if (t->network->stages[j].pool == j && !is_tame(t, j))
            return false;
    return true;
}

static enum traffic_verdict judge(const struct traffic *t, uint32_t stage)
{
    const struct network *n = t->network;
    const struct stage_traffic *s = &t->stage[stage];
    const struct stage *own = n->stages[stage].stage;
    enum patience patience = patience_of(t, stage);
    double fullness = s->rate == 0 ? 0 : s->fullness * (s->comes / s->rate);
    bool delay = isinf(s->consumers);
    if (t->closed && n->n_inlets == 1)
        return TRAFFIC_STABLE; /* there are no more tasks than clients */
    if (traffic_loses(n, stage) || s->rate == 0 || s->bounded || (patience == IMPATIENT && !delay))
        return TRAFFIC_STABLE;
    if (isnan(s->utilization) || n->stages[stage].guard || network_is_mortal(n, stage))
        return TRAFFIC_UNKNOWN;
    if (!(fullness < 1))
        return s->at_most || s->unsure || s->less || patience == SOME_IMPATIENT ? TRAFFIC_UNKNOWN
                                                                                : TRAFFIC_UNSTABLE;
    if (s->unsure || staffing_collapses(n, stage))
        return TRAFFIC_UNKNOWN;
    bool resumes_late = traffic_pauses(n, stage) && own->resume_delay > 0;
    return delay || (t->enough && s->holding_known && !resumes_late) ? TRAFFIC_STABLE
                                                                     : TRAFFIC_UNKNOWN;
}

void traffic_judge(struct traffic *t)
{
    const struct network *n = t->network;
    uint32_t stages = n->n_stages;
    bool known = true, over = false;
    double *flow = xcalloc((size_t)stages * stages, sizeof *flow);
    for (uint32_t class = 0; class < n->n_classes; class ++)
        traffic_add_flow(n, class, t->by_class + (size_t) class * stages, false, flow);
    for (uint32_t j = 0; j < stages; j++) {
        struct stage_traffic *s = &t->stage[j];
        s->comes = s->done = s->rate;
        known = known && isfinite(s->rate) && isfinite(s->utilization);
        over = over || s->utilization > 1;
    }
    traffic_bound(t, flow);
    if (known && over)
        throughputs(t, flow);
    mark_losses(t, flow);
    mark_withdrawn(t);
    t->feeds_forward = feeds_forward(n, flow);
    t->enough = !n->asks && !n->again && (t->feeds_forward || all_tame(t));
    for (uint32_t j = 0; j < stages; j++)
        t->stage[j].stable = n->asks || n->again ? TRAFFIC_UNKNOWN : judge(t, j);
    free(flow);
}
