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
    const char *path; /* of consumers */
};

static const char *key(const struct staffing *x, const char *name)
{
    return internf("%s.%s", x->path, name);
}

/* Keys that change who is there; the first that is given. */
static const char *changes(const struct staff_spec *s)
{
    return !isnan(s->max)             ? "max"
           : s->setup.model           ? "setup"
           : s->vacation.model        ? "vacation"
           : s->shifts > 0            ? "schedule"
           : s->time_to_failure.model ? "failures"
                                      : NULL;
}

static bool is_paced(const struct staff_spec *s)
{
    return !isnan(s->contention) || !isnan(s->coherency);
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
    const char *changed = changes(x->staff), *said = changed ? changed : "contention";
    const bool paced = is_paced(x->staff);
    if (!d || (!changed && !paced))
        return;
    if (isinf(x->stage->consumers))
        broken(x->c, key(x, said), "%s: of unlimited consumers there are always enough",
               key(x, said));
    else if (d->before || (d->shares && changed))
        broken(x->c, key(x, said),
               "%s is not yet supported beside discipline: %s, which %s: consumers that change "
               "take one task after the other",
               key(x, said), d->model.name, d->shares ? "serves all tasks at once" : "interrupts");
    if (!(d->shares && !changed) && x->stage->resume_delay > 0)
        broken(x->c, key(x, said),
               "%s is not yet supported beside buffer.resume_delay: whoever is called in would "
               "find fewer consumers",
               key(x, said));
}

/* What takes memory is not told of them. */
static void check_bytes(const struct staffing *x)
{
    const char *changed = changes(x->staff), *said = changed ? changed : "contention";
    const struct discipline *d = stage_discipline(x->stage);
    if (x->c->s->bytes.model && d && (changed || (is_paced(x->staff) && !d->shares)))
        broken(x->c, key(x, said), "%s is not yet supported beside 'tasks.bytes'", key(x, said));
}

/* Nobody else has them, and no place there is kept for who is yet to come. */
static void check_others(const struct staffing *x)
{
    const struct scenario *s = x->c->s;
    const char *changed = changes(x->staff), *said = changed ? changed : "contention";
    if (!changed && !is_paced(x->staff))
        return;
    for (size_t k = 0; k < (size_t)s->stages_count; k++) {
        const struct stage *other = &stage_core(s, k)->stage;
        if (other->pool && x->i != SPEC_MAIN && stage_find(s, other->pool) == x->i)
            broken(x->c, key(x, said),
                   "%s is not yet supported of consumers that stages share: '%s' has them too",
                   key(x, said), stage_core(s, k)->name);
        if (other->blocks == BLOCKS_BEFORE_SERVICE)
            broken(x->c, key(x, said),
                   "%s is not yet supported beside stages with 'blocks: before-service', as '%s'",
                   key(x, said), stage_core(s, k)->name);
    }
    if (x->stage->pool)
        broken(x->c, key(x, said), "%s: the consumers are those of '%s': say it there",
               key(x, said), x->stage->pool);
}

/* What makes all consumers stand still, or slow, does not know of some that come and go. */
static void check_outages(const struct staffing *x)
{
    const struct trouble_spec *t = stage_trouble(x->c->s, x->i);
    const char *changed = changes(x->staff), *said = changed ? changed : "contention";
    const struct stage_core *core = x->i == SPEC_MAIN ? NULL : stage_core(x->c->s, x->i);
    size_t machines = core && core->machines ? stage_find(x->c->s, core->machines) : x->i;
    if ((changed || is_paced(x->staff)) && machines != SIZE_MAX &&
        crash_is_given(&stage_trouble(x->c->s, machines)->crash))
        broken(x->c, key(x, said), "%s is not yet supported on machines that fall over ('crash')",
               key(x, said));
    for (size_t k = 0; k < (size_t)t->outages_count; k++)
        if ((changed || is_paced(x->staff)) && t->outages[k].effect != OUTAGE_REJECT)
            broken(x->c, key(x, said),
                   "%s is not yet supported beside outages that pause or slow down: one that "
                   "rejects ('effect: reject') is",
                   key(x, said));
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
    check_pool(&x);
    check_kind(&x);
    check_others(&x);
    check_outages(&x);
    check_bytes(&x);
    check_laws(&x);
}
