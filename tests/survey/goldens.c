/*
 * How often `verify` raises an alarm where nothing has changed, and how often it notices that the
 * traffic has: over many pairs of runs with seeds of their own.
 *
 *   goldens [RUNS [CASE]]          make goldens
 *
 * A case is a folder of scenarios whose figures are judged together (golden.h). Of `alarm` the
 * share should be at most what heads the column; `+2 %` and `+5 %` are the shares of runs that fail
 * at 1 % with that much more traffic in every scenario.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/golden/golden.h"
#include "../../sim/result/run.h"
#include "../../sim/scenario/config.h"
#include "../experiment.h"

enum { SCENARIOS = 3, LEVELS = 3, CHANGES = 2 };
static const double levels[LEVELS] = {0.01, 0.05, 0.2};
static const double growth[CHANGES] = {1.02, 1.05};

/* A scenario: a file, or a model with its parameters (given.h). */
struct member {
    const char *model, *params;
    double tasks, replications;
};
static const struct study {
    const char *name;
    struct member members[SCENARIOS];
} studies[] = {
    {"configs/capacity",
     {{"configs/capacity/checkout.yaml", NULL, 0, 0},
      {"configs/capacity/support.yaml", NULL, 0, 0},
      {"configs/capacity/thumbnails.yaml", NULL, 0, 0}}},
    {"short runs",
     {{"M/M/c", "lambda=0.8;mu=1;c=1", 10000, 8},
      {"M/M/c", "lambda=4.5;mu=1;c=5", 20000, 8},
      {"M/G/1", "lambda=0.8;service=deterministic;mean_service=1", 10000, 8}}},
    {"heavy tails",
     {{"M/G/1", "lambda=0.5;service=lognormal;mu_log=-0.5;sigma_log=1", 20000, 8},
      {"M/M/c", "lambda=0.9;mu=1;c=1", 40000, 8},
      {"M/M/c", "lambda=14.4;mu=1;c=16", 40000, 8}}},
    {"bounded buffers",
     {{"M/M/c/K", "lambda=0.9;mu=1;c=1;K=10", 10000, 8},
      {"M/M/c/K", "lambda=0.8;mu=1;c=1;K=30", 10000, 8},
      {"M/M/c/K", "lambda=3.8;mu=1;c=4;K=8", 10000, 4}}},
    {"one replication",
     {{"M/M/c", "lambda=0.8;mu=1;c=1", 100000, 1},
      {"M/M/c", "lambda=4;mu=1;c=5", 100000, 1},
      {"M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", 100000, 1}}},
};

static void load(const struct member *member, struct scenario *s)
{
    static struct errors errors;
    struct places places = {0};
    param_defaults(s);
    bool sound = member->params ? experiment_scenario(member->model, member->params, s)
                                : config_load(member->model, NULL, s, &places, &errors);
    places_free(&places);
    if (!sound) {
        fprintf(stderr, "goldens: no such scenario: %s %s\n%s\n", member->model,
                member->params ? member->params : "", errors.text[0]);
        exit(1);
    }
    if (member->params) {
        scenario_set(s, "run.tasks", "%.17g", member->tasks);
        scenario_set(s, "run.replications", "%.17g", member->replications);
    }
}

static void simulate(const struct scenario *base, double factor, int seed, struct golden *out)
{
    static struct scenario s; /* large */
    s = *base;
    s.seed = seed;
    s.arrivals.rate *= factor;
    struct result *result = run_scenario(&s, &(struct run_options){.engine = engine_for(&s)});
    golden_of(result, out);
    result_free(result);
}

/* Alarms at each level where every scenario is run again with `factor` times its traffic. */
static size_t fails(const struct scenario *scenarios, const struct golden *before, double factor,
                    int seed, bool alarm[LEVELS])
{
    struct golden after[SCENARIOS];
    struct golden_pairs pairs[SCENARIOS];
    size_t compared = 0;
    for (int i = 0; i < SCENARIOS; i++) {
        simulate(&scenarios[i], factor, seed, &after[i]);
        golden_compare(&before[i], &after[i], &pairs[i]);
        for (size_t j = 0; j < pairs[i].n; j++)
            compared += isnan(pairs[i].pairs[j].p) ? 0 : 1;
    }
    for (int k = 0; k < LEVELS; k++) /* upwards: who differs at one level does at the next */
        alarm[k] = golden_judge(pairs, SCENARIOS, levels[k]) > 0;
    for (int i = 0; i < SCENARIOS; i++) {
        golden_free(&after[i]);
        free(pairs[i].pairs);
    }
    return compared;
}

static void survey(const struct study *study, int runs)
{
    struct scenario *scenarios = xcalloc(SCENARIOS, sizeof *scenarios);
    double alarms[LEVELS] = {0}, found[CHANGES] = {0}, compared = 0;
    for (int i = 0; i < SCENARIOS; i++)
        load(&study->members[i], &scenarios[i]);
    for (int run = 0; run < runs; run++) {
        struct golden before[SCENARIOS];
        bool alarm[LEVELS];
        for (int i = 0; i < SCENARIOS; i++)
            simulate(&scenarios[i], 1, 10 * run + 1, &before[i]);
        compared += (double)fails(scenarios, before, 1, 10 * run + 2, alarm);
        for (int k = 0; k < LEVELS; k++)
            alarms[k] += alarm[k];
        for (int c = 0; c < CHANGES; c++) {
            fails(scenarios, before, growth[c], 10 * run + 3 + c, alarm);
            found[c] += alarm[0];
        }
        for (int i = 0; i < SCENARIOS; i++)
            golden_free(&before[i]);
    }
    free(scenarios);
    printf("%-18s %7.1f", study->name, compared / runs);
    for (int k = 0; k < LEVELS; k++)
        printf(" %7.1f %%", 100 * alarms[k] / runs);
    for (int c = 0; c < CHANGES; c++)
        printf(" %7.1f %%", 100 * found[c] / runs);
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 400;
    if (runs < 1 || argc > 3) {
        fputs("usage: goldens [RUNS [CASE]]\n", stderr);
        return 2;
    }
    printf("%-18s %7s", "folder", "figures");
    for (int k = 0; k < LEVELS; k++)
        printf("  at %2.0f %%:", 100 * levels[k]);
    for (int c = 0; c < CHANGES; c++)
        printf("    +%.0f %%: ", 100 * (growth[c] - 1));
    printf("\n");
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        if (argc < 3 || strstr(studies[i].name, argv[2]))
            survey(&studies[i], runs);
    return 0;
}
