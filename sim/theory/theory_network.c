#include "theory_network.h"

#include "../base/err.h"
#include "../network/staffing.h"
#include "../scenario/trouble.h"

void network_add(const struct network_view *v, uint32_t place, int class,
                 enum theory_measure measure, double p, double value, const char *source,
                 bool approximate)
{
    struct theory *t = v->out;
    if (isnan(value) || t->n == THEORY_FIGURES)
        return;
    t->figure[t->n++] =
        (struct theory_figure){measure, class, p, value, approximate, source, (int)place};
}

/* Why nothing is known. */
static const char *why(const struct network_view *v)
{
    const struct traffic *t = v->t;
    double capacity;
    if (!t->closed && network_is_line(v, &capacity) && t->requests[0] >= capacity)
        return internf(
            "the line can do %.4g tasks a second at most, for its buffers are small: the "
            "backlog grows, and nothing is at rest",
            capacity);
    for (uint32_t j = 0; j < v->n->n_stages; j++)
        if (t->stage[j].stable == TRAFFIC_UNSTABLE)
            return internf(
                "utilization of %s is 1 or more: its backlog grows, and nothing is at rest",
                v->n->stages[j].name);
    if (t->closed)
        return "no formula here knows a closed network with stages such as these";
    return "no formula here knows any stage of this network: none gets Poisson traffic and hands "
           "it "
           "on as it comes";
}

/* A stage that turns tasks away, or holds them back, in ways of its own; NULL: there is none. */
static const char *guarded(const struct network *n)
{
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (n->stages[j].guard)
            return n->stages[j].name;
    return NULL;
}

void theory_of_network(const struct network *network, const double *points, size_t n_points,
                       bool of_stages, double most_cost, struct theory *out)
{
    if (network->asks) {
        *out = (struct theory){.why = "no formula here knows clients that do more than wait: that "
                                      "give up, or try again"};
        return;
    }
    struct traffic *t = traffic_of(network, NULL);
    const struct network_view v = {network, t, points, n_points, of_stages, most_cost, out};
    *out = (struct theory){0};
    const char *staffed = staffing_said(network);
    if (scenario_has_trouble(network->scenario))
        out->why = "no formula here knows stages that have outages, or machines that fall over";
    else if (scenario_bursts(network->scenario))
        out->why = "no formula here knows bursts (arrivals.trigger), or what is there at time 0";
    else if (guarded(network))
        out->why = internf("no formula here knows what stands before %s", guarded(network));
    else if (staffed)
        out->why = internf("no formula here knows consumers such as those of %s", staffed);
    else if (theory_of_line(&v))
        out->model = "line with small buffers";
    else if (t->closed && theory_of_cycle(&v))
        out->model = "closed network of product form";
    else if (!t->closed && theory_of_open(&v))
        out->model = "open network";
    else if (!out->why)
        out->why = why(&v);
    traffic_free(t);
}
