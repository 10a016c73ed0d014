/* queuescope rare: losses and latencies that happen once in a million tasks, or in a billion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/rare_plot.h"
#include "../../sim/base/elapsed.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/folder.h"
#include "../shell/options.h"
#include "../shell/progress.h"
#include "../shell/saving.h"
#include "../shell/signals.h"
#include "../words/rare_report.h"
#include "../words/report.h"

/* What the progress callback knows. */
struct watch {
    struct progress progress;
    const struct scenario *s;
    double began, value, before, last; /* seconds; tasks of columns that are done; of this one */
};

static void show(void *context, double value, double tasks)
{
    struct watch *watch = context;
    if (value != watch->value && watch->s->sweep.parameter) {
        watch->before += watch->last;
        watch->value = value;
    }
    watch->last = tasks;
    watch->progress.doing =
        watch->s->sweep.parameter
            ? internf("%s = %s", watch->s->sweep.parameter, report_value(watch->s, value))
            : "splitting";
    progress_show(&watch->progress, 0, (uint64_t)(watch->before + tasks),
                  elapsed_seconds() - watch->began);
}

static bool take_measure(const struct options *o, struct rare_question *q, struct errors *errors)
{
    q->measure = rare_usual(q->s);
    if (!o->measure)
        return true;
    struct place at = {internf("--measure %s", o->measure), 0, 0};
    for (int i = 0; rare_measures[i]; i++)
        if (strcmp(o->measure, rare_measures[i]) == 0) {
            q->measure = (enum rare_measure)i;
            return true;
        }
    const char *near = nearest(o->measure, rare_measures);
    return near ? error_at(errors, at, "unknown measure (did you mean '%s'?)", near)
                : error_at(errors, at, "unknown measure (one of loss, latency, wait)");
}

/* Every column can be done; of those that cannot, the first is told. */
static bool covered(const struct rare_question *q, const char *file, const struct places *places,
                    struct errors *errors)
{
    struct scenario *at = xmalloc(sizeof *at);
    const char *why = NULL, *key = NULL;
    uint32_t columns = sweep_columns(q->s), i = 0;
    for (; i < columns && !why; i++) {
        sweep_scenario(q->s, i, at);
        why = rare_refuses(at, q->measure, &key);
    }
    free(at);
    if (!why)
        return true;
    struct place place = places_find(places, key);
    if (!place.source)
        place = (struct place){file, 0, 0};
    if (columns == 1 || i == 1)
        return error_at(errors, place, "%s", why);
    return error_at(errors, place, "%s = %s: %s", q->s->sweep.parameter,
                    report_value(q->s, sweep_value(q->s, i - 1)), why);
}

static bool question_of(const struct options *o, struct scenario *s, struct rare_question *q,
                        struct errors *errors)
{
    struct places places = {0};
    *q = (struct rare_question){.s = s, .jobs = o->jobs};
    q->relative = isnan(o->relative) ? RARE_RELATIVE : o->relative;
    q->confidence = isnan(o->confidence) ? PRECISION_CONFIDENCE : o->confidence;
    q->max_tasks = isnan(o->max_tasks) ? RARE_MAX_TASKS : o->max_tasks;
    bool good = options_load(o, o->scenarios[0], s, &places, errors) &&
                take_measure(o, q, errors) && covered(q, o->scenarios[0], &places, errors);
    places_free(&places);
    return good;
}

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    size_t size;
    char *csv = rare_csv(context, &size), *json = folder_mark(rare_json(context));
    bool saved = save_bytes(folder, "rare.csv", csv, size, errors) &&
                 save_bytes(folder, "rare.json", json, strlen(json), errors);
    free(csv);
    free(json);
    return saved;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    return plot_rare(context, png, errors);
}

static int finish(const struct rare *rare, const char *folder, bool quiet, double seconds)
{
    if (!quiet)
        rare_report(rare, seconds, stdout);
    if (!saving_done(&(struct saving){.folder = folder,
                                      .name = "rare.png",
                                      .files = save_files,
                                      .picture = draw_picture,
                                      .context = rare,
                                      .threads = rare->question.jobs}))
        return EXIT_FAILED;
    if (!quiet)
        printf("\n%s: rare.png, rare.csv, rare.json\n", folder);
    rare_warnings(rare);
    if (rare->interrupted) {
        fprintf(stderr, "queuescope rare: interrupted: %s holds what was known by then\n", folder);
        return EXIT_INTERRUPTED;
    }
    for (size_t i = 0; i < rare->columns; i++)
        if (rare->column[i].state != PRECISION_REACHED)
            return EXIT_UNDECIDED;
    return EXIT_DONE;
}

int cmd_rare(int argc, char **argv)
{
    static struct scenario s; /* large */
    struct options o;
    struct rare_question question;
    struct errors errors = {0};
    if (!options_parse(&o, command_find("rare"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    if (!question_of(&o, &s, &question, &errors)) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    const char *folder = folder_for_answer(&o, &s, "rare", "rare.json");
    if (!save_folder(folder, &errors)) {
        errors_print(&errors);
        return EXIT_FAILED;
    }
    struct watch watch = {.s = &s, .began = elapsed_seconds(), .value = NAN};
    progress_begin(&watch.progress, o.quiet);
    question.stop = &signals_stop;
    question.progress = show;
    question.context = &watch;
    struct rare *rare = rare_find(&question);
    progress_end(&watch.progress);
    int status = finish(rare, folder, o.quiet, elapsed_seconds() - watch.began);
    rare_free(rare);
    return status;
}
