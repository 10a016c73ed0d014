/* queuescope fit LOG: what a log says, and a scenario from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../plots/fit_plot.h"
#include "../sim/result/save.h"
#include "../sim/result/save_set.h"
#include "fit_decide.h"
#include "fit_goal.h"
#include "fit_metrics.h"
#include "fit_report.h"
#include "fit_save.h"
#include "folder.h"
#include "options.h"
#include "signals.h"

/* ---- options ---- */

/* The index of a word in a list; -1 with an error. */
static int choice(const char *option, const char *text, const char *const *words,
                  struct errors *errors)
{
    struct place at = {internf("%s %s", option, text), 0, 0};
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    const char *near = nearest(text, words);
    if (near)
        error_at(errors, at, "unknown (did you mean '%s'?)", near);
    else
        error_at(errors, at, "unknown: must be %s",
                 strcmp(option, "--format") == 0  ? "auto, csv, access, swf or metrics"
                 : strcmp(option, "--sizes") == 0 ? "auto, law or empirical"
                                                  : "start or end");
    return -1;
}

bool fit_unit(const char *option, const char *text, double *unit, struct errors *errors)
{
    struct place at = {internf("%s %s", option, text), 0, 0};
    const char *why;
    if (unit_parse(UNIT_DURATION, internf("1%s", text), unit, &why) && *unit > 0)
        return true;
    return error_at(errors, at, "must be one of ns, us, ms, s, min, h and d");
}

static bool log_options_of(const struct options *o, struct log_options *log, struct errors *errors)
{
    size_t before = errors->n;
    int i = 0;
    *log = (struct log_options){.arrival = o->arrival, .service = o->service, .class = o->class};
    if (o->format && (i = choice("--format", o->format, log_format_names, errors)) >= 0)
        log->format = (enum log_format)i;
    if (o->moment && (i = choice("--times-are", o->moment, log_moment_names, errors)) >= 0)
        log->moment = (enum log_moment)i;
    if (o->unit)
        fit_unit("--unit", o->unit, &log->unit, errors);
    if (o->time_unit)
        fit_unit("--time-unit", o->time_unit, &log->arrival_unit, errors);
    return errors->n == before;
}

static bool take_sizes(const struct options *o, struct fit_wish *wish, struct errors *errors)
{
    int i = o->sizes ? choice("--sizes", o->sizes, fit_sizes_names, errors) : FIT_SIZES_AUTO;
    wish->sizes = i < 0 ? FIT_SIZES_AUTO : (enum fit_sizes)i;
    return i >= 0;
}

/* ---- saving ---- */

static bool save_text(char *text, const char *folder, const char *name, struct errors *errors)
{
    bool good = save_bytes(folder, name, text, strlen(text), errors);
    free(text);
    return good;
}

static bool save_picture(const struct fit *fit, const char *text, const struct goal *goal,
                         struct errors *errors)
{
    struct bytes png = {0};
    bool good = fit_plot(fit, text, &png, errors) &&
                save_bytes(goal->folder, goal->picture, png.data, png.size, errors);
    bytes_free(&png);
    return good;
}

static bool save_all(const struct fit *fit, const struct log_options *log, const struct goal *goal,
                     const struct fit_wish *wish, bool trace, struct errors *errors)
{
    const char *folder = goal->folder;
    char *text = fit_scenario_text(fit, wish);
    save_begin(folder);
    bool good =
        save_picture(fit, text, goal, errors) &&
        save_text(folder_mark(text), folder, goal->scenario, errors) &&
        (!trace || fit_save_trace(fit, log, folder, goal->trace, errors)) &&
        (!wish->trace || save_text(fit_replay_text(fit, wish), folder, goal->replay, errors));
    if (good)
        return save_commit(folder, errors);
    save_drop(folder);
    return false;
}

/* Times of a trace go on for 31 years at the most. */
static bool is_too_long(const struct fit *fit)
{
    return fit->course.last > 1e9;
}

/* Whether the log is a trace as it stands. */
static bool is_trace(const struct fit *fit)
{
    const struct log_facts *f = &fit->facts;
    return f->native && f->bad == 0 && !f->damage && fit->moved == 0 && fit->late == 0 &&
           !is_too_long(fit);
}

/* The trace that is replayed: what is written for it, or the log itself. */
static void take_trace(const struct fit *fit, const struct options *o, const struct goal *goal,
                       struct fit_wish *wish)
{
    char *whole = o->trace || !is_trace(fit) ? NULL : realpath(fit->facts.file, NULL);
    if (o->trace)
        wish->trace = goal->trace;
    else if (whole)
        wish->trace = intern(whole);
    free(whole);
    if (wish->trace)
        wish->replay = internf("%s/%s", goal->folder, goal->replay);
}

static void say_files(const struct fit *fit, const struct options *o, const struct goal *goal,
                      const struct fit_wish *wish)
{
    printf("\n%s: %s, %s", goal->folder, goal->scenario, goal->picture);
    for (int class = fit->n_classes ? 0 : -1; class < fit->n_classes; class ++)
        if (fit_is_empirical(fit, wish, class))
            printf(", %s", fit_sizes_file(fit, wish, class));
    printf("%s%s%s%s\n", wish->trace ? ", " : "", wish->trace ? goal->replay : "",
           o->trace ? ", " : "", o->trace ? goal->trace : "");
}

int cmd_fit(int argc, char **argv)
{
    enum { SAMPLES = 49 };
    struct options o;
    struct log_options log;
    struct errors errors = {0};
    struct fit_wish wish = {0};
    if (!options_parse(&o, command_find("fit"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    if (fit_is_metrics(&o))
        return fit_metrics(&o);
    struct fit *fit = NULL;
    if (fit_is_log(&o, &errors) && log_options_of(&o, &log, &errors) &&
        take_sizes(&o, &wish, &errors))
        fit = fit_log(o.scenarios[0], &log, SAMPLES, &errors);
    if (!fit) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    struct goal goal = fit_goal(&o);
    struct fit_decision decision = {0};
    wish.beside = goal.beside;
    goal.folder = folder_for_log(&o, goal.folder, goal.scenario, fit_scenario_text(fit, &wish));
    if (o.trace && is_too_long(fit)) {
        fprintf(stderr, "queuescope fit: warning: a trace goes on for 31 years at the most, and "
                        "this log for longer: none is written\n");
        o.trace = false;
    }
    take_trace(fit, &o, &goal, &wish);
    if (!o.quiet)
        fit_report(fit, stdout);
    bool good = save_folder(goal.folder, &errors) &&
                fit_decide(fit, &log, &goal, &signals_stop, &wish, &decision, &errors);
    if (good && !o.quiet)
        fit_decide_report(fit, &decision, stdout);
    good = good && save_all(fit, &log, &goal, &wish, o.trace, &errors);
    fflush(stdout);
    fit_warnings(fit, &wish);
    if (good)
        fit_decide_warnings(fit, &decision);
    if (good && !o.quiet)
        say_files(fit, &o, &goal, &wish);
    fit_free(fit);
    errors_print(&errors);
    return good ? EXIT_DONE : EXIT_FAILED;
}
