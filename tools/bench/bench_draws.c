/*
 * The speed of draws, one thread: every distribution and arrival process, at every vector width
 * that the machine has, beside the scalar reference loop.
 *
 *   bench_draws [DRAWS] [REPETITIONS]
 *
 * A line gives nanoseconds per draw (of a task's size, or of its arrival), drawn by the block as
 * the engines do: medians over the turns, in CPU time of the process; the widths take turns with
 * the reference loop, whose nanoseconds per task (two draws, one step, one count) come last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/vector.h"
#include "../../sim/scenario/process.h"
#include "turns.h"

#define POISSON "arrivals.process=poisson arrivals.rate=1 "
#define SIZE    " tasks.size.distribution=exponential tasks.size.mean=1"

/* What is measured: a size where `size`, else an arrival. */
static const struct given {
    const char *name, *settings;
    bool size;
} givens[] = {
    {"deterministic", POISSON "D=deterministic P.value=1", true},
    {"exponential", POISSON "D=exponential P.mean=1", true},
    {"erlang shape=4", POISSON "D=erlang P.mean=1 P.shape=4", true},
    {"gamma shape=0.5", POISSON "D=gamma P.mean=1 P.shape=0.5", true},
    {"gamma shape=3", POISSON "D=gamma P.mean=1 P.shape=3", true},
    {"hyperexponential", POISSON "D=hyperexponential P.means=1,9 P.probabilities=0.9,0.1", true},
    {"uniform", POISSON "D=uniform P.low=1 P.high=2", true},
    {"lognormal", POISSON "D=lognormal P.mean=1 P.cv2=2", true},
    {"weibull", POISSON "D=weibull P.mean=1 P.shape=0.7", true},
    {"pareto", POISSON "D=pareto P.alpha=2.5 P.low=1", true},
    {"bounded-pareto", POISSON "D=bounded-pareto P.alpha=2.5 P.low=500ms P.high=100s", true},
    {"geometric in batch",
     "arrivals.process=batch arrivals.rate=1"
     " arrivals.batch.distribution=geometric arrivals.batch.mean=3" SIZE,
     false},
    {"empirical", POISSON "D=empirical P.file=FILE", true},
    {"poisson", "arrivals.process=poisson arrivals.rate=1" SIZE, false},
    {"renewal",
     "arrivals.process=renewal arrivals.interarrival.distribution=exponential"
     " arrivals.interarrival.mean=1" SIZE,
     false},
    {"mmpp",
     "arrivals.process=mmpp arrivals.states.0.rate=10"
     " arrivals.states.0.mean_duration=10s arrivals.states.1.rate=1"
     " arrivals.states.1.mean_duration=10s" SIZE,
     false},
    {"schedule",
     "arrivals.process=schedule arrivals.schedule.0.until=10s"
     " arrivals.schedule.0.rate=10 arrivals.schedule.1.until=20s"
     " arrivals.schedule.1.rate=1 arrivals.repeat=yes" SIZE,
     false},
};
enum { GIVENS = sizeof givens / sizeof *givens, WIDTHS = 3 };

/* A file of 4096 values for `empirical`, removed once it is read. */
static const char *values_file(void)
{
    static char name[] = "/tmp/bench_draws.XXXXXX";
    int fd = mkstemp(name);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    for (int i = 1; file && i <= 4096; i++)
        fprintf(file, "%d\n", i);
    if (!file || fclose(file) != 0) {
        perror(name);
        exit(1);
    }
    return name;
}

/* Settings are words "path=value"; D and P stand for the law of sizes and its parameters. */
static struct scenario *scenario_of(const char *settings)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct errors errors = {0};
    const struct place place = {.source = "bench_draws"};
    const char *made = NULL;
    param_defaults(s);
    char *copy = strdup(settings), *rest = copy, *word;
    while ((word = strsep(&rest, " "))) {
        char *value = strchr(word, '=');
        if (!value)
            continue;
        *value++ = '\0';
        if (strcmp(value, "FILE") == 0)
            value = (char *)(made = values_file());
        const char *path = strcmp(word, "D") == 0 ? "tasks.size.distribution" : word;
        if (strncmp(word, "P.", 2) == 0)
            path = internf("tasks.size.%s", word + 2);
        if (!param_set(s, path, value, place, &errors))
            break;
    }
    if (errors.n > 0 || !scenario_check(s, NULL, &errors)) {
        fprintf(stderr, "%s\n", errors.text[0]);
        exit(1);
    }
    if (made)
        remove(made);
    free(copy);
    return s;
}

static double time_sizes(const struct scenario *s, uint64_t draws)
{
    const struct stream stream = stream_of(1, 0, "tasks.size");
    double x[BLOCK], begin = cpu_seconds(), sum = 0;
    for (uint64_t first = 0; first < draws; first += BLOCK) {
        law_model(&s->size)->fill(s->size.params, &stream, first, BLOCK, x);
        sum += x[first % BLOCK];
    }
    if (!(sum > 0)) /* the draws are used */
        abort();
    return cpu_seconds() - begin;
}

static double time_arrivals(const struct scenario *s, uint64_t draws)
{
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    const struct process_view view = {.params = s->arrivals.params,
                                      .rate = scenario_event_rate(s),
                                      .seed = 1,
                                      .stream = stream_of(1, 0, "arrivals"),
                                      .scenario = s};
    struct process_state state = {0};
    struct arrival_block block;
    double begin = cpu_seconds();
    if (process->begin)
        process->begin(&view, &state);
    for (uint64_t first = 0; first < draws; first += BLOCK)
        if (process->fill(&view, &state, BLOCK, &block) != BLOCK)
            abort();
    return cpu_seconds() - begin;
}

static double time_uniforms(uint64_t draws)
{
    const struct stream stream = stream_of(1, 0, "tasks.size");
    double x[BLOCK], begin = cpu_seconds(), sum = 0;
    for (uint64_t first = 0; first < draws; first += BLOCK) {
        stream_uniforms(&stream, 0, first, BLOCK, x);
        sum += x[first % BLOCK];
    }
    if (!(sum > 0))
        abort();
    return cpu_seconds() - begin;
}

/* Measures one of `givens`, or the uniforms that all are made of (NULL). */
static void bench(const struct given *given, uint64_t draws, int turns)
{
    struct scenario *s = given ? scenario_of(given->settings) : NULL;
    double times[WIDTHS][MOST_TURNS] = {{0}}, reference[MOST_TURNS] = {0};
    for (int turn = 0; turn < turns; turn++) {
        reference[turn] = time_reference(draws);
        for (int w = 0; w < WIDTHS && vector_force(2 << w); w++)
            times[w][turn] = !s            ? time_uniforms(draws)
                             : given->size ? time_sizes(s, draws)
                                           : time_arrivals(s, draws);
    }
    const double ns = 1e9 / (double)draws;
    printf("%-20s", given ? given->name : "(uniforms)");
    for (int w = 0; w < WIDTHS; w++)
        if (2 << w <= vector_widest())
            printf(" %8.2f", ns * median(times[w], turns));
        else
            printf(" %8s", "-");
    printf(" %10.2f\n", ns * median(reference, turns));
    fflush(stdout);
    free(s);
}

/* Whoever adds a model adds it here. (A trace is read, not drawn.) */
static void check_all_given(const struct model *const *models)
{
    for (; *models; models++) {
        bool found = strcmp((*models)->name, "trace") == 0;
        for (int i = 0; i < GIVENS; i++)
            found = found || strncmp(givens[i].name, (*models)->name, strlen((*models)->name)) == 0;
        found = found || strcmp((*models)->name, "batch") == 0;
        if (!found)
            fprintf(stderr, "bench_draws: %s is not measured: add it to `givens`\n",
                    (*models)->name);
    }
}

int main(int argc, char **argv)
{
    uint64_t draws = argc > 1 ? strtoull(argv[1], NULL, 10) : 2000000;
    int turns = argc > 2 ? atoi(argv[2]) : 5;
    if (draws < BLOCK || turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_draws [DRAWS] [REPETITIONS]\n");
        return 2;
    }
    draws -= draws % BLOCK;
    check_all_given(distribution_family.models);
    check_all_given(process_family.models);
    printf("%" PRIu64 " draws, medians of %d turns, CPU time of one thread, ns per draw\n", draws,
           turns);
    printf("%-20s %8s %8s %8s %10s\n", "doubles in a vector", "2", "4", "8", "reference");
    bench(NULL, draws, turns);
    for (int i = 0; i < GIVENS; i++)
        bench(&givens[i], draws, turns);
    return 0;
}
