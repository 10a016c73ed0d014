#include "traffic.h"

#include <gsl/gsl_linalg.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "traffic_in.h"

/* ---- where tasks go ---- */

void traffic_hand_on(const struct network *n, const struct route *route, uint32_t class,
                     double weight, double *out)
{
    for (uint32_t i = route->first; i < route->first + route->n; i++) {
        const struct leg *leg = &n->legs[i];
        bool fits = leg->class == NETWORK_ANY || leg->class == class;
        if (route->way == WAY_RULES && !fits)
            continue;
        if (leg->stage != NETWORK_EXIT && !n->stages[leg->stage].join)
            out[leg->stage] += weight * (route->way == WAY_ONE ? leg->share : 1);
        if (route->way == WAY_RULES)
            break;
    }
}

void traffic_call(const struct network *n, uint32_t from, double weight, double *out)
{
    const struct network_stage *s = &n->stages[from];
    for (uint32_t step = s->first_step; step < s->first_step + s->steps; step++) {
        const struct call_step *made = &n->steps[step];
        for (uint32_t i = made->first; i < made->first + made->n; i++)
            out[n->calls[i].stage] += weight * n->calls[i].share * n->calls[i].count;
    }
}

double traffic_copies(const struct network_stage *stage)
{
    return !stage->copies ? 1 : stage->choices > 0 ? stage->choices : stage->replicas;
}

/* Tasks that the joins of its groups start. */
static void join(const struct network *n, uint32_t from, double weight, double *out)
{
    const struct network_stage *s = &n->stages[from];
    if (s->to.way == WAY_COPIES && n->join_of && n->join_of[from] != NETWORK_EXIT)
        out[n->join_of[from]] += weight;
    if (s->copies && n->copies_join_of && n->copies_join_of[from] != NETWORK_EXIT)
        out[n->copies_join_of[from]] += weight / traffic_copies(s);
}

void traffic_add_flow(const struct network *n, uint32_t class, const double *weight, bool carry,
                      double *out)
{
    double *row = xmalloc(n->n_stages * sizeof *row);
    for (uint32_t from = 0; from < n->n_stages; from++) {
        double w = weight ? weight[from] : 1;
        if (w == 0)
            continue;
        for (uint32_t to = 0; to < n->n_stages; to++)
            row[to] = 0;
        traffic_hand_on(n, &n->stages[from].to, class, w, row);
        traffic_call(n, from, w, row);
        if (!carry)
            join(n, from, w, row);
        for (uint32_t to = 0; to < n->n_stages; to++)
            out[(size_t)from * n->n_stages + to] += row[to] * traffic_copies(&n->stages[to]);
    }
    free(row);
}

/* Tasks in a batch of a source that brings them. */
static double batch_mean(const struct network *n, const struct inlet *inlet)
{
    const struct arrivals *a = inlet->arrivals;
    const struct process_view view = {.params = a->params, .scenario = n->scenario};
    return law_mean(((const struct arrival_process *)a->process)->batch(&view));
}

/* What a source starts, of one of its tasks: its joins, too. */
static void begin(const struct network *n, const struct inlet *inlet, uint32_t class, double *out)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        out[j] = 0;
    traffic_hand_on(n, &inlet->to, class, 1, out);
    if (inlet->join_of != NETWORK_EXIT)
        out[inlet->join_of] += 1;
    if (inlet->batch_join_of != NETWORK_EXIT)
        out[inlet->batch_join_of] += 1 / batch_mean(n, inlet);
    for (uint32_t j = 0; j < n->n_stages; j++)
        out[j] *= traffic_copies(&n->stages[j]);
}

/* The equations, factorised. */
struct traffic_equations {
    gsl_matrix *m;
    gsl_permutation *p;
    bool solvable; /* else who is inside never leaves */
};

struct traffic_equations *traffic_factor(uint32_t n, const double *flow, const bool *fixed)
{
    struct traffic_equations *e = xmalloc(sizeof *e);
    *e = (struct traffic_equations){gsl_matrix_alloc(n, n), gsl_permutation_alloc(n), false};
    int sign;
    for (uint32_t j = 0; j < n; j++)
        for (uint32_t i = 0; i < n; i++) {
            double from = fixed && fixed[j] ? 0 : flow[(size_t)i * n + j];
            gsl_matrix_set(e->m, j, i, (i == j ? 1 : 0) - from);
        }
    e->solvable = gsl_linalg_LU_decomp(e->m, e->p, &sign) == GSL_SUCCESS;
    return e;
}

void traffic_solve(const struct traffic_equations *e, const double *outside, double *x)
{
    size_t n = e->m->size1;
    gsl_vector_const_view in = gsl_vector_const_view_array(outside, n);
    gsl_vector_view out = gsl_vector_view_array(x, n);
    bool done =
        e->solvable && gsl_linalg_LU_solve(e->m, e->p, &in.vector, &out.vector) == GSL_SUCCESS;
    for (size_t j = 0; j < n; j++)
        x[j] = !done ? NAN : x[j] < 0 ? 0 /* rounding of what nobody visits */ : x[j];
}

void traffic_unfactor(struct traffic_equations *e)
{
    gsl_permutation_free(e->p);
    gsl_matrix_free(e->m);
    free(e);
}

/* ---- sources ---- */

static double events(const struct network *n, const struct inlet *inlet)
{
    bool short_form = inlet->arrivals == &n->scenario->arrivals;
    return short_form ? scenario_event_rate(n->scenario) : inlet->arrivals->rate;
}

double traffic_inlet_rate(const struct network *n, uint32_t inlet)
{
    const struct arrivals *a = n->inlets[inlet].arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    const struct process_view view = {
        .params = a->params, .rate = events(n, &n->inlets[inlet]), .scenario = n->scenario};
    return process->clients || !process->task_rate ? NAN : process->task_rate(&view);
}

double traffic_inlet_share(const struct network *n, uint32_t inlet, uint32_t class)
{
    const struct scenario *s = n->scenario;
    uint32_t only = n->inlets[inlet].class;
    if (only != NETWORK_ANY)
        return only == class ? 1 : 0;
    if (s->classes_count == 0)
        return class == 0 ? 1 : 0;
    return class < (uint32_t)s->classes_count ? scenario_share(s, (int)class) : 0;
}

/* ---- sizes ---- */

static double size_of(const struct network *n, uint32_t stage, uint32_t class)
{
    const struct law *law = n->stages[stage].size ? n->stages[stage].size[class] : NULL;
    return law && law->model ? law_mean(law) : NAN;
}

static bool any_carried(const struct network *n)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].carried)
            return true;
    return false;
}

/* Mean sizes of a class, of which `visits` come to each stage, `outside` from sources: a carried
 * one is the mean of those that come, so that work is carried as tasks are. */
static void sizes(const struct network *n, uint32_t class, const double *visits,
                  const double *outside, double *out)
{
    uint32_t stages = n->n_stages;
    const struct law *common = scenario_size(n->scenario, (int)class);
    double drawn = common->model ? law_mean(common) : NAN; /* every stage may have its own */
    for (uint32_t j = 0; j < stages; j++)
        out[j] = n->stages[j].carried ? NAN : size_of(n, j, class);
    if (!any_carried(n))
        return;
    bool *fixed = xmalloc(stages * sizeof *fixed), infinite = isinf(drawn);
    double *flow = xcalloc((size_t)stages * stages, sizeof *flow);
    double *whole = xcalloc((size_t)stages * stages, sizeof *whole);
    double *from = xmalloc(2 * stages * sizeof *from), *work = from + stages;
    traffic_add_flow(n, class, NULL, true, flow);
    traffic_add_flow(n, class, NULL, false, whole);
    for (uint32_t j = 0; j < stages; j++) {
        fixed[j] = !n->stages[j].carried;
        infinite = infinite || (fixed[j] && isinf(out[j]) && visits[j] > 0);
        from[j] = !fixed[j] ? outside[j] * drawn : isfinite(out[j]) ? visits[j] * out[j] : 0;
    }
    struct traffic_equations *e = traffic_factor(stages, flow, fixed);
    traffic_solve(e, from, work);
    traffic_unfactor(e);
    for (uint32_t j = 0; j < stages; j++) {
        bool anew = false; /* some of them a join began */
        for (uint32_t i = 0; i < stages; i++)
            anew = anew ||
                   (visits[i] > 0 && whole[(size_t)i * stages + j] != flow[(size_t)i * stages + j]);
        if (!fixed[j])
            out[j] = anew || visits[j] == 0 ? NAN : infinite ? INFINITY : work[j] / visits[j];
    }
    free(from);
    free(whole);
    free(flow);
    free(fixed);
}

/* ---- all of it ---- */

static bool same_for_all(const struct network *n)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].to.way == WAY_RULES)
            return false;
    return true;
}

/* Visits by a class of each source, and of all sources together by what each brings of it. */
static void of_class(struct traffic *t, uint32_t class, const struct traffic_equations *e,
                     const double *brings, double *outside)
{
    const struct network *n = t->network;
    uint32_t stages = n->n_stages;
    double *sum = t->by_class + (size_t) class * stages, *start = outside + stages;
    for (uint32_t j = 0; j < stages; j++)
        outside[j] = 0;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        double *visits = t->visits + ((size_t)i * n->n_classes + class) * stages;
        double share = traffic_inlet_share(n, i, class);
        if (share == 0)
            continue;
        begin(n, &n->inlets[i], class, start);
        traffic_solve(e, start, visits);
        for (uint32_t j = 0; j < stages; j++) {
            sum[j] += visits[j] == 0 ? 0 : brings[i] * share * visits[j];
            outside[j] += start[j] == 0 ? 0 : brings[i] * share * start[j];
        }
    }
    sizes(n, class, sum, outside, t->size + (size_t) class * stages);
}

static void visits_of(struct traffic *t, const double *brings)
{
    const struct network *n = t->network;
    size_t cells = (size_t)n->n_stages * n->n_stages;
    bool same = same_for_all(n);
    double *flow = xmalloc(cells * sizeof *flow);
    double *outside = xmalloc(2 * n->n_stages * sizeof *outside);
    struct traffic_equations *e = NULL;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        if (!e || !same) { /* another class goes other ways */
            for (size_t i = 0; i < cells; i++)
                flow[i] = 0;
            traffic_add_flow(n, class, NULL, false, flow);
            if (e)
                traffic_unfactor(e);
            e = traffic_factor(n->n_stages, flow, NULL);
        }
        of_class(t, class, e, brings, outside);
    }
    if (e)
        traffic_unfactor(e);
    free(outside);
    free(flow);
}

static void solve(struct traffic *t, const struct responses *responses)
{
    const struct network *n = t->network;
    double *brings = xmalloc(n->n_inlets * sizeof *brings);
    bool known = true;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        const struct arrivals *a = n->inlets[i].arrivals;
        t->requests[i] = brings[i] = traffic_inlet_rate(n, i);
        t->closed = t->closed || ((const struct arrival_process *)a->process)->clients;
        known = known && !isnan(brings[i]);
    }
    bool mix = !known && n->n_inlets == 1; /* of one source alone the mix is known all the same */
    if (mix)
        brings[0] = 1;
    visits_of(t, brings);
    traffic_loads(t, mix, responses);
    free(brings);
}

struct traffic *traffic_of(const struct network *network, const struct responses *responses)
{
    struct traffic *t = xcalloc(1, sizeof *t);
    size_t cells = (size_t)network->n_classes * network->n_stages;
    t->network = network;
    t->visits = xcalloc(cells * network->n_inlets, sizeof *t->visits);
    t->by_class = xcalloc(cells, sizeof *t->by_class);
    t->size = xcalloc(cells, sizeof *t->size);
    t->stage = xcalloc(network->n_stages, sizeof *t->stage);
    t->requests = xcalloc(network->n_inlets, sizeof *t->requests);
    solve(t, responses);
    return t;
}

void traffic_free(struct traffic *t)
{
    if (!t)
        return;
    free(t->visits);
    free(t->by_class);
    free(t->size);
    free(t->stage);
    free(t->requests);
    free(t);
}
