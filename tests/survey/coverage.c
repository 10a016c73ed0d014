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
 * itself. Exact values are from formulas (theory.h), or from one run of 3e8 tasks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../experiment.h"
#include "../theory.h"

enum { FIGURES = 7 };
static const char *const names[FIGURES] = {"wait", "latency", "p50", "p90", "p99", "p99.9", "loss"};
static const char *const measures[FIGURES] = {"mean_wait", "mean_response", "resp_p50", "resp_p90",
                                              "resp_p99",  "resp_p999",     "loss_prob"};

struct study {
    const char *name, *model, *params;
    double tasks, replications;
};

#define PARETO "lambda=1;service=bpareto;low=0.5;high=100;alpha="

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

static void exact(const struct study *study, double out[FIGURES])
{
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
        char seed[16];
        snprintf(seed, sizeof seed, "%d", base + run + 1);
        setenv("QUEUESCOPE_SEED", seed, 1);
        struct experiment *e =
            experiment_run(study->model, study->params, study->tasks, study->replications, "auto");
        figures(e->row, value, low, high);
        for (int i = 0; i < FIGURES; i++)
            tally(&tallies[i], truth[i], value[i], low[i], high[i]);
        experiment_free(e);
    }
    unsetenv("QUEUESCOPE_SEED");
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
