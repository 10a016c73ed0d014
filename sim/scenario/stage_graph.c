#include "stage_graph.h"

#include <stdlib.h>
#include <string.h>

#include "balancer.h"
#include "process.h"

static void add_edge(struct stage_graph *g, struct stage_node *node, const char *name,
                     struct stage_edge edge)
{
    size_t found = name && strcmp(name, "exit") != 0 ? stage_find(g->s, name) : GRAPH_EXIT;
    if (found == SIZE_MAX && g->s->stages_count == 0 && strcmp(name, "main") == 0)
        found = 0; /* the only one */
    if (found == SIZE_MAX)
        return;
    if ((g->n_edges & (g->n_edges - 1)) == 0)
        g->edges = xrealloc(g->edges, (g->n_edges ? 2 * (size_t)g->n_edges : 1) * sizeof edge);
    edge.to = (uint32_t)found;
    g->edges[g->n_edges++] = edge;
    node->n++;
}

/* Whether every class has a rule. */
static bool rules_cover(const struct scenario *s, const struct to_spec *to)
{
    for (int c = 0; c < scenario_classes(s); c++) {
        bool found = false;
        for (size_t i = 0; i < (size_t)to->rules && !found; i++)
            found = !to->legs[i].class || strcmp(to->legs[i].class, scenario_class_name(s, c)) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* Of the rules, those of the graph's class; whether none is left to leave. */
static bool add_rules(struct stage_graph *g, struct stage_node *node, const struct to_spec *to)
{
    const char *class = g->class < 0 ? NULL : scenario_class_name(g->s, g->class);
    for (size_t i = 0; i < (size_t)to->rules; i++) {
        const struct leg_spec *leg = &to->legs[i];
        bool fits = !leg->class || !class || strcmp(leg->class, class) == 0;
        if (fits)
            add_edge(g, node, leg->stage,
                     (struct stage_edge){.share = class || !leg->class ? 1 : 0.5});
        if (fits && class)
            return true;
    }
    return g->class < 0 && rules_cover(g->s, to);
}

/* `missing`: where tasks go when nothing is said. */
static void add_route(struct stage_graph *g, struct stage_node *node, const struct to_spec *to,
                      const char *missing)
{
    const double rounding = 1e-12;
    double sum = 0;
    if (to->stage)
        add_edge(g, node, to->stage, (struct stage_edge){.share = 1});
    for (size_t i = 0; i < (size_t)to->shares; i++) {
        sum += to->legs[i].share;
        add_edge(g, node, to->legs[i].stage, (struct stage_edge){.share = to->legs[i].share});
    }
    bool found = add_rules(g, node, to);
    for (size_t i = 0; i < (size_t)to->copies; i++)
        add_edge(g, node, to->legs[i].stage, (struct stage_edge){.kind = EDGE_COPY, .share = 1});
    if (to->shares > 0 && sum < 1 - rounding)
        add_edge(g, node, NULL, (struct stage_edge){.share = 1 - sum});
    if (to->rules > 0 && !found)
        add_edge(g, node, NULL, (struct stage_edge){.share = g->class < 0 ? 0.5 : 1});
    if (!to->stage && to->shares == 0 && to->rules == 0 && to->copies == 0)
        add_edge(g, node, missing, (struct stage_edge){.share = 1});
}

static void add_call(struct stage_graph *g, struct stage_node *node, const struct call_spec *call)
{
    if (call->stage)
        add_edge(g, node, call->stage,
                 (struct stage_edge){.kind = EDGE_CALL,
                                     .share = isnan(call->share) ? 1 : call->share,
                                     .count = call->count > 1 ? call->count : 1});
}

static void add_stage(struct stage_graph *g, uint32_t i)
{
    struct stage_node *node = &g->node[i];
    size_t spec = g->s->stages_count > 0 ? i : SPEC_MAIN;
    const struct stage_core *core = stage_core(g->s, spec);
    const struct calls_spec *calls = stage_calls(g->s, spec);
    const struct balancer *balancer = (const struct balancer *)core->balancer;
    node->first = g->n_edges;
    node->copies = balancer && balancer->copies;
    node->joins = spec != SPEC_MAIN && !isnan(core->join);
    add_route(g, node, stage_to(g->s, spec), NULL);
    for (size_t k = 0; k < (size_t)calls->n; k++) {
        add_call(g, node, &calls->steps[k].call);
        for (size_t b = 0; b < (size_t)calls->steps[k].branches; b++)
            add_call(g, node, &calls->steps[k].of[b]);
    }
    const char *letters = stage_again(g->s, spec)->dead_letter;
    if (letters)
        add_edge(g, node, letters, (struct stage_edge){.kind = EDGE_LETTER});
}

struct stage_graph stage_graph_of(const struct scenario *s)
{
    return stage_graph_for(s, -1);
}

struct stage_graph stage_graph_for(const struct scenario *s, int class)
{
    struct stage_graph g = {.s = s, .class = class, .n = (uint32_t)scenario_stages(s)};
    uint32_t sources = s->sources_count > 0 ? (uint32_t)s->sources_count : 1;
    const struct to_spec nothing = {.stage = NULL};
    const char *first = s->stages_count > 0 ? stage_core(s, 0)->name : NULL;
    g.nodes = g.n + sources;
    g.node = xcalloc(g.nodes, sizeof *g.node);
    for (uint32_t i = 0; i < g.n; i++)
        add_stage(&g, i);
    for (uint32_t i = 0; i < sources; i++) {
        struct stage_node *node = &g.node[g.n + i];
        node->first = g.n_edges;
        add_route(&g, node, s->sources_count > 0 ? source_to(s, i) : &nothing, first);
        if (g.edges && s->stages_count == 0 && node->n == 1)
            g.edges[node->first].to = 0; /* the only stage, which has no name to be found by */
    }
    return g;
}

void stage_graph_free(struct stage_graph *g)
{
    free(g->node);
    free(g->edges);
    *g = (struct stage_graph){0};
}

/* ---- how often ---- */

enum { OFTEN = 2 };

static uint32_t fewer(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The most offers to `wanted` that one task which is offered to node `i` may lead to, up to OFTEN,
 * by what is known of those behind it. */
static uint32_t offers(const struct stage_graph *g, uint32_t i, uint32_t wanted,
                       const uint32_t *behind)
{
    const struct stage_node *node = &g->node[i];
    uint32_t one = 0, sum = 0;
    for (uint32_t e = 0; e < node->n; e++) {
        const struct stage_edge *edge = &g->edges[node->first + e];
        uint32_t there = edge->to == GRAPH_EXIT ? 0 : behind[edge->to];
        if (edge->kind == EDGE_ONE || edge->kind == EDGE_LETTER)
            one = there > one ? there : one;
        else
            sum += there * (edge->count > 1 ? OFTEN : 1);
    }
    uint32_t all = one + sum, times = node->copies ? OFTEN : 1;
    return fewer(OFTEN, (i == wanted) * times + all * times);
}

/* Whether a task that was at the stage, or what it makes, may come there again. */
static bool comes_again(const struct stage_graph *g, uint32_t stage)
{
    uint32_t *queue = xcalloc(g->nodes, sizeof *queue), n = 0;
    bool *seen = xcalloc(g->nodes, sizeof *seen), found = false;
    queue[n++] = stage;
    while (n > 0 && !found) {
        const struct stage_node *from = &g->node[queue[--n]];
        for (uint32_t e = from->first; e < from->first + from->n; e++) {
            uint32_t to = g->edges[e].to;
            if (to == GRAPH_EXIT || seen[to])
                continue;
            seen[to] = true;
            queue[n++] = to;
            found |= to == stage;
        }
    }
    free(queue);
    free(seen);
    return found;
}

bool stage_repeats(const struct stage_graph *g, uint32_t stage)
{
    if (comes_again(g, stage))
        return true;
    uint32_t *behind = xcalloc(g->nodes, sizeof *behind), most = 0;
    bool moved = true;
    while (moved) { /* the least fixed point; each node changes OFTEN times at most */
        moved = false;
        for (uint32_t k = g->nodes; k-- > 0;) {
            uint32_t now = offers(g, k, stage, behind);
            moved |= now > behind[k];
            behind[k] = now > behind[k] ? now : behind[k];
        }
    }
    for (uint32_t k = g->n; k < g->nodes; k++)
        most = behind[k] > most ? behind[k] : most;
    free(behind);
    return most > 1;
}

/* ---- groups ---- */

void stage_graph_walk(const struct stage_graph *g, uint32_t node, uint32_t depth, bool with_calls,
                      graph_seer *see, void *context)
{
    enum { DEPTHS = DEPTH_MOST + 1 };
    bool *seen = xcalloc((size_t)g->nodes * DEPTHS, sizeof *seen);
    struct spot {
        uint32_t node, depth;
    } *queue = xcalloc((size_t)g->nodes * DEPTHS, sizeof *queue);
    size_t first = 0, last = 0;
    queue[last++] = (struct spot){node, depth}; /* from behind its service */
    while (first < last) {
        struct spot at = queue[first++];
        const struct stage_node *from = &g->node[at.node];
        for (uint32_t e = 0; e < from->n; e++) {
            const struct stage_edge *edge = &g->edges[from->first + e];
            uint32_t now = at.depth + (edge->kind == EDGE_COPY), to = edge->to;
            if (edge->kind == EDGE_CALL && !with_calls)
                continue;
            if (edge->kind == EDGE_CALL || edge->kind == EDGE_LETTER)
                now = 0; /* a task of its own; a member of nothing any more */
            if (to == GRAPH_EXIT || now > DEPTH_MOST || seen[(size_t)to * DEPTHS + now])
                continue;
            seen[(size_t)to * DEPTHS + now] = true;
            if (!see(context, to, now))
                continue;
            now -= g->node[to].joins && now > 0;
            now += g->node[to].copies;
            if (now <= DEPTH_MOST)
                queue[last++] = (struct spot){to, now};
        }
    }
    free(seen);
    free(queue);
}

struct joining {
    const struct stage_graph *g;
    uint32_t found;
};

/* The group that was opened first is the last to be open: it is joined where a join finds it. */
static bool find_join(void *context, uint32_t stage, uint32_t depth)
{
    struct joining *j = context;
    if (j->found == GRAPH_EXIT && depth == 1 && j->g->node[stage].joins)
        j->found = stage;
    return j->found == GRAPH_EXIT && depth > 0 && !(depth == 1 && j->g->node[stage].joins);
}

uint32_t stage_join_of(const struct stage_graph *g, uint32_t stage, bool of_balancer)
{
    struct joining j = {g, GRAPH_EXIT};
    const struct stage_node *node = &g->node[stage];
    bool forks = node->n > 0 && g->edges[node->first].kind == EDGE_COPY;
    if (of_balancer ? !node->copies : !forks)
        return GRAPH_EXIT;
    stage_graph_walk(g, stage, of_balancer, false, find_join, &j);
    return j.found;
}

bool stage_graph_batches(const struct scenario *s, uint32_t source)
{
    const struct arrivals a = s->sources_count > 0 ? source_arrivals(s, source) : s->arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a.process;
    return process && process->batch;
}

uint32_t stage_batch_join_of(const struct stage_graph *g, uint32_t source)
{
    struct joining j = {g, GRAPH_EXIT};
    if (stage_graph_batches(g->s, source))
        stage_graph_walk(g, g->n + source, 1, false, find_join, &j);
    return j.found;
}

/* ---- how many ---- */

/* Adds to row `from` of M, n by n, what an offer there leads to. */
static void add_means(const struct stage_graph *g, uint32_t from, double *m)
{
    const struct stage_node *node = &g->node[from];
    size_t spec = g->s->stages_count > 0 ? from : SPEC_MAIN;
    const struct stage_core *core = stage_core(g->s, spec);
    double replicas = stage_replicas(g->s, spec), times = 1;
    double *row = &m[(size_t)from * g->n];
    if (node->copies)
        times = core->choices < replicas ? core->choices : replicas;
    for (uint32_t e = node->first; e < node->first + node->n; e++) {
        const struct stage_edge *edge = &g->edges[e];
        bool absorbed =
            edge->kind != EDGE_CALL && edge->to != GRAPH_EXIT && g->node[edge->to].joins;
        if (edge->to != GRAPH_EXIT && !absorbed)
            row[edge->to] += times * edge->share * (edge->kind == EDGE_CALL ? edge->count : 1);
    }
    /* Each group starts one task at its join. */
    uint32_t join = stage_join_of(g, from, false), other = stage_join_of(g, from, true);
    if (join != GRAPH_EXIT)
        row[join] += times;
    if (other != GRAPH_EXIT)
        row[other] += 1;
}

bool stage_graph_multiplies(const struct stage_graph *g, const bool *at, uint32_t *which)
{
    const double rounding = 1e-12;
    uint32_t n = g->n;
    double *m = xcalloc((size_t)n * n, sizeof *m);
    bool found = false;
    for (uint32_t i = 0; i < n; i++) {
        if (at[i])
            add_means(g, i, m);
        for (uint32_t k = 0; k < n; k++)
            m[(size_t)i * n + k] = (i == k) - m[(size_t)i * n + k];
    }
    for (uint32_t i = 0; i < n && !found; i++) {
        const double *pivot = &m[(size_t)i * n];
        found = !(pivot[i] > rounding);
        *which = i;
        for (uint32_t k = i + 1; k < n && !found; k++) {
            double *row = &m[(size_t)k * n], factor = row[i] / pivot[i];
            for (uint32_t c = i + 1; c < n && factor != 0; c++)
                row[c] -= factor * pivot[c];
        }
    }
    free(m);
    return found;
}
