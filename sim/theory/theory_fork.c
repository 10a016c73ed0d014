/* Groups in open networks whose time is known (theory_network.h): fork and join, and copies of
 * which the first counts. */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "fork.h"
#include "many.h"
#include "service.h"
#include "theory_open.h"

/* Service rate of a stage that is one consumer in order of arrival with exponential sizes, and
 * hands all on to `join`; NAN of others. */
static double branch_rate(const struct open *o, uint32_t stage, uint32_t join)
{
    const struct network *n = o->v->n;
    const struct network_stage *s = &n->stages[stage];
    const struct leg *leg = &n->legs[s->to.first];
    const struct law *law = pool_law(n, stage, 0);
    struct service service;
    bool on = s->to.n == 1 && s->to.way == WAY_ONE && leg->stage == join && leg->share == 1;
    bool one = s->stage->consumers == 1 && s->pool == stage && s->steps == 0 && !s->join &&
               stage_discipline(s->stage)->by_arrival && !(s->delay && s->delay->model);
    if (!on || !one || !law || !pool_is_open(o->v->t, stage) || !law_model(law)->service ||
        !law_model(law)->service(law->params, &service) || service.kind != SERVICE_EXPONENTIAL)
        return NAN;
    return s->stage->speed / law_mean(law);
}

/* The stages of `to: {all: ...}` at `from`. */
static double of_route(const struct open *o, uint32_t from, bool *branch, const char **source)
{
    const struct network *n = o->v->n;
    const struct route *to = &n->stages[from].to;
    uint32_t join = n->join_of[from];
    double lambda = o->v->t->stage[from].rate, mu[3];
    if (to->n < 2 || to->n > 3 || n->stages[join].join != JOIN_ALL ||
        !o->pool[pool_of(o, from)].poisson)
        return NAN;
    for (uint32_t k = 0; k < to->n; k++) {
        uint32_t stage = n->legs[to->first + k].stage;
        if (stage == NETWORK_EXIT || branch[stage] || n->stages[stage].replicas != 1 ||
            fabs(o->v->t->stage[stage].rate - lambda) > 1e-12 * lambda)
            return NAN;
        branch[stage] = true;
        mu[k] = branch_rate(o, stage, join);
        if (isnan(mu[k]))
            return NAN;
    }
    bool two = to->n == 2 && mu[0] == mu[1];
    *source = two ? "Flatto and Hahn 1984; Nelson and Tantawi 1988"
                  : "Flatto and Hahn 1984, by its chain";
    return two ? fork_two(lambda, mu[0]) : fork_chain(lambda, mu, (int)to->n, o->v->most_cost);
}

/* The replicas of a stage with `balancer: all`. */
static double of_copies(const struct open *o, uint32_t stage, bool *branch, const char **source)
{
    const struct network *n = o->v->n;
    const struct network_stage *s = &n->stages[stage];
    uint32_t join = n->copies_join_of[stage], k = s->replicas;
    uint32_t d = s->choices > 0 ? s->choices : k;
    double mu = branch_rate(o, stage, join), same[3] = {mu, mu, mu};
    double lambda = o->v->t->stage[stage].rate / d; /* offers */
    const struct network_stage *end = &n->stages[join];
    branch[stage] = true;
    if (isnan(mu) || o->pool[stage].input != INPUT_POISSON || n->kinds)
        return NAN;
    if (end->join == 1 && end->withdraw == WITHDRAW_RUNNING) {
        *source = "Gardner et al. 2017, theorem 1";
        return lambda < k * mu ? many_copies(lambda / k, mu, (int)k, (int)d) : NAN;
    }
    if (end->join != JOIN_ALL || d != k || k > 3)
        return NAN;
    *source = k == 2 ? "Flatto and Hahn 1984; Nelson and Tantawi 1988"
                     : "Flatto and Hahn 1984, by its chain";
    return k == 2 ? fork_two(lambda, mu) : fork_chain(lambda, same, (int)k, o->v->most_cost);
}

double open_group(const struct open *o, bool *branch, double *rate, const char **source)
{
    const struct network *n = o->v->n;
    uint32_t makers = 0;
    double time = NAN;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        bool route = n->stages[j].to.way == WAY_COPIES, copies = n->stages[j].copies;
        makers += route + copies;
        if (route && n->join_of[j] != NETWORK_EXIT) {
            *rate = o->v->t->stage[j].rate;
            time = of_route(o, j, branch, source);
        } else if (copies && n->copies_join_of[j] != NETWORK_EXIT) {
            *rate = o->v->t->stage[j].rate /
                    (n->stages[j].choices > 0 ? n->stages[j].choices : n->stages[j].replicas);
            time = of_copies(o, j, branch, source);
        }
    }
    for (uint32_t i = 0; i < n->n_inlets; i++)
        makers += n->inlets[i].to.way == WAY_COPIES;
    return makers == 1 && n->n_classes == 1 ? time : NAN;
}
