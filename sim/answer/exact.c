#include "exact.h"

#include <math.h>

#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "../theory/theory.h"

/* A figure of theory that is exact, of a place; NAN: it has none. */
static double said_at(const struct theory *t, uint32_t place, enum theory_measure measure, double p)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct theory_figure *f = &t->figure[i];
        bool there = isnan(p) ? isnan(f->p) : f->p == p;
        if (f->measure == measure && f->class == THEORY_ALL && f->place == (int)place && there &&
            !f->approximate)
            return f->value;
    }
    return NAN;
}

static double said(const struct theory *t, enum theory_measure measure, double p)
{
    return said_at(t, 0, measure, p);
}

static double loss_of(const struct scenario *s, const struct theory *t)
{
    return stability_can_lose(s) ? said(t, THEORY_LOSS, NAN) : 0;
}

/* Completed tasks per second. */
static double flow_of(const struct scenario *s, const struct theory *t)
{
    if (process_is_closed(s))
        return said(t, THEORY_THROUGHPUT, NAN);
    return scenario_task_rate(s) * (1 - loss_of(s, t));
}

/* Little's law, where all who are inside are served in the end. */
static double inside_of(const struct scenario *s, const struct theory *t, double time)
{
    return scenario_impatient(s) ? NAN : flow_of(s, t) * time;
}

static double utilization_of(const struct scenario *s, const struct theory *t)
{
    double said_so = said(t, THEORY_UTILIZATION, NAN);
    if (!isnan(said_so))
        return said_so;
    return flow_of(s, t) * scenario_mean_size(s) / s->stage.speed / s->stage.consumers;
}

static double figure_of(const struct scenario *s, const struct theory *t,
                        const struct figure_wanted *wanted)
{
    const struct discipline *discipline = stage_discipline(&s->stage);
    bool once = !discipline->before && !discipline->shares; /* who has begun waits no more */
    switch (wanted->kind) {
    case FIGURE_LATENCY_QUANTILE:
        return said(t, THEORY_LATENCY_QUANTILE, wanted->p);
    case FIGURE_LATENCY_MEAN:
        return said(t, THEORY_LATENCY_MEAN, NAN);
    case FIGURE_WAIT_QUANTILE:
        return said(t, THEORY_WAIT_QUANTILE, wanted->p);
    case FIGURE_WAIT_MEAN:
        return said(t, THEORY_WAIT_MEAN, NAN);
    case FIGURE_WAIT_PROBABILITY:
        return said(t, THEORY_WAIT_PROBABILITY, NAN);
    case FIGURE_LOSS_FRACTION:
        return loss_of(s, t);
    case FIGURE_QUEUE_MEAN:
        return once ? inside_of(s, t, said(t, THEORY_WAIT_MEAN, NAN)) : NAN;
    case FIGURE_IN_SYSTEM_MEAN:
        return inside_of(s, t, said(t, THEORY_LATENCY_MEAN, NAN));
    case FIGURE_UTILIZATION:
        return utilization_of(s, t);
    case FIGURE_ARRIVAL_RATE:
        return process_is_closed(s) ? NAN : scenario_task_rate(s);
    case FIGURE_THROUGHPUT:
    case FIGURE_GOODPUT:
        return flow_of(s, t);
    }
    return NAN;
}

/* Of a place of a network. Nothing is lost where a flow is known and no loss. */
static double figure_at(const struct theory *t, uint32_t place, const struct figure_wanted *wanted)
{
    double flow = said_at(t, place, THEORY_THROUGHPUT, NAN);
    double loss = said_at(t, place, THEORY_LOSS, NAN), nothing = isnan(loss) ? 0 : NAN;
    switch (wanted->kind) {
    case FIGURE_LATENCY_QUANTILE:
        return said_at(t, place, THEORY_LATENCY_QUANTILE, wanted->p);
    case FIGURE_LATENCY_MEAN:
        return said_at(t, place, THEORY_LATENCY_MEAN, NAN);
    case FIGURE_WAIT_QUANTILE:
        return said_at(t, place, THEORY_WAIT_QUANTILE, wanted->p);
    case FIGURE_WAIT_MEAN:
        return said_at(t, place, THEORY_WAIT_MEAN, NAN);
    case FIGURE_WAIT_PROBABILITY:
        return said_at(t, place, THEORY_WAIT_PROBABILITY, NAN);
    case FIGURE_LOSS_FRACTION:
        return isnan(loss) && !isnan(flow) ? 0 : loss;
    case FIGURE_QUEUE_MEAN:
        return nothing + flow * said_at(t, place, THEORY_WAIT_MEAN, NAN);
    case FIGURE_IN_SYSTEM_MEAN:
        return nothing + flow * said_at(t, place, THEORY_LATENCY_MEAN, NAN);
    case FIGURE_UTILIZATION:
        return said_at(t, place, THEORY_UTILIZATION, NAN);
    case FIGURE_ARRIVAL_RATE:
        return nothing + flow;
    case FIGURE_THROUGHPUT:
    case FIGURE_GOODPUT:
        return flow;
    }
    return NAN;
}

static double exactly(const struct scenario *s, const struct theory *t,
                      const struct figure_wanted *wanted)
{
    if (!scenario_is_network(s))
        return figure_of(s, t, wanted);
    return figure_at(t, wanted->place == 0 ? trial_whole(s) : wanted->place - 1, wanted);
}

void exact_figures(const struct scenario *s, const struct objective *objectives, size_t n,
                   struct exact *out)
{
    double points[OBJECTIVES] = {0};
    size_t n_points = 0;
    struct theory theory;
    uint32_t classes = (uint32_t)scenario_classes(s), all = classes > 1 ? classes : 0;
    for (size_t i = 0; i < n; i++) {
        const struct figure_wanted *wanted = &objectives[i].figure;
        bool quantile =
            wanted->kind == FIGURE_LATENCY_QUANTILE || wanted->kind == FIGURE_WAIT_QUANTILE;
        if (quantile && wanted->class == all)
            points[n_points++] = wanted->p;
    }
    theory_at(s, points, n_points, &theory);
    *out = (struct exact){.model = theory.model};
    for (size_t i = 0; i < n; i++)
        out->value[i] = theory.model && objectives[i].figure.class == all
                            ? exactly(s, &theory, &objectives[i].figure)
                            : NAN;
}
