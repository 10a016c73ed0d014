/*
 * How often the 95 % intervals of short runs hold the truth, and how often they are stated: what a
 * suite of pinned seeds cannot show.
 *
 *   coverage [RUNS]          make coverage
 *
 * Each case is run RUNS times (1000), each time with a seed of its own, as `queuescope run` does. A
 * line gives, for each figure: the share of the runs that state an interval, of these the share
 * that hold the exact value ("hold"; 95 % with a standard error of 0.7 % in 1000 runs), how many
 * lie below it altogether ("low"), the mean width relative to the value, and the bias of the value
 * itself. Exact values are from formulas (theory.h), from conditional Monte Carlo (pk_figures.h; to
 * within a few thousandths), or from one run of 3e8 tasks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/rare/pk_figures.h"
#include "../../sim/result/run.h"
#include "../../sim/theory/theory.h"
#include "../coverage_cases.h"
#include "../experiment.h"
#include "../setting.h"
#include "../theory.h"

enum { FIGURES = 7 };
static const char *const names[FIGURES] = {"wait", "latency", "p50", "p90", "p99", "p99.9", "loss"};
static const char *const measures[FIGURES] = {"mean_wait", "mean_response", "resp_p50", "resp_p90",
                                              "resp_p99",  "resp_p999",     "loss_prob"};

/* The figures of a row, and the intervals that it states (NAN: none). */
static void figures(const struct row *row, double value[FIGURES], double low[FIGURES],
                    double high[FIGURES])
{
    value[0] = row->wait_mean;
    low[0] = row->wait_mean - row->wait_mean_ci95;
    high[0] = row->wait_mean + row->wait_mean_ci95;
    value[1] = row->latency_mean;
    low[1] = row->latency_mean - row->latency_mean_ci95;
    high[1] = row->latency_mean + row->latency_mean_ci95;
    for (int i = 0; i < QUANTILES; i++) {
        value[2 + i] = row->latency_q[i];
        low[2 + i] = row->latency_low[i];
        high[2 + i] = row->latency_high[i];
    }
    value[FIGURES - 1] = row->loss_fraction;
    low[FIGURES - 1] = row->loss_low;
    high[FIGURES - 1] = row->loss_high;
}

static void exact_of_theory(const struct scenario *column, double out[FIGURES])
{
    static struct theory theory;
    theory_of(column, &theory);
    for (size_t i = 0; i < theory.n; i++) {
        const struct theory_figure *f = &theory.figure[i];
        if (f->approximate)
            continue;
        if (f->measure == THEORY_WAIT_MEAN)
            out[0] = f->value;
        else if (f->measure == THEORY_LATENCY_MEAN)
            out[1] = f->value;
        else if (f->measure == THEORY_LOSS)
            out[FIGURES - 1] = f->value;
        for (int k = 0; k < 4; k++)
            if (f->measure == THEORY_LATENCY_QUANTILE && fabs(f->p - quantile_p[k]) < 1e-9)
                out[2 + k] = f->value;
    }
}

/* Of a setting: from theory, conditional Monte Carlo, or, of light tails or several
 * consumers, from a long run. What nothing is known of is left out of the table. */
static void exact_of_setting(const struct coverage_case *study, double out[FIGURES])
{
    static struct scenario s;
    struct tail_figure known[4];
    double low[FIGURES], high[FIGURES], measured[FIGURES];
    setting_apply(&s, study->params);
    for (int i = 0; i < FIGURES; i++)
        out[i] = NAN;
    exact_of_theory(&s, out);
    bool light = law_above(&s.size, 100 * law_mean(&s.size)) < 1e-9, all = true;
    if (pk_knows(&s) && !light) {
        pk_quantiles(&s, true, 40 * (uint64_t)PK_FIGURE_SUMS, quantile_p, 4, known);
        for (int i = 0; i < 4; i++)
            out[2 + i] = known[i].value;
    }
    for (int i = 0; i < FIGURES - 1; i++)
        all = all && !isnan(out[i]);
    if (all || (!light && s.stage.consumers < 2))
        return;
    struct result *result = coverage_case_run(study, 4e7, 1);
    figures(result_row(result, 0, result_row_classes(result) - 1), measured, low, high);
    for (int i = 0; i < FIGURES; i++)
        out[i] = isnan(out[i]) ? measured[i] : out[i];
    result_free(result);
}

static void exact(const struct coverage_case *study, double out[FIGURES])
{
    if (!study->model) {
        exact_of_setting(study, out);
        return;
    }
    double low[FIGURES], high[FIGURES], measured[FIGURES];
    bool known = true;
    for (int i = 0; i < FIGURES; i++) {
        out[i] = theory_value(study->model, study->params, measures[i]);
        known = known && (!isnan(out[i]) || i == FIGURES - 1);
    }
    if (known)
        return;
    struct experiment *e = experiment_run(study->model, study->params, 7.5e7, 4, "1M");
    figures(e->row, measured, low, high);
    for (int i = 0; i < FIGURES; i++)
        if (isnan(out[i]))
            out[i] = measured[i];
    experiment_free(e);
}

/* One run, as `queuescope run` does it: the row of all classes. */
static struct row run_once(const struct coverage_case *study, int seed)
{
    struct row row;
    if (study->model) {
        char text[16];
        snprintf(text, sizeof text, "%d", seed);
        setenv("QUEUESCOPE_SEED", text, 1);
        struct experiment *e =
            experiment_run(study->model, study->params, study->tasks, study->replications, "auto");
        row = *e->row;
        experiment_free(e);
        unsetenv("QUEUESCOPE_SEED");
        return row;
    }
    struct result *result = coverage_case_run(study, study->tasks, seed);
    row = *result_row(result, 0, result_row_classes(result) - 1);
    result_free(result);
    return row;
}

struct tally {
    double stated, held, low, width, given, bias;
};

static void tally(struct tally *t, double truth, double value, double low, double high)
{
    if (!isnan(value)) {
        t->given++;
        t->bias += value / truth - 1;
    }
    if (isnan(low))
        return;
    t->stated++;
    t->held += low <= truth && truth <= high;
    t->low += high < truth;
    t->width += (high - low) / truth;
}

static void survey(const struct coverage_case *study, int runs)
{
    double truth[FIGURES], value[FIGURES], low[FIGURES], high[FIGURES];
    struct tally tallies[FIGURES] = {{0}};
    int base = getenv("QUEUESCOPE_SEED") ? atoi(getenv("QUEUESCOPE_SEED")) : 0;
    exact(study, truth);
    for (int run = 0; run < runs; run++) {
        struct row row = run_once(study, base + run + 1);
        figures(&row, value, low, high);
        for (int i = 0; i < FIGURES; i++)
            tally(&tallies[i], truth[i], value[i], low[i], high[i]);
    }
    for (int i = 0; i < FIGURES; i++) {
        const struct tally *t = &tallies[i];
        if (!(truth[i] > 0))
            continue;
        printf("%-12s %3.0f x %-8.0f %-6s %10.5g %7.0f %%", study->name, study->replications,
               study->tasks, names[i], truth[i], 100 * t->stated / runs);
        if (t->stated > 0)
            printf(" %7.1f %% %6.1f %% %8.2f", 100 * t->held / t->stated, 100 * t->low / t->stated,
                   t->width / t->stated);
        else
            printf(" %9s %8s %8s", "-", "-", "-");
        if (t->given > 0)
            printf(" %+8.1f %%", 100 * t->bias / t->given);
        else
            printf(" %10s", "-");
        printf(" %5.0f %%\n", 100 * t->given / runs);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 1000;
    if (runs < 1 || argc > 3) {
        fputs("usage: coverage [RUNS [CASE]]\n", stderr);
        return 2;
    }
    printf("%-12s %14s %-6s %10s %9s %9s %8s %8s %10s %7s\n", "case", "run", "figure", "exact",
           "stated", "hold", "low", "width", "bias", "given");
    for (size_t i = 0; i < n_coverage_cases; i++)
        if (argc < 3 || strstr(coverage_cases[i].name, argv[2]))
            survey(&coverage_cases[i], runs);
    return 0;
}
