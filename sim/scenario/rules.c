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
bool rules_unknown(const struct checking *c, const char *path)
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
    if (rules_unknown(c, path) || places_unsure(c->places, path))
        return true;
    struct places others = elsewhere(c->s);
    bool found = places_unsure(&others, path) && !places_spoilt(&others, path);
    places_free(&others);
    return found;
}

void rules_required(const struct checking *c, struct level level, const char *path)
{
    for (struct row_walk w = rows_begin(level); rows_next(c->s, &w);) {
        const struct param *row = w.row;
        const char *inside = row_path(path, row);
        bool is_set = row_is_set(c->s, row, w.owner.base);
        if (row_is_hidden(c->s, row, w.owner))
            continue;
        if (!is_set && (row->flags & PARAM_REQUIRED)) {
            if (!rules_excused(c, inside))
                broken(c, inside, "'%s' is missing (%s)", inside, row->help);
            continue;
        }
        if (row->kind == PARAM_GROUP)
            rules_required(c, level_inside(row, w.owner.base, 0), inside);
        for (size_t i = 0;
             row->kind == PARAM_LIST && row->rows && i < row_count(c->s, row, w.owner.base); i++)
            rules_required(c, level_inside(row, w.owner.base, i),
                           internf("%s.%s", inside, row_element(c->s, row, w.owner.base, i)));
    }
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
    else if (rules_given_rate(&s->arrivals)) {
        double rate = scenario_event_rate(s);
        if (!(rate > 0 && isfinite(rate)))
            broken(
                c, internf("arrivals.%s", rules_given_rate(&s->arrivals)),
                "arrivals: this makes %g arrivals per second, with which nothing can be simulated",
                rate);
    }
}

/* Every rule about one column's scenario. */
static void check_column(const struct checking *c)
{
    size_t before = c->errors->n;
    rules_required(c, (struct level){scenario_rows, 0}, "");
    if (c->s->sources_count == 0)
        rules_arrivals(c);
    rules_tasks(c);
    rules_stages(c);
    rules_run(c);
    if (c->errors->n > before || places_any_spoilt(c->places))
        return;
    if (scenario_is_network(c->s)) {
        rules_graph(c);
        if (c->errors->n == before)
            rules_clock(c);
        return;
    }
    check_derived(c);
    if (c->errors->n == before)
        rules_clock(c);
}

static bool check_sweep_value(const struct checking *c, const struct param_ref *ref,
                              const char *path, double value)
{
    char text[64], range[200];
    if (isnan(value) || param_may_be(ref, value))
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
           strncmp(path, "run.precision.", 14) != 0 && strcmp(path, "run.max_tasks") != 0 &&
           strcmp(path, "run.windows") != 0;
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

/* Of how long it takes and how much it is: they ask models and laws, all of which must be there. */
static void rules_whole(const struct checking *c, size_t before, bool sized)
{
    if (c->errors->n > before || places_any_spoilt(c->places))
        return;
    if (sized)
        rules_size(c);
    rules_windows(c);
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
        rules_whole(&c, before, sweep_is_time(s));
        return errors->n == before;
    }
    /* The rules hold between the ends where they hold at both; listed values are each tried. */
    uint32_t tries = !good ? 1 : listed ? sweep_columns(s) : 2;
    size_t so_far = errors->n;
    for (uint32_t i = 0; i < tries && errors->n == so_far; i++) {
        sweep_scenario_at(s, tries > 1 ? (i + (listed ? 0.5 : 0)) / (tries - !listed) : 0, &column);
        check_column(&of_column);
    }
    rules_whole(&c, before, true);
    return errors->n == before;
}
