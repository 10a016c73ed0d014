#include "question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/png.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/process.h"
#include "../../sim/scenario/sweep.h"
#include "outside.h"

#define CONFIDENCE 0.95
#define MAX_TASKS  3e8

static const char default_vary[] = "consumers.count=1..64";

static bool take_spans(const struct options *o, struct scenario *s, struct places *places,
                       struct question *out, struct errors *errors)
{
    bool good = true;
    for (int i = 0; i < (o->n_vary ? o->n_vary : 1); i++) {
        const char *argument = o->n_vary ? o->vary[i] : default_vary, *path;
        struct place at;
        const char *text = options_split("--vary", argument, &path, &at, errors);
        if (!text) {
            good = false;
            continue;
        }
        if (i == SPANS)
            return error_at(errors, at, "at most %d keys can be varied at once", SPANS);
        for (size_t k = 0; k < out->n_spans; k++)
            if (param_path(s, out->spans[k].path) == param_path(s, path))
                return error_at(errors, at, "'%s' is varied twice", path);
        if (span_parse(s, path, text, at, &out->spans[out->n_spans], errors))
            out->n_spans++;
        else
            good = false;
        places_add_text(places, param_path(s, path), at, text);
    }
    return good;
}

/* --cost PATH=N,PATH=N */
static bool take_costs(const struct options *o, struct question *out, struct errors *errors)
{
    struct place at = {internf("--cost %s", o->cost ? o->cost : ""), 0, 0};
    const char *names[SPANS + 1] = {NULL};
    for (size_t i = 0; i < out->n_spans; i++)
        names[i] = out->spans[i].path;
    out->costs = o->cost != NULL;
    for (const char *text = o->cost, *end; text; text = end ? end + 1 : NULL) {
        end = strchr(text, ',');
        const char *piece = internf("%.*s", end ? (int)(end - text) : (int)strlen(text), text);
        const char *equals = strchr(piece, '='), *why;
        if (!equals)
            return error_at(errors, at, "--cost takes PATH=N,..., such as consumers.count=3");
        const char *path = internf("%.*s", (int)(equals - piece), piece);
        size_t i = 0;
        while (i < out->n_spans && out->spans[i].path != path)
            i++;
        if (i == out->n_spans) {
            const char *near = nearest(path, names);
            return near
                       ? error_at(errors, at, "'%s' is not varied (did you mean '%s'?)", path, near)
                       : error_at(errors, at, "'%s' is not varied: costs are of varied keys", path);
        }
        if (!unit_parse(UNIT_NUMBER, equals + 1, &out->spans[i].cost, &why))
            return error_at(errors, at, "'%s': %s", equals + 1, why);
        if (out->spans[i].cost < 0)
            return error_at(errors, at, "'%s': a cost is not below zero", equals + 1);
    }
    return true;
}

static bool costs_suffice(const struct question *q, struct errors *errors)
{
    struct place at = {"plan", 0, 0};
    for (size_t i = 0; i < q->n_spans && (q->costs || q->n_spans > 1); i++)
        if (!(q->spans[i].cost > 0))
            return error_at(errors, at,
                            "what does one more of %s cost? With several keys, or with --cost, "
                            "every varied key needs one: --cost %s=1%s",
                            q->spans[i].path, q->spans[0].path,
                            q->n_spans > 1 ? internf(",%s=1", q->spans[1].path) : "");
    size_t lines = 1, longest = 1;
    for (size_t i = 0; i < q->n_spans; i++) {
        lines *= q->spans[i].n;
        longest = q->spans[i].n > longest ? q->spans[i].n : longest;
    }
    return lines / longest <= ANSWER_LINES ||
           error_at(errors, at,
                    "too many combinations: all keys but the one with most values have %zu "
                    "together, at most %d can be searched; narrow a range, or list V1,V2,...",
                    lines / longest, ANSWER_LINES);
}

/* The scenario's own, where none are named: but for those of one column, since the sweep is left
 * out. */
static bool own_objectives(const struct scenario *s, const struct places *places,
                           struct question *out, struct errors *errors)
{
    size_t n, kept = 0;
    bool good = objectives_of(s, places, out->objectives, &n, errors);
    for (size_t i = 0; i < n; i++)
        if (isnan(out->objectives[i].at))
            out->objectives[kept++] = out->objectives[i];
    out->n_objectives = kept;
    return good && (kept > 0 ||
                    error_at(errors, (struct place){"plan", 0, 0},
                             "what is to be met? Name an objective, such as --slo 'p99 <= 250ms'%s",
                             n > 0 ? "; those of the scenario are each of one column of its sweep, "
                                     "which plan leaves out"
                                   : ", or give the scenario its objectives"));
}

static bool take_objectives(const struct options *o, const struct scenario *s,
                            const struct places *places, struct question *out,
                            struct errors *errors)
{
    bool good = true;
    if (o->n_slo == 0)
        return own_objectives(s, places, out, errors);
    for (int i = 0; i < o->n_slo; i++) {
        struct place at = {internf("--slo '%s'", o->slo[i]), 0, 0};
        if (i == OBJECTIVES)
            return error_at(errors, at, "at most %d objectives", OBJECTIVES);
        struct objective *objective = &out->objectives[out->n_objectives];
        if (!objective_parse(s, o->slo[i], at, objective, errors))
            good = false;
        else if (!isnan(objective->at))
            good = error_at(errors, at, "plan leaves the sweep out: it has no column to be 'at'");
        else
            out->n_objectives++;
    }
    return good;
}

static bool varied(const struct question *q, const char *path)
{
    for (size_t i = 0; i < q->n_spans; i++)
        if (q->spans[i].path == path)
            return true;
    return false;
}

/* Takes the sweep out: a parameter that only it gives a value stands where the sweep begins. */
static const char *drop_sweep(struct scenario *s, const struct question *q)
{
    struct scenario *defaults = xcalloc(1, sizeof *defaults);
    const char *parameter = s->sweep.parameter, *note = NULL;
    struct param_ref ref;
    if (parameter && !varied(q, parameter) && sweep_ref(s, &ref)) {
        if (isnan(param_get(s, &ref)))
            param_put(s, &ref, sweep_value(s, 0));
        const char *text = param_text(s, &ref);
        note = internf("the sweep of %s is left out: it stays at %s (--set %s=... moves it, "
                       "--vary looks for it)",
                       parameter, text ? text : "its default", parameter);
    }
    param_defaults(defaults);
    s->sweep = defaults->sweep;
    s->vary_count = 0;
    s->picture.measure = PICTURE_LATENCY; /* no trial is drawn: nobody need count who waits */
    s->run.windows = NAN;
    free(defaults);
    return note;
}

static const char *join_notes(const char *a, const char *b)
{
    return a && b ? internf("%s; %s", a, b) : a ? a : b;
}

/* On values that could be read in another way. */
static const char *doubts(const struct question *q)
{
    const char *text = NULL;
    for (size_t i = 0; i < q->n_objectives; i++)
        text = join_notes(text, q->objectives[i].doubt);
    return text;
}

/* More consumers do not help where the traffic grows with them. */
static const char *traffic_note(const struct scenario *s, const struct question *q)
{
    static const char count[] = "consumers.count";
    bool grows = !isnan(s->arrivals.utilization) || !isnan(s->arrivals.rate_per_consumer);
    if (!grows || !varied(q, intern(count)))
        return NULL;
    return internf("arrivals.%s is given, so the traffic grows with the consumers; --set "
                   "arrivals.rate=... fixes it",
                   isnan(s->arrivals.utilization) ? "rate_per_consumer" : "utilization");
}

/* The rules hold with every key at its lowest and with every key at its highest. */
static bool corners_sound(const struct options *o, const struct scenario *s,
                          const struct question *q, const struct places *places,
                          struct errors *errors)
{
    struct scenario *at = xmalloc(sizeof *at);
    bool sound = true;
    for (int high = 0; sound && high < 2; high++) {
        *at = *s;
        for (size_t i = 0; i < q->n_spans; i++)
            span_put(&q->spans[i], high ? q->spans[i].n - 1 : 0, at);
        sound = scenario_check(at, places, errors) &&
                options_engine_fits(o, at, o->scenarios[0], errors);
    }
    free(at);
    return sound;
}

static bool can_be_planned(const struct options *o, const struct scenario *s, struct errors *errors)
{
    return !scenario_repeats(s) ||
           error_at(errors, (struct place){o->scenarios[0], 0, 0},
                    "a recorded trace is the same tasks in every replication: nobody can be sure "
                    "of an answer from it; make other days of it (arrivals.bootstrap), describe "
                    "its arrivals by a process, or compare values with `queuescope compare`");
}

void question_free(struct question *question)
{
    for (size_t i = 0; i < question->n_spans; i++)
        span_free(&question->spans[i]);
}

bool question_make(const struct options *o, struct scenario *s, struct question *out,
                   const char **note, struct errors *errors)
{
    struct places places = {0};
    *out = (struct question){.scenario = s,
                             .simulate = o->simulated,
                             .without_theory = o->without_theory,
                             .engine = o->engine,
                             .jobs = o->jobs};
    out->confidence = isnan(o->confidence) ? CONFIDENCE : o->confidence;
    out->max_tasks = isnan(o->max_tasks) ? MAX_TASKS : o->max_tasks;
    param_defaults(s);
    bool read = config_load(o->scenarios[0], png_scenario, s, &places, errors);
    read = options_apply(o, s, &places, errors) && read;
    outside_note(s, &places);
    bool sound = read && take_spans(o, s, &places, out, errors) && take_costs(o, out, errors) &&
                 costs_suffice(out, errors);
    sound = take_objectives(o, s, &places, out, errors) && sound;
    if (sound) {
        *note = join_notes(join_notes(drop_sweep(s, out), traffic_note(s, out)), doubts(out));
        sound = corners_sound(o, s, out, &places, errors) && can_be_planned(o, s, errors);
    } else {
        scenario_check(s, &places, errors); /* what may be behind it: a class without a name */
    }
    places_free(&places);
    return sound;
}
