/* The rules of handing on and calling, and of how stages hang together. */
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "rules.h"
#include "stage_graph.h"

/* Shares are written in decimals: sums of them are not exact. */
#define ROUNDING 1e-9

void rules_route(const struct checking *c, const struct to_spec *to, const char *path)
{
    double sum = 0;
    if (to->stage)
        rules_stage_known(c, path, to->stage, true);
    for (size_t i = 0; i < (size_t)to->shares; i++) {
        rules_stage_known(c, internf("%s.%s", path, to->legs[i].stage), to->legs[i].stage, true);
        sum += isnan(to->legs[i].share) ? 0 : to->legs[i].share;
    }
    for (size_t i = 0; i < (size_t)to->rules; i++) {
        const struct leg_spec *leg = &to->legs[i];
        const char *inside = internf("%s.%zu", path, i);
        if (leg->stage)
            rules_stage_known(c, internf("%s.stage", inside), leg->stage, true);
        if (leg->class)
            rules_class_known(c, internf("%s.class", inside), leg->class);
        else if (i + 1 < (size_t)to->rules)
            broken(c, internf("%s.%zu", path, i + 1),
                   "%s.%zu: no task comes to this rule: the one before it has no 'class' and fits "
                   "all",
                   path, i + 1);
    }
    for (size_t i = 0; i < (size_t)to->copies; i++)
        if (to->legs[i].stage)
            rules_stage_known(c, internf("%s.all.%zu", path, i), to->legs[i].stage, true);
    if (sum > 1 + ROUNDING)
        broken(c, path,
               "%s: the shares make %.6g %%: they are of 100 %%, and what is missing "
               "leaves",
               path, 100 * sum);
}

/* ---- calls ---- */

static void check_call(const struct checking *c, const struct call_spec *call, size_t offset,
                       const char *path)
{
    rules_client(c, &call->client, offset + offsetof(struct call_spec, client), path);
}

static void check_step(const struct checking *c, const struct step_spec *step, size_t offset,
                       const char *path)
{
    const struct call_spec *call = &step->call;
    size_t branches = (size_t)step->branches;
    bool own = !isnan(call->share) || !isnan(call->count) || !isnan(call->on_failure) ||
               client_says(&call->client);
    if (call->stage)
        rules_stage_known(c, path, call->stage, false);
    if (!call->stage && branches == 0 && !rules_unknown(c, path))
        broken(c, path, "%s: 'stage' is missing: who is called", path);
    if (call->stage && branches > 0)
        broken(c, path, "%s: 'stage' is one call and 'of' are several side by side: give one",
               path);
    if (!call->stage && branches > 0 && own)
        broken(c, path,
               "%s: 'share', 'count', 'on_failure' and the keys of a client are of single calls: "
               "give them to those in 'of'",
               path);
    if (!isnan(step->any) && branches == 0)
        broken(c, internf("%s.any", path), "%s.any is of calls side by side: any: k, of: [a, b, c]",
               path);
    if (step->any > step->branches && branches > 0)
        broken(c, internf("%s.any", path), "%s.any: of %zu calls there are no %.0f answers", path,
               branches, step->any);
    check_call(c, call, offset + offsetof(struct step_spec, call), path);
    for (size_t i = 0; i < branches; i++) {
        const char *inside = internf("%s.of.%zu", path, i);
        if (step->of[i].stage)
            rules_stage_known(c, inside, step->of[i].stage, false);
        check_call(c, &step->of[i], offset + offsetof(struct step_spec, of) + i * sizeof *step->of,
                   inside);
    }
}

void rules_calls(const struct checking *c, size_t stage, const char *path)
{
    const struct calls_spec *calls = stage_calls(c->s, stage);
    for (size_t i = 0; i < (size_t)calls->n; i++)
        check_step(c, &calls->steps[i],
                   SPEC_STAGES + stage * sizeof(struct stage_spec) +
                       offsetof(struct stage_spec, calls.steps) + i * sizeof *calls->steps,
                   internf("%s.%zu", path, i));
}

/* ---- the whole ---- */

static const char *name_of(const struct stage_graph *g, uint32_t node)
{
    return scenario_place_name(g->s, (int)node);
}

static const char *path_of(const struct stage_graph *g, uint32_t node, const char *key)
{
    return g->s->stages_count > 0 ? internf("stages.%s%s%s", name_of(g, node), *key ? "." : "", key)
                                  : key;
}

/* Marks what can be reached from a node. */
static void mark(const struct stage_graph *g, uint32_t node, bool *seen)
{
    uint32_t *queue = xcalloc(g->nodes, sizeof *queue), n = 0;
    seen[node] = true;
    queue[n++] = node;
    while (n > 0) {
        const struct stage_node *from = &g->node[queue[--n]];
        for (uint32_t e = from->first; e < from->first + from->n; e++) {
            uint32_t to = g->edges[e].to;
            if (to != GRAPH_EXIT && !seen[to]) {
                seen[to] = true;
                queue[n++] = to;
            }
        }
    }
    free(queue);
}

/* Whether a source has tasks of a class. */
static bool comes_from(const struct scenario *s, uint32_t source, int class)
{
    int only = s->sources_count > 0 ? scenario_source_class(s, (int)source) : -1;
    return class < 0 || only == class ||
           (only < 0 && (s->classes_count == 0 || class < (int)s->classes_count));
}

/* Marks the stages that are reached: by tasks of the graph's class. */
static void mark_reached(const struct stage_graph *g, bool *seen)
{
    for (uint32_t i = g->n; i < g->nodes; i++)
        if (comes_from(g->s, i - g->n, g->class))
            mark(g, i, seen);
}

static void check_reached(const struct checking *c, const struct stage_graph *g, const bool *seen)
{
    for (uint32_t i = 0; i < g->n; i++)
        if (!seen[i] && !rules_excused(c, path_of(g, i, "")))
            broken(c, path_of(g, i, ""),
                   "stages.%s: no task ever comes here: no stage that is reached hands on to it "
                   "('to') or calls it",
                   name_of(g, i));
}

/* " of class 'gold'", where that matters. */
static const char *of_class(const struct stage_graph *g)
{
    return g->class < 0 || scenario_classes(g->s) == 1
               ? ""
               : internf(" of class '%s'", scenario_class_name(g->s, g->class));
}

/* Stages that cannot be left: every way from them leads to others that cannot. */
static void check_left(const struct checking *c, const struct stage_graph *g, const bool *seen)
{
    bool *leaves = xcalloc(g->nodes, sizeof *leaves), moved = true;
    while (moved) {
        moved = false;
        for (uint32_t i = g->n; i-- > 0;) {
            const struct stage_node *node = &g->node[i];
            for (uint32_t e = node->first; e < node->first + node->n && !leaves[i]; e++) {
                const struct stage_edge *edge = &g->edges[e];
                bool on = edge->kind != EDGE_CALL && edge->share > 0;
                leaves[i] = on && (edge->to == GRAPH_EXIT || leaves[edge->to]);
                moved |= leaves[i];
            }
        }
    }
    for (uint32_t i = 0; i < g->n; i++)
        if (seen[i] && !leaves[i]) {
            broken(c, path_of(g, i, "to"),
                   "stages.%s.to: a loop without exit: a task%s that is here can never leave the "
                   "system",
                   name_of(g, i), of_class(g));
            break; /* the others of the loop say the same */
        }
    free(leaves);
}

/* ---- cycles ---- */

/* A search in depth for a cycle along some of the edges. */
struct cycle_search {
    const struct stage_graph *g;
    bool (*takes)(const struct stage_edge *edge);
    uint8_t *state; /* 0 new, 1 on the way, 2 done */
    uint32_t *way, *next, n;
};

/* Whether there is a cycle that can be reached from `start`; it is way[from] to way[n - 1]. */
static bool cycle_from(struct cycle_search *f, uint32_t start, uint32_t *from)
{
    f->n = 0;
    f->way[f->n++] = start;
    f->state[start] = 1;
    while (f->n > 0) {
        uint32_t at = f->way[f->n - 1];
        const struct stage_node *node = &f->g->node[at];
        if (f->next[at] == node->n) {
            f->state[at] = 2;
            f->n--;
            continue;
        }
        const struct stage_edge *edge = &f->g->edges[node->first + f->next[at]++];
        if (edge->to == GRAPH_EXIT || !f->takes(edge) || f->state[edge->to] == 2)
            continue;
        if (f->state[edge->to] == 1) {
            for (*from = 0; f->way[*from] != edge->to;)
                ++*from;
            return true;
        }
        f->state[edge->to] = 1;
        f->way[f->n++] = edge->to;
    }
    return false;
}

static bool is_call(const struct stage_edge *edge)
{
    return edge->kind == EDGE_CALL;
}

static bool is_sure(const struct stage_edge *edge)
{
    return edge->share >= 1;
}

/* The names along a cycle, with the first again at the end; and its first stage. NULL: none. */
static const char *find_cycle(const struct stage_graph *g, const bool *among,
                              bool (*takes)(const struct stage_edge *edge), uint32_t *first)
{
    struct cycle_search f = {g,
                             takes,
                             xcalloc(g->nodes, 1),
                             xcalloc(g->nodes, sizeof(uint32_t)),
                             xcalloc(g->nodes, sizeof(uint32_t)),
                             0};
    const char *names = NULL;
    for (uint32_t i = 0; i < g->n && !names; i++) {
        uint32_t from = 0;
        if (f.state[i] != 0 || (among && !among[i]) || !cycle_from(&f, i, &from))
            continue;
        *first = f.way[from];
        names = "";
        for (uint32_t k = from; k < f.n; k++)
            names = internf("%s'%s', ", names, name_of(g, f.way[k]));
        names = internf("%s'%s'", names, name_of(g, *first));
    }
    free(f.state);
    free(f.way);
    free(f.next);
    return names;
}

static bool has_copies(const struct stage_graph *g)
{
    bool any = false;
    for (uint32_t i = 0; i < g->n; i++)
        any |= g->node[i].copies;
    for (uint32_t e = 0; e < g->n_edges; e++)
        any |= g->edges[e].kind == EDGE_COPY || g->edges[e].kind == EDGE_CALL;
    return any;
}

/* Tasks that come again and again. */
static void check_loops(const struct checking *c, const struct stage_graph *g, const bool *seen)
{
    uint32_t first = 0;
    const char *names = find_cycle(g, seen, is_sure, &first);
    if (names)
        broken(c, path_of(g, first, ""),
               "stages.%s: a loop without exit: every task%s that comes here makes another one "
               "come here: %s",
               name_of(g, first), of_class(g), names);
    else if (has_copies(g) && stage_graph_multiplies(g, seen, &first))
        broken(c, path_of(g, first, ""),
               "stages.%s: a loop in which tasks%s multiply: one that comes here makes another one "
               "or more come here, on average",
               name_of(g, first), of_class(g));
}

static void check_calls(const struct checking *c, const struct stage_graph *g)
{
    uint32_t first = 0;
    const char *names = find_cycle(g, NULL, is_call, &first);
    if (names)
        broken(c, path_of(g, first, "calls"),
               "stages.%s.calls: a cycle of calls: %s: each would wait for the next",
               name_of(g, first), names);
}

/* ---- groups ---- */

struct groups {
    const struct stage_graph *g;
    bool *alone, *grouped; /* by stage: comes without a group; in one */
};

static bool see_groups(void *context, uint32_t stage, uint32_t depth)
{
    struct groups *groups = context;
    *(depth > 0 ? &groups->grouped[stage] : &groups->alone[stage]) = true;
    return true;
}

static void check_joins(const struct checking *c, const struct stage_graph *g)
{
    struct groups groups = {g, xcalloc(g->n, 1), xcalloc(g->n, 1)};
    for (uint32_t i = g->n; i < g->nodes; i++)
        stage_graph_walk(g, i, stage_graph_batches(g->s, i - g->n), true, see_groups, &groups);
    for (uint32_t i = 0; i < g->n; i++) {
        const char *path = path_of(g, i, "join");
        if (!g->node[i].joins || (!groups.alone[i] && groups.grouped[i]))
            continue;
        broken(c, path,
               "%s: tasks come here that are in no group: a group is made by to: {all: [...]}, "
               "balancer: all or a source that brings batches, and each join ends one",
               path);
    }
    free(groups.alone);
    free(groups.grouped);
}

static bool has_rules(const struct scenario *s)
{
    bool any = false;
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        any |= stage_to(s, i)->rules > 0;
    for (size_t i = 0; i < (size_t)s->sources_count; i++)
        any |= source_to(s, i)->rules > 0;
    return any;
}

/* As the tasks of one class go, or (-1) of all; marks what they reach. */
static void check_class(const struct checking *c, int class, bool *reached)
{
    struct stage_graph g = stage_graph_for(c->s, class);
    bool *seen = xcalloc(g.nodes, sizeof *seen);
    size_t before = c->errors->n;
    mark_reached(&g, seen);
    check_left(c, &g, seen);
    if (c->errors->n == before)
        check_loops(c, &g, seen);
    for (uint32_t i = 0; i < g.n; i++)
        reached[i] |= seen[i];
    free(seen);
    stage_graph_free(&g);
}

void rules_graph(const struct checking *c)
{
    struct stage_graph g = stage_graph_of(c->s);
    bool *reached = xcalloc(g.nodes, sizeof *reached);
    size_t before = c->errors->n;
    bool by_class = has_rules(c->s);
    check_calls(c, &g);
    for (int i = 0; c->errors->n == before && i < (by_class ? scenario_classes(c->s) : 1); i++)
        check_class(c, by_class ? i : -1, reached);
    if (c->errors->n == before)
        check_reached(c, &g, reached);
    if (c->errors->n == before)
        check_joins(c, &g);
    if (c->errors->n == before)
        rules_breakers(c, &g);
    free(reached);
    stage_graph_free(&g);
}
