/*
 * Short sweeps: how long who turns a knob waits for the picture.
 *
 *   bench_short [TURNS]
 *
 * 100 columns of 20,000 tasks, one replication: M/G/1 at utilization 0.9 with the tail parameter of
 * bounded Pareto sizes swept. `run` is the whole process, from the command to the last file, as a
 * user starts it; `redraw` is tools/commands/live.h in a process that has drawn before, with
 * another utilization each time. The goals are wall time on two threads, 60 and 30 ms, where the
 * reference loop (tools/bench/reference.c) runs at 55 M tasks a second: so on any machine they are
 * as many tasks as the loop does meanwhile on one thread, 3.3 and 1.65 million. CPU time stands
 * beside it, which other users of the machine disturb less. (bench_growth: how that grows with the
 * columns.) Medians over the turns.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/elapsed.h"
#include "../../sim/scenario/config.h"
#include "../commands/live.h"
#include "child.h"
#include "turns.h"

static const char scenario[] =
    "arrivals: {process: poisson, utilization: 90%}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 2.5, low: 500ms, high: 100s}}\n"
    "sweep: {parameter: tasks.size.alpha, from: 4, to: 2.5, steps: 100}\n"
    "run: {replications: 1, tasks: 20000}\n";

#define RUN_GOAL    (55e6 * 60e-3)
#define REDRAW_GOAL (55e6 * 30e-3)

/* Tasks that the reference loop does in a second. */
static double reference_rate(void)
{
    const uint64_t tasks = 2000000;
    return (double)tasks / time_reference(tasks);
}

static void head(void)
{
    printf("%-34s %8s %8s %8s %10s %10s %8s\n", "", "CPU ms", "wall ms", "ref. M/s", "wall, as M",
           "goal", "");
}

/* One line: medians, and the wall time as tasks of the reference loop. */
static void tell(const char *name, double *cpu, double *wall, double *rate, double goal, int turns)
{
    double tasks[MOST_TURNS];
    for (int i = 0; i < turns; i++)
        tasks[i] = wall[i] * rate[i];
    double median_tasks = median(tasks, turns);
    printf("%-34s %8.1f %8.1f %8.1f %10.2f ", name, 1e3 * median(cpu, turns),
           1e3 * median(wall, turns), 1e-6 * median(rate, turns), 1e-6 * median_tasks);
    if (goal > 0)
        printf("%10.2f %8s\n", 1e-6 * goal, median_tasks <= goal ? "" : "above");
    else
        printf("%10s\n", "");
    fflush(stdout);
}

static void bench_run(const char *name, const char *const *arguments, unsigned jobs, double goal,
                      int turns)
{
    double cpu[MOST_TURNS], wall[MOST_TURNS], rate[MOST_TURNS];
    for (int i = 0; i < turns; i++) {
        struct child child = child_run("run", scenario, arguments, jobs);
        cpu[i] = child.cpu;
        wall[i] = child.wall;
        rate[i] = reference_rate();
    }
    tell(name, cpu, wall, rate, goal, turns);
}

static void give_up(const struct errors *errors)
{
    fprintf(stderr, "bench_short: %s\n", errors->n ? errors->text[0] : "no picture");
    exit(1);
}

static struct live *opened(unsigned jobs)
{
    struct scenario *s = xmalloc(sizeof *s);
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(s);
    if (!config_read("bench_short", scenario, strlen(scenario), s, &places, &errors) ||
        !scenario_check(s, &places, &errors))
        give_up(&errors);
    places_free(&places);
    struct live *live = live_open(s, jobs, NULL);
    free(s);
    return live;
}

static void bench_redraw(const char *name, unsigned jobs, double goal, int turns)
{
    double cpu[MOST_TURNS], wall[MOST_TURNS], rate[MOST_TURNS];
    struct live *live = opened(jobs);
    struct bytes png;
    struct errors errors = {0};
    if (!live_draw(live, &png, &errors)) /* what is done once */
        give_up(&errors);
    for (int i = 0; i < turns; i++) {
        bytes_free(&png);
        rate[i] = reference_rate();
        double cpu_before = cpu_seconds(), before = elapsed_seconds();
        if (!live_set(live, "arrivals.utilization", internf("%d%%", 70 + i % 25), &errors) ||
            !live_draw(live, &png, &errors))
            give_up(&errors);
        wall[i] = elapsed_seconds() - before;
        cpu[i] = cpu_seconds() - cpu_before;
    }
    bytes_free(&png);
    live_close(live);
    tell(name, cpu, wall, rate, goal, turns);
}

int main(int argc, char **argv)
{
    static const char *const plain[] = {NULL}, *const bare[] = {"--histograms", "no", NULL};
    int turns = argc > 1 ? atoi(argv[1]) : 9;
    if (turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_short [TURNS]\n");
        return 2;
    }
    child_begin();
    head();
    bench_run("100 x 20k, run, 2 threads", plain, 2, RUN_GOAL, turns);
    bench_run("100 x 20k, run, 1 thread", plain, 1, 0, turns);
    bench_run("100 x 20k, --histograms no, 2 threads", bare, 2, 0, turns);
    bench_redraw("100 x 20k, redraw, 2 threads", 2, REDRAW_GOAL, turns);
    bench_redraw("100 x 20k, redraw, 1 thread", 1, 0, turns);
    child_end();
    return 0;
}
