/* queuescope validate: this build against systems with exact answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/answer/battery.h"
#include "../../sim/result/stats.h"
#include "../../sim/scenario/config.h"
#include "../shell/options.h"
#include "../shell/progress.h"
#include "../shell/signals.h"
#include "../words/figures.h"
#include "../words/sheet.h"

enum { TASKS = 60000, REPLICATIONS = 32 };

/* All figures of the battery. */
struct scores {
    const struct options *options;
    struct run_options run;
    struct sheet sheet;
    size_t n, capacity;
    double *p;
    const char **what; /* [n]: which figure of which system */
    size_t broken;     /* engines that differ, audits that do not hold */
    uint64_t tasks;
};

/* The scenario of a system of the battery; it is sound, or the battery is wrong. */
static bool load(const struct battery_system *system, const struct options *o, struct scenario *s,
                 struct errors *errors)
{
    struct places places = {0};
    param_defaults(s);
    bool sound =
        config_read(system->name, system->scenario, strlen(system->scenario), s, &places, errors) &&
        options_apply(o, s, &places, errors);
    s->run.tasks = TASKS;
    s->run.replications = REPLICATIONS;
    sound = sound && scenario_check(s, &places, errors);
    places_free(&places);
    return sound;
}

static void keep(struct scores *scores, const char *what, double z)
{
    if (scores->n == scores->capacity) {
        scores->capacity = scores->capacity ? 2 * scores->capacity : 64;
        scores->p = xrealloc(scores->p, scores->capacity * sizeof *scores->p);
        scores->what = xrealloc(scores->what, scores->capacity * sizeof *scores->what);
    }
    scores->p[scores->n] = validation_p(z);
    scores->what[scores->n++] = what;
}

static void add_figures(struct scores *scores, const char *name, const struct scenario *s,
                        const struct validation *v, const char *engines)
{
    for (size_t i = 0; i < v->theory.n; i++) {
        const struct validated *f = &v->figure[i];
        const char *figure = figure_name(s, &f->theory);
        sheet_add(&scores->sheet, i == 0 ? name : "");
        sheet_add(&scores->sheet, figure);
        sheet_add(&scores->sheet, figure_value(&f->theory, f->theory.value));
        sheet_add(&scores->sheet, figure_value(&f->theory, f->value));
        sheet_add(&scores->sheet, figure_score(f));
        sheet_add(&scores->sheet, i == 0 ? engines : "");
        if (!isnan(f->z))
            keep(scores, internf("%s: %s", name, figure), f->z);
    }
}

static bool close_to(double a, double b, double within)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= within;
}

/* Histograms are equal count for count; sums over consumers are added up in another order. */
static bool same(const struct validation *a, const struct validation *b)
{
    bool equal = a->theory.n == b->theory.n;
    for (size_t i = 0; equal && i < a->theory.n; i++) {
        const struct validated *x = &a->figure[i], *y = &b->figure[i];
        equal = close_to(x->value, y->value, 1e-9 * fabs(x->value)) && close_to(x->z, y->z, 1e-5);
    }
    return equal;
}

static void broken(struct scores *scores, const char *name, const char *what)
{
    progress_end(scores->run.context);
    fprintf(stderr, "queuescope validate: error: %s: %s\n", name, what);
    scores->broken++;
}

/* One system with every engine that takes it; false if stopped. */
static bool try_system(struct scores *scores, const struct battery_system *system,
                       const struct scenario *s)
{
    const struct engine *const engines[] = {engine_by_events(s), engine_by_lanes(s)};
    struct validation *v = xcalloc(2, sizeof *v);
    bool both = !engines[1]->refuses(s), whole = true;
    for (int i = 0, n = both ? 2 : 1; i < n && whole; i++) {
        scores->run.engine = engines[i];
        whole = validate(s, &scores->run, &v[i]);
        scores->tasks += v[i].simulated;
        if (!v[i].audited)
            broken(scores, system->name, "the run violates its own audit");
        if (!v[i].theory.model)
            broken(scores, system->name, "no formula knows it");
    }
    if (whole && both && !same(&v[0], &v[1]))
        broken(scores, system->name, "the engines give different figures");
    if (whole)
        add_figures(scores, system->name, s, &v[0],
                    both ? "lanes = events" : engines[0]->model.name);
    free(v);
    return whole;
}

static int judge(struct scores *scores, double seed)
{
    bool *off = xmalloc((scores->n + 1) * sizeof *off);
    size_t wrong = stats_holm(scores->p, scores->n, FALSE_ALARM, off);
    progress_end(scores->run.context);
    if (!scores->options->quiet) {
        sheet_print(&scores->sheet, stdout);
        printf("\n%zu systems, %zu figures, %.3g million tasks, seed %.0f: %s (Holm 1979; a false "
               "alarm in one of 10,000 seeds)\n",
               battery_size, scores->n, 1e-6 * (double)scores->tasks, seed,
               wrong + scores->broken == 0 ? "all is well" : "NOT well");
    }
    for (size_t i = 0; i < scores->n; i++)
        if (off[i])
            fprintf(stderr, "queuescope validate: error: %s is off: p = %.1e\n", scores->what[i],
                    scores->p[i]);
    free(off);
    return wrong + scores->broken == 0 ? EXIT_DONE : EXIT_FAILED;
}

int cmd_validate(int argc, char **argv)
{
    static struct scenario s; /* large */
    static const char *const head[] = {"system", "figure", "exact", "simulated", "z", "engines"};
    struct options o;
    struct errors errors = {0};
    struct progress progress;
    if (!options_parse(&o, command_find("validate"), 0, argc, argv))
        return EXIT_USAGE;
    struct scores scores = {.options = &o, .sheet = {.columns = sizeof head / sizeof *head}};
    for (size_t i = 0; i < scores.sheet.columns; i++)
        sheet_add(&scores.sheet, head[i]);
    progress_begin(&progress, o.quiet);
    scores.run = (struct run_options){
        .jobs = o.jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    int status = EXIT_DONE;
    for (size_t i = 0; i < battery_size && status == EXIT_DONE; i++) {
        if (!load(&battery[i], &o, &s, &errors)) {
            errors_print(&errors);
            status = EXIT_USAGE;
        } else if (!try_system(&scores, &battery[i], &s)) {
            progress_end(&progress);
            fprintf(stderr, "queuescope validate: interrupted\n");
            status = EXIT_INTERRUPTED;
        }
    }
    if (status == EXIT_DONE)
        status = judge(&scores, s.seed);
    sheet_free(&scores.sheet);
    free(scores.p);
    free(scores.what);
    return status;
}
