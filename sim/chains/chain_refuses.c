/* Which networks are chains. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/trial.h"
#include "../scenario/discipline.h"
#include "../scenario/stages.h"
#include "../scenario/sweep.h"
#include "chain.h"

enum { MOST_CONSUMERS = 4096 };

/* Where everything goes that is done; false: that depends. */
static bool certain(const struct network *n, const struct route *route, uint32_t *next)
{
    const struct leg *first = &n->legs[route->first];
    *next = route->n > 0 ? first->stage : NETWORK_EXIT;
    if (route->n == 0)
        return true;
    if (route->way == WAY_RULES)
        return first->class == NETWORK_ANY;
    return route->way == WAY_ONE && route->n == 1 && (first->until >= 1 || *next == NETWORK_EXIT);
}

bool chain_order(const struct network *n, uint32_t *order)
{
    uint32_t next, first = NETWORK_EXIT, found = 0;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        if (!certain(n, &n->inlets[i].to, &next) || (i > 0 && next != first))
            return false;
        first = next;
    }
    for (next = first; next != NETWORK_EXIT && found < n->n_stages;) {
        const uint32_t stage = next;
        order[found++] = stage;
        if (!certain(n, &n->stages[stage].to, &next))
            return false;
    }
    return next == NETWORK_EXIT && found == n->n_stages;
}

static bool is_patient(const struct network *n, const struct network_stage *s)
{
    for (uint32_t class = 0; class < n->n_classes; class ++)
        if (s->timeout[class])
            return false;
    return true;
}

/* What is new in the language is refused until somebody has thought of it here: keys of a stage's
 * core without a line here (knows_all), further parts of a stage, and all that a source is. */
#define PARTS_END(type, member) (offsetof(struct type, member) + sizeof((struct type *)0)->member)
_Static_assert(PARTS_END(stage_spec, again) == sizeof(struct stage_spec), "refused, or done");
_Static_assert(PARTS_END(source_core, class) == sizeof(struct source_core), "refused, or done");
_Static_assert(PARTS_END(source_spec, burst) == sizeof(struct source_spec), "refused, or done");
_Static_assert(PARTS_END(inlet, client) == sizeof(struct inlet), "refused, or done");

static bool knows_all(const struct scenario *s, uint32_t stage)
{
    const struct stage_core *core = stage_core(s, s->stages_count > 0 ? stage : SPEC_MAIN);
    struct stage_core known;
    memcpy(&known, stage_core(s, SPEC_MAIN), sizeof known); /* it says nothing */
    known.stage = s->stage;                                 /* nor does that, beside stages */
    known.name = core->name;
    known.stage.consumers = core->stage.consumers;
    known.stage.speed = core->stage.speed;
    known.stage.discipline = core->stage.discipline;
    known.stage.capacity = core->stage.capacity;
    known.stage.when_full = core->stage.when_full;
    known.stage.resume_delay = core->stage.resume_delay;
    known.stage.blocks = core->stage.blocks;
    known.stage.pool = core->stage.pool;
    known.stage.max_bytes = core->stage.max_bytes;
    known.size = core->size;
    known.carried = core->carried;
    known.timeout = core->timeout;
    known.delay = core->delay;
    known.reply = core->reply;
    known.join = core->join;
    known.cancel = core->cancel;
    known.priority = core->priority;
    known.weight = core->weight;
    known.replicas = core->replicas;
    known.machines = core->machines;
    known.balancer = core->balancer;
    known.choices = core->choices;
    return same_bits(&known, core, sizeof known);
}

/* Why a stage is none of a chain's; NULL: it is one. */
static const char *stage_refuses(const struct network *n, uint32_t stage)
{
    const struct network_stage *s = &n->stages[stage];
    const char *at = s->name;
    if (s->steps > 0)
        return internf("the lanes engine makes no calls (stages.%s.calls); 'events' does", at);
    if (s->join || s->copies || s->to.way == WAY_COPIES)
        return internf("the lanes engine makes and joins no copies (stages.%s); 'events' does", at);
    if (s->replicas > 1 || n->kinds || s->machines != stage)
        return internf("in the lanes engine a stage of a network is one station (stages.%s."
                       "replicas); 'events' has many",
                       at);
    if (s->pool != stage)
        return internf("in the lanes engine the stages of a network have consumers of their own "
                       "(stages.%s.consumers); 'events' shares them",
                       at);
    if (s->replies)
        return internf("the lanes engine has answers at the end of the way only (stages.%s.reply); "
                       "'events' has them anywhere",
                       at);
    if (s->trouble)
        return internf("nothing befalls the stages of the lanes engine (stages.%s.outages); in "
                       "'events' it does",
                       at);
    if (s->staff)
        return internf("the lanes engine has as many consumers as it has, and always as fast "
                       "(stages.%s.consumers); 'events' has others",
                       at);
    if (s->blocks_before)
        return internf("in the lanes engine nobody reserves a place (stages.%s.consumers.blocks); "
                       "in 'events' they may",
                       at);
    if (s->guard != GUARD_NONE || !knows_all(n->scenario, stage))
        return internf("stages.%s has keys that the lanes engine does not know; 'events' does", at);
    if (s->delay)
        return internf("the lanes engine delays no tasks (stages.%s.delay); 'events' does", at);
    if (!stage_discipline(s->stage)->by_arrival)
        return internf("the lanes engine serves in order of arrival only (stages.%s.consumers."
                       "discipline); 'events' has all disciplines",
                       at);
    if (stage_is_bounded(s->stage))
        return internf("in the lanes engine the buffers of a network have no limit (stages.%s."
                       "buffer); in 'events' they may",
                       at);
    if (!is_patient(n, s))
        return internf("in the lanes engine the tasks of a network lose no patience (stages.%s."
                       "timeout, tasks.timeout); in 'events' they may",
                       at);
    if (!(s->stage->consumers <= MOST_CONSUMERS))
        return internf("in the lanes engine a stage of a network has at most %d consumers (stages."
                       "%s.consumers.count); in 'events' any number",
                       MOST_CONSUMERS, at);
    return NULL;
}

static const char *network_refuses(const struct network *n)
{
    uint32_t *order = xcalloc(n->n_stages, sizeof *order);
    const bool in_a_row = chain_order(n, order);
    const char *why =
        n->bytes ? "the lanes engine follows no memory (tasks.bytes); 'events' does" : NULL;
    free(order);
    if (n->asks)
        return "in the lanes engine whoever asks only waits (client, and its keys in calls); in "
               "'events' clients give up and try again";
    for (uint32_t stage = 0; stage < n->n_stages && !why; stage++)
        why = stage_refuses(n, stage);
    if (why || in_a_row)
        return why;
    return "the lanes engine runs networks whose stages are a row only: every task goes through "
           "all of them, in one order (sources, stages, to); 'events' follows any way";
}

/* The same stages and sources: what is not, may be another network. */
static bool same_stages(const struct scenario *a, const struct scenario *b)
{
    return memcmp(a->stages, b->stages, sizeof a->stages) == 0 &&
           memcmp(a->sources, b->sources, sizeof a->sources) == 0;
}

const char *chain_refuses(const struct scenario *s)
{
    if (!scenario_is_network(s))
        return "it runs networks";
    if (scenario_records_queue(s))
        return "the lanes engine goes from stage to stage and does not follow the number waiting "
               "(picture.measure: queue); 'events' records it";
    if (!isnan(s->run.windows))
        return "the lanes engine goes from stage to stage and does not go by the clock "
               "(run.windows); 'events' does";
    if (process_clients(s) > 0)
        return "the lanes engine goes from stage to stage, and the next task of a closed source "
               "(arrivals.process) is known only when tasks have left: 'events' waits for that";
    if (scenario_bursts(s))
        return "in the lanes engine tasks come as their process has it, and none is there at time "
               "0 "
               "(arrivals.trigger, arrivals.initial); 'events' has bursts";
    const char *why = NULL;
    struct scenario *at = xmalloc(2 * sizeof *at), *before = at + 1;
    for (uint32_t column = 0; column < sweep_columns(s) && !why; column++) {
        sweep_scenario(s, column, at);
        if (column == 0 || !same_stages(at, before)) {
            struct network *n = network_of(at);
            why = network_refuses(n);
            network_free(n);
        }
        *before = *at;
    }
    free(at);
    return why;
}
