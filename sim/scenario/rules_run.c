/* The rules of how a scenario is run and drawn. */
#include <string.h>

#include "distribution.h"
#include "process.h"
#include "rules.h"
#include "sweep.h"

/* Simulated time is a double: late in a run it must still tell apart what is as long as a task's
 * service, or latencies are not exact to within a bucket (1 %). */
#define CLOCK_NEEDS 0x1p-46

/* More tasks than that no machine gets through in a year. */
#define TASKS_MOST 1e15

/* The shortest mean service of any stage and class; INFINITY: none takes time. */
static double shortest_service(const struct scenario *s)
{
    double least = INFINITY;
    for (size_t i = 0; i < (size_t)s->stages_count; i++) {
        const struct stage_core *core = stage_core(s, i);
        const struct sizes_spec *sizes = stage_sizes(s, i);
        for (size_t k = 0; k <= (size_t)sizes->n; k++) {
            const struct law *law = k < (size_t)sizes->n                    ? &sizes->laws[k].law
                                    : core->size.model                      ? &core->size
                                    : isnan(core->carried) && s->size.model ? &s->size
                                                                            : NULL;
            double service = law ? law_mean(law) / core->stage.speed : 0;
            least = service > 0 ? fmin(least, service) : least;
        }
    }
    return least;
}

void rules_clock(const struct checking *c)
{
    const struct scenario *s = c->s;
    double rate = scenario_likely_rate(s);
    double service =
        s->stages_count > 0 ? shortest_service(s) : scenario_mean_size(s) / s->stage.speed;
    double horizon = isnan(s->run.duration) ? s->run.tasks / rate : s->run.duration;
    double shortest = process_shortest(s);
    char horizon_text[64], service_text[64];
    if (!isnan(s->run.duration) && rate * s->run.duration > TASKS_MOST)
        broken(
            c, "run.duration",
            "run.duration: that is %.1e tasks, more than can be simulated: make the run shorter, "
            "or check the units of rate and sizes",
            rate * s->run.duration);
    if (shortest < horizon * CLOCK_NEEDS) {
        unit_human(UNIT_DURATION, horizon, 3, horizon_text, sizeof horizon_text);
        unit_human(UNIT_DURATION, shortest, 3, service_text, sizeof service_text);
        broken(
            c, "arrivals",
            "arrivals: a clock that runs for %s is too coarse for a rate that lasts for %s: make "
            "the run shorter, or check the units of the times",
            horizon_text, service_text);
        return;
    }
    if (!(service > 0) || !(service < horizon * CLOCK_NEEDS))
        return;
    unit_human(UNIT_DURATION, horizon, 3, horizon_text, sizeof horizon_text);
    unit_human(UNIT_DURATION, service, 3, service_text, sizeof service_text);
    broken(
        c, "run",
        "run: a clock that runs for %s is too coarse for services of %s on average: make the run "
        "shorter, or check the units of rate and sizes",
        horizon_text, service_text);
}

/* What keeps a run from looking until a figure is known. */
static void check_precision(const struct checking *c)
{
    const struct run *run = &c->s->run;
    const struct precision *p = &run->precision;
    if (isnan(p->measure)) {
        bool given = !isnan(p->relative) || !isnan(p->absolute) || !isnan(p->absolute_share) ||
                     !isnan(p->confidence);
        if (given && !rules_excused(c, "run.precision.measure"))
            broken(c, "run.precision",
                   "run.precision: 'measure' is missing: the figure that is "
                   "to be known, such as latency_p99");
        if (!given && !isnan(run->max_tasks) && !rules_excused(c, "run.precision.measure"))
            broken(c, "run.max_tasks",
                   "run.max_tasks ends what run.precision begins: give that "
                   "too, or run.tasks in its place");
        return;
    }
    if (sweep_drifts(c->s))
        return; /* it is refused as a whole */
    bool of_loss = strcmp(precision_measures[(int)p->measure], "loss_fraction") == 0;
    if (isnan(p->relative) && isnan(p->absolute) && isnan(p->absolute_share) &&
        !rules_excused(c, "run.precision.relative") && !rules_excused(c, "run.precision.absolute"))
        broken(c, "run.precision", "run.precision: one of 'relative' and '%s' must be given",
               of_loss ? "absolute_share" : "absolute");
    if (!isnan(p->absolute) && of_loss)
        broken(c, "run.precision.absolute",
               "run.precision.absolute is of latencies and waits: give 'relative' or "
               "'absolute_share' for a loss");
    if (!isnan(p->absolute_share) && !of_loss)
        broken(
            c, "run.precision.absolute_share",
            "run.precision.absolute_share is of loss_fraction: give 'relative' or 'absolute' for "
            "a latency or wait");
    if (run->replications < PRECISION_FEWEST)
        broken(c, "run.replications",
               "run.replications: precision is told by the spread of %d replications at least, the "
               "first round of them",
               PRECISION_FEWEST);
    if (scenario_repeats(c->s))
        broken(c, "run.precision",
               "run.precision: the replications of a recorded trace are the same tasks again, and "
               "more of them tell nothing more (arrivals.bootstrap makes other days of it)");
    bool whole_log;
    double first = scenario_tasks(c->s, &whole_log) * run->replications, most = run->max_tasks;
    if (first > (isnan(most) ? PRECISION_TASKS : most))
        broken(c, isnan(most) ? "run.tasks" : "run.max_tasks",
               "run.max_tasks (%.0f) is less than the first round: run.tasks x run.replications is "
               "%.0f",
               isnan(most) ? PRECISION_TASKS : most, first);
}

void rules_run(const struct checking *c)
{
    const struct run *run = &c->s->run;
    if (isnan(run->tasks) && isnan(run->duration) && !rules_excused(c, "run.tasks") &&
        !rules_excused(c, "run.duration"))
        broken(c, "run", "run: one of 'tasks' and 'duration' must be given");
    check_precision(c);
}

void rules_size(const struct checking *c)
{
    double columns = sweep_columns(c->s), classes = scenario_classes(c->s);
    double places = scenario_places(c->s), cells = columns * c->s->run.replications * classes;
    if (places > 1 && cells * places > SCENARIO_CELLS)
        broken(c, "run.replications",
               "run.replications: %.0f columns x %.0f replications x %.0f classes x %.0f stages "
               "('all' "
               "and 'client' among them) are more than can be kept apart: %.0f in all at most",
               columns, c->s->run.replications, classes, places, SCENARIO_CELLS);
    else if (cells > SCENARIO_CELLS)
        broken(
            c, "run.replications",
            "run.replications: %.0f columns x %.0f replications x %.0f classes are more than can "
            "be kept apart: %.0f in all at most",
            columns, c->s->run.replications, classes, SCENARIO_CELLS);
}

static void check_class(const struct checking *c)
{
    const char *wanted = c->s->picture.class, *names[MAX_CLASSES + 3];
    size_t n = 0;
    if (!wanted || rules_excused(c, "tasks.classes"))
        return;
    for (int i = 0; i < scenario_classes(c->s) && i < MAX_CLASSES; i++)
        if (strcmp(scenario_class_name(c->s, i), "all") != 0)
            names[n++] = scenario_class_name(c->s, i);
    names[n++] = "all";
    names[n++] = "each";
    names[n] = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], wanted) == 0)
            return;
    const char *near = nearest(wanted, names), *list = names[0];
    for (size_t i = 1; i < n; i++)
        list = internf("%s%s%s", list, i + 1 < n ? ", " : " and ", names[i]);
    if (near)
        broken(c, "picture.class", "unknown class '%.60s' (did you mean '%s'?)", wanted, near);
    else
        broken(c, "picture.class", "unknown class '%.60s'; here are %s", wanted, list);
}

static void check_stage(const struct checking *c)
{
    enum { NAMED = 40 };
    const char *wanted = c->s->picture.stage, *names[MAX_STAGES + 4], *list = "";
    size_t n = 0, places = (size_t)scenario_places(c->s);
    if (!wanted || rules_excused(c, "stages"))
        return;
    for (size_t i = 0; i < places; i++)
        names[n++] = scenario_place_name(c->s, (int)i);
    names[n++] = "each";
    names[n] = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], wanted) == 0)
            return;
        if (i < NAMED)
            list = internf("%s%s%s", list, i == 0 ? "" : i + 1 < n ? ", " : " and ", names[i]);
    }
    const char *near = nearest(wanted, names);
    if (near)
        broken(c, "picture.stage", "unknown stage '%.60s' (did you mean '%s'?)", wanted, near);
    else
        broken(c, "picture.stage", "unknown stage '%.60s'; here are %s%s", wanted, list,
               n > NAMED ? " ..." : "");
}

static void check_range(const struct checking *c, const char *key, const char *text, enum unit unit)
{
    const char *why;
    double low, high;
    if (text && !picture_range(text, unit, &low, &high, &why))
        broken(c, key, "%s: '%.60s': %s", key, text, why);
    else if (text && unit == UNIT_SHARE && high > 1)
        broken(c, key, "%s: '%.60s': a share is at most 100%%", key, text);
}

/* What a picture of the number waiting cannot have. */
static void check_queue(const struct checking *c)
{
    const struct picture *p = &c->s->picture;
    enum picture_colour colour = scenario_colour(c->s);
    if (p->class && strcmp(p->class, "all") != 0 && strcmp(p->class, "each") != 0)
        broken(c, "picture.class",
               "picture.class: the number waiting (picture.measure: queue) is that of all classes "
               "together: use all, or picture.measure: wait for the waits of a class");
    if (p->stage && strcmp(p->stage, "all") != 0 && strcmp(p->stage, "each") != 0)
        broken(c, "picture.stage",
               "picture.stage: the number waiting (picture.measure: queue) is that of all stages "
               "together: use all, or picture.measure: wait for the waits at a stage");
    if (colour == COLOUR_LOG_COUNT || colour == COLOUR_INTENSITY)
        broken(
            c, "picture.colour",
            "picture.colour: %s is of tasks, and the number waiting (picture.measure: queue) has "
            "shares of time: use density or column-max",
            colour == COLOUR_LOG_COUNT ? "log-count" : "intensity");
    if (p->latency)
        broken(c, "picture.latency",
               "picture.latency is the range of an axis of time, and that of picture.measure: "
               "queue is one of tasks: leave it out");
    if (p->observed)
        broken(c, "picture.observed",
               "picture.observed is of latencies: use picture.measure: latency");
}

/* The keys that fix what a picture shows, and what it is of. */
static void check_shown(const struct checking *c)
{
    const struct picture *p = &c->s->picture;
    enum picture_measure measure = (enum picture_measure)p->measure;
    bool counts = scenario_colour(c->s) == COLOUR_LOG_COUNT;
    if (measure == PICTURE_QUEUE)
        check_queue(c);
    check_range(c, "picture.latency", p->latency, UNIT_DURATION);
    check_range(c, "picture.colours", p->colours, counts ? UNIT_COUNT : UNIT_SHARE);
    if (!isnan(p->rows_per_decade) && fmod(40, p->rows_per_decade) != 0)
        broken(c, "picture.rows_per_decade",
               "picture.rows_per_decade: %.0f is none of 4, 5, 8, 10, 20 and 40",
               p->rows_per_decade);
    if (measure != PICTURE_LATENCY && (enum picture_theory)p->theory != THEORY_LINE_NONE)
        broken(c, "picture.theory", "picture.theory is of latencies: use picture.measure: latency");
    if (measure == PICTURE_WAIT && p->observed)
        broken(c, "picture.observed",
               "picture.observed is of latencies: use picture.measure: latency");
}

void rules_picture(const struct checking *c)
{
    check_shown(c);
    check_class(c);
    check_stage(c);
    if (c->s->picture.theory != THEORY_LINE_NONE && sweep_drifts(c->s))
        broken(c, "picture.theory",
               "picture.theory: formulas are of systems at rest, and %s: use mode: independent",
               sweep_is_time(c->s) ? "slices of one run are not" : "a drift is nowhere at rest");
}
