#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "../scenario/balancer.h"
#include "../scenario/distribution.h"
#include "../scenario/process.h"
#include "../scenario/stage_graph.h"
#include "../scenario/stages.h"
#include "guard.h"

/* A network that is being built: what has no size of its own yet grows. */
struct building {
    struct network *n;
    const struct scenario *s;
};

uint32_t network_find(const struct network *network, const char *name)
{
    for (uint32_t i = 0; i < network->n_stages; i++)
        if (strcmp(network->stages[i].name, name) == 0)
            return i;
    return NETWORK_EXIT;
}

/* ---- routes ---- */

static struct leg *add_leg(struct network *n, struct route *route)
{
    if ((n->n_legs & (n->n_legs - 1)) == 0)
        n->legs = xrealloc(n->legs, (n->n_legs ? 2 * (size_t)n->n_legs : 1) * sizeof *n->legs);
    struct leg *leg = &n->legs[n->n_legs++];
    *leg = (struct leg){NETWORK_EXIT, NETWORK_ANY, 1, 1};
    route->n++;
    return leg;
}

static uint32_t class_of(const struct scenario *s, const char *name)
{
    for (int i = 0; name && i < scenario_classes(s); i++)
        if (strcmp(scenario_class_name(s, i), name) == 0)
            return (uint32_t)i;
    return NETWORK_ANY;
}

static struct route route_of(const struct building *b, const struct to_spec *to)
{
    struct network *n = b->n;
    struct route route = {WAY_ONE, n->n_legs, 0};
    double until = 0;
    if (to->stage && strcmp(to->stage, "exit") != 0)
        add_leg(n, &route)->stage = network_find(n, to->stage);
    for (size_t i = 0; i < (size_t)to->shares; i++) {
        struct leg *leg = add_leg(n, &route);
        until += to->legs[i].share;
        *leg =
            (struct leg){network_find(n, to->legs[i].stage), NETWORK_ANY, to->legs[i].share, until};
    }
    for (size_t i = 0; i < (size_t)to->rules; i++) {
        struct leg *leg = add_leg(n, &route);
        route.way = WAY_RULES;
        leg->stage = network_find(n, to->legs[i].stage);
        leg->class = class_of(b->s, to->legs[i].class);
    }
    for (size_t i = 0; i < (size_t)to->copies; i++) {
        route.way = WAY_COPIES;
        add_leg(n, &route)->stage = network_find(n, to->legs[i].stage);
    }
    /* What shares leave over by a rounding error is no share. */
    if (to->shares > 0 && fabs(until - 1) < 1e-12)
        n->legs[n->n_legs - 1].until = 1;
    return route;
}

/* ---- calls ---- */

static void add_call(const struct building *b, const struct call_spec *spec)
{
    struct network *n = b->n;
    if ((n->n_calls & (n->n_calls - 1)) == 0)
        n->calls = xrealloc(n->calls, (n->n_calls ? 2 * (size_t)n->n_calls : 1) * sizeof *n->calls);
    n->calls[n->n_calls++] = (struct call){
        .stage = network_find(n, spec->stage),
        .count = isnan(spec->count) ? 1 : (uint32_t)spec->count,
        .share = isnan(spec->share) ? 1 : spec->share,
        .ignores = spec->on_failure == FAILURE_IGNORED,
        .client = client_says(&spec->client) ? &spec->client : NULL,
    };
}

static void add_steps(const struct building *b, const struct calls_spec *calls,
                      struct network_stage *stage)
{
    struct network *n = b->n;
    stage->first_step = n->n_steps;
    stage->steps = (uint32_t)calls->n;
    n->steps = xrealloc(n->steps, (n->n_steps + stage->steps) * sizeof *n->steps);
    for (size_t i = 0; i < (size_t)calls->n; i++) {
        const struct step_spec *spec = &calls->steps[i];
        struct call_step *step = &n->steps[n->n_steps++];
        *step = (struct call_step){.first = n->n_calls};
        if (spec->call.stage)
            add_call(b, &spec->call);
        for (size_t k = 0; k < (size_t)spec->branches; k++)
            add_call(b, &spec->of[k]);
        step->n = n->n_calls - step->first;
        step->need = isnan(spec->any) ? step->n : (uint32_t)spec->any;
    }
}

/* ---- stages ---- */

/* The law of the work of a class at a stage; NULL: carried. */
static const struct law *size_of(const struct scenario *s, size_t i, int class)
{
    const struct stage_core *core = stage_core(s, i);
    const struct sizes_spec *sizes = stage_sizes(s, i);
    if (!isnan(core->carried))
        return NULL;
    for (size_t k = 0; k < (size_t)sizes->n; k++)
        if (strcmp(sizes->laws[k].class, scenario_class_name(s, class)) == 0)
            return &sizes->laws[k].law;
    return core->size.model ? &core->size : scenario_size(s, class);
}

static void add_laws(const struct building *b, size_t i, struct network_stage *stage, bool single)
{
    uint32_t classes = b->n->n_classes;
    const struct stage_core *core = stage_core(b->s, i);
    bool drawn = false;
    stage->size = xcalloc(classes, sizeof *stage->size);
    stage->timeout = xcalloc(classes, sizeof *stage->timeout);
    for (uint32_t k = 0; k < classes; k++) {
        stage->size[k] = single ? scenario_size(b->s, (int)k) : size_of(b->s, i, (int)k);
        drawn = drawn || (stage->size[k] && stage->size[k]->model);
        bool own = !single && core->timeout.model;
        stage->timeout[k] = own ? &core->timeout : scenario_timeout(b->s, (int)k);
    }
    stage->delay = !single && core->delay.model ? &core->delay : NULL;
    /* Where nothing says how much work it is, it is what the tasks bring (a log's). */
    stage->carried = !drawn;
    for (uint32_t k = 0; k < classes && !drawn; k++)
        stage->size[k] = NULL;
}

/* What a list of unlike replicas says of its stations. */
static void add_kinds(const struct building *b, size_t i, const struct network_stage *stage)
{
    struct network *n = b->n;
    const struct kinds_spec *kinds = stage_kinds(b->s, i);
    uint32_t at = stage->first_station;
    for (size_t k = 0; k < (size_t)kinds->n; k++) {
        const struct kind_spec *kind = &kinds->kinds[k];
        for (double c = 0; c < kind->count; c++)
            n->kinds[at++] = (struct station_kind){
                isnan(kind->consumers) ? stage->stage->consumers : kind->consumers,
                isnan(kind->speed) ? stage->stage->speed : kind->speed};
    }
    for (; at < stage->first_station + stage->replicas; at++)
        n->kinds[at] = (struct station_kind){stage->stage->consumers, stage->stage->speed};
}

static const struct balancer *balancer_of(const struct building *b, size_t i)
{
    const struct stage_core *core = stage_core(b->s, i);
    const struct model *model = core->balancer ? core->balancer : balancer_family.models[0];
    return stage_replicas(b->s, i) > 1 ? (const struct balancer *)model : NULL;
}

static void add_stage(const struct building *b, uint32_t at, size_t i)
{
    const struct scenario *s = b->s;
    struct network *n = b->n;
    bool single = i == SPEC_MAIN;
    const struct stage_core *core = stage_core(s, i);
    struct network_stage *stage = &n->stages[at];
    stage->stage = single ? &s->stage : &core->stage;
    stage->replies = !single && core->reply == 1;
    const struct again_spec *again = stage_again(s, i);
    stage->retry = retry_says(&again->retry) ? &again->retry : NULL;
    stage->letter = again->dead_letter ? network_find(n, again->dead_letter) : NETWORK_EXIT;
    n->again |= stage->retry || again->dead_letter;
    network_add_guard(stage, &core->door);
    stage->blocks_before = stage->stage->blocks == BLOCKS_BEFORE_SERVICE;
    bool joins = !single && !isnan(core->join);
    stage->join = !joins ? 0 : isinf(core->join) ? JOIN_ALL : (uint32_t)core->join;
    stage->withdraw = single || isnan(core->cancel)   ? WITHDRAW_NEVER
                      : core->cancel == CANCEL_QUEUED ? WITHDRAW_QUEUED
                                                      : WITHDRAW_RUNNING;
    stage->pool = stage->stage->pool ? network_find(n, stage->stage->pool) : at;
    stage->priority = single || isnan(core->priority) ? 0 : core->priority;
    stage->weight = single || isnan(core->weight) ? 1 : core->weight;
    stage->machines = core->machines ? network_find(n, core->machines) : at;
    stage->first_station = n->n_stations;
    stage->replicas = (uint32_t)stage_replicas(s, i);
    n->n_stations += stage->replicas;
    stage->balancer = balancer_of(b, i);
    stage->choices = core->choices > 0 ? (uint32_t)core->choices : 0;
    stage->staff = stage_staff(s, i);
    stage->copies = stage->balancer && stage->balancer->copies;
    const struct trouble_spec *trouble = stage_trouble(s, i);
    stage->trouble = trouble_is_none(trouble) ? NULL : trouble;
    add_laws(b, i, stage, single);
    stage->to = (struct route){WAY_ONE, n->n_legs, 0};
    if (single)
        return;
    stage->to = route_of(b, stage_to(s, i));
    add_steps(b, stage_calls(s, i), stage);
}

static bool has_kinds(const struct scenario *s)
{
    bool any = stage_kinds(s, SPEC_MAIN)->n > 0;
    for (size_t i = 0; i < (size_t)s->stages_count && !any; i++)
        any = stage_kinds(s, i)->n > 0;
    return any;
}

static size_t spec_index(const struct scenario *s, uint32_t stage)
{
    return s->stages_count > 0 ? stage : SPEC_MAIN;
}

static void add_stages(const struct building *b)
{
    struct network *n = b->n;
    n->stages = xcalloc(n->n_stages, sizeof *n->stages);
    for (uint32_t i = 0; i < n->n_stages; i++)
        n->stages[i].name = scenario_place_name(b->s, (int)i);
    for (uint32_t i = 0; i < n->n_stages; i++)
        add_stage(b, i, spec_index(b->s, i));
    for (uint32_t i = 0; i < n->n_stages; i++)
        n->replies |= n->stages[i].replies;
    if (!has_kinds(b->s))
        return;
    n->kinds = xcalloc(n->n_stations, sizeof *n->kinds);
    for (uint32_t i = 0; i < n->n_stages; i++)
        add_kinds(b, spec_index(b->s, i), &n->stages[i]);
}

/* ---- sources ---- */

static void add_inlets(const struct building *b)
{
    const struct scenario *s = b->s;
    struct network *n = b->n;
    n->n_inlets = s->sources_count > 0 ? (uint32_t)s->sources_count : 1;
    n->inlets = xcalloc(n->n_inlets, sizeof *n->inlets);
    if (s->sources_count > 0)
        n->arrivals = xcalloc(n->n_inlets, sizeof *n->arrivals);
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        struct inlet *inlet = &n->inlets[i];
        bool single = s->sources_count == 0;
        int class = scenario_source_class(s, (int)i);
        inlet->name = single ? "main" : source_core(s, i)->name;
        inlet->class = class < 0 ? NETWORK_ANY : (uint32_t) class;
        inlet->client = scenario_client(s, i);
        n->replies |= inlet->client != NULL;
        inlet->arrivals = single ? &s->arrivals : &n->arrivals[i];
        if (!single) {
            n->arrivals[i] = source_arrivals(s, i);
            inlet->to = route_of(b, source_to(s, i));
        }
        if (inlet->to.n == 0) {
            inlet->to = (struct route){WAY_ONE, n->n_legs, 0};
            add_leg(n, &inlet->to)->stage = 0;
        }
    }
}

/* What follows from the shape of the whole. */
static void add_graph(struct network *n)
{
    struct stage_graph g = stage_graph_of(n->scenario);
    bool keeps = false;
    for (uint32_t i = 0; i < n->n_stages; i++)
        keeps |= n->stages[i].trouble && n->stages[i].trouble->crash.keeps > KEEPS_NOTHING;
    n->join_of = xcalloc(n->n_stages, sizeof *n->join_of);
    n->copies_join_of = xcalloc(n->n_stages, sizeof *n->copies_join_of);
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        n->inlets[i].join_of = stage_join_of(&g, g.n + i, false);
        n->inlets[i].batch_join_of = stage_batch_join_of(&g, i);
    }
    for (uint32_t i = 0; i < n->n_stages; i++) {
        n->stages[i].repeats = /* what begins anew calls again */
            stage_repeats(&g, i) || keeps || n->again;
        n->join_of[i] = stage_join_of(&g, i, false);
        n->copies_join_of[i] = stage_join_of(&g, i, true);
    }
    stage_graph_free(&g);
}

struct network *network_of(const struct scenario *s)
{
    if (!scenario_is_network(s))
        return NULL;
    struct network *n = xcalloc(1, sizeof *n);
    struct building b = {n, s};
    n->scenario = s;
    n->bytes = s->bytes.model ? &s->bytes : NULL;
    n->prefill = s->prefill.model ? &s->prefill : NULL;
    n->n_stages = (uint32_t)scenario_stages(s);
    n->n_classes = (uint32_t)scenario_classes(s);
    add_stages(&b);
    add_inlets(&b);
    add_graph(n);
    network_add_keys(n);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        n->asks |= n->inlets[i].client != NULL;
    for (uint32_t i = 0; i < n->n_calls; i++)
        n->asks |= n->calls[i].client != NULL;
    return n;
}

void network_free(struct network *n)
{
    if (!n)
        return;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        free(n->stages[i].size);
        free(n->stages[i].timeout);
    }
    network_free_keys(n);
    free(n->stages);
    free(n->inlets);
    free(n->arrivals);
    free(n->legs);
    free(n->calls);
    free(n->steps);
    free(n->kinds);
    free(n->join_of);
    free(n->copies_join_of);
    free(n);
}

/* ---- trouble ---- */

static double pace_in(const struct outage_spec *o)
{
    return o->effect == OUTAGE_REJECT ? 1 : o->effect == OUTAGE_SLOW ? o->speed : 0;
}

uint32_t network_machines(const struct network *n, uint32_t stage)
{
    return n->stages[n->stages[stage].pool].machines;
}

double network_availability(const struct network *n, uint32_t pool)
{
    const struct trouble_spec *t = n->stages[pool].trouble;
    double pace = 1;
    for (size_t i = 0; t && i < (size_t)t->outages_count; i++) {
        const struct outage_spec *o = &t->outages[i];
        double up = o->every.model ? law_mean(&o->every) : INFINITY, down = law_mean(&o->length);
        if (isfinite(up))
            pace *= isfinite(down) ? (up + down * pace_in(o)) / (up + down) : pace_in(o);
    }
    return pace;
}

bool network_is_mortal(const struct network *n, uint32_t stage)
{
    const struct trouble_spec *machine = n->stages[network_machines(n, stage)].trouble;
    return machine && crash_is_given(&machine->crash);
}

bool network_has_trouble(const struct network *n, uint32_t stage)
{
    const struct network_stage *s = &n->stages[stage];
    return s->trouble || n->stages[s->pool].trouble || network_is_mortal(n, stage);
}

bool network_is_troubled(const struct network *n, uint32_t stage)
{
    const struct trouble_spec *t = n->stages[stage].trouble;
    for (size_t i = 0; t && i < (size_t)t->outages_count; i++)
        if (t->outages[i].every.model)
            return true;
    return network_is_mortal(n, stage);
}

/* ---- streams ---- */

static bool is_main(const char *name)
{
    return strcmp(name, "main") == 0;
}

/* "size" of a class that has a law of its own. */
static const char *law_path(const struct network *n, uint32_t stage, uint32_t class,
                            const char *what)
{
    const struct scenario *s = n->scenario;
    const struct network_stage *at = &n->stages[stage];
    const char *name = scenario_class_name(s, (int)class);
    const struct law *law = strcmp(what, "size") == 0 ? at->size[class] : at->timeout[class];
    const struct law *common = strcmp(what, "size") == 0 ? &s->size : &s->timeout;
    size_t i = s->stages_count > 0 ? stage : SPEC_MAIN;
    bool own =
        law && law != common && law != &stage_core(s, i)->size && law != &stage_core(s, i)->timeout;
    if (is_main(at->name))
        return own ? internf("tasks.classes.%s.%s", name, what) : internf("tasks.%s", what);
    return own ? internf("stages.%s.%s.%s", at->name, what, name)
               : internf("stages.%s.%s", at->name, what);
}

const char *network_stream_path(const struct network *n, uint32_t stage, uint32_t inlet,
                                uint32_t class, const char *what)
{
    const char *source = n->inlets[inlet].name, *path;
    if (stage == NETWORK_EXIT) /* of the source itself */
        return process_path(is_main(source) ? NULL : source,
                            strcmp(what, "classes") == 0 ? "tasks.classes" : what);
    bool by_class = strcmp(what, "size") == 0 || strcmp(what, "timeout") == 0;
    path = by_class && class < n->n_classes ? law_path(n, stage, class, what)
                                            : internf("stages.%s.%s", n->stages[stage].name, what);
    return is_main(source) ? path : internf("%s@%s", path, source);
}

/* The finalizer of Murmur 3 (Appleby 2011), of words in a row. */
static uint32_t mixed(uint32_t h, uint32_t word)
{
    h = (h ^ word) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

uint32_t network_attempt_turns(uint32_t of, uint32_t call, uint32_t turn, uint32_t k)
{
    if (k == 0)
        return of;
    return mixed(mixed(mixed(mixed(0x9e3779b9u, of), call), turn), k) | 0x80000000u;
}
