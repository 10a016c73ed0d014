/*
 * sim/chains: wherever stages in a row can be run without a calendar, what is measured is what the
 * events engine of networks measures, task for task.
 *
 * Networks are drawn from a seed, in the language of scenarios. QUEUESCOPE_SEED=N draws others,
 * QUEUESCOPE_LONG=1 many more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/network/network.h"
#include "../sim/scenario/sweep.h"
#include "alike.h"
#include "scene.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CHAINS = 30 };
#else
enum { CHAINS = 200 };
#endif

/* What is chosen for a chain: one number after the other of its own stream. */
struct chance {
    struct stream stream;
    uint64_t n;
};

static uint32_t below(struct chance *c, uint32_t n)
{
    return (uint32_t)(stream_uniform(&c->stream, 0, c->n++) * n);
}

static bool often(struct chance *c, uint32_t of)
{
    return below(c, of) != 0;
}

static const char *one_of(struct chance *c, const char *const *list)
{
    uint32_t n = 0;
    while (list[n])
        n++;
    return list[below(c, n)];
}

/* Of a mean of about a second. Constants tie with everything. */
static const char *law(struct chance *c, bool ties)
{
    static const char *const fixed[] = {"1s", "500ms", "0s", "2s", "1.5s", NULL};
    static const char *const drawn[] = {
        "{distribution: exponential, mean: 1s}",
        "{distribution: hyperexponential, probabilities: [90%, 10%], means: [500ms, 5s]}",
        "{distribution: bounded-pareto, alpha: 1.5, low: 300ms, high: 1000s}",
        "{distribution: erlang, mean: 1s, shape: 3}",
        "700ms",
        NULL};
    return one_of(c, ties ? fixed : drawn);
}

static void print_stages(struct chance *c, FILE *out, bool ties, bool classes)
{
    const uint32_t n = 1 + below(c, 6), several = below(c, 3);
    fputs("stages:\n", out);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t consumers = several == 0 ? 1 : 1 + below(c, 4);
        fprintf(out, "  s%u: {", i);
        if (consumers > 1 || !often(c, 4))
            fprintf(out, "consumers: {count: %u, speed: %s}, ", consumers,
                    often(c, 3) ? "1" : "1.25");
        if (classes && !often(c, 3))
            fprintf(out, "size: {gold: %s}, ", law(c, ties));
        else if (!often(c, 4))
            fputs("size: carried, ", out);
        else if (often(c, 3))
            fprintf(out, "size: %s, ", law(c, ties));
        if (i + 1 < n)
            fprintf(out, "to: s%u", i + 1);
        fputs("}\n", out);
    }
}

static void print_source(struct chance *c, FILE *out, bool ties)
{
    static const char *const fixed[] = {
        "process: renewal, interarrival: {distribution: deterministic, value: 1s}",
        "process: batch, rate: 0.2/s, batch: {distribution: deterministic, value: 4}",
        "process: renewal, interarrival: {distribution: deterministic, value: 2s}", NULL};
    static const char *const drawn[] = {
        "process: poisson, rate: 0.8/s",
        "process: poisson, rate: 0.5/s",
        "process: poisson, rate: 1.3/s",
        "process: batch, rate: 0.15/s, batch: {distribution: geometric, mean: 5}",
        "process: renewal, interarrival: {distribution: deterministic, value: 1.1s}",
        NULL};
    fprintf(out, "{%s}\n", one_of(c, ties ? fixed : drawn));
}

static void print_run(struct chance *c, FILE *out, bool drifts)
{
    static const char *const lengths[] = {"tasks: 300", "tasks: 2000", "duration: 500s",
                                          "duration: 3000s", NULL};
    static const char *const warmups[] = {"warmup: 0",    "warmup: 137",  "warmup: 20%",
                                          "warmup: 100s", "warmup: auto", NULL};
    static const char *const backlogs[] = {"max_backlog: 10", "max_backlog: 40", "max_backlog: 300",
                                           NULL};
    fprintf(out, "run: {%s, replications: %u, %s", one_of(c, lengths + (drifts ? 2 : 0)),
            1 + below(c, 2), one_of(c, warmups));
    if (!often(c, 3))
        fputs(", at_end: censor", out);
    if (!often(c, 4))
        fprintf(out, ", %s", one_of(c, backlogs));
    fputs("}\n", out);
}

enum swept { AT_REST, SPEED_SWEPT, COUNT_SWEPT, SPEED_DRIFTS, MEAN_DRIFTS, SWEPT };

static const char *const sweeps[SWEPT] = {
    "",
    "sweep: {parameter: stages.s0.consumers.speed, values: [1, 1.5]}\n",
    "sweep: {parameter: stages.s0.consumers.count, values: [1, 3]}\n",
    "sweep: {parameter: stages.s0.consumers.speed, from: 0.8, to: 2, steps: 2, mode: drift}\n",
    "sweep: {parameter: tasks.size.mean, from: 500ms, to: 1s, steps: 3, mode: drift}\n",
};

/* To be freed. */
static char *chain_text(uint64_t seed)
{
    struct chance c = {.stream = stream_of(seed, 0, "chains")};
    const bool ties = !often(&c, 3), classes = !often(&c, 3), two = !often(&c, 5);
    const enum swept swept = often(&c, 3) ? AT_REST : (enum swept)below(&c, SWEPT);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "seed: %u\n", 1 + below(&c, 1000));
    if (two) {
        fputs("sources:\n  web: ", out);
        print_source(&c, out, ties);
        fputs("  app: ", out);
    } else {
        fputs("arrivals: ", out);
    }
    print_source(&c, out, ties);
    const char *common = law(&c, ties);
    if (swept == MEAN_DRIFTS)
        common = "{distribution: exponential, mean: 1s}";
    fprintf(out, "tasks:\n  size: %s\n", common);
    if (classes)
        fprintf(out,
                "  classes: [{name: gold, share: 30%%, size: %s}, {name: bronze, share: 70%%}]\n",
                law(&c, ties));
    print_stages(&c, out, ties, classes);
    fputs(sweeps[swept], out);
    print_run(&c, out, swept >= SPEED_DRIFTS);
    fclose(out);
    return text;
}

static bool one_consumer(const struct scenario *s)
{
    struct network *n = network_of(s);
    bool one = true;
    for (uint32_t i = 0; i < n->n_stages; i++)
        one = one && n->stages[i].stage->consumers == 1;
    network_free(n);
    return one;
}

/* All trials of a scenario by both engines; the first difference. */
static const char *difference(const struct scenario *s)
{
    const char *why = NULL;
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t r = 0; r < (uint32_t)s->run.replications && !why; r++)
        for (uint32_t c = 0; c < (sweep_drifts(s) ? 1 : sweep_columns(s)) && !why; c++) {
            sweep_scenario(s, c, at);
            struct trial *events = trial_run(s, &networks_engine, c, r, NULL, NULL);
            struct trial *lanes = trial_run(s, &chains_engine, c, r, NULL, NULL);
            why = trial_difference(events, lanes, one_consumer(at));
            trial_free(events);
            trial_free(lanes);
        }
    free(at);
    return why;
}

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void chains_are_what_events_are(void **state)
{
    (void)state;
    const uint64_t seed = number("QUEUESCOPE_SEED", 1);
    const uint64_t n = getenv("QUEUESCOPE_LONG") ? 10 * CHAINS : CHAINS;
    uint64_t run = 0;
    for (uint64_t i = seed; i < seed + n; i++) {
        char *text = chain_text(i);
        struct scenario *s = scene_text(text, "");
        const char *refused = scenario_is_network(s) ? chains_engine.refuses(s) : NULL;
        if (refused)
            fail_msg("seed %u: %s\n%s", (unsigned)i, refused, text);
        const char *why = scenario_is_network(s) ? difference(s) : NULL;
        if (why)
            fail_msg("seed %u: %s\n%s", (unsigned)i, why, text);
        run += scenario_is_network(s);
        free(s);
        free(text);
    }
    assert_true(run > n * 8 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_what_events_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
