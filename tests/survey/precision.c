/*
 * How often a run that goes on until a figure is known to within g (run.precision) has it to within
 * g, and what that takes: the stopping rule, in runs whose answer is known.
 *
 *   precision [RUNS]        make precision
 *
 * Each case is run RUNS times (1000) with a seed of its own. A line gives the share of the runs
 * that reached the precision asked for, of these the share whose figure is within it of the truth
 * (95 % or more, as asked), the share whose ordinary 95 % interval holds the truth all the same,
 * and the replications they took: the mean, and the most.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../sim/result/precision.h"
#include "../experiment.h"
#include "../theory.h"

static const struct study {
    const char *name, *model, *params, *measure, *theory;
    double tasks, relative;
} studies[] = {
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", "wait_mean", "mean_wait", 10000, 0.05},
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", "latency_p99", "resp_p99", 10000, 0.1},
    {"M/M/5 .9", "M/M/c", "lambda=4.5;mu=1;c=5", "latency_p50", "resp_p50", 20000, 0.03},
    {"M/M/5 .9", "M/M/c", "lambda=4.5;mu=1;c=5", "latency_p99", "resp_p99", 20000, 0.1},
    {"M/D/1 .8", "M/G/1", "lambda=0.8;service=deterministic;mean_service=1", "wait_mean",
     "mean_wait", 10000, 0.03},
    {"M/M/1/30 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", "loss_fraction", "loss_prob", 10000,
     0.2},
};

static void survey(const struct study *study, int runs)
{
    static struct scenario s; /* large */
    static struct errors errors;
    double truth = theory_value(study->model, study->params, study->theory);
    double reached = 0, within = 0, held = 0, replications = 0, most = 0;
    for (int run = 1; run <= runs; run++) {
        if (!experiment_scenario(study->model, study->params, &s))
            exit(1);
        scenario_set(&s, "run.tasks", "%.17g", study->tasks);
        scenario_set(&s, "run.precision.measure", "%s", study->measure);
        scenario_set(&s, "run.precision.relative", "%.17g", study->relative);
        scenario_set(&s, "seed", "%d", run);
        if (!scenario_check(&s, NULL, &errors))
            exit(1);
        struct result *result = run_scenario(&s, &(struct run_options){.engine = engine_for(&s)});
        const struct row *row = result_row(result, 0, 0);
        enum quantity q = precision_quantity(&s);
        double value = quantity_value(row, q);
        if (row->precision_state == PRECISION_REACHED) {
            reached++;
            within += fabs(value - truth) <= study->relative * truth;
            held += fabs(value - truth) <= quantity_half(row, q);
        }
        replications += row->replications;
        most = fmax(most, row->replications);
        result_free(result);
    }
    printf("%-12s %-13s %6.0f %% %9.1f %% %8.1f %% %8.1f %% %8.1f %6.0f\n", study->name,
           study->measure, 100 * study->relative, 100 * reached / runs, 100 * within / reached,
           100 * held / reached, replications / runs, most);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 1000;
    if (runs < 1 || argc > 2) {
        fputs("usage: precision [RUNS]\n", stderr);
        return 2;
    }
    printf("%-12s %-13s %8s %11s %10s %10s %8s %6s\n", "case", "figure", "asked", "reached",
           "within", "hold", "replic.", "most");
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        survey(&studies[i], runs);
    return 0;
}
