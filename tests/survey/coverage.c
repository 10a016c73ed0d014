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
#include "../experiment.h"
#include "../setting.h"
#include "../theory.h"

enum { FIGURES = 7 };
static const char *const names[FIGURES] = {"wait", "latency", "p50", "p90", "p99", "p99.9", "loss"};
static const char *const measures[FIGURES] = {"mean_wait", "mean_response", "resp_p50", "resp_p90",
                                              "resp_p99",  "resp_p999",     "loss_prob"};

/* A model of the oracle language with its parameters (given.h); or, where `model` is NULL, settings
 * (setting.h). */
struct study {
    const char *name, *model, *params;
    double tasks, replications;
};

#define PARETO "lambda=1;service=bpareto;low=0.5;high=100;alpha="

/* One consumer, 80 % busy. */
#define SINGLE                "arrivals.rate=0.8;tasks.size.distribution="
#define PARETO_OF(alpha, low) SINGLE "pareto;tasks.size.alpha=" alpha ";tasks.size.low=" low

/* An hour of 10 /s and a minute of storm, on average; 0.1 s each. */
#define STORMS(rate)                                                                               \
    "arrivals.process=mmpp;arrivals.states.0.rate=10/s;arrivals.states.0.mean_duration=1h;"        \
    "arrivals.states.1.rate=" rate ";arrivals.states.1.mean_duration=1m;"                          \
    "tasks.size.distribution=exponential;tasks.size.mean=100ms;consumers.count=2;"                 \
    "buffer.capacity=20"

static const struct study studies[] = {
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", 10000, 8},
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", 100000, 1},
    {"M/M/5 .9", "M/M/c", "lambda=4.5;mu=1;c=5", 20000, 8},
    {"M/M/16 .9", "M/M/c", "lambda=14.4;mu=1;c=16", 20000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 20000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 200000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 1000000, 1},
    {"M/M/1 .99", "M/M/c", "lambda=0.99;mu=1;c=1", 100000, 8},
    {"M/M/1 .99", "M/M/c", "lambda=0.99;mu=1;c=1", 150000, 8},
    {"M/D/1 .8", "M/G/1", "lambda=0.8;service=deterministic;mean_service=1", 10000, 8},
    {"M/BP/1 2.9", "M/G/1", PARETO "2.9", 5000, 16},
    {"M/BP/1 2.5", "M/G/1", PARETO "2.5", 20000, 8},
    {"M/BP/1 2.5", "M/G/1", PARETO "2.5", 200000, 8},
    {"M/M/1/10 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=10", 10000, 8},
    {"M/M/1/30 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", 10000, 8},
    {"M/M/1/30 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", 100000, 1},
    {"M/M/1/30 .8", "M/M/c/K", "lambda=0.8;mu=1;c=1;K=30", 10000, 8},
    {"M/M/1/36 .8", "M/M/c/K", "lambda=0.8;mu=1;c=1;K=36", 10000, 8},
    {"M/M/1 PS", "M/G/1-PS", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/1 PS .95", "M/G/1-PS", "lambda=0.95;service=exponential;mean_service=1", 20000, 8},
    {"M/BP/1 PS", "M/G/1-PS", PARETO "3", 20000, 8},
    {"M/M/1 SRPT", "M/G/1-SRPT", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/BP/1 SRPT", "M/G/1-SRPT", PARETO "3", 20000, 8},
    {"M/M/1 SJF", "M/G/1-SJF", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/1 LIFO", "M/G/1-LIFOPR", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/4/8 .95", "M/M/c/K", "lambda=3.8;mu=1;c=4;K=8", 10000, 4},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 4000, 8},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 20000, 8},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 100000, 8},
    {"MMPP slow", "MMPP2/M/1", "lambda1=0.3;lambda2=0.8;r12=0.001;r21=0.002;mu=1", 2000, 8},
    {"MMPP slow", "MMPP2/M/1", "lambda1=0.3;lambda2=0.8;r12=0.001;r21=0.002;mu=1", 20000, 8},
    {"M/P/1 1.5", NULL, PARETO_OF("1.5", "0.333333s"), 20000, 8},
    {"M/P/1 1.8", NULL, PARETO_OF("1.8", "0.444444s"), 20000, 8},
    {"M/P/1 1.8", NULL, PARETO_OF("1.8", "0.444444s"), 100000, 8},
    {"M/P/1 2.0", NULL, PARETO_OF("2", "0.5s"), 20000, 8},
    {"M/P/1 2.2", NULL, PARETO_OF("2.2", "0.545455s"), 20000, 8},
    {"M/P/1 2.2", NULL, PARETO_OF("2.2", "0.545455s"), 200000, 8},
    {"M/BP/1 1.5", NULL,
     SINGLE "bounded-pareto;tasks.size.alpha=1.5;tasks.size.low=0.34s;tasks.size.high=100000s",
     20000, 8},
    {"M/BP/1 1.2", NULL,
     SINGLE "bounded-pareto;tasks.size.alpha=1.2;tasks.size.low=0.2s;tasks.size.high=1000s", 50000,
     8},
    {"M/LN/1 10", NULL, SINGLE "lognormal;tasks.size.mean=1s;tasks.size.cv2=10", 20000, 8},
    {"M/LN/1 100", NULL, SINGLE "lognormal;tasks.size.mean=1s;tasks.size.cv2=100", 20000, 8},
    {"M/W/1 .3", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.3", 20000, 8},
    {"M/W/1 .5", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.5", 20000, 8},
    {"M/H2/1 4", NULL,
     SINGLE "hyperexponential;tasks.size.means=[0.55s, 5s];tasks.size.probabilities=[0.9, 0.1]",
     20000, 8},
    {"M/H2/1 rare", NULL,
     SINGLE
     "hyperexponential;tasks.size.means=[0.5s, 500s];tasks.size.probabilities=[0.999, 0.001]",
     20000, 8},
    {"M/M/1/60 .8", NULL, SINGLE "exponential;tasks.size.mean=1s;buffer.capacity=59", 20000, 8},
    {"M/H2/2/20", NULL,
     "consumers.count=2;buffer.capacity=20;arrivals.rate=10;tasks.size.distribution="
     "hyperexponential;tasks.size.means=[0.05s, 100s];tasks.size.probabilities=[0.9999, 0.0001]",
     20000, 8},
    {"M/H2/2/20", NULL,
     "consumers.count=2;buffer.capacity=20;arrivals.rate=10;tasks.size.distribution="
     "hyperexponential;tasks.size.means=[0.05s, 100s];tasks.size.probabilities=[0.9999, 0.0001]",
     400000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 20000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 100000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 300000, 8},
    {"MMPP/M/2/20 b", NULL, STORMS("20/s"), 100000, 8},
    {"MMPP/M/2/20 b", NULL, STORMS("20/s"), 300000, 8},
};

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

/* What nothing is known of is left out of the table. */
static void exact_of_setting(const struct study *study, double out[FIGURES])
{
    static struct scenario s;
    struct tail_figure known[4];
    setting_apply(&s, study->params);
    for (int i = 0; i < FIGURES; i++)
        out[i] = NAN;
    exact_of_theory(&s, out);
    if (!pk_knows(&s))
        return;
    pk_quantiles(&s, true, 40 * (uint64_t)PK_FIGURE_SUMS, quantile_p, 4, known);
    for (int i = 0; i < 4; i++)
        out[2 + i] = known[i].value;
}

static void exact(const struct study *study, double out[FIGURES])
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
static struct row run_once(const struct study *study, int seed)
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
    static struct scenario s;
    setting_apply(&s, study->params);
    s.seed = seed;
    s.run.tasks = study->tasks;
    s.run.replications = study->replications;
    struct result *result =
        run_scenario(&s, &(struct run_options){.engine = &lanes_engine, .jobs = 1});
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

static void survey(const struct study *study, int runs)
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
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        if (argc < 3 || strstr(studies[i].name, argv[2]))
            survey(&studies[i], runs);
    return 0;
}
