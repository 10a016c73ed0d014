/* The rules of what befalls stages. */
#include "discipline.h"
#include "distribution.h"
#include "rules.h"

#define TROUBLE(f) (offsetof(struct stage_spec, trouble) + offsetof(struct trouble_spec, f))

static void check_outage(const struct checking *c, const struct outage_spec *o, size_t at,
                         const char *path)
{
    const char *end = internf("%s.for", path), *speed = internf("%s.speed", path);
    bool slow = o->effect == OUTAGE_SLOW;
    if (rules_unknown(c, path))
        return;
    if (isnan(o->at) && !o->every.model && !rules_excused(c, internf("%s.at", path)) &&
        !rules_excused(c, internf("%s.every", path)))
        broken(c, path, "%s: when? Give 'at', a time, or 'every', a law", path);
    if (!o->length.model && !rules_excused(c, end))
        broken(c, path, "%s: 'for' is missing: how long it takes", path);
    rules_law(c, &o->every, at + offsetof(struct outage_spec, every), internf("%s.every", path));
    rules_law(c, &o->length, at + offsetof(struct outage_spec, length), end);
    if (o->every.model && o->length.model && law_mean(&o->every) == 0 && law_mean(&o->length) == 0)
        broken(c, path, "%s: with 'every' and 'for' both 0 time would stand still", path);
    if (slow && isnan(o->speed) && !rules_excused(c, speed))
        broken(c, path,
               "%s: how slow? Give 'speed', as a share of the consumers' own (effect: pause is "
               "none at all)",
               path);
    if (!slow && !isnan(o->speed))
        broken(c, speed, "%s is of 'effect: slow'", speed);
}

/* Whose consumers stand still: nobody's that are another stage's. */
static void check_pool(const struct checking *c, size_t i, const struct outage_spec *o,
                       const char *path)
{
    const char *pool = i == SPEC_MAIN ? NULL : stage_core(c->s, i)->stage.pool;
    if (pool && o->effect != OUTAGE_REJECT)
        broken(c, path,
               "%s: the consumers that would %s are those of '%s': give the outage to it "
               "(stages.%s.outages), and it is of all that they serve",
               path, o->effect == OUTAGE_SLOW ? "be slow" : "stand still", pool, pool);
}

/* The tasks of a stage that are kept begin anew: one by one, and by consumers. */
static void check_kept(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = i == SPEC_MAIN ? &c->s->stage : &stage_core(c->s, i)->stage;
    size_t pool = stage->pool ? stage_find(c->s, stage->pool) : SIZE_MAX;
    const struct stage *of = pool == SIZE_MAX ? stage : &stage_core(c->s, pool)->stage;
    const struct discipline *d = stage_discipline(of);
    const char *name = i == SPEC_MAIN ? "this stage" : stage_core(c->s, i)->name, *why = NULL;
    if (isinf(of->consumers))
        why = "has consumers without end";
    else if (d && (d->before || d->shares))
        why = internf("is served by %s", d->model.name);
    else if (stage->blocks == BLOCKS_BEFORE_SERVICE)
        why = "blocks before service";
    if (why)
        broken(c, internf("%s.keeps", path),
               "%s.keeps: %s, whose tasks would be kept, %s: tasks begin anew where they are taken "
               "one by one, and not interrupted",
               path, name, why);
}

/* All stages on the machines of one. */
static void check_keeps(const struct checking *c, size_t i, const char *path)
{
    double what = stage_trouble(c->s, i)->crash.keeps;
    bool any = what == KEEPS_ALL;
    if (!(what == KEEPS_DURABLE || what == KEEPS_ALL) || rules_unknown(c, "stages"))
        return;
    for (size_t k = 0; k < (size_t)c->s->stages_count; k++) {
        const struct stage_core *core = stage_core(c->s, k);
        size_t pool = core->stage.pool ? stage_find(c->s, core->stage.pool) : k;
        const struct stage_core *of = pool == SIZE_MAX ? core : stage_core(c->s, pool);
        size_t on = of->machines ? stage_find(c->s, of->machines) : pool;
        bool durable = core->stage.durable == 1;
        if (on != i)
            continue;
        any = any || durable;
        if (what == KEEPS_ALL || durable)
            check_kept(c, k, path);
    }
    if (i == SPEC_MAIN) {
        any = any || c->s->stage.durable == 1;
        check_kept(c, i, path);
    }
    if (!any)
        broken(c, internf("%s.keeps", path),
               "%s.keeps: no buffer on these machines is durable (buffer.durable)", path);
}

/* Of machines: of a stage that has its own. */
static void check_crash(const struct checking *c, size_t i, const char *stage)
{
    const struct trouble_spec *t = stage_trouble(c->s, i);
    const struct crash_spec *crash = &t->crash;
    const char *path = internf("%scrash", stage), *health = internf("%shealth_check", stage);
    size_t at = SPEC_STAGES + i * sizeof(struct stage_spec) + TROUBLE(crash);
    bool given = crash_is_given(crash);
    const struct stage_core *core = i == SPEC_MAIN ? NULL : stage_core(c->s, i);
    const char *machines = core && core->stage.pool ? core->stage.pool
                           : core                   ? core->machines
                                                    : NULL;
    if (rules_unknown(c, path))
        return;
    if (!given && (crash->restart.model || !isnan(crash->keeps)))
        broken(c, path, "%s: what makes a replica fall over? Give 'memory', 'full_for' or 'every'",
               path);
    if (!given && !isnan(t->health_check))
        broken(c, health, "%s: here are no replicas that fall over (crash)", health);
    if (machines && (given || !isnan(t->health_check)))
        broken(c, given ? path : health,
               "%s: the machines are those of '%s': give it to that (stages.%s.%s), and it is of "
               "all that is on them",
               given ? path : health, machines, machines, given ? "crash" : "health_check");
    check_keeps(c, i, path);
    rules_law(c, &crash->every, at + offsetof(struct crash_spec, every), internf("%s.every", path));
    rules_law(c, &crash->restart, at + offsetof(struct crash_spec, restart),
              internf("%s.restart", path));
    if (crash->memory > 0 && !c->s->bytes.model && !rules_excused(c, "tasks.bytes"))
        broken(c, internf("%s.memory", path),
               "%s.memory: how much memory does a task take? Give 'tasks.bytes'", path);
    if (crash->full_for > 0 && !stage_is_bounded(core ? &core->stage : &c->s->stage))
        broken(c, internf("%s.full_for", path),
               "%s.full_for: this buffer is never full: give 'buffer.capacity' or "
               "'buffer.max_bytes'",
               path);
    if (crash->full_for > 0 && (core ? &core->stage : &c->s->stage)->capacity == 0)
        broken(c, internf("%s.full_for", path),
               "%s.full_for: this buffer has no place at all (buffer.capacity: 0), and is never "
               "anything but full: give it one",
               path);
    if (crash->every.model && law_mean(&crash->every) == 0)
        broken(c, path, "%s: with 'every' 0 it is never up", path);
}

void rules_trouble(const struct checking *c, size_t i, const char *stage)
{
    check_crash(c, i, stage);
    const struct trouble_spec *t = stage_trouble(c->s, i);
    for (size_t k = 0; k < (size_t)t->outages_count; k++) {
        const char *path = internf("%soutages.%zu", stage, k);
        size_t at = SPEC_STAGES + i * sizeof(struct stage_spec) + TROUBLE(outages);
        check_outage(c, &t->outages[k], at + k * sizeof(struct outage_spec), path);
        check_pool(c, i, &t->outages[k], path);
    }
}
