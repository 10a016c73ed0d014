/* The rules of what a stage says of its consumers (staff.h). */
#include "discipline.h"
#include "distribution.h"
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
    bool batches;      /* they serve several at once */
    const char *said;  /* the key that says so; NULL: neither */
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

/* One of them alone. */
static void check_one(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    const struct {
        const char *name;
        bool given;
    } all[] = {{"max", !isnan(s->max)},
               {"setup", s->setup.model != NULL},
               {"vacation", s->vacation.model != NULL},
               {"schedule", s->shifts > 0},
               {"failures", s->time_to_failure.model || s->repair_time.model},
               {"batch", x->batches},
               {"contention", x->batches && x->paced}};
    const char *first = NULL;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        if (all[k].given && first)
            broken(x->c, key(x, all[k].name), "%s is not yet supported beside '%s'",
                   key(x, all[k].name), first);
        else if (all[k].given)
            first = all[k].name;
    }
}

static void check_shifts(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    double most = 0;
    for (size_t k = 0; k < (size_t)s->shifts; k++) {
        const char *path = internf("%s.%zu.until", key(x, "schedule"), k);
        most = fmax(most, s->shift[k].count);
        if (k > 0 && s->shift[k].until <= s->shift[k - 1].until && !rules_unknown(x->c, path))
            broken(x->c, path, "%s must be later than that of the piece before", path);
    }
    if (!isnan(s->repeat) && s->shifts == 0)
        broken(x->c, key(x, "repeat"), "%s is of 'schedule'", key(x, "repeat"));
    if (s->shifts > 0 &&
        (most == 0 || (s->repeat != 1 && s->shift[(size_t)s->shifts - 1].count == 0)))
        broken(x->c, key(x, "schedule"), "%s: from some time on there is no consumer for ever",
               key(x, "schedule"));
    if (s->shifts > 0 && places_given(x->c->places, key(x, "count")))
        broken(x->c, key(x, "count"), "%s: the schedule says how many there are: leave it out",
               key(x, "count"));
}

/* What would never be done, or go on for ever at one moment. */
static void check_times(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    const bool failures = s->time_to_failure.model || s->repair_time.model;
    const char *one = internf("%s.time_to_failure", key(x, "failures"));
    if (failures && !(s->time_to_failure.model && s->repair_time.model) &&
        !rules_excused(x->c, key(x, "failures")))
        broken(x->c, key(x, "failures"), "%s: give both 'time_to_failure' and 'repair_time'",
               key(x, "failures"));
    if (!failures && (!isnan(s->failed) || !isnan(s->fails)))
        broken(x->c, key(x, "failures"), "%s: give 'time_to_failure' and 'repair_time'",
               key(x, "failures"));
    if (s->time_to_failure.model && law_mean(&s->time_to_failure) == 0)
        broken(x->c, one, "%s: a consumer that fails at once does nothing", one);
    if (s->vacation.model && law_mean(&s->vacation) == 0)
        broken(x->c, key(x, "vacation"), "%s: with vacations of 0 time would stand still",
               key(x, "vacation"));
    const char *away = s->setup.model ? "setup" : s->vacation.model ? "vacation" : NULL;
    if (away && x->stage->capacity == 0)
        broken(x->c, key(x, away),
               "%s: nobody ever waits for a consumer that is %s, for the buffer has no place: give "
               "it one (buffer.capacity)",
               key(x, away), s->setup.model ? "off" : "away");
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
        if (k == 2 && s->setup.model)
            continue; /* keep_alive: of those too */
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

static void check_step(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    const char *path = key(x, "step");
    const bool steps = staff_steps(s);
    const bool memory = !isnan(s->step_memory) || !isnan(s->step_beyond);
    if (!steps && memory && !rules_excused(x->c, path))
        broken(x->c, path, "%s: give 'base', what an iteration takes, 'each', or both", path);
    if (steps && !(s->step_base > 0) && !(s->step_each > 0))
        broken(x->c, path, "%s: with iterations of 0 time would stand still", path);
    if (steps && (!isnan(s->batch_wait) || !isnan(s->batch_at_least)))
        broken(x->c, path,
               "%s: tasks join between iterations, and no batch is waited for: leave "
               "'batch.wait' and 'batch.at_least' out",
               path);
    if (!isnan(s->step_beyond) && isnan(s->step_memory) &&
        !rules_excused(x->c, key(x, "step.memory")))
        broken(x->c, key(x, "step.refuse_beyond"), "%s: of how much? Give 'memory'",
               key(x, "step.refuse_beyond"));
    if (!isnan(s->step_memory) && !x->c->s->bytes.model && !rules_excused(x->c, "tasks.bytes"))
        broken(x->c, key(x, "step.memory"),
               "%s: how much memory does a task take? Give 'tasks.bytes'", key(x, "step.memory"));
}

static void check_batch(const struct staffing *x)
{
    const struct staff_spec *s = x->staff;
    const char *path = key(x, "batch"), *least = key(x, "batch.at_least");
    if (!x->batches)
        return;
    check_step(x);
    if (isnan(s->batch_max)) {
        const bool batch = !isnan(s->batch_wait) || !isnan(s->batch_at_least);
        const char *at = batch ? path : key(x, "step");
        if (!rules_excused(x->c, key(x, "batch.max")))
            broken(x->c, at, "%s: give '%s', how many tasks a consumer serves at once", at,
                   batch ? "max" : "batch.max");
        return;
    }
    if (s->batch_at_least > s->batch_max)
        broken(x->c, least, "%s: no more than max (%.0f) are in a batch", least, s->batch_max);
    if (x->stage->consumers * s->batch_max > 1e7 && isfinite(x->stage->consumers))
        broken(x->c, key(x, "batch.max"),
               "%s: %.0f consumers of %.0f tasks each are more than 10 million", path,
               x->stage->consumers, s->batch_max);
    if (isnan(s->batch_wait) && x->stage->capacity + 1 < s->batch_at_least)
        broken(x->c, least,
               "%s: the buffer has no place for those who wait until so many are there: give it "
               "more (buffer.capacity)",
               least);
    if (!isnan(s->batch_wait) && x->stage->capacity == 0)
        broken(x->c, key(x, "batch.wait"),
               "%s: nobody waits for a batch, for the buffer has no place: give it one "
               "(buffer.capacity)",
               key(x, "batch.wait"));
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
    else if (d->before || (d->shares && (x->grows || x->batches)))
        broken(x->c, key(x, x->said),
               "%s is not yet supported beside discipline: %s, which %s: such consumers take one "
               "task, or batch, after the other",
               key(x, x->said), d->model.name,
               d->shares ? "serves all tasks at once" : "interrupts");
    if (!(d->shares && !x->grows && !x->batches) && x->stage->resume_delay > 0)
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

/* The longest that a law gives, to within 1e-9 of it; INFINITY: it has no end that is anywhere near
 * its mean. */
static double longest_of(const struct law *law)
{
    double low = law_mean(law), high = 16 * low;
    if (!(law_above(law, high) == 0)) /* of exponential ones it is 1e-7 there */
        return INFINITY;
    while (high - low > 1e-9 * high) {
        double middle = (low + high) / 2;
        *(law_above(law, middle) > 0 ? &low : &high) = middle;
    }
    return high;
}

/* A task that begins anew with each failure must come to its end between two of them. */
static void check_restarts(const struct staffing *x)
{
    const struct scenario *s = x->c->s;
    const struct staff_spec *staff = x->staff;
    const struct stage_core *core = x->i == SPEC_MAIN ? NULL : stage_core(s, x->i);
    const char *path = key(x, "failures.task");
    if (staff->failed != FAILED_RESTARTS || !staff->time_to_failure.model)
        return;
    const double longest = longest_of(&staff->time_to_failure);
    bool lasts = core && core->size.model && law_above(&core->size, longest * x->stage->speed) > 0;
    for (size_t k = 0; core && k < (size_t)stage_sizes(s, x->i)->n; k++)
        lasts |= law_above(&stage_sizes(s, x->i)->laws[k].law, longest * x->stage->speed) > 0;
    for (int c = 0; c < scenario_classes(s) && !(core && core->size.model); c++)
        lasts |= scenario_size(s, c)->model &&
                 law_above(scenario_size(s, c), longest * x->stage->speed) > 0;
    if (lasts)
        broken(x->c, path,
               "%s: a consumer fails after %g s at the latest, and a task that takes longer would "
               "begin anew for ever: resume, or lose it",
               path, longest);
}

static void check_laws(const struct staffing *x)
{
    const size_t at = SPEC_STAGES + x->i * sizeof(struct stage_spec);
    const struct staff_spec *s = x->staff;
    rules_law(x->c, &s->start_delay, at + STAGE(staff.start_delay), key(x, "start_delay"));
    rules_law(x->c, &s->keep_alive, at + STAGE(staff.keep_alive), key(x, "keep_alive"));
    rules_law(x->c, &s->setup, at + STAGE(staff.setup), key(x, "setup"));
    rules_law(x->c, &s->vacation, at + STAGE(staff.vacation), key(x, "vacation"));
    rules_law(x->c, &s->time_to_failure, at + STAGE(staff.time_to_failure),
              internf("%s.time_to_failure", key(x, "failures")));
    rules_law(x->c, &s->repair_time, at + STAGE(staff.repair_time),
              internf("%s.repair_time", key(x, "failures")));
}

void rules_staff(const struct checking *c, size_t i)
{
    const struct scenario *s = c->s;
    struct staffing x = {.c = c, .i = i, .staff = stage_staff(s, i)};
    x.stage = i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
    x.path = i == SPEC_MAIN ? "consumers" : internf("stages.%s.consumers", stage_core(s, i)->name);
    if (x.stage->consumers == 0 && !(x.staff && (x.staff->max > 0 || x.staff->shifts > 0)))
        broken(c, key(&x, "count"),
               "%s: 0 is out of range: must be at least 1, but where more can be added ('max')",
               key(&x, "count"));
    if (!x.staff)
        return;
    const char *grows = changes(x.staff);
    x.grows = grows != NULL;
    x.paced = !isnan(x.staff->contention) || !isnan(x.staff->coherency);
    x.batches = !isnan(x.staff->batch_max) || !isnan(x.staff->batch_wait) ||
                !isnan(x.staff->batch_at_least) || !isnan(x.staff->step_base) ||
                !isnan(x.staff->step_each) || !isnan(x.staff->step_memory) ||
                !isnan(x.staff->step_beyond);
    x.said = x.grows                       ? grows
             : x.batches                   ? "batch"
             : !isnan(x.staff->contention) ? "contention"
             : !isnan(x.staff->coherency)  ? "coherency"
                                           : NULL;
    check_one(&x);
    check_pool(&x);
    check_batch(&x);
    check_shifts(&x);
    check_times(&x);
    check_kind(&x);
    check_others(&x);
    check_outages(&x);
    check_bytes(&x);
    check_laws(&x);
    check_restarts(&x);
}
