/*
 * How often the 95 % intervals of differences hold the truth, how often a claim is made where there
 * is nothing to claim, and what common random numbers are worth: `compare` in short runs.
 *
 *   differences [RUNS [CASE]]        make differences
 *
 * Each pair is run RUNS times (1000), each time with a seed of its own. A line gives, for each
 * quantity: the exact difference, the share of the runs that state an interval, of these the share
 * that hold the exact value ("hold"; 95 % with a standard error of 0.7 % in 1000 runs), the shares
 * that claim the right and the wrong sign (of pairs of a system with itself every claim is wrong),
 * the mean half-width, and by how much longer it is when both have seeds of their own ("crn").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/difference.h"
#include "../../sim/result/run.h"
#include "../experiment.h"
#include "../theory.h"

static const char *const measures[QUANTITIES] = {"mean_response", "resp_p50",  "resp_p90",
                                                 "resp_p99",      "resp_p999", "mean_wait",
                                                 "loss_prob",     "throughput"};

struct study {
    const char *name, *model, *from, *to;
    double tasks, replications;
    bool apart; /* on seeds of their own */
};

static const struct study studies[] = {
    {"M/M/3, 4", "M/M/c", "lambda=2.4;mu=1;c=3", "lambda=2.4;mu=1;c=4", 10000, 8, false},
    {"M/M/5, 6", "M/M/c", "lambda=4.5;mu=1;c=5", "lambda=4.5;mu=1;c=6", 20000, 8, false},
    {"M/M/1 .8, .81", "M/M/c", "lambda=0.8;mu=1;c=1", "lambda=0.81;mu=1;c=1", 10000, 8, false},
    {"M/M/1 .9, mu", "M/M/c", "lambda=0.9;mu=1;c=1", "lambda=0.9;mu=1.02;c=1", 50000, 8, false},
    {"M/M/8 .7, 4", "M/M/c", "lambda=5.6;mu=1;c=8", "lambda=5.6;mu=1;c=8", 10000, 4, true},
    {"M/M/1 .8, own", "M/M/c", "lambda=0.8;mu=1;c=1", "lambda=0.8;mu=1;c=1", 10000, 8, true},
    {"M/M/1/10, 12", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=10", "lambda=0.9;mu=1;c=1;K=12", 10000, 8,
     false},
    {"M/M/4/8, 9", "M/M/c/K", "lambda=3.8;mu=1;c=4;K=8", "lambda=3.8;mu=1;c=4;K=9", 10000, 4,
     false},
    {"M/M/1/10, own", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=10", "lambda=0.9;mu=1;c=1;K=10", 10000, 8,
     true},
};

static double exact(const struct study *study, const char *params, const char *measure)
{
    if (strcmp(measure, "loss_prob") == 0 && strcmp(study->model, "M/M/c") == 0)
        return 0;
    return theory_value(study->model, params, measure);
}

static struct result *simulate(const struct study *study, const char *params, int seed)
{
    static struct scenario s; /* large */
    static struct errors errors;
    if (!experiment_scenario(study->model, params, &s))
        return NULL;
    scenario_set(&s, "run.tasks", "%.17g", study->tasks);
    scenario_set(&s, "run.replications", "%.17g", study->replications);
    scenario_set(&s, "seed", "%d", seed);
    if (!scenario_check(&s, NULL, &errors))
        return NULL;
    return run_scenario(&s, &(struct run_options){.engine = engine_for(&s)});
}

struct tally {
    double stated, held, right, wrong, half, apart, both;
};

static void tally(struct tally *t, const struct difference *d, const struct difference *apart,
                  double truth)
{
    double half = difference_half(d, 0.95), wide = difference_half(apart, 0.95);
    if (isnan(half))
        return;
    bool claims = fabs(d->value) > half;
    t->stated++;
    t->held += fabs(d->value - truth) <= half + 1e-12;
    t->right += claims && d->value * truth > 0;
    t->wrong += claims && !(d->value * truth > 0);
    t->half += half;
    if (!isnan(wide)) {
        t->both += half;
        t->apart += wide;
    }
}

static void print(const struct study *study, const struct tally *tallies, int runs)
{
    for (int q = 0; q < QUANTITIES; q++) {
        const struct tally *t = &tallies[q];
        double truth =
            exact(study, study->to, measures[q]) - exact(study, study->from, measures[q]);
        if (t->stated == 0 || t->half == 0 || isnan(truth))
            continue;
        printf(
            "%-14s %2.0f x %-6.0f %-13s %10.4g %6.0f %% %6.1f %% %6.1f %% %6.1f %% %10.3g %6.2f\n",
            study->name, study->replications, study->tasks, quantity_kinds[q].name, truth,
            100 * t->stated / runs, 100 * t->held / t->stated, 100 * t->right / t->stated,
            100 * t->wrong / t->stated, t->half / t->stated, t->apart / t->both);
    }
    fflush(stdout);
}

static void survey(const struct study *study, int runs)
{
    struct tally tallies[QUANTITIES] = {{0}};
    for (int run = 1; run <= runs; run++) {
        struct result *from = simulate(study, study->from, run);
        struct result *to = simulate(study, study->to, study->apart ? run + 500000 : run);
        struct result *other = simulate(study, study->to, run + 1000000);
        if (!from || !to || !other)
            exit(1);
        struct difference paired[QUANTITIES], apart[QUANTITIES];
        differences_find(from, to, 0, ALL_CLASSES, paired);
        differences_find(from, other, 0, ALL_CLASSES, apart);
        for (int q = 0; q < QUANTITIES; q++)
            tally(&tallies[q], &paired[q], &apart[q],
                  exact(study, study->to, measures[q]) - exact(study, study->from, measures[q]));
        result_free(from);
        result_free(to);
        result_free(other);
    }
    print(study, tallies, runs);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 1000;
    if (runs < 1 || argc > 3) {
        fputs("usage: differences [RUNS [CASE]]\n", stderr);
        return 2;
    }
    printf("%-14s %11s %-13s %10s %8s %8s %8s %8s %10s %6s\n", "pair", "run", "quantity", "exact",
           "stated", "hold", "right", "wrong", "half", "crn");
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        if (argc < 3 || strstr(studies[i].name, argv[2]))
            survey(&studies[i], runs);
    return 0;
}
