/* The rules of the door of a stage: what its buffer takes. */
#include <string.h>

#include "balancer.h"
#include "discipline.h"
#include "drop.h"
#include "limiter.h"
#include "policy.h"
#include "process.h"
#include "rules.h"
#include "stage_graph.h"

static const struct stage *stage_at(const struct scenario *s, size_t i)
{
    return i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
}

/* Of those whose consumers they are. */
static const struct stage *owner_of(const struct scenario *s, size_t i)
{
    const struct stage *stage = stage_at(s, i);
    size_t pool = stage->pool ? stage_find(s, stage->pool) : SIZE_MAX;
    return pool == SIZE_MAX ? stage : stage_at(s, pool);
}

static void check_bytes(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const struct discipline *d = stage_discipline(owner_of(c->s, i));
    path = internf("%sbuffer.max_bytes", path);
    if (isnan(stage->max_bytes))
        return;
    if (!c->s->bytes.model && !rules_unknown(c, "tasks.bytes"))
        broken(c, path, "%s: give 'tasks.bytes', the memory that a task takes", path);
    if (d && (d->before || d->shares))
        broken(
            c, path,
            "%s: the discipline %s %s: what waits in the buffer is no number of bytes that keeps "
            "(bound it by 'capacity')",
            path, d->model.name,
            d->shares ? "serves all at once" : "puts tasks in service back into the buffer");
}

static bool pauses(const struct stage *stage)
{
    const struct policy *policy = (const struct policy *)stage->when_full;
    return policy && policy->verdict == VERDICT_PAUSE && stage_is_bounded(stage);
}

static void check_paused(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    path = internf("%sbuffer.max_paused", path);
    if (stage->max_paused < INFINITY && !pauses(stage))
        broken(c, path,
               "%s: nobody waits outside this buffer: give 'when_full: pause', and a capacity",
               path);
}

static bool sources_are_closed(const struct scenario *s)
{
    for (size_t i = 0; i < (size_t)s->sources_count; i++) {
        struct arrivals a = source_arrivals(s, i);
        if (a.process && ((const struct arrival_process *)a.process)->clients)
            return true;
    }
    const struct arrival_process *only = (const struct arrival_process *)s->arrivals.process;
    return s->sources_count == 0 && only && only->clients;
}

/* Whether tasks that come together may be waited for together. */
static bool joins_batches(const struct scenario *s)
{
    bool batches = false, joins = false;
    for (uint32_t i = 0; i < (uint32_t)s->sources_count; i++)
        batches |= stage_graph_batches(s, i);
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        joins |= !isnan(stage_core(s, i)->join);
    return joins && (batches || (s->sources_count == 0 && stage_graph_batches(s, 0)));
}

static void check_ignore(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const char *ignore = internf("%sbuffer.ignore", path);
    if (!(stage->ignore > 0))
        return;
    for (size_t k = 0; k < i && i != SPEC_MAIN; k++)
        if (stage_core(c->s, k)->stage.ignore > 0)
            broken(c, ignore, "%s: %s has tasks that come all the same, too: one stage can", ignore,
                   stage_core(c->s, k)->name);
    if (sources_are_closed(c->s))
        broken(c, ignore,
               "%s: a client of a closed source either stands still or does not: "
               "tasks that come all the same are of sources that are not closed",
               ignore);
    if (joins_batches(c->s))
        broken(c, ignore,
               "%s: a part of a batch that comes all the same is no batch that a stage could "
               "'join': leave one of them out",
               ignore);
}

static void check_marks(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const char *high = internf("%sbuffer.high_water", path);
    const char *low = internf("%sbuffer.low_water", path);
    if (isnan(stage->high_water)) {
        const double *beside[] = {&stage->low_water, &stage->ignore, &stage->signal_delay};
        static const char *const names[] = {"low_water", "ignore", "signal_delay"};
        for (int k = 0; k < 3; k++)
            if (!isnan(*beside[k]) && !rules_excused(c, high)) {
                const char *at = internf("%sbuffer.%s", path, names[k]);
                broken(c, at, "%s goes with 'high_water', which is missing", at);
            }
        return;
    }
    if (isnan(stage->low_water)) {
        if (!rules_excused(c, low))
            broken(c, high, "%s goes with 'low_water', where producers go on: it is missing", high);
        return;
    }
    if (stage->low_water >= stage->high_water)
        broken(c, low, "%s: it must be below high_water, %.0f", low, stage->high_water);
    if (c->s->sweep.mode == MODE_DRIFT)
        broken(c, high,
               "%s: in a drift the clocks of sources do not stand still: use mode: independent",
               high);
    if (isinf(owner_of(c->s, i)->consumers))
        broken(c, high, "%s: consumers without a limit let nobody wait", high);
    check_ignore(c, i, path);
}

static bool is_pooled(const struct scenario *s, size_t i)
{
    for (size_t k = 0; k < (size_t)s->stages_count; k++) {
        const char *pool = stage_core(s, k)->stage.pool;
        if (pool && (k == i || stage_find(s, pool) == i))
            return true;
    }
    return false;
}

static void check_drop(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const struct drop_rule *rule = (const struct drop_rule *)stage->drop;
    const struct discipline *d = stage_discipline(owner_of(c->s, i));
    path = internf("%sbuffer.drop", path);
    if (!rule)
        return;
    if (rule->at_turn && d && (d->before || d->shares))
        broken(c, path, "%s: %s goes by tasks whose turn comes, and the discipline %s %s", path,
               rule->model.name, d->model.name,
               d->shares ? "serves all at once" : "interrupts those in service");
    if (rule->at_turn && stage->capacity == 0)
        broken(c, path, "%s: %s takes tasks out of the buffer, and this one has no places", path,
               rule->model.name);
    if (rule->at_turn && is_pooled(c->s, i))
        broken(c, path,
               "%s: %s goes by whose turn comes in one buffer, and these consumers serve several",
               path, rule->model.name);
    if (isinf(owner_of(c->s, i)->consumers))
        broken(c, path, "%s: consumers without a limit let nobody wait", path);
    const char *wrong =
        rule->check && !rules_unknown(c, path) ? rule->check(stage->drop_params) : NULL;
    if (wrong)
        broken(c, path, "%s: %s", path, wrong);
}

static void check_throttle(const struct checking *c, size_t i, const char *path)
{
    const struct door_spec *door = &stage_core(c->s, i)->door;
    bool given = door->burst > 0 || door->per >= 0 || door->when_empty >= 0;
    if (isnan(door->rate) && given && !rules_excused(c, internf("%sthrottle.rate", path)))
        broken(c, internf("%sthrottle", path),
               "%sthrottle: 'rate' is missing: tokens per second, such as 10/s", path);
    const struct balancer *balancer = (const struct balancer *)stage_core(c->s, i)->balancer;
    if (door->rate > 0 && door->when_empty == EMPTY_DELAYS && balancer && balancer->copies)
        broken(c, internf("%sthrottle.when_empty", path),
               "%sthrottle.when_empty: copies to all replicas cannot wait for tokens one by one: "
               "throttle the stage before this one, or use reject",
               path);
    if (door->per == PER_KEY && door->rate > 0 && isnan(c->s->key.of) &&
        !rules_unknown(c, "tasks.key"))
        broken(c, internf("%sthrottle.per", path),
               "%sthrottle.per: key goes with 'tasks.key', which is missing: how many there are",
               path);
}

static void check_limit(const struct checking *c, size_t i, const char *path)
{
    const struct door_spec *door = &stage_core(c->s, i)->door;
    path = internf("%slimit", path);
    const struct limiter *limit = (const struct limiter *)door->limit;
    const char *wrong =
        limit && limit->check && !rules_unknown(c, path) ? limit->check(door->limit_params) : NULL;
    if (wrong)
        broken(c, path, "%s: %s", path, wrong);
    if (door->limit && pauses(stage_at(c->s, i)))
        broken(
            c, path,
            "%s: a limit rejects what is too much, and 'when_full: pause' keeps it waiting: leave "
            "one of them out",
            path);
}

static void check_order(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const struct discipline *d = stage_discipline(stage);
    bool patient = !scenario_impatient(c->s);
    for (size_t k = 0; k < (size_t)c->s->stages_count && patient; k++)
        patient = !stage_core(c->s, k)->timeout.model;
    if (stage->pool || !d || d->order != ORDER_DEADLINE || !patient)
        return;
    path = internf("%sconsumers.discipline", path);
    if (!rules_unknown(c, "tasks.timeout"))
        broken(c, path,
               "%s: %s goes by when tasks lose patience: give 'timeout', to some classes at least",
               path, d->model.name);
}

/* Classes with unlike shares of consumers that serve all at once: of one. */
static void check_weights(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const struct discipline *d = stage_discipline(stage);
    const struct kinds_spec *kinds = stage_kinds(c->s, i);
    bool several = stage->consumers != 1;
    for (size_t k = 0; k < (size_t)kinds->n; k++)
        several |= kinds->kinds[k].consumers > 1;
    path = internf("%sconsumers.discipline", path);
    for (size_t k = 0; k < (size_t)c->s->classes_count && d && d->shares && several; k++)
        if (c->s->classes[k].weight > 0 && c->s->classes[k].weight != 1) {
            broken(c, path,
                   "%s: %s in proportion to the weights of classes (here of '%s') is not yet "
                   "supported of several consumers: give one, which is faster (count: 1, 'speed')",
                   path, d->model.name, c->s->classes[k].name);
            return;
        }
}

void rules_door(const struct checking *c, size_t i, const char *path)
{
    check_bytes(c, i, path);
    check_paused(c, i, path);
    check_marks(c, i, path);
    check_drop(c, i, path);
    check_throttle(c, i, path);
    check_limit(c, i, path);
    check_order(c, i, path);
    check_weights(c, i, path);
}
