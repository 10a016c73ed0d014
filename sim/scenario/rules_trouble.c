/* The rules of what befalls stages. */
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

void rules_trouble(const struct checking *c, size_t i, const char *stage)
{
    const struct trouble_spec *t = stage_trouble(c->s, i);
    for (size_t k = 0; k < (size_t)t->outages_count; k++) {
        const char *path = internf("%soutages.%zu", stage, k);
        size_t at = SPEC_STAGES + i * sizeof(struct stage_spec) + TROUBLE(outages);
        check_outage(c, &t->outages[k], at + k * sizeof(struct outage_spec), path);
        check_pool(c, i, &t->outages[k], path);
    }
}
