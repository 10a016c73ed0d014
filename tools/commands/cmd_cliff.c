/* queuescope cliff: where a system stops being stable, and how far today's setting is from there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/plot.h"
#include "../../sim/answer/load_network.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../../sim/scenario/discipline.h"
#include "../../sim/scenario/stages.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/folder.h"
#include "../shell/options.h"
#include "../shell/progress.h"
#include "../shell/saving.h"
#include "../shell/signals.h"
#include "../words/cliff_words.h"
#include "../words/overlay.h"

/* Columns of the picture, and how they are run. */
enum { COLUMNS = 61, TASKS_BY_LANES = 80000, TASKS_BY_EVENTS = 30000, REPLICATIONS = 8 };
#define MOST_TASKS 2e5 /* where the time scales of the input take more */

struct work {
    struct scenario s; /* today's */
    struct cliff_question question;
    struct load_meter meter;
    struct cliff_report report;
    struct scenario drawn; /* the sweep of the picture */
};

static int failed(const struct errors *errors)
{
    errors_print(errors);
    return EXIT_USAGE;
}

/* ---- what is asked ---- */

static bool take_value(const struct param_ref *ref, const char *text, struct place at,
                       double *value, struct errors *errors)
{
    const char *why;
    if (!unit_parse(param_unit(ref), text, value, &why))
        return error_at(errors, at, "'%s': %s", text, why);
    if (param_in_range(ref, *value))
        return true;
    char range[128];
    param_range(ref, range, sizeof range);
    return error_at(errors, at, "'%s' is out of range: must be %s", text, range);
}

static bool take_range(struct cliff_question *q, const struct param_ref *ref, const char *text,
                       struct place at, struct errors *errors)
{
    const char *dots = strstr(text, "..");
    if (!dots || dots == text || !dots[2])
        return error_at(errors, at, "a range is LOW..HIGH, such as 1..64");
    if (!take_value(ref, internf("%.*s", (int)(dots - text), text), at, &q->low, errors) ||
        !take_value(ref, intern(dots + 2), at, &q->high, errors))
        return false;
    if (q->low < q->high)
        return true;
    return error_at(errors, at, "the range is empty: '%s' is not below '%s'",
                    internf("%.*s", (int)(dots - text), text), dots + 2);
}

/* PATH=LOW..HIGH, or PATH alone: around today's value. */
static bool take_vary(struct cliff_question *q, const char *vary, struct errors *errors)
{
    struct place at = {internf("--vary %s", vary), 0, 0};
    const char *equals = strchr(vary, '=');
    struct param_ref ref;
    q->parameter = equals ? internf("%.*s", (int)(equals - vary), vary) : intern(vary);
    if (!param_find(q->s, q->parameter, at, &ref, errors))
        return false;
    if (!param_is_numeric(&ref))
        return error_at(errors, at, "'%s' is not a number: it cannot be varied in a range",
                        q->parameter);
    if (equals && !take_range(q, &ref, equals + 1, at, errors))
        return false;
    double today = param_get(q->s, &ref);
    if (isfinite(today))
        return true;
    return error_at(errors, at, "the scenario gives no number for '%s'%s: set it, or vary %s",
                    q->parameter, isnan(today) ? "" : " (it is unbounded)",
                    cliff_traffic(q->s) ? cliff_traffic(q->s) : "consumers.count");
}

static const struct model *traffic_process(const struct scenario *s)
{
    return s->sources_count > 0 ? source_arrivals(s, 0).process : s->arrivals.process;
}

static bool ask(struct work *w, const struct options *o, struct errors *errors)
{
    struct cliff_question *q = &w->question;
    *q = (struct cliff_question){.s = &w->s, .low = NAN, .high = NAN, .simulate = o->simulated};
    const struct discipline *discipline = stage_discipline(&w->s.stage);
    bool network = scenario_is_network(&w->s);
    const char *refused = network && !load_loses(&w->s) && isnan(load_by_theory(&w->s))
                              ? load_network_refuses(&w->s)
                              : NULL;
    if (!refused && (o->simulated || isnan(load_by_theory(&w->s))))
        refused = engine_for(&w->s)->refuses(&w->s);
    if (refused)
        return error_at(errors, (struct place){o->scenarios[0], 0, 0}, "%s", refused);
    if (!network && scenario_impatient(&w->s) && !stability_loses(&w->s) &&
        (discipline->shares || discipline->before))
        return error_at(errors, (struct place){o->scenarios[0], 0, 0},
                        "consumers.discipline %s begins tasks at once, and what has begun loses no "
                        "patience: how far traffic can grow then no rule says. Leave tasks.timeout "
                        "out, bound the buffer, or sweep and look at 'stable'",
                        discipline->model.name);
    if (!network && scenario_impatient(&w->s) && !stability_loses(&w->s))
        return error_at(errors, (struct place){o->scenarios[0], 0, 0},
                        "some classes lose patience and others do not, or not in a finite time on "
                        "average: how much the others can grow depends on who goes first. Give "
                        "tasks.timeout to all of them, or to none, or sweep and look at 'stable'");
    if (o->n_vary > 1)
        return error_at(errors, (struct place){internf("--vary %s", o->vary[1]), 0, 0},
                        "one parameter at a time");
    if (o->n_vary == 1)
        return take_vary(q, o->vary[0], errors);
    q->parameter = cliff_traffic(&w->s);
    if (q->parameter)
        return true;
    if (w->s.sources_count > 1)
        return error_at(errors, (struct place){o->scenarios[0], 0, 0},
                        "there are several sources: say along what the cliff is looked for, such "
                        "as --vary sources.%s.rate",
                        source_core(&w->s, 0)->name);
    return error_at(errors, (struct place){o->scenarios[0], 0, 0},
                    "process %s has its own rate: say along what the cliff is looked for, such as "
                    "--vary consumers.count=1..64",
                    traffic_process(&w->s)->name);
}

/* The rules on how values are written hold of the range, too. */
static bool stays_sound(const struct work *w, const struct options *o, struct places *places,
                        struct errors *errors)
{
    const char *equals = o->n_vary == 1 ? strchr(o->vary[0], '=') : NULL;
    if (!equals)
        return true;
    places_add_text(places, param_path(&w->s, w->question.parameter),
                    (struct place){internf("--vary %s", o->vary[0]), 0, 0}, equals + 1);
    return scenario_check(&w->s, places, errors);
}

/* ---- the picture ---- */

/* From today's value, or well inside, to somewhat beyond the cliff; or from well inside to today's
 * value, if that is beyond. */
static void frame_sweep(struct work *w)
{
    const struct cliff *c = &w->report.cliff;
    bool inside = (c->today < c->value) == c->stable_below;
    double off = fabs(c->today - c->value);
    double way = inside ? fmax(1.15 * off, 0.4 * c->value) : 0.5 * c->value;
    double beyond = inside ? 0.25 * way : fmax(1.1 * off, 0.25 * way);
    double low = c->value - (c->stable_below ? way : beyond);
    double high = c->value + (c->stable_below ? beyond : way);
    low = low > 0 ? low : fmin(c->value, c->today) / 2;
    struct sweep *sweep = &w->drawn.sweep;
    sweep->parameter = w->report.parameter;
    if (c->whole) {
        low = floor(low);
        high = ceil(high);
    }
    while (!param_in_range(&c->ref, low) && low < c->value)
        low = c->whole ? low + 1 : low + (c->value - low) / 16;
    while (!param_in_range(&c->ref, high) && high > c->value)
        high = c->whole ? high - 1 : high - (high - c->value) / 16;
    sweep->from = c->stable_below ? low : high; /* from harmless to hopeless */
    sweep->to = c->stable_below ? high : low;
    sweep->scale = low > 0 && high > 12 * low ? SCALE_LOG : SCALE_LINEAR;
    sweep->steps = c->whole ? fmin(high - low + 1, COLUMNS) : COLUMNS;
    sweep->mode = MODE_INDEPENDENT;
}

static struct result *simulate(struct work *w)
{
    struct param_ref ref;
    w->drawn = w->s;
    load_lasting(&w->drawn);
    if (!param_find(&w->drawn, w->report.parameter, (struct place){0}, &ref, NULL))
        w->drawn = w->s; /* what is varied is of the timetable */
    frame_sweep(w);
    struct run_options options = w->meter.run;
    options.engine = engine_for(&w->drawn);
    if (!isnan(scenario_likely_rate(&w->s))) {
        bool lanes = options.engine == &lanes_engine;
        w->drawn.run.tasks = lanes ? TASKS_BY_LANES : TASKS_BY_EVENTS;
        w->drawn.run.duration = NAN;
        /* The same for all, so that columns beyond the cliff show the cliff and not their cuts. */
        w->drawn.run.warmup = (struct amount){AMOUNT_COUNT, w->drawn.run.tasks / 4};
        load_run(&w->drawn, w->drawn.run.tasks, MOST_TASKS, REPLICATIONS);
    }
    w->drawn.run.replications = scenario_repeats(&w->drawn) ? 1 : REPLICATIONS;
    struct result *result = run_scenario(&w->drawn, &options);
    if (result && !result->interrupted)
        return result;
    result_free(result);
    return NULL;
}

/* ---- the whole ---- */

struct files {
    const struct cliff_report *report;
    const struct result *result;
};

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    const struct files *files = context;
    char *text = folder_mark(cliff_text(files->report));
    bool ok = save_bytes(folder, "cliff.json", text, strlen(text), errors);
    free(text);
    return ok;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    const struct files *files = context;
    const struct cliff *c = &files->report->cliff;
    struct overlay overlay;
    bool known = overlay_make(&files->result, 1, &overlay);
    const struct plot_marks marks = {c->value,
                                     c->low,
                                     c->high,
                                     c->today,
                                     c->saturates   ? "saturation"
                                     : c->simulated ? "cliff (simulated)"
                                                    : "cliff: utilization 1",
                                     known ? &overlay.known : NULL};
    bool drawn = plot_cliff(files->result, &marks, png, errors);
    overlay_free(&overlay);
    return drawn;
}

static bool save(const struct files *files, const char *folder)
{
    struct errors errors = {0};
    if (files->result)
        return saving_done(&(struct saving){.folder = folder,
                                            .name = "cliff.png",
                                            .files = save_files,
                                            .picture = draw_picture,
                                            .context = files,
                                            .threads = files->result->threads});
    save_begin(folder);
    save_gone(folder, "cliff.png"); /* of an earlier one that there was */
    bool saved = save_files(files, folder, &errors);
    if (saved)
        saved = save_commit(folder, &errors);
    else
        save_drop(folder);
    errors_print(&errors);
    return saved;
}

/* Everything there is to know, as far as it gets; false if stopped. */
static bool answer(struct work *w)
{
    struct cliff_report *report = &w->report;
    report->s = &w->s;
    report->parameter = w->question.parameter;
    report->tail_parameter = cliff_tail(&w->s);
    report->notice = (struct notice){.p99 = {NAN, NAN}, .ratio = NAN};
    report->tail.value = report->tail.low = report->tail.high = report->tail.today = NAN;
    report->cliff = report->tail;
    report->cliff.load = NAN;
    report->cliff.status = CLIFF_STOPPED;
    if (!load_survey(&w->meter, &w->s))
        return false;
    cliff_find(&w->question, &w->meter, &report->cliff);
    if (report->cliff.status == CLIFF_STOPPED)
        return false;
    if (report->cliff.loses)
        return true;
    if (report->tail_parameter && strcmp(report->tail_parameter, report->parameter) != 0) {
        struct cliff_question tail = w->question;
        tail.parameter = report->tail_parameter;
        tail.low = tail.high = NAN;
        cliff_find(&tail, &w->meter, &report->tail);
    } else {
        report->tail = report->cliff;
    }
    double load = report->cliff.load;
    return !(load > 0 && isfinite(load)) || notice_measure(&w->meter, &w->s, load, &report->notice);
}

static int finish(struct work *w, const char *folder, bool quiet, bool whole)
{
    const struct cliff *c = &w->report.cliff;
    struct files files = {.report = &w->report};
    bool runs = !engine_for(&w->s)->refuses(&w->s);
    if (whole && c->status == CLIFF_FOUND && !c->loses && runs) {
        files.result = simulate(w);
        whole = files.result != NULL;
    }
    progress_end(w->meter.run.context);
    if (c->status != CLIFF_STOPPED && !quiet)
        cliff_print(&w->report, stdout);
    bool saved = save(&files, folder);
    if (saved && !quiet)
        printf("\n%s: cliff.json%s\n", folder, files.result ? ", cliff.png" : "");
    result_free((struct result *)files.result);
    if (!saved)
        return EXIT_FAILED;
    if (!whole) {
        fprintf(stderr, "queuescope cliff: interrupted: %s holds what was known\n", folder);
        return EXIT_INTERRUPTED;
    }
    if (c->wanted > 0)
        return EXIT_UNDECIDED;
    return c->status == CLIFF_FOUND && !c->loses ? EXIT_DONE : EXIT_FAILED;
}

int cmd_cliff(int argc, char **argv)
{
    static struct scenario s; /* large, as is the work */
    static struct work w;
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("cliff"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    bool sound = options_load(&o, o.scenarios[0], &s, &places, &errors);
    if (!sound) {
        places_free(&places);
        return failed(&errors);
    }
    options_drop_precision(&s, "a value is simulated until it is known on which side of the "
                               "cliff it lies");
    cliff_today(&s, &w.s);
    w.s.run.windows = NAN;
    if (scenario_records_queue(&w.s))
        w.s.picture.measure = PICTURE_LATENCY; /* that is what is said of it, and marked in it */
    sound = ask(&w, &o, &errors) && stays_sound(&w, &o, &places, &errors);
    places_free(&places);
    if (!sound)
        return failed(&errors);
    const char *folder = folder_for_answer(&o, &w.s, "cliff", "cliff.json");
    if (!save_folder(folder, &errors)) {
        errors_print(&errors);
        return EXIT_FAILED;
    }
    struct progress progress;
    progress_begin(&progress, o.quiet);
    w.meter.run = (struct run_options){
        .jobs = o.jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    bool whole = answer(&w);
    return finish(&w, folder, o.quiet, whole);
}
