/*
 * The speed of the events engine beside the scalar reference loop, back to back, one thread.
 *
 *   bench [TASKS] [REPETITIONS]
 *
 * For each scenario, reference and engine take turns; a line gives the medians over the turns, in
 * CPU time of the process: tasks per second, nanoseconds per task, and the ratio of the engine's
 * speed to that of the reference loop beside it. Everything is measured into one cell (waits and
 * latencies); draws are included. At the end the calendar alone: the hold model (Vaucher and Duval
 * 1975; take the next event out, put one in an exponential time later) for several sizes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/engine/calendar.h"
#include "../../sim/engine/engine.h"
#include "turns.h"

struct options {
    uint64_t tasks;
    int turns;
};

static double time_engine(const struct scenario *s, uint64_t tasks)
{
    double begin = cpu_seconds();
    struct cell cell;
    cell_init(&cell);
    struct source *source = xcalloc(1, sizeof *source);
    struct recorder recorder = {.cells = &cell, .classes = 1};
    source_begin(source, s, 1, 0);
    void *state = events_engine.begin(s, source, &recorder, 1, 0);
    struct engine_limits limits = {INFINITY, tasks, false};
    enum engine_stop stop = events_engine.advance(state, &limits);
    events_engine.end(state);
    double seconds = cpu_seconds() - begin;
    if (stop != STOP_TASKS || cell.offered != tasks)
        abort();
    cell_free(&cell);
    free(source);
    return seconds;
}

static void set(struct scenario *s, const char *path, const char *text)
{
    struct errors errors = {0};
    if (!param_set(s, path, text, (struct place){.source = "bench"}, &errors)) {
        fprintf(stderr, "%s\n", errors.text[0]);
        exit(1);
    }
}

struct law_of_sizes {
    const char *name;
    const char *settings[4][2];
};

static const struct law_of_sizes exponential = {
    "M", {{"tasks.size.distribution", "exponential"}, {"tasks.size.mean", "1s"}}};
static const struct law_of_sizes pareto = {"G",
                                           {{"tasks.size.distribution", "bounded-pareto"},
                                            {"tasks.size.alpha", "2.5"},
                                            {"tasks.size.low", "500ms"},
                                            {"tasks.size.high", "100s"}}};

/* A system at utilization 90 %, or overloaded where a full buffer is to be seen. */
struct system {
    const struct law_of_sizes *law;
    int consumers;
    const char *discipline, *capacity, *when_full;
};

static struct scenario *scenario_of(const struct system *system)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    param_defaults(s);
    for (int i = 0; i < 4 && system->law->settings[i][0]; i++)
        set(s, system->law->settings[i][0], system->law->settings[i][1]);
    set(s, "arrivals.utilization", system->when_full ? "105%" : "90%");
    set(s, "consumers.count", internf("%d", system->consumers));
    set(s, "consumers.discipline", system->discipline);
    set(s, "buffer.capacity", system->capacity);
    if (system->when_full)
        set(s, "buffer.when_full", system->when_full);
    if (system->when_full && strcmp(system->when_full, "pause") == 0)
        set(s, "buffer.resume_delay", "100ms");
    return s;
}

static void bench_system(const struct options *options, const struct system *system)
{
    struct scenario *s = scenario_of(system);
    double engine[MOST_TURNS] = {0}, reference[MOST_TURNS] = {0}, ratio[MOST_TURNS] = {0};
    for (int i = 0; i < options->turns; i++) {
        reference[i] = time_reference(options->tasks);
        engine[i] = time_engine(s, options->tasks);
        ratio[i] = reference[i] / engine[i];
    }
    double n = (double)options->tasks;
    double mine = median(engine, options->turns), other = median(reference, options->turns);
    printf("M/%s/%-5d %-18s %-9s %-11s %8.2f %8.2f %8.2f %8.2f %7.2f\n", system->law->name,
           system->consumers, system->discipline, system->capacity,
           system->when_full ? system->when_full : "", 1e-6 * n / mine, 1e9 * mine / n,
           1e-6 * n / other, 1e9 * other / n, median(ratio, options->turns));
    fflush(stdout);
    free(s);
}

static void bench_systems(const struct options *options)
{
    static const int counts[] = {1, 2, 4, 16, 64, 1024};
    static const struct law_of_sizes *const laws[] = {&exponential, &pareto};
    static const struct system others[] = {
        {&exponential, 1, "fifo", "20", "reject"},
        {&exponential, 16, "fifo", "20", "reject"},
        {&exponential, 1, "fifo", "20", "drop-oldest"},
        {&exponential, 16, "fifo", "20", "drop-oldest"},
        {&exponential, 1, "fifo", "20", "pause"},
        {&exponential, 16, "fifo", "20", "pause"},
        {&exponential, 1, "lifo", "unbounded", NULL},
        {&exponential, 1, "random", "unbounded", NULL},
        {&exponential, 1, "shortest-job", "unbounded", NULL},
        {&exponential, 16, "shortest-job", "unbounded", NULL},
        {&exponential, 16, "lifo", "20", "drop-oldest"},
        {&exponential, 1, "shortest-remaining", "unbounded", NULL},
        {&exponential, 16, "shortest-remaining", "unbounded", NULL},
        {&exponential, 1, "processor-sharing", "unbounded", NULL},
        {&exponential, 16, "processor-sharing", "unbounded", NULL}};
    printf("%-51s %17s %17s\n", "", "events engine", "reference loop");
    printf("%-9s %-18s %-9s %-11s %8s %8s %8s %8s %7s\n", "scenario", "discipline", "capacity",
           "when full", "Mtask/s", "ns/task", "Mtask/s", "ns/task", "ratio");
    for (size_t law = 0; law < sizeof laws / sizeof *laws; law++)
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            bench_system(options,
                         &(struct system){laws[law], counts[i], "fifo", "unbounded", NULL});
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        bench_system(options, &others[i]);
}

static void bench_hold(const struct options *options, uint64_t size)
{
    double times[MOST_TURNS] = {0};
    const struct stream stream = stream_of(1, 0, "bench");
    enum { DRAWS = 65536 };
    static double draw[DRAWS];
    stream_uniforms(&stream, 0, 0, DRAWS, draw);
    for (int i = 0; i < DRAWS; i++)
        draw[i] = -log(draw[i]);
    for (int turn = 0; turn < options->turns; turn++) {
        struct calendar calendar;
        calendar_init(&calendar, size);
        uint64_t sequence = 0;
        for (; sequence < size; sequence++)
            calendar_set(&calendar, event_make(draw[sequence % DRAWS], 0, sequence, sequence));
        double begin = cpu_seconds();
        for (uint64_t i = 0; i < options->tasks; i++, sequence++) {
            event top = calendar_top(&calendar);
            double time = event_time(top) + draw[i % DRAWS];
            calendar_set(&calendar, event_make(time, 0, sequence, event_index(top)));
        }
        times[turn] = cpu_seconds() - begin;
        calendar_free(&calendar);
    }
    printf("hold %-8" PRIu64 " %38.2f ns per event\n", size,
           1e9 * median(times, options->turns) / (double)options->tasks);
}

int main(int argc, char **argv)
{
    struct options options = {argc > 1 ? strtoull(argv[1], NULL, 10) : 2000000,
                              argc > 2 ? atoi(argv[2]) : 5};
    if (options.tasks == 0 || options.turns < 1 || options.turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench [TASKS] [REPETITIONS]\n");
        return 2;
    }
    printf("%" PRIu64 " tasks, medians of %d turns, CPU time of one thread\n", options.tasks,
           options.turns);
    bench_systems(&options);
    for (uint64_t size = 10; size <= 1000000; size *= 10)
        bench_hold(&options, size);
    return 0;
}
