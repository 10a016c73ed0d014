/* queuescope fit LOG: what a log says, and a scenario from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/fit_plot.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../fit/fit_decide.h"
#include "../fit/fit_goal.h"
#include "../fit/fit_input.h"
#include "../fit/fit_log_words.h"
#include "../fit/fit_metrics.h"
#include "../fit/fit_report.h"
#include "../fit/fit_save.h"
#include "../shell/folder.h"
#include "../shell/options.h"
#include "../shell/saving.h"
#include "../shell/signals.h"

/* ---- options ---- */

static bool take_sizes(const struct options *o, struct fit_wish *wish, struct errors *errors)
{
    int i = o->sizes ? fit_choice("--sizes", o->sizes, fit_sizes_names, errors) : FIT_SIZES_AUTO;
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
                save_bytes(goal->folder, goal->picture, png.data, png.size, errors) &&
                saving_picture(&png, errors);
    bytes_free(&png);
    return good;
}

static bool save_all(const struct fit *fit, const struct goal *goal, const struct fit_wish *wish,
                     bool trace, struct errors *errors)
{
    const char *folder = goal->folder;
    char *text = fit_scenario_text(fit, wish);
    bool good =
        save_picture(fit, text, goal, errors) &&
        (!trace || fit_save_trace(fit, folder, goal->trace, errors)) &&
        (!wish->trace || save_text(fit_replay_text(fit, wish), folder, goal->replay, errors));
    if (!good) {
        free(text);
        return false;
    }
    good = save_text(folder_list(folder_mark(text), folder), folder, goal->scenario, errors);
    folder_drop_stale(folder, goal->scenario);
    return good && save_commit(folder, errors);
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

/* Of --as latency: what was seen, to be laid over what is simulated. */
static bool save_latencies(const struct fit *fit, const struct options *o, const struct goal *goal,
                           struct errors *errors)
{
    const char *name = internf("%slatencies.csv", goal->beside);
    bool good = save_folder(goal->folder, errors);
    if (good) {
        save_begin(goal->folder);
        good = fit_save_latencies(fit, goal->folder, name, errors) &&
               save_commit(goal->folder, errors);
        if (!good)
            save_drop(goal->folder);
    }
    fflush(stdout);
    fit_log_warnings(fit, FIT_AS_LATENCY);
    if (good && !o->quiet)
        fit_say_overlay(goal->folder, name);
    return good;
}

static bool save_fit(const struct fit *fit, struct options *o, const struct goal *goal,
                     struct fit_wish *wish, enum fit_as as, struct errors *errors)
{
    struct fit_decision decision = {0};
    if (o->trace && is_too_long(fit)) {
        fprintf(stderr, "queuescope fit: warning: a trace goes on for 31 years at the most, and "
                        "this log for longer: none is written\n");
        o->trace = false;
    }
    take_trace(fit, o, goal, wish);
    bool good = save_folder(goal->folder, errors);
    if (good)
        save_begin(goal->folder);
    good = good && fit_decide(fit, goal, &signals_stop, wish, &decision, errors);
    if (good && !o->quiet)
        fit_decide_report(fit, &decision, stdout);
    good = good && save_all(fit, goal, wish, o->trace, errors);
    if (!good)
        save_drop(goal->folder);
    fflush(stdout);
    fit_log_warnings(fit, as);
    fit_warnings(fit, wish);
    if (good)
        fit_decide_warnings(fit, &decision);
    if (good && !o->quiet)
        say_files(fit, o, goal, wish);
    return good;
}

int cmd_fit(int argc, char **argv)
{
    enum { SAMPLES = 49 };
    struct options o;
    struct log_options log;
    enum fit_as as;
    struct errors errors = {0};
    struct fit_wish wish = {0};
    struct lines *lines[OPTIONS_MANY];
    if (!options_parse(&o, command_find("fit"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    bool open = fit_open(&o, lines, &errors);
    if (open && fit_is_metrics(&o, lines[0])) {
        int status = fit_metrics(&o, lines);
        fit_close(&o, lines);
        return status;
    }
    struct fit *fit = NULL;
    struct reader *reader = NULL;
    bool wanted = open && fit_log_options(&o, &log, &as, &errors) && take_sizes(&o, &wish, &errors);
    if (wanted)
        reader = reader_open(lines, o.scenarios, o.n_scenarios, &log, &errors);
    else
        fit_close(&o, lines);
    if (reader)
        fit = fit_reader(reader, SAMPLES, &errors);
    if (!fit) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    struct goal goal = fit_goal(&o);
    wish.beside = goal.beside;
    if (as != FIT_AS_LATENCY)
        goal.folder = folder_for_log(&o, goal.folder, goal.scenario, fit_scenario_text(fit, &wish));
    if (!o.quiet)
        fit_report(fit, stdout);
    bool good = as == FIT_AS_LATENCY ? save_latencies(fit, &o, &goal, &errors)
                                     : save_fit(fit, &o, &goal, &wish, as, &errors);
    fit_free(fit);
    errors_print(&errors);
    return good ? EXIT_DONE : EXIT_FAILED;
}
