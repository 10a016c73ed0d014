/* The rules of what a stage says of its consumers (staff.h). */
#include "discipline.h"
#include "policy.h"
#include "rules.h"
#include "stage_graph.h"

#define STAGE(f) offsetof(struct stage_spec, f)

struct staffing {
    const struct checking *c;
    size_t i;
    const struct stage *stage;
    const struct staff_spec *staff;
    const char *path;  /* of consumers */
    bool grows, paced; /* who is there changes; their pace does */
    const char *said;  /* the key that says so; NULL: neither */
};

static const char *key(const struct staffing *x, const char *name)
{
    return internf("%s.%s", x->path, name);
}

static void check_pool(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    const struct {
        const char *name;
        bool given;
    } of_max[] = {{"grow", !isnan(s->grow)},
                  {"start_delay", s->start_delay.model != NULL},
                  {"keep_alive", s->keep_alive.model != NULL}};
    for (size_t k = 0; k < sizeof of_max / sizeof *of_max && isnan(s->max); k++) {
        const char *path = key(x, of_max[k].name);
        if (of_max[k].given && !rules_excused(x->c, key(x, "max")))
            broken(x->c, path, "%s is of consumers that are added when they are needed: give 'max'",
                   path);
    }
    if (!isnan(s->max) && s->max < x->stage->consumers)
        broken(x->c, key(x, "max"),
               "%s: there can be no fewer consumers (%.0f) than there always are (count: %s)",
               key(x, "max"), s->max,
               isinf(x->stage->consumers) ? "unlimited" : internf("%.0f", x->stage->consumers));
}

/* Who serves all at once, or interrupts, or is another stage's, has none that come and go. */
static void check_kind(const struct staffing *x)
{
    const struct discipline *d = stage_discipline(x->stage);
    if (!d || !x->said)
        return;
    if (isinf(x->stage->consumers))
        broken(x->c, key(x, x->said), "%s: of unlimited consumers there are always enough",
               key(x, x->said));
    else if (d->before || (d->shares && x->grows))
        broken(x->c, key(x, x->said),
               "%s is not yet supported beside discipline: %s, which %s: consumers that change "
               "take one task after the other",
               key(x, x->said), d->model.name,
               d->shares ? "serves all tasks at once" : "interrupts");
    if (!(d->shares && !x->grows) && x->stage->resume_delay > 0)
        broken(x->c, key(x, x->said),
               "%s is not yet supported beside buffer.resume_delay: whoever is called in would "
               "find fewer consumers",
               key(x, x->said));
}

/* What takes memory is not told of them. */
static void check_bytes(const struct staffing *x)
{
    const struct discipline *d = stage_discipline(x->stage);
    if (x->c->s->bytes.model && d && (x->grows || (x->paced && !d->shares)))
        broken(x->c, key(x, x->said), "%s is not yet supported beside 'tasks.bytes'",
               key(x, x->said));
}

/* Nobody else has them, and no place there is kept for who is yet to come. */
static void check_others(const struct staffing *x)
{
    const struct scenario *s = x->c->s;
    if (!x->said)
        return;
    for (size_t k = 0; k < (size_t)s->stages_count; k++) {
        const struct stage *other = &stage_core(s, k)->stage;
        if (other->pool && x->i != SPEC_MAIN && stage_find(s, other->pool) == x->i)
            broken(x->c, key(x, x->said),
                   "%s is not yet supported of consumers that stages share: '%s' has them too",
                   key(x, x->said), stage_core(s, k)->name);
        if (other->blocks == BLOCKS_BEFORE_SERVICE)
            broken(x->c, key(x, x->said),
                   "%s is not yet supported beside stages with 'blocks: before-service', as '%s'",
                   key(x, x->said), stage_core(s, k)->name);
    }
    if (x->stage->pool)
        broken(x->c, key(x, x->said), "%s: the consumers are those of '%s': say it there",
               key(x, x->said), x->stage->pool);
}

/* What makes all consumers stand still, or slow, does not know of some that come and go. */
static void check_outages(const struct staffing *x)
{
    const struct trouble_spec *t = stage_trouble(x->c->s, x->i);
    const struct stage_core *core = x->i == SPEC_MAIN ? NULL : stage_core(x->c->s, x->i);
    size_t machines = core && core->machines ? stage_find(x->c->s, core->machines) : x->i;
    if (!x->said)
        return;
    if (machines != SIZE_MAX && crash_is_given(&stage_trouble(x->c->s, machines)->crash))
        broken(x->c, key(x, x->said),
               "%s is not yet supported on machines that fall over ('crash')", key(x, x->said));
    for (size_t k = 0; k < (size_t)t->outages_count; k++)
        if (t->outages[k].effect != OUTAGE_REJECT)
            broken(x->c, key(x, x->said),
                   "%s is not yet supported beside outages that pause or slow down: one that "
                   "rejects ('effect: reject') is",
                   key(x, x->said));
}

static void check_laws(const struct staffing *x)
{
    const size_t at = SPEC_STAGES + x->i * sizeof(struct stage_spec);
    const struct staff_spec *s = x->staff;
    rules_law(x->c, &s->start_delay, at + STAGE(staff.start_delay), key(x, "start_delay"));
    rules_law(x->c, &s->keep_alive, at + STAGE(staff.keep_alive), key(x, "keep_alive"));
}

void rules_staff(const struct checking *c, size_t i)
{
    const struct scenario *s = c->s;
    struct staffing x = {.c = c, .i = i, .staff = stage_staff(s, i)};
    x.stage = i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
    x.path = i == SPEC_MAIN ? "consumers" : internf("stages.%s.consumers", stage_core(s, i)->name);
    if (x.stage->consumers == 0 && !(x.staff && x.staff->max > 0))
        broken(c, key(&x, "count"),
               "%s: 0 is out of range: must be at least 1, but where more can be added ('max')",
               key(&x, "count"));
    if (!x.staff)
        return;
    x.grows = !isnan(x.staff->max);
    x.paced = !isnan(x.staff->contention) || !isnan(x.staff->coherency);
    x.said = x.grows                       ? "max"
             : !isnan(x.staff->contention) ? "contention"
             : !isnan(x.staff->coherency)  ? "coherency"
                                           : NULL;
    check_pool(&x);
    check_kind(&x);
    check_others(&x);
    check_outages(&x);
    check_bytes(&x);
    check_laws(&x);
}
