/* queuescope theory: what formulas say of a scenario, beside a short simulation. */
#include <stdio.h>
#include <stdlib.h>

#include "../../sim/answer/cliff.h"
#include "../../sim/result/stats.h"
#include "../../sim/scenario/process.h"
#include "../shell/options.h"
#include "../shell/progress.h"
#include "../shell/signals.h"
#include "../words/figures.h"
#include "../words/sheet.h"
#include "../words/tail_words.h"
#include "../words/theory_table.h"

enum { TASKS = 50000, REPLICATIONS = 32 };

static const char *interval(const struct validated *v)
{
    if (isnan(v->low) || isnan(v->high))
        return "-";
    return internf("%s to %s", figure_value(&v->theory, v->low), figure_value(&v->theory, v->high));
}

static void print(const struct scenario *s, const struct validation *v, const char *engine)
{
    bool exact = v->theory.n > 0 && !v->theory.figure[0].approximate;
    printf("%s: %s values beside %d replications of %.0f tasks (engine %s, seed %.0f)\n\n",
           v->theory.model, exact ? "exact" : "approximate", REPLICATIONS, s->run.tasks, engine,
           s->seed);
    static const char *const head[] = {"", "theory", "simulated", "95 % interval", "z", "source"};
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    for (size_t i = 0; i < v->theory.n; i++) {
        const struct validated *f = &v->figure[i];
        sheet_add(&sheet, figure_name(s, &f->theory));
        sheet_add(&sheet, figure_value(&f->theory, f->theory.value));
        sheet_add(&sheet, figure_value(&f->theory, f->value));
        sheet_add(&sheet, interval(f));
        sheet_add(&sheet, figure_score(f));
        sheet_add(&sheet,
                  internf("%s%s", f->theory.source, f->theory.approximate ? " (approximate)" : ""));
    }
    struct numbers numbers;
    double p[NUMBERS_SHOWN];
    numbers_of(s, &v->theory, &numbers, p);
    theory_add_numbers(&sheet, &numbers, v);
    sheet_print(&sheet, stdout);
    sheet_free(&sheet);
    if (numbers.source)
        printf("\n%s\n", theory_distribution(&numbers, p));
}

/* How many figures are off by more than luck. */
static size_t count_off(const struct validation *v)
{
    double p[THEORY_FIGURES];
    bool off[THEORY_FIGURES];
    size_t n = 0;
    for (size_t i = 0; i < v->theory.n; i++)
        if (!isnan(v->figure[i].z))
            p[n++] = validation_p(v->figure[i].z);
    return stats_holm(p, n, FALSE_ALARM, off);
}

/* Whether formulas gave any quantile of the latency. */
static bool knows_latency(const struct theory *theory)
{
    for (size_t i = 0; i < theory->n; i++)
        if (theory->figure[i].measure == THEORY_LATENCY_QUANTILE)
            return true;
    return false;
}

static int compare(const struct options *o, const struct scenario *s)
{
    struct validation *v = xmalloc(sizeof *v);
    struct progress progress;
    progress_begin(&progress, o->quiet);
    const struct run_options run = {.engine = options_engine(o, s),
                                    .jobs = o->jobs,
                                    .stop = &signals_stop,
                                    .progress = progress_show,
                                    .context = &progress};
    int status = EXIT_DONE;
    bool whole = validate(s, &run, v);
    progress_end(&progress);
    if (!whole) {
        fprintf(stderr, "queuescope theory: interrupted\n");
        status = EXIT_INTERRUPTED;
    } else if (!v->theory.model) {
        fprintf(stderr, "queuescope theory: theory is silent: %s\n", v->theory.why);
        status = EXIT_FAILED;
    } else {
        bool silent = o->quiet || knows_latency(&v->theory);
        const char *tail = silent ? NULL : tail_words_of(s, "");
        if (!o->quiet)
            print(s, v, run.engine->model.name);
        if (tail)
            printf("\n%s\n", tail);
        if (count_off(v) > 0 || !v->audited) {
            fprintf(stderr, "queuescope theory: error: the simulation is off by more than luck: "
                            "this is a bug in queuescope\n");
            status = EXIT_FAILED;
        }
    }
    free(v);
    return status;
}

int cmd_theory(int argc, char **argv)
{
    static struct scenario s, at; /* large */
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("theory"), 1, argc, argv))
        return EXIT_USAGE;
    if (o.n_vary > 0)
        return theory_table(&o);
    bool sound = options_load(&o, o.scenarios[0], &s, &places, &errors);
    places_free(&places);
    if (sound) {
        options_drop_precision(&s, "the simulation beside the formulas is always as long");
        cliff_today(&s, &at);
        at.run.tasks = TASKS;
        at.run.duration = NAN;
        at.run.warmup = (struct amount){AMOUNT_AUTO, 0};
        at.run.replications = REPLICATIONS;
        at.run.at_end = END_COMPLETE;
        sound = options_engine_fits(&o, &at, o.scenarios[0], &errors);
    }
    if (sound)
        return compare(&o, &at);
    errors_print(&errors);
    return EXIT_USAGE;
}
