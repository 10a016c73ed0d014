/* The rules across rows: of what is simulated, and of the sweep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observed.h"
#include "process.h"
#include "quantiles.h"
#include "rules.h"
#include "sweep.h"

/* What gets its values from the sweep or is varied; where that leads nowhere, an unknown key. */
static struct places elsewhere(const struct scenario *s)
{
    struct places found = {0};
    struct param_ref ref;
    const char *swept = s->sweep.parameter;
    if (swept)
        places_spoil(&found, param_path(s, swept),
                     !param_find(s, swept, (struct place){0}, &ref, NULL));
    for (size_t i = 0; i < (size_t)s->vary_count; i++) {
        const char *varied = s->vary[i].path;
        places_spoil(&found, param_path(s, varied),
                     !param_find(s, varied, (struct place){0}, &ref, NULL));
    }
    return found;
}

/* Whether nothing can be said about what is at `path`, and in it. */
static bool unknown(const struct checking *c, const char *path)
{
    if (!places_any_spoilt(c->places) || places_spoilt(c->places, path))
        return places_any_spoilt(c->places);
    struct places others = elsewhere(c->s);
    bool found = places_spoilt(&others, path);
    places_free(&others);
    return found;
}

bool rules_excused(const struct checking *c, const char *path)
{
    if (unknown(c, path) || places_unsure(c->places, path))
        return true;
    struct places others = elsewhere(c->s);
    bool found = places_unsure(&others, path) && !places_spoilt(&others, path);
    places_free(&others);
    return found;
}

static const char *join(const char *path, const char *name)
{
    return *path ? internf("%s.%s", path, name) : intern(name);
}

static void check_required(const struct checking *c, struct level level, const char *path)
{
    for (struct row_walk w = rows_begin(level); rows_next(c->s, &w);) {
        const struct param *row = w.row;
        const char *inside = join(path, row->name);
        bool is_set = row_is_set(c->s, row, w.owner.base);
        if (row_is_hidden(c->s, row, w.owner))
            continue;
        if (!is_set && (row->flags & PARAM_REQUIRED)) {
            if (!rules_excused(c, inside))
                broken(c, inside, "'%s' is missing (%s)", inside, row->help);
            continue;
        }
        if (row->kind == PARAM_GROUP)
            check_required(c, level_inside(row, w.owner.base, 0), inside);
        for (size_t i = 0;
             row->kind == PARAM_LIST && row->rows && i < row_count(c->s, row, w.owner.base); i++)
            check_required(c, level_inside(row, w.owner.base, i), internf("%s.%zu", inside, i));
    }
}

/* Whether the chosen model of a slot has what it requires; its own rules rely on it. */
static bool has_required(const struct checking *c, const struct model *model, const void *params)
{
    struct errors missing = {0};
    struct checking silent = {c->s, NULL, &missing};
    size_t base = (size_t)((const char *)params - (const char *)c->s);
    if (model->rows)
        check_required(&silent, (struct level){model->rows, base}, "");
    return missing.n == 0;
}

static const char *given_rate(const struct arrivals *a)
{
    return !isnan(a->rate)                ? "rate"
           : !isnan(a->rate_per_consumer) ? "rate_per_consumer"
           : !isnan(a->utilization)       ? "utilization"
                                          : NULL;
}

static bool no_rate_is_excused(const struct checking *c)
{
    return rules_excused(c, "arrivals.rate") || rules_excused(c, "arrivals.rate_per_consumer") ||
           rules_excused(c, "arrivals.utilization");
}

static void check_arrivals(const struct checking *c)
{
    const struct arrivals *a = &c->s->arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    if (!process) {
        broken(c, "arrivals", "'arrivals.process' is missing");
        return;
    }
    const char *given = given_rate(a), *name = a->process->name;
    bool can_tell = !unknown(c, "arrivals.process");
    if (can_tell && !given && process->needs_rate && !no_rate_is_excused(c))
        broken(c, "arrivals.process",
               "arrivals: process %s needs one of 'rate', 'rate_per_consumer' and 'utilization'",
               name);
    if (can_tell && given && !process->needs_rate && !process->optional_rate)
        broken(c, join("arrivals", given),
               "arrivals: '%s' means nothing to process %s, which has its own rate: remove it",
               given, name);
    if (process->check && !unknown(c, "arrivals") && has_required(c, a->process, a->params))
        process->check(c->s, a->params, c->places, c->errors);
}

static void check_law(const struct checking *c, const struct law *law, const char *path)
{
    if (!law->model)
        return;
    if (law_model(law)->counts_only)
        broken(c, join(path, "distribution"),
               "%s: %s counts things: it is no distribution of times", path, law->model->name);
    if (!unknown(c, path) && has_required(c, law->model, law->params))
        law_check(law, path, c->places, c->errors);
}

static void check_size_law(const struct checking *c, const struct law *law, const char *path)
{
    if (law->model && scenario_brings_sizes(c->s) && !unknown(c, "arrivals.process") &&
        !unknown(c, "arrivals.sizes"))
        broken(c, path,
               "'%s' must not be given: the arrivals (%s) bring the sizes of their tasks "
               "(arrivals.sizes: law draws them in their place)",
               path, c->s->arrivals.process->name);
    check_law(c, law, path);
}

static void check_class_name(const struct checking *c, int class)
{
    const char *name = c->s->classes[class].name, *path = internf("tasks.classes.%d.name", class);
    if (!name)
        return; /* missing, which has been said */
    if (strcmp(name, "all") == 0)
        broken(c, path, "%s: 'all' stands for the total in results: choose another name", path);
    if (strpbrk(name, ",\"'. \t") || name[strspn(name, "0123456789")] == '\0')
        broken(c, path,
               "%s: '%.60s' must be one word, not a number, without commas, dots and quotes", path,
               name);
    for (int other = 0; other < class; other++)
        if (c->s->classes[other].name && strcmp(c->s->classes[other].name, name) == 0) {
            broken(c, path, "%s: '%.60s' is the name of class %d already", path, name, other);
            return;
        }
}

/* How the share of a class was written, or what the sweep gives it; NULL: nobody wrote it. */
static const char *share_text(const struct checking *c, int class)
{
    static const char *const swept[] = {"sweep.values.0", "sweep.values", "sweep.to", "sweep.from"};
    const char *path = internf("tasks.classes.%d.share", class);
    bool by_sweep = c->s->sweep.parameter && param_path(c->s, c->s->sweep.parameter) == path;
    for (size_t i = 0; by_sweep && i < sizeof swept / sizeof *swept; i++)
        if (places_text(c->places, swept[i]))
            return places_text(c->places, swept[i]);
    return places_text(c->places, path);
}

/* Shares are relative to each other: 20 beside 80% would be 25 to 1. (0.2 beside 80% is well.) */
static void check_shares(const struct checking *c, int classes)
{
    int bare = -1, percent = -1;
    for (int i = 0; i < classes; i++) {
        const char *text = share_text(c, i);
        if (text && strchr(text, '%'))
            percent = i;
        else if (text && strtod(text + strspn(text, "[ "), NULL) >= 1)
            bare = i;
    }
    if (bare >= 0 && percent >= 0)
        broken(c, internf("tasks.classes.%d.share", bare),
               "tasks.classes.%d.share %s stands beside %s: write all shares with %%, or none (a "
               "bare 1 is 100%%)",
               bare, share_text(c, bare), share_text(c, percent));
}

static void check_tasks(const struct checking *c)
{
    const struct scenario *s = c->s;
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    int classes = (int)s->classes_count, without = classes == 0;
    double shares = 0;
    check_size_law(c, &s->size, "tasks.size");
    check_law(c, &s->timeout, "tasks.timeout");
    for (int i = 0; i < classes; i++) {
        check_class_name(c, i);
        check_size_law(c, &s->classes[i].size, internf("tasks.classes.%d.size", i));
        check_law(c, &s->classes[i].timeout, internf("tasks.classes.%d.timeout", i));
        shares += s->classes[i].share;
        without += !s->classes[i].size.model;
    }
    check_shares(c, classes);
    if (classes > 0 && !(shares > 0) && !unknown(c, "tasks.classes"))
        broken(c, "tasks.classes",
               "tasks.classes: the shares sum to 0: one at least must be above");
    if (without && !s->size.model && process && !scenario_brings_sizes(s) &&
        !unknown(c, "arrivals.process") && !unknown(c, "arrivals.sizes") &&
        !unknown(c, "tasks.classes") && !rules_excused(c, "tasks.size"))
        broken(c, "tasks.size",
               "'tasks.size' is missing: the work of a task, such as "
               "{distribution: exponential, mean: 250ms}");
}

/* What only makes sense where every part is in order. */
static void check_derived(const struct checking *c)
{
    const struct scenario *s = c->s;
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    if (process->check_whole)
        process->check_whole(s, c->places, c->errors);
    if (!isnan(s->arrivals.utilization) && !isfinite(scenario_mean_size(s)))
        broken(c, "arrivals.utilization",
               "arrivals.utilization: the mean size of tasks is infinite, so no rate gives that "
               "utilization: give 'rate'");
    else if (given_rate(&s->arrivals)) {
        double rate = scenario_event_rate(s);
        if (!(rate > 0 && isfinite(rate)))
            broken(
                c, join("arrivals", given_rate(&s->arrivals)),
                "arrivals: this makes %g arrivals per second, with which nothing can be simulated",
                rate);
    }
}

/* Every rule about one column's scenario. */
static void check_column(const struct checking *c)
{
    size_t before = c->errors->n;
    check_required(c, (struct level){scenario_rows, 0}, "");
    check_arrivals(c);
    check_tasks(c);
    rules_run(c);
    if (c->errors->n > before || places_any_spoilt(c->places))
        return;
    check_derived(c);
    if (c->errors->n == before)
        rules_clock(c);
}

static bool check_sweep_value(const struct checking *c, const struct param_ref *ref,
                              const char *path, double value)
{
    char text[64], range[200];
    if (isnan(value) || param_in_range(ref, value))
        return true; /* NAN: an element that could not be read */
    unit_exact(param_unit(ref), value, text, sizeof text);
    param_range(ref, range, sizeof range);
    return broken(c, path, "%s: %s is out of range for %s: must be %s", path, text,
                  c->s->sweep.parameter, range);
}

static bool check_ends(const struct checking *c, const struct param_ref *ref)
{
    const struct sweep *sweep = &c->s->sweep;
    bool good = true;
    for (size_t i = 0; i < (size_t)sweep->values_count; i++)
        good &= check_sweep_value(c, ref, internf("sweep.values.%zu", i), sweep->values[i]);
    if (sweep->values_count > 0)
        return good;
    if (isnan(sweep->from) || isnan(sweep->to) || isnan(sweep->steps)) {
        bool is_excused = rules_excused(c, "sweep.from") || rules_excused(c, "sweep.to") ||
                          rules_excused(c, "sweep.steps") || rules_excused(c, "sweep.values");
        return !is_excused &&
               broken(c, "sweep", "sweep: give 'from', 'to' and 'steps', or 'values'");
    }
    good &= check_sweep_value(c, ref, "sweep.from", sweep->from);
    good &= check_sweep_value(c, ref, "sweep.to", sweep->to);
    if (good && sweep->scale == SCALE_LOG && !(sweep->from > 0 && sweep->to > 0))
        return broken(c, "sweep.scale", "sweep.scale: log needs 'from' and 'to' above 0");
    return good;
}

static bool check_drift(const struct checking *c, const struct param_ref *ref)
{
    if (c->s->sweep.mode != MODE_DRIFT)
        return true;
    bool good = true;
    if (!(ref->row->flags & PARAM_DRIFTS))
        good =
            broken(c, "sweep.parameter",
                   "sweep.parameter: '%s' cannot move while a run goes on: use mode: independent",
                   c->s->sweep.parameter);
    if (isnan(c->s->run.duration) && !rules_excused(c, "run.duration"))
        good = broken(c, "sweep.mode",
                      "sweep.mode: drift needs 'run.duration', the time in which the parameter "
                      "moves from end to end, and not 'run.tasks'");
    if (scenario_seeks_precision(c->s))
        good = broken(c, "run.precision",
                      "run.precision: a drift has the replications that it is given, and no more: "
                      "use mode: independent, or run.replications");
    return good;
}

/* Keys that say how to run or draw rather than what is simulated are the same in every column. */
static bool varies_by_column(const char *path)
{
    return strncmp(path, "sweep.", 6) != 0 && strncmp(path, "picture.", 8) != 0 &&
           strncmp(path, "compare.", 8) != 0 && strcmp(path, "run.replications") != 0 &&
           strncmp(path, "run.precision.", 14) != 0 && strcmp(path, "run.max_tasks") != 0;
}

/* Whether `path` may lead nowhere for an error that was told: what it is in could not be read, or
 * not the choice beside it that decides which keys there are. */
static bool leads_into_gap(const struct checking *c, const char *path)
{
    static const char *const choices[] = {"distribution", "process"};
    const char *dot = strrchr(path, '.');
    if (places_spoilt(c->places, path))
        return true;
    for (size_t i = 0; dot && i < sizeof choices / sizeof *choices; i++)
        if (places_spoilt(c->places, internf("%.*s.%s", (int)(dot - path), path, choices[i])))
            return true;
    return false;
}

/* Slices of one run: nothing else tells the columns apart. */
static bool check_time(const struct checking *c)
{
    const struct sweep *sweep = &c->s->sweep;
    bool good = true;
    if (sweep->parameter || sweep->values_count > 0 || !isnan(sweep->from) || !isnan(sweep->to))
        good =
            broken(c, sweep->parameter ? "sweep.parameter" : "sweep",
                   "sweep.mode: time has no parameter, and no values, from or to: its columns are "
                   "slices of one run; mode: drift moves a parameter through it");
    if (isnan(c->s->run.duration) && !rules_excused(c, "run.duration"))
        good = broken(c, "sweep.mode",
                      "sweep.mode: time needs 'run.duration', the time that the columns are slices "
                      "of, such as 24h, and not 'run.tasks'");
    if (good && isnan(sweep->steps) && !rules_excused(c, "sweep.steps"))
        good = broken(c, "sweep", "sweep.mode: time needs 'steps', the number of slices");
    if (scenario_seeks_precision(c->s))
        good = broken(c, "run.precision",
                      "run.precision: slices of one run have the replications that they are given, "
                      "and no more: use mode: independent, or run.replications");
    return good;
}

static bool check_sweep(const struct checking *c)
{
    const struct sweep *sweep = &c->s->sweep;
    struct param_ref ref;
    if (sweep_is_time(c->s))
        return check_time(c);
    if (!sweep->parameter) {
        if (isnan(sweep->from) && isnan(sweep->to) && sweep->values_count == 0 &&
            sweep->mode == MODE_INDEPENDENT)
            return true;
        return !rules_excused(c, "sweep.parameter") &&
               broken(c, "sweep", "sweep: 'parameter' is missing: the path of what is swept");
    }
    struct errors *told = leads_into_gap(c, sweep->parameter) ? NULL : c->errors;
    if (!param_find(c->s, sweep->parameter, places_find(c->places, "sweep.parameter"), &ref, told))
        return false;
    if (!param_is_numeric(&ref) || !varies_by_column(sweep->parameter))
        return broken(
            c, "sweep.parameter", "sweep.parameter: '%s' cannot be swept: %s", sweep->parameter,
            param_is_numeric(&ref) ? "it is the same for every column" : "it is no number");
    bool ends = check_ends(c, &ref), drift = check_drift(c, &ref);
    return ends && drift;
}

static void check_vary(const struct checking *c)
{
    for (size_t i = 0; i < (size_t)c->s->vary_count; i++) {
        const struct vary *vary = &c->s->vary[i];
        const char *path = internf("compare.vary.%s", vary->path);
        if (strncmp(vary->path, "compare.", 8) == 0) {
            broken(c, path, "compare.vary: '%s' cannot be varied", vary->path);
            continue;
        }
        if (vary->values_count == 0)
            broken(c, path, "compare.vary: no values for '%s'", vary->path);
        for (size_t k = 0; k < (size_t)vary->values_count; k++) {
            struct scenario copy = *c->s;
            struct place at = places_find(c->places, internf("%s.%zu", path, k));
            struct errors *told = leads_into_gap(c, vary->path) ? NULL : c->errors;
            if (!param_set(&copy, vary->path, vary->values[k], at, told))
                break;
        }
    }
}

bool scenario_check(const struct scenario *s, const struct places *places, struct errors *errors)
{
    size_t before = errors->n;
    struct scenario column;
    struct param_ref ref;
    struct checking c = {s, places, errors}, of_column = {&column, places, errors};
    if (places_spoilt(places, ".")) /* all of it */
        return false;
    check_vary(&c);
    rules_picture(&c);
    observed_check(s, places, errors);
    bool good = check_sweep(&c), listed = s->sweep.values_count > 0;
    if (!sweep_ref(s, &ref) || places_any_spoilt(places) || (!listed && isnan(s->sweep.from))) {
        check_column(&c);
        if (errors->n == before && sweep_is_time(s))
            rules_size(&c);
        return errors->n == before;
    }
    /* The rules hold between the ends where they hold at both; listed values are each tried. */
    uint32_t tries = !good ? 1 : listed ? sweep_columns(s) : 2;
    size_t so_far = errors->n;
    for (uint32_t i = 0; i < tries && errors->n == so_far; i++) {
        sweep_scenario_at(s, tries > 1 ? (i + (listed ? 0.5 : 0)) / (tries - !listed) : 0, &column);
        check_column(&of_column);
    }
    if (errors->n == before)
        rules_size(&c);
    return errors->n == before;
}
