/* The rules of stages and sources, one by one. */
#include <stdlib.h>
#include <string.h>

#include "balancer.h"
#include "discipline.h"
#include "policy.h"
#include "process.h"
#include "rules.h"
#include "stage_graph.h"

#define STAGE(f) offsetof(struct stage_spec, f)

static const char *stage_path(const struct scenario *s, size_t i)
{
    return i == SPEC_MAIN ? "" : internf("stages.%s.", stage_core(s, i)->name);
}

bool rules_stage_known(const struct checking *c, const char *path, const char *name, bool may_leave)
{
    const char *names[MAX_STAGES + 2];
    size_t n = 0;
    if (stage_find(c->s, name) != SIZE_MAX || (may_leave && strcmp(name, "exit") == 0))
        return true;
    if (rules_unknown(c, "stages"))
        return false;
    if (c->s->stages_count == 0 && strcmp(name, "main") == 0 && may_leave)
        return true; /* the only one */
    if (c->s->stages_count == 0)
        return broken(c, path, "%s: '%.60s' would be the name of a stage, and here are no 'stages'",
                      path, name);
    for (size_t i = 0; i < (size_t)c->s->stages_count; i++)
        names[n++] = stage_core(c->s, i)->name;
    if (may_leave)
        names[n++] = "exit";
    names[n] = NULL;
    const char *near = nearest(name, names);
    char known[200];
    list_words(known, sizeof known, names);
    if (near)
        return broken(c, path, "%s: unknown stage '%.60s' (did you mean '%s'?)", path, name, near);
    return broken(c, path, "%s: unknown stage '%.60s'; known: %s", path, name, known);
}

bool rules_class_known(const struct checking *c, const char *path, const char *name)
{
    const char *names[MAX_CLASSES + MAX_SOURCES + 1];
    int n = scenario_classes(c->s);
    for (int i = 0; i < n && i < MAX_CLASSES + MAX_SOURCES; i++) {
        names[i] = scenario_class_name(c->s, i);
        if (strcmp(names[i], name) == 0)
            return true;
        names[i + 1] = NULL;
    }
    if (rules_unknown(c, "tasks.classes") || rules_unknown(c, "sources"))
        return false;
    if (n == 1 && strcmp(names[0], "all") == 0)
        return broken(
            c, path,
            "%s: unknown class '%.60s': here are no classes (tasks.classes, or 'class' of "
            "a source)",
            path, name);
    const char *near = nearest(name, names);
    char known[200];
    list_words(known, sizeof known, names);
    if (near)
        return broken(c, path, "%s: unknown class '%.60s' (did you mean '%s'?)", path, name, near);
    return broken(c, path, "%s: unknown class '%.60s'; here are %s", path, name, known);
}

/* ---- consumers ---- */

static const struct discipline *discipline_of(const struct scenario *s, size_t i)
{
    const struct stage *stage = i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
    size_t pool = stage->pool ? stage_find(s, stage->pool) : SIZE_MAX;
    return stage_discipline(pool == SIZE_MAX ? stage : &stage_core(s, pool)->stage);
}

static void check_pool(const struct checking *c, size_t i)
{
    const struct scenario *s = c->s;
    const struct stage_core *core = stage_core(s, i);
    const char *path = internf("%sconsumers", stage_path(s, i)), *pool = core->stage.pool;
    if (!pool || !rules_stage_known(c, path, pool, false))
        return;
    size_t owner = stage_find(s, pool);
    const struct stage_core *of = stage_core(s, owner);
    const struct discipline *d = stage_discipline(&of->stage);
    if (owner == i)
        broken(c, path, "%s: a stage cannot share its own consumers: give their keys", path);
    else if (of->stage.pool)
        broken(c, path, "%s: '%s' has no consumers of its own: name the stage that has, '%s'", path,
               pool, of->stage.pool);
    else if (d && (d->before || d->shares))
        broken(c, path,
               "%s: the consumers of '%s' are shared by %s, which %s: what several stages share "
               "goes task by task",
               path, pool, d->model.name, d->shares ? "serves all at once" : "interrupts");
    else if (d && d->by_number)
        broken(c, path,
               "%s: the consumers of '%s' go by %s, by how many wait in one buffer: several that "
               "share them need another discipline",
               path, pool, d->model.name);
    if (core->replicas > 0 || core->machines || stage_kinds(s, i)->n > 0)
        broken(c, internf("%sreplicas", stage_path(s, i)),
               "%sreplicas: with the consumers of '%s' come its replicas: leave it out",
               stage_path(s, i), pool);
}

/* ---- replicas ---- */

/* Whether the number of replicas is swept or varied, and may be 1 as well as more. */
static bool moves(const struct scenario *s, const char *path)
{
    const char *list = internf("%s.", path);
    if (s->sweep.parameter && (strcmp(s->sweep.parameter, path) == 0 ||
                               strncmp(s->sweep.parameter, list, strlen(list)) == 0))
        return true;
    for (size_t i = 0; i < (size_t)s->vary_count; i++)
        if (strcmp(s->vary[i].path, path) == 0)
            return true;
    return false;
}

static double replicas_listed(const struct scenario *s, size_t i)
{
    const struct kinds_spec *kinds = stage_kinds(s, i);
    double n = 0;
    for (size_t k = 0; k < (size_t)kinds->n; k++)
        n += kinds->kinds[k].count;
    return n;
}

double stage_replicas(const struct scenario *s, size_t i)
{
    const struct stage_core *core = stage_core(s, i);
    const char *like = i == SPEC_MAIN ? NULL : core->stage.pool ? core->stage.pool : core->machines;
    size_t other = like ? stage_find(s, like) : SIZE_MAX;
    if (other != SIZE_MAX && other != i) {
        const struct stage_core *of = stage_core(s, other);
        bool chain = of->machines || of->stage.pool; /* refused, but where the pool is elsewhere */
        if (!chain || (core->stage.pool && of->machines))
            return chain ? stage_replicas(s, stage_find(s, of->machines))
                         : stage_replicas(s, other);
        return 1;
    }
    double listed = replicas_listed(s, i);
    return listed > 0 ? listed : core->replicas > 0 ? core->replicas : 1;
}

static void check_machines(const struct checking *c, size_t i)
{
    const struct stage_core *core = stage_core(c->s, i);
    const char *path = internf("%sreplicas", stage_path(c->s, i));
    if (!core->machines || !rules_stage_known(c, path, core->machines, false))
        return;
    size_t other = stage_find(c->s, core->machines);
    const struct stage_core *of = stage_core(c->s, other);
    if (other == i)
        broken(c, path, "%s: a stage is on its own machines anyway: give their number", path);
    else if (of->machines || of->stage.pool)
        broken(c, path, "%s: '%s' has no machines of its own: name the stage that has, '%s'", path,
               core->machines, of->machines ? of->machines : of->stage.pool);
}

static void check_balancer(const struct checking *c, size_t i)
{
    const struct scenario *s = c->s;
    const struct stage_core *core = stage_core(s, i);
    const char *path = internf("%sbalancer", stage_path(s, i));
    const char *replicas = internf("%sreplicas", stage_path(s, i));
    const struct balancer *b = (const struct balancer *)core->balancer;
    double n = stage_replicas(s, i);
    bool chooses = b && (!b->pick || b->copies);
    if (!b && isnan(core->choices))
        return;
    if (n <= 1 && !moves(s, replicas) && !rules_unknown(c, replicas)) {
        broken(c, path,
               "%s: there is nothing to choose among: the stage has one replica (give '%s')", path,
               replicas);
        return;
    }
    if (b && b->by_key && isnan(s->key.of) && !rules_unknown(c, "tasks.key"))
        broken(c, path, "%s: %s goes with 'tasks.key', which is missing: how many there are", path,
               b->model.name);
    if (isnan(core->choices))
        return;
    if (!chooses)
        broken(c, internf("%s.choices", path),
               "%s.choices: %s takes the best of no number of replicas: choose one that compares, "
               "such as 'algorithm: least-requests'",
               path, b ? b->model.name : "random, where no algorithm is given,");
    else if (core->choices > n && !moves(s, replicas))
        broken(c, internf("%s.choices", path),
               "%s.choices: %.0f different ones of %.0f replicas cannot be drawn", path,
               core->choices, n);
}

static void check_replicas(const struct checking *c, size_t i)
{
    check_machines(c, i);
    check_balancer(c, i);
}

/* ---- the rest of a stage ---- */

static void check_sizes(const struct checking *c, size_t i)
{
    const struct sizes_spec *sizes = stage_sizes(c->s, i);
    size_t at = SPEC_STAGES + i * sizeof(struct stage_spec) + STAGE(sizes.laws);
    for (size_t k = 0; k < (size_t)sizes->n; k++) {
        const char *path = internf("%ssize.%s", stage_path(c->s, i), sizes->laws[k].class);
        if (!sizes->laws[k].law.model && !rules_unknown(c, path))
            broken(c, path, "%s: 'distribution' is missing: the law of the work of that class",
                   path);
        rules_class_known(c, path, sizes->laws[k].class);
        rules_law(c, &sizes->laws[k].law,
                  at + k * sizeof(struct class_law) + offsetof(struct class_law, law), path);
    }
}

static void check_laws(const struct checking *c, size_t i)
{
    const struct stage_core *core = stage_core(c->s, i);
    size_t at = SPEC_STAGES + i * sizeof(struct stage_spec);
    const char *path = stage_path(c->s, i);
    rules_law(c, &core->size, at + STAGE(core.size), internf("%ssize", path));
    rules_law(c, &core->timeout, at + STAGE(core.timeout), internf("%stimeout", path));
    rules_law(c, &core->delay, at + STAGE(core.delay), internf("%sdelay", path));
    check_sizes(c, i);
}

static void check_join(const struct checking *c, size_t i)
{
    const struct stage_core *core = stage_core(c->s, i);
    const char *path = internf("%scancel", stage_path(c->s, i));
    if (isnan(core->cancel))
        return;
    if (isnan(core->join))
        broken(c, path, "%s is of 'join': what is withdrawn when enough have come", path);
    else if (isinf(core->join))
        broken(c, path, "%s: join: all waits for all of them: there is nothing to withdraw", path);
}

/* Whether a task that goes on from the stage may find no place, and holds its consumer. */
static bool hands_on_blocking(const struct scenario *s, const struct to_spec *to)
{
    size_t legs = (size_t)(to->shares + to->rules + to->copies);
    for (size_t k = 0; k < legs + (to->stage != NULL); k++) {
        size_t next = stage_find(s, to->stage ? to->stage : to->legs[k].stage);
        const struct stage *stage = next == SIZE_MAX ? NULL : &stage_core(s, next)->stage;
        const struct policy *policy = stage ? (const struct policy *)stage->when_full : NULL;
        if (policy && policy->verdict == VERDICT_PAUSE && stage_is_bounded(stage) &&
            isfinite(stage->consumers))
            return true;
    }
    return false;
}

static void check_held(const struct checking *c, size_t i)
{
    const struct discipline *d = discipline_of(c->s, i);
    const char *path = stage_path(c->s, i);
    if (!d || !d->shares)
        return;
    if (stage_calls(c->s, i)->n > 0)
        broken(c, internf("%scalls", path),
               "%scalls: consumers that are shared by %s serve all tasks at once: none of them can "
               "wait for an answer",
               path, d->model.name);
    if (hands_on_blocking(c->s, stage_to(c->s, i)))
        broken(c, internf("%sto", path),
               "%sto: consumers that are shared by %s serve all tasks at once: none of them can "
               "wait until a full buffer (when_full: pause) takes its task",
               path, d->model.name);
}

static void check_stage(const struct checking *c, size_t i)
{
    const char *path = stage_path(c->s, i);
    check_pool(c, i);
    check_replicas(c, i);
    check_laws(c, i);
    check_join(c, i);
    check_held(c, i);
    rules_trouble(c, i, path);
    rules_door(c, i, path);
    rules_again(c, i, path);
    rules_staff(c, i);
    rules_route(c, stage_to(c->s, i), internf("%sto", path));
    rules_calls(c, i, internf("%scalls", path));
}

/* ---- sources ---- */

static void check_rate(const struct checking *c, const struct arrivals *a, const char *path)
{
    if (isnan(a->rate_per_consumer) && isnan(a->utilization))
        return;
    const char *given = rules_given_rate(a);
    broken(c, internf("%s.%s", path, given),
           "%s: '%s' is of a single stage, whose consumers and sizes it counts: give 'rate'", path,
           given);
}

/* What a rule says of `arrivals`, said of the source. */
static void retell(const struct checking *c, const struct errors *told, const char *path)
{
    for (size_t i = 0; i < told->n && i < ERRORS_KEPT; i++) {
        const char *from = told->text[i], *at;
        const char *text = "";
        for (; (at = strstr(from, "arrivals")); from = at + strlen("arrivals"))
            text = internf("%s%.*s%s", text, (int)(at - from), from, path);
        text = internf("%s%s", text, from);
        const char *error = strstr(text, "error: ");
        broken(c, path, "%s", error ? error + strlen("error: ") : text);
    }
}

/* As the arrivals of a scenario of its own. */
static void check_process(const struct checking *c, size_t i, const char *path)
{
    struct scenario *alone = xmalloc(sizeof *alone);
    struct errors told = {0};
    struct checking of_it = {alone, NULL, &told};
    *alone = *c->s;
    alone->arrivals = source_arrivals(c->s, i);
    alone->sources_count = 0;
    rules_arrivals(&of_it);
    if (alone->arrivals.rate == 0)
        error_at(&told, (struct place){0}, "arrivals.rate: nothing ever comes");
    retell(c, &told, path);
    check_rate(c, &alone->arrivals, path);
    free(alone);
}

static void check_source(const struct checking *c, size_t i)
{
    const struct source_core *core = source_core(c->s, i);
    const char *path = internf("sources.%s", core->name), *class = internf("%s.class", path);
    if (!rules_unknown(c, path))
        check_process(c, i, path);
    if (core->class && strcmp(core->class, "all") == 0)
        broken(c, class, "%s: 'all' stands for the total in results: choose another name", class);
    else if (core->class)
        rules_word(c, class, core->class);
    rules_route(c, source_to(c->s, i), internf("%s.to", path));
    rules_burst(c, i, path);
    rules_client(c, source_client(c->s, i),
                 SPEC_SOURCES + i * sizeof(struct source_spec) +
                     offsetof(struct source_spec, client),
                 internf("%s.client", path));
}

/* ---- all of them ---- */

/* The short forms say nothing beside `stages` and `sources`. */
static void check_short(const struct checking *c)
{
    static const char *const of_stage[] = {"consumers",    "buffer",   "replicas",
                                           "balancer",     "outages",  "crash",
                                           "health_check", "throttle", "limit"};
    for (size_t i = 0; i < sizeof of_stage / sizeof *of_stage && c->s->stages_count > 0; i++)
        if (places_given(c->places, of_stage[i]))
            broken(c, of_stage[i],
                   "'%s' is short for that of a single stage: it cannot stand beside 'stages'; "
                   "give it to one of them (stages.%s.%s)",
                   of_stage[i], stage_core(c->s, 0)->name, of_stage[i]);
    if (c->s->sources_count > 0 && places_given(c->places, "arrivals"))
        broken(c, "arrivals",
               "'arrivals' is short for a single source: it cannot stand beside 'sources'; give "
               "its keys to one of them (sources.%s)",
               source_core(c->s, 0)->name);
    if (c->s->sources_count > 0 && places_given(c->places, "client"))
        broken(c, "client",
               "'client' is short for that of a single source: it cannot stand beside 'sources'; "
               "give it to one of them (sources.%s.client)",
               source_core(c->s, 0)->name);
}

/* Whether tasks come to the stage from a source, with nothing to carry. */
static bool is_entry(const struct stage_graph *g, uint32_t stage)
{
    for (uint32_t i = g->n; i < g->nodes; i++)
        for (uint32_t e = 0; e < g->node[i].n; e++)
            if (g->edges[g->node[i].first + e].to == stage)
                return true;
    return false;
}

bool rules_own_sizes(const struct scenario *s)
{
    struct stage_graph g = stage_graph_of(s);
    bool own = s->stages_count > 0;
    for (uint32_t i = 0; own && i < (uint32_t)s->stages_count; i++) {
        const struct stage_core *core = stage_core(s, i);
        bool carried = !isnan(core->carried);
        own = carried ? !is_entry(&g, i)
                      : core->size.model || (int)stage_sizes(s, i)->n >= scenario_classes(s);
    }
    stage_graph_free(&g);
    return own;
}

void rules_stages(const struct checking *c)
{
    const struct scenario *s = c->s;
    double stations = 0;
    check_short(c);
    for (size_t i = 0; i < (size_t)s->stages_count; i++) {
        check_stage(c, i);
        stations += stage_replicas(s, i);
    }
    for (size_t i = 0; i < (size_t)s->sources_count; i++)
        check_source(c, i);
    if (s->stages_count == 0) {
        check_replicas(c, SPEC_MAIN);
        rules_trouble(c, SPEC_MAIN, "");
        rules_door(c, SPEC_MAIN, "");
        rules_staff(c, SPEC_MAIN);
    }
    if (s->sources_count == 0)
        rules_burst(c, SPEC_MAIN_SOURCE, "arrivals");
    if (s->sources_count == 0)
        rules_client(c, source_client(s, SPEC_MAIN_SOURCE),
                     SPEC_SOURCES + SPEC_MAIN_SOURCE * sizeof(struct source_spec) +
                         offsetof(struct source_spec, client),
                     "client");
    if (scenario_is_network(s) && s->sources_count == 0)
        check_rate(c, &s->arrivals, "arrivals");
    if (stations > REPLICAS_MOST)
        broken(c, "stages", "stages: %.0f replicas of all stages together are more than %d",
               stations, REPLICAS_MOST);
    if (scenario_classes(s) > MAX_CLASSES)
        broken(c, "sources", "sources: %d classes of tasks are more than %d", scenario_classes(s),
               MAX_CLASSES);
}
