/* queuescope fit LOG: what a log says, and a scenario from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../plots/fit_plot.h"
#include "../sim/result/save.h"
#include "../sim/result/save_file.h"
#include "fit_goal.h"
#include "fit_metrics.h"
#include "fit_report.h"
#include "fit_scenario.h"
#include "options.h"

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
                 strcmp(option, "--format") == 0 ? "auto, csv, access, swf or metrics"
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
    *log = (struct log_options){.arrival = o->arrival, .service = o->service};
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

/* ---- saving ---- */

struct trace {
    FILE *file;
    double first; /* arrival that is time 0; NAN: none yet */
};

static void write_task(void *context, const struct log_task *task)
{
    struct trace *trace = context;
    char arrival[NUMBER_TEXT], size[NUMBER_TEXT];
    if (isnan(trace->first))
        trace->first = task->arrival;
    save_number(task->arrival - trace->first, arrival);
    save_number(task->size, size);
    fprintf(trace->file, "%s,%s\n", arrival, size);
}

static void write_trace(FILE *file, const void *context)
{
    struct trace trace = {file, NAN};
    long late, moved;
    fputs("arrival_s,service_s\n", file);
    log_in_order((struct reader *)(uintptr_t)context, &(struct log_steps){0}, write_task, &trace,
                 &late, &moved);
}

/* Reads the log again: it is not kept. */
static bool save_trace(const struct fit *fit, const struct log_options *log,
                       const struct goal *goal, struct errors *errors)
{
    struct reader *reader = reader_open(fit->facts.file, log, errors);
    bool good = reader && save_file(goal->folder, goal->trace, write_trace, reader, errors);
    reader_close(reader);
    return good;
}

static bool save_scenario(const char *text, const struct goal *goal, struct errors *errors)
{
    return save_bytes(goal->folder, goal->scenario, text, strlen(text), errors);
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
                     bool trace, struct errors *errors)
{
    char *text = fit_scenario_text(fit);
    bool good = save_folder(goal->folder, errors) && save_scenario(text, goal, errors) &&
                save_picture(fit, text, goal, errors) &&
                (!trace || save_trace(fit, log, goal, errors));
    free(text);
    if (good)
        save_settle(goal->folder);
    return good;
}

int cmd_fit(int argc, char **argv)
{
    enum { SAMPLES = 49 };
    struct options o;
    struct log_options log;
    struct errors errors = {0};
    if (!options_parse(&o, command_find("fit"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    if (fit_is_metrics(&o))
        return fit_metrics(&o);
    struct fit *fit = NULL;
    if (fit_is_log(&o, &errors) && log_options_of(&o, &log, &errors))
        fit = fit_log(o.scenarios[0], &log, SAMPLES, &errors);
    if (!fit) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    const struct goal goal = fit_goal(&o);
    const char *trace = o.trace ? goal.trace : fit->facts.native ? fit->facts.file : NULL;
    if (!o.quiet)
        fit_report(fit, stdout);
    bool good = save_all(fit, &log, &goal, o.trace, &errors);
    fflush(stdout);
    fit_warnings(fit, trace);
    if (good && !o.quiet)
        printf("\n%s: %s, %s%s%s\n", goal.folder, goal.scenario, goal.picture, o.trace ? ", " : "",
               o.trace ? goal.trace : "");
    fit_free(fit);
    errors_print(&errors);
    return good ? EXIT_DONE : EXIT_FAILED;
}
