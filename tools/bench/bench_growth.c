/*
 * Growth: what each column, replication, client, panel, slice or task of a backlog costs as there
 * are more of them.
 *
 *   bench_growth [TURNS]
 *
 * Each line is one kind of thing in three numbers, each some times the one before: CPU time of the
 * program for each of them (one thread), beyond that of a run of next to nothing, and the same of
 * its largest memory. `growth` is the exponent between the last two: 1 is as many as there are.
 * Nothing may grow faster than n log n, which is what `most` is between those numbers; a line above
 * it, by more than the tenth that the clock drifts by, says so. A column may take 60 kB.
 * Resuming is what reading a journal with all trials takes, in this process. Medians over the
 * turns.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/run.h"
#include "../../sim/scenario/config.h"
#include "child.h"
#include "turns.h"

static const char pareto[] =
    "arrivals: {process: poisson, utilization: 90%}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 2.5, low: 500ms, high: 100s}}\n"
    "sweep: {parameter: tasks.size.alpha, from: 4, to: 2.5, steps: 10}\n"
    "run: {replications: 1, tasks: 2000}\n";

static const char alone[] = "arrivals: {process: poisson, utilization: 90%}\n"
                            "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                            "run: {replications: 1, tasks: 2000}\n";

/* Twice what can be served, to the end of the run: half of the tasks are waiting then. */
static const char crowd[] = "arrivals: {process: poisson, utilization: 200%}\n"
                            "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                            "run: {replications: 1, warmup: 0, at_end: censor}\n";

static const char clients[] = "arrivals: {process: closed, clients: 100,\n"
                              "           think_time: {distribution: exponential, mean: 1000s}}\n"
                              "tasks: {size: {distribution: exponential, mean: 1ms}}\n"
                              "run: {replications: 1, tasks: 4000000}\n";

#define NUMBERS 3

struct line {
    const char *name, *command, *scenario;
    double numbers[NUMBERS];
    double units; /* what is shared out over: 0: the number itself; else always so many */
    double most_memory;
    const char *growing, *arguments[12];
};

/* one string an argument: a path and a value put together look like a comma left out */
#define SET(change) "--set", change
#define BARE        "--histograms", "no"

static const struct line lines[] = {
    {"columns, 2,000 tasks each",
     "run",
     pareto,
     {100, 1000, 10000},
     0,
     60e3,
     "sweep.steps",
     {BARE}},
    {"columns, 8 replications",
     "run",
     pareto,
     {50, 500, 5000},
     0,
     60e3,
     "sweep.steps",
     {SET("run.replications=8"), BARE}},
    {"replications", "run", alone, {100, 1000, 10000}, 0, INFINITY, "run.replications", {BARE}},
    {"columns of a drift, 8 runs",
     "run",
     pareto,
     {50, 500, 5000},
     0,
     60e3,
     "sweep.steps",
     {SET("sweep.mode=drift"), SET("run.replications=8"), SET("run.duration=20000s"), BARE}},
    {"tasks of a drift",
     "run",
     pareto,
     {10e3, 100e3, 1000e3},
     0,
     INFINITY,
     "run.duration",
     {SET("sweep.mode=drift"), SET("run.replications=8"), BARE}},
    {"tasks, sweep of 10 columns",
     "run",
     pareto,
     {1e4, 1e5, 1e6},
     0,
     INFINITY,
     "run.tasks",
     {BARE}},
    {"clients, of 4,000,000 tasks",
     "run",
     clients,
     {1e2, 1e4, 1e5},
     4e6,
     INFINITY,
     "arrivals.clients",
     {BARE}},
    {"backlog, by arrival",
     "run",
     crowd,
     {2e4, 2e5, 2e6},
     0,
     INFINITY,
     "run.tasks",
     {"--engine", "events", BARE}},
    {"backlog, shortest job",
     "run",
     crowd,
     {2e4, 2e5, 2e6},
     0,
     INFINITY,
     "run.tasks",
     {SET("consumers.discipline=shortest-job"), BARE}},
    {"backlog, shared",
     "run",
     crowd,
     {2e4, 2e5, 2e6},
     0,
     INFINITY,
     "run.tasks",
     {SET("consumers.discipline=processor-sharing"), BARE}},
};

static void head(void)
{
    printf("%-28s %31s   %8s %6s %6s\n", "CPU us for each, one thread", "of so many", "kB each",
           "growth", "most");
}

/* The exponent of n log n between two numbers. */
static double most_of(double from, double to)
{
    return log(to * log(to) / (from * log(from))) / log(to / from);
}

/* A line: seconds and bytes of all, by number. */
static void tell(const char *name, const double *numbers, double units, const double *cpu,
                 const double *memory, double most_memory)
{
    const double from = numbers[NUMBERS - 2], to = numbers[NUMBERS - 1];
    double exponent = log(cpu[NUMBERS - 1] / cpu[NUMBERS - 2]) / log(to / from) + (units > 0);
    double each = memory ? memory[NUMBERS - 1] / to : NAN;
    printf("%-28s", name);
    for (int i = 0; i < NUMBERS; i++)
        printf(" %10.3g", 1e6 * cpu[i] / (units > 0 ? units : numbers[i]));
    printf("   %8.2f %6.2f %6.2f %s%s\n", 1e-3 * each, exponent, most_of(from, to),
           exponent > most_of(from, to) + log(1.1) / log(to / from) ? "above " : "",
           each > most_memory ? "more memory" : "");
    fflush(stdout);
}

/* A run of next to nothing. */
static struct child run_nothing(void)
{
    const char *const arguments[] = {"--set", "run.tasks=100", BARE, NULL};
    return child_run("run", crowd, arguments, 1);
}

static void measure(const struct line *line, const struct child *nothing, int turns)
{
    double cpu[NUMBERS], memory[NUMBERS];
    for (int k = 0; k < NUMBERS; k++) {
        double times[MOST_TURNS], bytes[MOST_TURNS];
        const char *arguments[CHILD_ARGUMENTS] = {0};
        size_t n = 0;
        for (; line->arguments[n]; n++)
            arguments[n] = line->arguments[n];
        arguments[n++] = "--set";
        arguments[n++] = internf("%s=%.0f", line->growing, line->numbers[k]);
        for (int i = 0; i < turns; i++) {
            struct child child = child_run(line->command, line->scenario, arguments, 1);
            times[i] = fmax(child.cpu - nothing->cpu, 1e-6);
            bytes[i] = fmax(child.memory - nothing->memory, 0);
        }
        cpu[k] = median(times, turns);
        memory[k] = median(bytes, turns);
    }
    tell(line->name, line->numbers, line->units, cpu, memory, line->most_memory);
}

/* ---- panels ---- */

static void measure_panels(const struct child *nothing, int turns)
{
    static const char *const counts[] = {"1,2,3", "1,2,3,4,5,6", "1,2,3,4,5,6,7,8,9,10,11,12"};
    static const double numbers[] = {3, 6, 12};
    double cpu[NUMBERS];
    for (int k = 0; k < NUMBERS; k++) {
        double times[MOST_TURNS];
        const char *const arguments[] = {"--vary", internf("consumers.count=%s", counts[k]),
                                         SET("run.tasks=100000"), NULL};
        for (int i = 0; i < turns; i++)
            times[i] = child_run("compare", alone, arguments, 1).cpu - nothing->cpu;
        cpu[k] = median(times, turns);
    }
    tell("panels", numbers, 0, cpu, NULL, INFINITY);
}

/* ---- resuming ---- */

static void give_up(const struct errors *errors)
{
    fprintf(stderr, "bench_growth: %s\n", errors->n ? errors->text[0] : "not as expected");
    child_end();
    exit(1);
}

static void load(struct scenario *s, double columns)
{
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(s);
    if (!config_read("bench_growth", pareto, strlen(pareto), s, &places, &errors))
        give_up(&errors);
    s->sweep.steps = columns;
    s->run.replications = 8;
    if (!scenario_check(s, &places, &errors))
        give_up(&errors);
    places_free(&places);
}

/* Seconds of a run with a journal. */
static double run_with(const struct scenario *s, bool resume)
{
    struct errors errors = {0};
    double begin = cpu_seconds();
    struct journal *journal = journal_open(child_folder(), 0, s, resume, &errors);
    if (!journal)
        give_up(&errors);
    const struct run_options options = {.engine = engine_for(s), .jobs = 1, .journal = journal};
    struct result *result = run_scenario(s, &options);
    if (!result || !journal_close(journal, resume, &errors))
        give_up(&errors);
    result_free(result);
    return cpu_seconds() - begin;
}

static void measure_resume(int turns)
{
    static const double numbers[] = {50, 500, 5000};
    double again[NUMBERS];
    struct scenario *s = xmalloc(sizeof *s);
    for (int k = 0; k < NUMBERS; k++) {
        double times[MOST_TURNS];
        load(s, numbers[k]);
        for (int i = 0; i < turns; i++) {
            run_with(s, false);
            times[i] = run_with(s, true);
        }
        again[k] = median(times, turns);
    }
    free(s);
    tell("columns resumed, 8 replic.", numbers, 0, again, NULL, INFINITY);
}

int main(int argc, char **argv)
{
    int turns = argc > 1 ? atoi(argv[1]) : 3;
    if (turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_growth [TURNS]\n");
        return 2;
    }
    child_begin();
    const struct child nothing = run_nothing();
    head();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        measure(&lines[i], &nothing, turns);
    measure_panels(&nothing, turns);
    measure_resume(turns);
    child_end();
    return 0;
}
