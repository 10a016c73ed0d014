/*
 * The speed of the lanes engine beside the scalar reference loop, back to back, one thread.
 *
 *   bench_lanes [TASKS] [REPETITIONS]
 *
 * Each line is a sweep over 16 columns (the last one a drift over 200), TASKS in all, run as
 * `queuescope run` does but for the picture and the files: warm-up by the rule (a tenth of the
 * tasks or more, not counted in the figures), two histograms a column, result and audit. Medians
 * over the turns, CPU time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../sim/result/run.h"
#include "turns.h"

enum { COLUMNS = 16 };

static double time_engine(const struct scenario *s, const struct engine *engine)
{
    double begin = cpu_seconds();
    const struct run_options options = {.engine = engine, .jobs = 1};
    struct result *result = run_scenario(s, &options);
    double seconds = cpu_seconds() - begin;
    if (!result || !audit_holds(&result->audit))
        abort();
    result_free(result);
    return seconds;
}

static void set(struct scenario *s, const char *path, const char *text)
{
    struct errors errors = {0};
    if (!param_set(s, path, text, (struct place){.source = "bench_lanes"}, &errors)) {
        fprintf(stderr, "%s\n", errors.text[0]);
        exit(1);
    }
}

static struct scenario *scenario_of(uint64_t tasks, int consumers, const char *parameter,
                                    const char *from, const char *to)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    param_defaults(s);
    set(s, "arrivals.utilization", "90%");
    set(s, "tasks.size.distribution", "bounded-pareto");
    set(s, "tasks.size.alpha", "2.5");
    set(s, "tasks.size.low", "500ms");
    set(s, "tasks.size.high", "100s");
    set(s, "consumers.count", internf("%d", consumers));
    set(s, "sweep.parameter", parameter);
    set(s, "sweep.from", from);
    set(s, "sweep.to", to);
    set(s, "sweep.steps", internf("%d", COLUMNS));
    set(s, "run.tasks", internf("%" PRIu64, tasks / COLUMNS));
    set(s, "run.replications", "1");
    return s;
}

/* configs/open.yaml, at a length that eight replications come to as many tasks. */
static struct scenario *drift_of(uint64_t tasks)
{
    struct scenario *s = scenario_of(tasks, 1, "tasks.size.alpha", "4", "1.5");
    set(s, "arrivals.rate", "1/s");
    set(s, "sweep.steps", "200");
    set(s, "sweep.mode", "drift");
    set(s, "run.duration", internf("%" PRIu64, tasks / 8));
    set(s, "run.replications", "8");
    return s;
}

int main(int argc, char **argv)
{
    uint64_t tasks = argc > 1 ? strtoull(argv[1], NULL, 10) : 32000000;
    int turns = argc > 2 ? atoi(argv[2]) : 3;
    if (tasks < COLUMNS || turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_lanes [TASKS] [REPETITIONS]\n");
        return 2;
    }
    static const struct {
        const char *name;
        int consumers;
        const char *parameter, *from, *to;
    } cases[] = {
        {"M/G/1 alpha", 1, "tasks.size.alpha", "4", "2.5"},
        {"M/G/1 utilization", 1, "arrivals.utilization", "50%", "95%"},
        {"M/G/4 alpha", 4, "tasks.size.alpha", "4", "2.5"},
        {"M/G/16 alpha", 16, "tasks.size.alpha", "4", "2.5"},
        {"M/G/64 alpha", 64, "tasks.size.alpha", "4", "2.5"},
        {"M/G/1..16 consumers", 1, "consumers.count", "1", "16"},
        {"M/G/1 drift", 1, NULL, NULL, NULL},
    };
    printf("%" PRIu64 " tasks over %d columns, medians of %d turns, CPU time of one thread\n",
           tasks, COLUMNS, turns);
    printf("%-21s %17s %17s %9s\n", "", "lanes engine", "reference loop", "events");
    printf("%-21s %8s %8s %8s %8s %9s %7s\n", "swept", "Mtask/s", "ns/task", "Mtask/s", "ns/task",
           "ns/task", "ratio");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario *s = cases[i].parameter
                                 ? scenario_of(tasks, cases[i].consumers, cases[i].parameter,
                                               cases[i].from, cases[i].to)
                                 : drift_of(tasks);
        double lanes[MOST_TURNS] = {0}, reference[MOST_TURNS] = {0}, ratio[MOST_TURNS] = {0};
        for (int turn = 0; turn < turns; turn++) {
            reference[turn] = time_reference(tasks);
            lanes[turn] = time_engine(s, &lanes_engine);
            ratio[turn] = reference[turn] / lanes[turn];
        }
        double events = time_engine(s, &events_engine);
        double n = (double)tasks, mine = median(lanes, turns), other = median(reference, turns);
        printf("%-21s %8.1f %8.2f %8.1f %8.2f %9.2f %7.2f\n", cases[i].name, 1e-6 * n / mine,
               1e9 * mine / n, 1e-6 * n / other, 1e9 * other / n, 1e9 * events / n,
               median(ratio, turns));
        fflush(stdout);
        free(s);
    }
    return 0;
}
