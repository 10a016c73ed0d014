/*
 * The speed of the whole program beside the scalar reference loop, back to back.
 *
 *   bench_whole [TASKS] [TURNS] [RESULTS] [ONLY]
 *
 * Each line is one process of `queuescope run` or `compare`, one thread, from start-up to the last
 * file, in CPU time of the process (user and system), in turns with the reference loop over as many
 * tasks. Tasks are those that the program reports as simulated: warm-up and what is followed to the
 * end included; `measured` are those in its tables. TASKS is about the number of a line in all
 * columns, panels and replications; lines of the events engine have a tenth of them. Medians over
 * the turns. The last lines are wall times with one and two threads. RESULTS: a file of
 * tab-separated values, with the machine in comments. Lines of networks are per visit of a stage
 * where that is said, else per request. ONLY: the lines whose names have this text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../../sim/base/err.h"
#include "../../sim/result/save.h"
#include "child.h"
#include "turns.h"

/* Bounded Pareto sizes on [0.5 s, 100 s], utilization 0.9. */
static const char pareto[] =
    "arrivals: {process: poisson, utilization: 90%}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 2.5, low: 500ms, high: 100s}}\n"
    "run: {replications: 1}\n";

/* The same over 16 alphas, but for `run`: what is blessed cannot have settings of the moment. */
static const char pareto_swept[] =
    "arrivals: {process: poisson, utilization: 90%}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 2.5, low: 500ms, high: 100s}}\n"
    "sweep: {parameter: tasks.size.alpha, from: 4, to: 2.5, steps: 16}\n";

/* Utilization 0.9 of one consumer, if nobody waited. */
static const char clients[] = "arrivals: {process: closed, clients: 1000,\n"
                              "           think_time: {distribution: exponential, mean: 1000s}}\n"
                              "tasks: {size: {distribution: exponential, mean: 900ms}}\n"
                              "run: {replications: 1}\n";

static const char priorities[] = "arrivals: {process: poisson, utilization: 90%}\n"
                                 "tasks:\n"
                                 "  size: {distribution: exponential, mean: 1s}\n"
                                 "  classes:\n"
                                 "    - {name: gold, share: 20%, priority: 1}\n"
                                 "    - {name: silver, share: 30%, priority: 2}\n"
                                 "    - {name: bronze, share: 50%, priority: 3}\n"
                                 "consumers: {count: 16, discipline: priority}\n"
                                 "run: {replications: 1}\n";

#define EXPONENTIAL "tasks: {size: {distribution: exponential, mean: 1s}}\n"
#define ONE_RUN     "run: {replications: 2, warmup: 0}\n"

static const char tandem[] =
    EXPONENTIAL "arrivals: {rate: 0.9/s}\n"
                "stages: {a: {to: b}, b: {to: c}, c: {to: d}, d: {to: e}, e: {}}\n" ONE_RUN;

#define BALANCED(rate, replicas, balancer)                                                         \
    EXPONENTIAL "arrivals: {rate: " rate "}\n"                                                     \
                "stages: {a: {replicas: " replicas ", balancer: " balancer "}}\n" ONE_RUN
#define TWO_CHOICES "{algorithm: least-requests, choices: 2}"

static const char calls[] = EXPONENTIAL "arrivals: {rate: 2/s}\n"
                                        "stages:\n"
                                        "  web: {consumers: {count: 16}, calls: [app]}\n"
                                        "  app: {consumers: {count: 16}, calls: [db]}\n"
                                        "  db: {consumers: {count: 16}}\n" ONE_RUN;

/* One attempt of a request takes longer than its client waits, in a thousand. */
static const char asking[] = EXPONENTIAL
    "arrivals: {rate: 7/s}\nconsumers: {count: 10}\n"
    "client: {timeout: 10s, retry: {max_attempts: 3, backoff: {initial: 1s}}}\n" ONE_RUN;

static const char fork_join[] = EXPONENTIAL
    "arrivals: {rate: 0.5/s}\n"
    "stages:\n"
    "  fork: {consumers: {count: unlimited}, size: 0s, to: {all: [a, b, c, d, e, f, g, h]}}\n"
    "  a: {to: join}\n  b: {to: join}\n  c: {to: join}\n  d: {to: join}\n"
    "  e: {to: join}\n  f: {to: join}\n  g: {to: join}\n  h: {to: join}\n"
    "  join: {join: all, consumers: {count: unlimited}, size: 0s}\n" ONE_RUN;

static const char pool[] = EXPONENTIAL
    "arrivals: {rate: 3/s}\n"
    "consumers: {count: 2, max: 8, keep_alive: {distribution: exponential, mean: 10s}}\n"
    "buffer: {capacity: 10}\n" ONE_RUN;

enum { RING = 256, RING_VISITS = 10 };
static char ring[RING * 96 + 256]; /* each hands on to the next or to one far away, 45 % each */

static void make_ring(void)
{
    char *at = ring + sprintf(ring, EXPONENTIAL "sources: {main: {rate: 20/s, to: {s0: 0.390625%%");
    for (int i = 1; i < RING; i++)
        at += sprintf(at, ", s%d: 0.390625%%", i);
    at += sprintf(at, "}}}\nstages:\n");
    for (int i = 0; i < RING; i++)
        at += sprintf(at, "  s%d: {to: {s%d: 45%%, s%d: 45%%}}\n", i, (i + 1) % RING,
                      (i * 37 + 11) % RING);
    sprintf(at, ONE_RUN);
}

enum amount_given { COLUMN_TASKS, DRIFT_SECONDS };

struct line {
    const char *name, *command, *scenario;
    double goal;
    double share;             /* of TASKS: 1, or less where the engine is slow */
    double runs;              /* columns, panels and replications that TASKS are shared out over */
    enum amount_given amount; /* what is derived from TASKS: run.tasks or, a drift, run.duration */
    const char *arguments[24];
};

#define SET(path, value) "--set", path "=" value
#define SWEEP(path, from, to)                                                                      \
    SET("sweep.parameter", path), SET("sweep.from", from), SET("sweep.to", to),                    \
        SET("sweep.steps", "16")
#define ALPHA         SWEEP("tasks.size.alpha", "4", "2.5")
#define UTILIZATION   SWEEP("arrivals.utilization", "50%", "95%")
#define CONSUMERS(n)  SET("consumers.count", n)
#define EVENTS_ENGINE "--engine", "events"
#define EVENTS(n)                                                                                  \
    CONSUMERS(n), SET("tasks.size.distribution", "exponential"), SET("tasks.size.mean", "1s"),     \
        EVENTS_ENGINE
#define SHARING SET("consumers.discipline", "processor-sharing")
/* Twice the load that can be served, to the end of the run: half of the tasks are inside then. */
#define CROWD                                                                                      \
    SET("arrivals.utilization", "200%"), SET("run.warmup", "0"), SET("run.at_end", "censor")
#define VARY_CONSUMERS "--vary", "consumers.count=1,2,4,8,16"

/* Tasks a second of the drift: utilization 0.9, and alpha from 4 to 2.5. */
#define DRIFT_RATE 1.23

static const struct line lines[] = {
    {"M/G/1, alpha swept", "run", pareto, 6, 1, 16, COLUMN_TASKS, {ALPHA}},
    {"M/G/1, rate swept", "run", pareto, 12, 1, 16, COLUMN_TASKS, {UTILIZATION}},
    {"M/G/4, alpha swept", "run", pareto, 4, 1, 16, COLUMN_TASKS, {ALPHA, CONSUMERS("4")}},
    {"M/G/16, alpha swept", "run", pareto, 2.5, 1, 16, COLUMN_TASKS, {ALPHA, CONSUMERS("16")}},
    {"M/G/64, alpha swept", "run", pareto, 1, 1, 16, COLUMN_TASKS, {ALPHA, CONSUMERS("64")}},
    {"1 to 16 consumers compared", "compare", pareto, 4, 1, 5, COLUMN_TASKS, {VARY_CONSUMERS}},
    {"the same over 16 alphas", "compare", pareto, 4, 1, 80, COLUMN_TASKS, {VARY_CONSUMERS, ALPHA}},
    {"M/G/1/K, 5 to 40 places",
     "run",
     pareto,
     5,
     1,
     16,
     COLUMN_TASKS,
     {SWEEP("buffer.capacity", "5", "40")}},
    {"M/G/1/20, rate swept",
     "run",
     pareto,
     5,
     1,
     16,
     COLUMN_TASKS,
     {UTILIZATION, SET("buffer.capacity", "20")}},
    {"M/G/1, drift of alpha, 8 runs",
     "run",
     pareto,
     4,
     1,
     8,
     DRIFT_SECONDS,
     {ALPHA, SET("sweep.mode", "drift"), SET("run.replications", "8")}},
    {"events, M/M/1", "run", pareto, 0.9, 0.1, 1, COLUMN_TASKS, {EVENTS("1")}},
    {"events, M/M/16", "run", pareto, 0.5, 0.1, 1, COLUMN_TASKS, {EVENTS("16")}},
    {"events, M/M/1024", "run", pareto, 0.25, 0.1, 1, COLUMN_TASKS, {EVENTS("1024")}},
    {"events, sharing", "run", pareto, 0.45, 0.1, 1, COLUMN_TASKS, {EVENTS("1"), SHARING}},
    {"events, sharing, to 1e6 inside",
     "run",
     pareto,
     0.04,
     0.01,
     1,
     COLUMN_TASKS,
     {EVENTS("1"), SHARING, CROWD}},
    {"events, closed, 1000 clients", "run", clients, 0.3, 0.1, 1, COLUMN_TASKS, {EVENTS_ENGINE}},
    {"events, 3 priorities, 16", "run", priorities, 0.6, 0.1, 1, COLUMN_TASKS, {EVENTS_ENGINE}},
    {"5 stages in a row, a visit", "run", tandem, 2, 0.1, 2, COLUMN_TASKS, {NULL}},
    {"events, 5 in a row, a visit", "run", tandem, 0.4, 0.02, 2, COLUMN_TASKS, {EVENTS_ENGINE}},
    {"16 replicas, random",
     "run",
     BALANCED("14.4/s", "16", "random"),
     0.25,
     0.05,
     2,
     COLUMN_TASKS,
     {NULL}},
    {"16 replicas, least requests",
     "run",
     BALANCED("14.4/s", "16", "least-requests"),
     0.2,
     0.05,
     2,
     COLUMN_TASKS,
     {NULL}},
    {"16 replicas, two choices",
     "run",
     BALANCED("14.4/s", "16", TWO_CHOICES),
     0.2,
     0.05,
     2,
     COLUMN_TASKS,
     {NULL}},
    {"10,000 replicas, least requests",
     "run",
     BALANCED("9000/s", "10000", "least-requests"),
     0.06,
     0.04,
     2,
     COLUMN_TASKS,
     {NULL}},
    {"10,000 replicas, two choices",
     "run",
     BALANCED("9000/s", "10000", TWO_CHOICES),
     0.08,
     0.04,
     2,
     COLUMN_TASKS,
     {NULL}},
    {"calls three deep, pools of 16", "run", calls, 0.15, 0.02, 2, COLUMN_TASKS, {NULL}},
    {"client, timeout and retry", "run", asking, 0.15, 0.02, 2, COLUMN_TASKS, {NULL}},
    {"fork to 8, join all", "run", fork_join, 0.08, 0.01, 2, COLUMN_TASKS, {NULL}},
    {"a pool that grows, 2 to 8", "run", pool, 0.3, 0.05, 2, COLUMN_TASKS, {NULL}},
    {"256 stages in a ring, a visit", "run", ring, 0.1, 0.02, 2, COLUMN_TASKS, {NULL}},
};

/* Of these, the wall times with one and two threads; and of a run of one column, and of verify. */
static const struct line threaded[] = {
    {"M/G/1, alpha swept", "run", pareto, 1.85, 1, 16, COLUMN_TASKS, {ALPHA}},
    {"M/G/1, rate swept", "run", pareto, 1.85, 1, 16, COLUMN_TASKS, {UTILIZATION}},
    {"M/G/16, one column, 8 runs",
     "run",
     pareto,
     1.85,
     1,
     8,
     COLUMN_TASKS,
     {CONSUMERS("16"), SET("run.replications", "8")}},
    {"1 to 16 consumers, 16 alphas",
     "compare",
     pareto,
     1.85,
     1,
     80,
     COLUMN_TASKS,
     {VARY_CONSUMERS, ALPHA}},
    {"M/G/1, drift of alpha, 8 runs",
     "run",
     pareto,
     1.85,
     1,
     8,
     DRIFT_SECONDS,
     {ALPHA, SET("sweep.mode", "drift"), SET("run.replications", "8")}},
    {"5 stages in a row, 8 runs",
     "run",
     tandem,
     1.9,
     0.1,
     8,
     COLUMN_TASKS,
     {EVENTS_ENGINE, SET("run.replications", "8")}},
    {"verify, 8 runs of 16 alphas", "verify", pareto_swept, 1.85, 1, 128, COLUMN_TASKS, {NULL}},
};

struct options {
    double tasks;
    int turns;
    FILE *results; /* or NULL */
    const char *only;
};

static struct child run_line(const struct line *line, double tasks, unsigned jobs)
{
    const char *arguments[CHILD_ARGUMENTS] = {0};
    size_t n = 0;
    for (; line->arguments[n]; n++)
        arguments[n] = line->arguments[n];
    double each = tasks * line->share / line->runs;
    if (strcmp(line->command, "verify") == 0)
        return child_run(line->command,
                         internf("%srun: {replications: 8, tasks: %.0f}\n", line->scenario, each),
                         arguments, jobs);
    arguments[n++] = "--set";
    arguments[n++] = line->amount == DRIFT_SECONDS ? internf("run.duration=%.0f", each / DRIFT_RATE)
                                                   : internf("run.tasks=%.0f", each);
    return child_run(line->command, line->scenario, arguments, jobs);
}

/* Visits of a task, where the figures are of visits. */
static double visits_of(const struct line *line)
{
    return line->scenario == tandem ? 5 : line->scenario == ring ? RING_VISITS : 1;
}

static void measure(const struct options *options, const struct line *line)
{
    double mine[MOST_TURNS] = {0}, other[MOST_TURNS] = {0}, ratio[MOST_TURNS] = {0};
    struct child child = {0};
    for (int i = 0; i < options->turns; i++) {
        child = run_line(line, options->tasks, 1);
        double n = (double)child.simulated * visits_of(line);
        mine[i] = 1e9 * child.cpu / n;
        other[i] = 1e9 * time_reference((uint64_t)n) / n;
        ratio[i] = other[i] / mine[i];
    }
    double ns = median(mine, options->turns), reference = median(other, options->turns);
    double times = median(ratio, options->turns);
    printf("%-30s %8.2f %8.2f %8.1f %8.2f %8.2f %7.2f %6.4g %s\n", line->name,
           1e-6 * (double)child.simulated, 1e-6 * (double)child.measured, 1e3 / ns, ns, reference,
           times, line->goal, times >= line->goal ? "" : "below");
    fflush(stdout);
    if (options->results)
        fprintf(options->results, "%s\t%" PRIu64 "\t%" PRIu64 "\t%.2f\t%.3f\t%.3f\t%.2f\t%g\n",
                line->name, child.simulated, child.measured, 1e3 / ns, ns, reference, times,
                line->goal);
}

static void measure_threads(const struct options *options, const struct line *line)
{
    double one[MOST_TURNS] = {0}, two[MOST_TURNS] = {0}, ratio[MOST_TURNS] = {0};
    for (int i = 0; i < options->turns; i++) {
        one[i] = run_line(line, options->tasks, 1).wall;
        two[i] = run_line(line, options->tasks, 2).wall;
        ratio[i] = one[i] / two[i];
    }
    double a = median(one, options->turns), b = median(two, options->turns);
    double times = median(ratio, options->turns);
    printf("%-30s %8.3f %8.3f %7.2f %6.4g %s\n", line->name, a, b, times, line->goal,
           times >= line->goal ? "" : "below");
    fflush(stdout);
    if (options->results)
        fprintf(options->results, "%s\t%.3f\t%.3f\t%.2f\t%g\n", line->name, a, b, times,
                line->goal);
}

/* The processor's name, as far as the system tells. */
static const char *processor(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    const char *name = "unknown";
    char line[256];
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n")] = '\0';
            name = intern(strchr(line, ':') + 2);
            break;
        }
    if (file)
        fclose(file);
    return name;
}

static void describe(const struct options *options, FILE *file)
{
    struct utsname system;
    uname(&system);
    fprintf(file,
            "# queuescope %s, %s, %ld cores, %s %s, compiler %s\n"
            "# %.3g tasks a line in all (events: a tenth), medians of %d turns\n",
            queuescope_version, processor(), sysconf(_SC_NPROCESSORS_ONLN), system.sysname,
            system.machine, __VERSION__, options->tasks, options->turns);
}

static void head(const struct options *options)
{
    describe(options, stdout);
    printf("# one thread, CPU time of the whole process; tasks in millions, warm-up included\n");
    printf("%-30s %8s %8s %8s %8s %8s %7s %6s\n", "", "tasks", "measured", "Mtask/s", "ns/task",
           "ref. ns", "ratio", "goal");
    if (!options->results)
        return;
    describe(options, options->results);
    fputs("# one thread, CPU time of the whole process\n"
          "line\ttasks_simulated\ttasks_measured\tmtasks_per_second\tns_per_task\t"
          "reference_ns_per_task\tratio\tgoal\n",
          options->results);
}

static void head_threads(const struct options *options)
{
    printf("# wall time\n%-30s %8s %8s %7s %6s\n", "", "1 thread", "2", "ratio", "goal");
    if (options->results)
        fputs("# wall time\nline\tseconds_one_thread\tseconds_two_threads\tratio\tgoal\n",
              options->results);
}

int main(int argc, char **argv)
{
    struct options options = {argc > 1 ? strtod(argv[1], NULL) : 2e7, argc > 2 ? atoi(argv[2]) : 3,
                              argc > 3 ? fopen(argv[3], "w") : NULL, argc > 4 ? argv[4] : ""};
    if (!(options.tasks >= 1e5) || options.turns < 1 || options.turns > MOST_TURNS ||
        (argc > 3 && !options.results)) {
        fprintf(stderr, "usage: bench_whole [TASKS >= 100000] [TURNS] [RESULTS] [ONLY]\n");
        return 2;
    }
    child_begin();
    make_ring();
    head(&options);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strstr(lines[i].name, options.only))
            measure(&options, &lines[i]);
    head_threads(&options);
    for (size_t i = 0; i < sizeof threaded / sizeof *threaded; i++)
        if (strstr(threaded[i].name, options.only))
            measure_threads(&options, &threaded[i]);
    child_end();
    return options.results && fclose(options.results) != 0;
}
