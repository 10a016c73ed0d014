#include "topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/network/traffic.h"
#include "../sim/scenario/observed.h"
#include "describe.h"

const struct row *topology_row(const struct topology *t, uint32_t stage)
{
    return result_place_row(t->result, t->column, stage, result_row_classes(t->result) - 1);
}

/* ---- words ---- */

static const char *human(enum unit unit, double value)
{
    char text[64];
    unit_human(unit, value, 3, text, sizeof text);
    return intern(text);
}

const char *topology_rate(double rate)
{
    return human(UNIT_RATE, rate);
}

static const char *counted(double n, const char *what)
{
    return internf("%s %s%s", human(UNIT_COUNT, n), what, n == 1 ? "" : "s");
}

const char *topology_what(const struct topology *t, uint32_t stage)
{
    const struct network_stage *s = &t->network->stages[stage];
    const char *text = "";
    if (s->pool != stage)
        text = internf("consumers of %s", t->network->stages[s->pool].name);
    else if (isinf(s->stage->consumers))
        text = "delay, no queue";
    else if (t->network->kinds && s->replicas > 1)
        text = "unlike replicas";
    else
        text = counted(s->stage->consumers, "consumer");
    if (isfinite(s->stage->capacity))
        text = internf("%s, %s", text, counted(s->stage->capacity, "place"));
    if (s->join)
        text = s->join == JOIN_ALL ? "joins all" : internf("joins %u", s->join);
    if (s->machines != stage)
        text = internf("%s, beside %s", text, t->network->stages[s->machines].name);
    return s->replies ? internf("%s, replies", text) : text;
}

bool topology_is_busiest(const struct topology *t, uint32_t stage)
{
    bool *is = xcalloc(t->network->n_stages, sizeof *is);
    result_bottlenecks(t->result, t->column, is);
    bool busiest = is[stage];
    free(is);
    return busiest;
}

const char *topology_headline(const struct topology *t)
{
    uint32_t stage = result_bottleneck(t->result, t->column);
    if (stage >= t->network->n_stages)
        return describe_title(&t->result->scenario);
    const struct row *row = topology_row(t, stage);
    bool *is = xcalloc(t->network->n_stages, sizeof *is);
    uint32_t like = result_bottlenecks(t->result, t->column, is);
    free(is);
    const char *name = result_bottleneck_name(t->result, t->column);
    if (like > 1)
        return internf("%s are the busiest: %s", name, human(UNIT_SHARE, row->utilization));
    const char *text =
        internf("%s is the bottleneck: %s busy", name, human(UNIT_SHARE, row->utilization));
    if (row->held_fraction > 0.005)
        text = internf("%s, %s of its time held by what it calls or cannot hand on", text,
                       human(UNIT_SHARE, row->held_fraction));
    return text;
}

const char *topology_where(const struct topology *t)
{
    const struct scenario *s = &t->result->scenario;
    if (t->result->columns == 1)
        return "";
    return internf("at %s %s", describe_parameter(s),
                   human(sweep_unit(s), sweep_value(s, t->column)));
}

/* ---- what there is ---- */

static uint32_t column_of(const struct result *result)
{
    struct scenario *s = xmalloc(sizeof *s);
    uint32_t column = 0, whole = result_row_classes(result) - 1;
    *s = result->scenario;
    s->picture.observed_at = NAN;
    bool own = observed_column(s, &column);
    free(s);
    if (own)
        return column;
    for (column = result->columns; column-- > 0;)
        if (result_row(result, column, whole)->stable == STABLE_YES)
            return column;
    return 0;
}

static void add_edge(struct topology *t, struct topology_edge edge)
{
    t->edges = xrealloc(t->edges, (t->n_edges + 1) * sizeof *t->edges);
    t->edges[t->n_edges++] = edge;
}

/* Tasks per second, of all classes or of those that the rule before `leg` let through to it. */
static double leg_rate(const struct topology *t, const struct route *route, uint32_t leg,
                       uint32_t stage, double rate)
{
    const struct leg *legs = &t->network->legs[route->first], *own = &legs[leg];
    if (route->way == WAY_ONE)
        return rate * own->share;
    if (route->way == WAY_COPIES)
        return rate;
    uint32_t classes = t->result->classes;
    if (stage == NETWORK_EXIT || classes == 1)
        return own->class == NETWORK_ANY ? rate : NAN;
    double sum = 0;
    for (uint32_t class = 0; class < classes; class ++) {
        uint32_t first = 0;
        while (first < route->n && legs[first].class != NETWORK_ANY && legs[first].class != class)
            first++;
        if (first == leg)
            sum += result_place_row(t->result, t->column, stage, class)->throughput;
    }
    return sum;
}

/* `stage` NETWORK_EXIT: of a source. */
static void add_route(struct topology *t, size_t from, const struct route *route, uint32_t stage,
                      double rate)
{
    double kept = 0;
    bool several = route->n > 1 && route->way != WAY_COPIES;
    for (uint32_t i = 0; i < route->n; i++) {
        const struct leg *leg = &t->network->legs[route->first + i];
        kept += leg->stage == NETWORK_EXIT ? 0 : leg->share;
        if (leg->stage == NETWORK_EXIT) {
            t->nodes[from].leaves = true;
            continue;
        }
        bool part = several || (route->way == WAY_ONE && leg->share < 1);
        add_edge(t, (struct topology_edge){.from = from,
                                           .to = leg->stage,
                                           .labelled = part || stage == NETWORK_EXIT,
                                           .rate = leg_rate(t, route, i, stage, rate)});
    }
    if (route->n == 0 || (route->way == WAY_ONE && kept < 1 - 1e-9))
        t->nodes[from].leaves = true;
}

static void add_calls(struct topology *t, uint32_t stage, double rate)
{
    const struct network *n = t->network;
    const struct network_stage *s = &n->stages[stage];
    for (uint32_t i = s->first_step; i < s->first_step + s->steps; i++)
        for (uint32_t k = n->steps[i].first; k < n->steps[i].first + n->steps[i].n; k++) {
            const struct call *call = &n->calls[k];
            double calls = rate * call->share * call->count;
            size_t same = 0;
            while (same < t->n_edges && !(t->edges[same].from == stage && t->edges[same].calls &&
                                          t->edges[same].to == call->stage))
                same++;
            if (same < t->n_edges) /* a name may stand several times */
                t->edges[same].rate += calls;
            else
                add_edge(t, (struct topology_edge){.from = stage,
                                                   .to = call->stage,
                                                   .calls = true,
                                                   .labelled = true,
                                                   .rate = calls});
        }
}

static void add_letters(struct topology *t, uint32_t stage)
{
    const struct row *row = topology_row(t, stage);
    const uint32_t letter = t->network->stages[stage].letter;
    if (letter != NETWORK_EXIT)
        add_edge(t, (struct topology_edge){.from = stage,
                                           .to = letter,
                                           .letters = true,
                                           .labelled = true,
                                           .rate = (double)row->lost_by[LOSS_DEAD_LETTER] /
                                                   row->duration});
}

static bool is_handed(const struct topology *t, size_t node)
{
    for (size_t i = 0; i < t->n_edges; i++)
        if (t->edges[i].to == node && !t->edges[i].calls)
            return true;
    return false;
}

static void fill(struct topology *t)
{
    const struct network *n = t->network;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        double rate = traffic_inlet_rate(n, i);
        if (isnan(rate) && n->n_inlets == 1)
            rate =
                result_row(t->result, t->column, result_row_classes(t->result) - 1)->arrival_rate;
        add_route(t, n->n_stages + i, &n->inlets[i].to, NETWORK_EXIT, rate);
        t->nodes[n->n_stages + i].leaves = false;
    }
    for (uint32_t i = 0; i < n->n_stages; i++) {
        double rate = topology_row(t, i)->throughput;
        add_route(t, i, &n->stages[i].to, i, rate);
        add_calls(t, i, rate);
        add_letters(t, i);
    }
    for (uint32_t i = 0; i < n->n_stages; i++) /* what is only called gives an answer */
        t->nodes[i].leaves &= is_handed(t, i);
}

struct topology *topology_of(const struct result *result)
{
    struct scenario *at = xmalloc(sizeof *at);
    uint32_t column = result->places > 1 ? column_of(result) : 0;
    sweep_scenario(&result->scenario, column, at);
    struct network *network = result->places > 1 ? network_of(at) : NULL;
    if (!network) {
        free(at);
        return NULL;
    }
    struct topology *t = xcalloc(1, sizeof *t);
    *t = (struct topology){.result = result, .column = column, .scenario = at, .network = network};
    t->n_nodes = network->n_stages + network->n_inlets;
    t->nodes = xcalloc(t->n_nodes, sizeof *t->nodes);
    for (uint32_t i = 0; i < t->n_nodes; i++) {
        bool source = i >= network->n_stages;
        uint32_t own = source ? i - network->n_stages : i;
        t->nodes[i].kind = source ? NODE_SOURCE : NODE_STAGE;
        t->nodes[i].stage = own;
        t->nodes[i].name = source ? network->inlets[own].name : network->stages[own].name;
    }
    fill(t);
    return t;
}

void topology_free(struct topology *t)
{
    if (!t)
        return;
    network_free(t->network);
    free(t->scenario);
    free(t->nodes);
    free(t->edges);
    free(t->lane);
    free(t);
}
