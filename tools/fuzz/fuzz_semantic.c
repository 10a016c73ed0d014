/*
 * Fuzz target (libFuzzer): bytes choose a scenario, word by word, from what scenarios are made of,
 * and numbers for it. Every one that passes the rules is run, briefly: its audit holds, both
 * engines give the same columns and histograms where both can, and so does a run that goes on with
 * the trials of an earlier one, wherever its journal breaks off.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../sim/result/run.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the input; 0 where nothing is. */
struct choices {
    const uint8_t *data;
    size_t left;
};

static unsigned choose(struct choices *c, unsigned n)
{
    if (c->left == 0)
        return 0;
    c->left--;
    return *c->data++ % n;
}

#define WORD(c, ...)                                                                               \
    ((const char *const[]){__VA_ARGS__}[choose(c, sizeof((const char *const[]){__VA_ARGS__}) /     \
                                                      sizeof(const char *))])

/* From a thousandth to a thousand, or something that makes trouble. */
static const char *number(struct choices *c)
{
    return WORD(c, "1", "0.5", "2", "0.1", "10", "0.01", "3", "0.9", "1.1", "100", "0.001", "1000",
                "7", "0.25", "1e-9", "1e6");
}

static const char *law(struct choices *c)
{
    const char *a = number(c), *b = number(c);
    switch (choose(c, 9)) {
    case 0:
        return internf("{distribution: exponential, mean: %ss}", a);
    case 1:
        return internf("{distribution: deterministic, value: %ss}", a);
    case 2:
        return internf("{distribution: erlang, shape: %u, mean: %ss}", 1 + choose(c, 9), a);
    case 3:
        return internf("{distribution: lognormal, mean: %ss, cv2: %s}", a, b);
    case 4:
        return internf("{distribution: pareto, alpha: 1.%u, low: %ss}", 1 + choose(c, 9), a);
    case 5:
        return internf("{distribution: uniform, low: 0s, high: %ss}", a);
    case 6:
        return internf("{distribution: weibull, shape: %s, mean: %ss}", b, a);
    case 7:
        return internf("{distribution: gamma, shape: %s, mean: %ss}", b, a);
    default:
        return "{distribution: deterministic, value: 0s}";
    }
}

static const char *arrivals(struct choices *c)
{
    const char *a = number(c), *b = number(c), *l = law(c);
    switch (choose(c, 6)) {
    case 0:
        return internf("{process: poisson, rate: %s/s}", a);
    case 1:
        return internf("{process: renewal, interarrival: %s}", l);
    case 2:
        return internf("{process: batch, rate: %s/s, batch: {distribution: geometric, mean: %u}}",
                       a, 1 + choose(c, 40));
    case 3:
        return internf("{process: mmpp, states: [{rate: %s/s, mean_duration: %ss}, {rate: %s/s, "
                       "mean_duration: %ss}]}",
                       a, b, b, a);
    case 4:
        return internf(
            "{process: schedule, repeat: %s, schedule: [{until: 1s, rate: %s/s}, {until: "
            "3s, rate: %s/s}]}",
            WORD(c, "yes", "no"), a, b);
    default:
        return internf("{process: closed, clients: %u, think_time: %s}", 1 + choose(c, 30), l);
    }
}

static const char *tasks(struct choices *c)
{
    const char *size = law(c), *timeout = "";
    if (choose(c, 3) == 2)
        timeout = internf(", timeout: %s", law(c));
    if (choose(c, 3) < 2)
        return internf("{size: %s%s}", size, timeout);
    return internf(
        "{size: %s%s, classes: [{name: a, share: %s, priority: %u}, {name: b, share: %s, "
        "priority: %u, size: %s}]}",
        size, timeout, number(c), choose(c, 3), number(c), choose(c, 3), law(c));
}

static const char *scenario(struct choices *c)
{
    const char *text = internf("arrivals: %s\ntasks: %s\n", arrivals(c), tasks(c));
    text = internf("%sconsumers: {count: %u, speed: %s, discipline: %s}\n", text, 1 + choose(c, 9),
                   WORD(c, "1", "0.5", "3"),
                   WORD(c, "fifo", "lifo", "random", "shortest-job", "shortest-remaining",
                        "priority", "priority-preemptive", "processor-sharing", "lifo-preemptive"));
    if (choose(c, 2) == 1)
        text = internf("%sbuffer: {capacity: %u, when_full: %s, resume_delay: %s}\n", text,
                       choose(c, 12), WORD(c, "reject", "drop-newest", "drop-oldest", "pause"),
                       WORD(c, "0s", "1s", "10ms"));
    if (choose(c, 3) == 2)
        text =
            internf("%ssweep: {parameter: consumers.speed, from: 1, to: %u, steps: 3, mode: %s}\n",
                    text, 1 + choose(c, 4), WORD(c, "independent", "drift"));
    return internf("%srun: {%s, warmup: %s, replications: %u, at_end: %s, max_backlog: 10k}\n",
                   text, WORD(c, "tasks: 200", "tasks: 50", "duration: 20s", "duration: 3s"),
                   WORD(c, "auto", "0", "10", "20%"), 1 + choose(c, 4),
                   WORD(c, "complete", "censor"));
}

/* So few tasks, and so few changes of the rate from one to the next, that a run takes no second. */
static bool is_short(const struct scenario *s)
{
    double rate = scenario_likely_rate(s);
    if (process_is_closed(s)) /* tasks may be lost as soon as they come */
        rate = process_clients(s) / process_think(s);
    return (isnan(s->run.duration) || rate * s->run.duration < 1e4) &&
           !(rate * process_shortest(s) < 1e-3);
}

/* ---- what must hold ---- */

struct texts {
    char *columns, *histograms;
    size_t n_columns, n_histograms;
};

static struct texts run(const struct scenario *s, const struct engine *engine,
                        struct journal *journal)
{
    const struct run_options options = {.engine = engine, .jobs = 1, .journal = journal};
    struct result *result = run_scenario(s, &options);
    struct texts texts;
    assert(result);
    for (int i = 0; i < AUDIT_LINES && !audit_holds(&result->audit); i++)
        fprintf(stderr, "%s\n", result->audit.text[i]);
    assert(audit_holds(&result->audit));
    texts.columns = save_columns_text(result, &texts.n_columns);
    texts.histograms = save_histograms_text(result, &texts.n_histograms);
    result_free(result);
    return texts;
}

static void texts_free(struct texts *texts)
{
    free(texts->columns);
    free(texts->histograms);
}

static void assert_same(const struct texts *a, struct texts b)
{
    assert(a->n_histograms == b.n_histograms);
    assert(memcmp(a->histograms, b.histograms, b.n_histograms) == 0);
    texts_free(&b);
}

static void go_on(const struct scenario *s, const struct engine *engine, unsigned cut,
                  const struct texts *whole)
{
    char folder[] = "/tmp/queuescope-fuzz-XXXXXX";
    struct errors errors = {0};
    const char *made = mkdtemp(folder);
    assert(made);
    struct journal *journal = journal_open(folder, 0, s, false, &errors);
    assert(journal);
    struct texts first = run(s, engine, journal);
    bool closed = journal_close(journal, false, &errors);
    assert(closed);
    assert_same(whole, first);
    const char *file = internf("%s/.queuescope-trials", folder);
    FILE *kept = fopen(file, "r+");
    assert(kept);
    fseek(kept, 0, SEEK_END);
    long length = ftell(kept);
    int cut_off = ftruncate(fileno(kept), length * (long)cut / 255);
    assert(cut_off == 0);
    fclose(kept);
    journal = journal_open(folder, 0, s, true, &errors);
    if (journal) { /* else its head is gone, and it is refused */
        struct texts again = run(s, engine, journal);
        assert(again.n_columns == whole->n_columns &&
               memcmp(again.columns, whole->columns, again.n_columns) == 0);
        assert_same(whole, again);
        closed = journal_close(journal, true, &errors);
        assert(closed);
    }
    unlink(file);
    rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario s; /* large */
    struct choices choices = {data, size};
    struct errors errors = {0};
    struct places places = {0};
    unsigned cut = choose(&choices, 256);
    const char *text = scenario(&choices);
    param_defaults(&s);
    bool sound = config_read("fuzz.yaml", text, strlen(text), &s, &places, &errors) &&
                 scenario_check(&s, &places, &errors);
    places_free(&places);
    if (!sound) {
        assert(errors.n > 0);
        return 0;
    }
    if (!is_short(&s))
        return 0;
    if (getenv("FUZZ_SHOW"))
        fputs(text, stderr);
    struct texts events = run(&s, &events_engine, NULL);
    go_on(&s, &events_engine, cut, &events);
    if (!lanes_engine.refuses(&s))
        assert_same(&events, run(&s, &lanes_engine, NULL));
    texts_free(&events);
    return 0;
}
