/*
 * Consumers that go from iteration to iteration, between which tasks join and leave: task by task,
 * token by token, against a birth-death process of the same rates, and configs/llm.yaml.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/result/run.h"
#include "configs.h"
#include "fates.h"
#include "scene.h"

#define STEP "step: {base: 400ms, each: 100ms}"

/* Iterations end at 1.5, 2, 2.5, 3, 3.5, 4.1, 4.7, 5.3, 5.9: those of two take longer. */
static void tasks_join_and_leave_between_iterations(void **state)
{
    (void)state;
    fates_served(EACH_SECOND(3s) "consumers: {batch: {max: 2}, " STEP "}\n", 4,
                 (const double[][2]){{1, 2.5}, {2, 4.1}, {3, 5.3}, {4.1, 5.9}});
    fates_served(EACH_SECOND(2.2s) "consumers: {batch: {max: 2}, " STEP "}\n", 4,
                 (const double[][2]){{1, 2.5}, {2, 4.1}, {3, 5.3}, {4.1, 5.9}});
    /* Who finds a seat needs no place in the buffer. */
    fates_served(EACH_SECOND(2s) "buffer: {capacity: 0}\nconsumers: {batch: {max: 2}, " STEP "}\n",
                 3, (const double[][2]){{1, 2}, {2, 3}, {3, 4}});
    /* The consumer with the fewest takes the next. */
    fates_served(EACH_SECOND(4s) "consumers: {count: 2, batch: {max: 2}, " STEP "}\n", 3,
                 (const double[][2]){{1, 3}, {2, 4}, {3, 5}});
}

static void everybody_waits_for_the_prefill_of_those_who_join(void **state)
{
    (void)state;
    fates_served(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"
        "tasks: {size: 2s, prefill: 300ms}\n"
        "consumers: {batch: {max: 2}, " STEP "}\n",
        3, (const double[][2]){{1, 2.3}, {2, 4}, {3, 4.5}});
}

static struct result *run(const char *text)
{
    struct scenario *s = scene_text(text, "seed: 1\n");
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

/* The first token after wait, prefill and an iteration; then one an iteration. */
static void first_tokens_and_the_times_between_tokens_are_measured(void **state)
{
    (void)state;
    struct result *result =
        run("arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 5s}}\n"
            "tasks: {size: 4s, prefill: 300ms}\n"
            "consumers: {batch: {max: 2}, " STEP "}\n"
            "run: {tasks: 100, warmup: 0, replications: 1}\n");
    const struct row *first = scene_row(result, 0, "first-token"),
                     *between = scene_row(result, 0, "between-tokens");
    assert_int_equal(first->completed, 100);
    assert_int_equal(between->completed, 300);
    scene_near(first->latency_mean, 0.8, 1e-6);
    scene_near(between->latency_mean, 0.5, 1e-6);
    scene_near(scene_row(result, 0, "main")->latency_mean, 2.3, 1e-6);
    result_free(result);
    result = run("arrivals: {process: renewal, interarrival: {distribution: deterministic, value: "
                 "5s}}\nstages:\n"
                 "  chat: {size: 1s, consumers: {batch: {max: 2}, " STEP "}, to: code}\n"
                 "  code: {size: 2s, consumers: {batch: {max: 2}, step: {base: 200ms}}}\n"
                 "run: {tasks: 100, warmup: 0, replications: 1}\n");
    assert_int_equal(scene_row(result, 0, "chat-between-tokens")->completed, 0);
    scene_near(scene_row(result, 0, "chat-first-token")->latency_mean, 0.5, 1e-6);
    scene_near(scene_row(result, 0, "code-first-token")->latency_mean, 0.2, 1e-6);
    scene_near(scene_row(result, 0, "code-between-tokens")->latency_mean, 0.2, 1e-6);
    result_free(result);
}

/* 20 at once of 10 B each: 80 B of 100 B are eight. */
static void what_comes_beyond_four_fifths_of_the_memory_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *beyond;
        uint64_t refused;
    } known[] = {{"", 12}, {", refuse_beyond: 45%", 16}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result = run(internf(
            "arrivals: {process: batch, rate: 0.01/s, batch: {distribution: deterministic, value: "
            "20s}}\ntasks: {size: 2s, bytes: 10B}\n"
            "consumers: {batch: {max: 4}, step: {base: 10ms, memory: 100B%s}}\n"
            "run: {tasks: 2k, warmup: 0, replications: 1}\n",
            known[i].beyond));
        const struct row *row = scene_row(result, 0, "main");
        assert_int_equal(row->lost_by[LOSS_REJECTED], 100 * known[i].refused);
        assert_true(row->bytes_max == 10 * (20 - (double)known[i].refused));
        result_free(result);
    }
}

/* Exponential sizes, rounded up, are geometric: of means 200 and 100. */
static void continuous_batching_is_as_the_birth_death_process_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double wait, response, batch;
    } known[] = {
        {"arrivals: {process: poisson, rate: 12.5/s}\n"
         "tasks: {size: {distribution: exponential, mean: 199.4996s}}\n"
         "consumers: {batch: {max: 64}, step: {base: 10ms, each: 200us}}\n",
         0.09144442030011, 4.160214403772, 50.85962479},
        {"arrivals: {process: poisson, rate: 14.5/s}\n"
         "tasks: {size: {distribution: exponential, mean: 99.4992s}}\n"
         "consumers: {batch: {max: 128}, step: {base: 20ms, each: 500us}}\n",
         0.2885371210629, 7.704361143777, 107.5294483},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result =
            run(internf("%srun: {tasks: 40k, replications: 2}\n", known[i].text));
        const struct row *row = scene_row(result, 0, "main");
        scene_near(row->latency_mean, known[i].response, 0.03 * known[i].response);
        scene_near(row->wait_mean, known[i].wait, 0.5 * known[i].wait);
        scene_near(row->in_system_mean - row->queue_mean, known[i].batch, 0.02 * known[i].batch);
        result_free(result);
    }
}

static struct result *run_config(const char *const *set)
{
    static struct scenario s;
    struct options o = config_options("configs/llm.yaml", set);
    config_scenario(&o, &s);
    return scene_run(&s, 1);
}

static void memory_bounds_the_first_token_and_prompts_make_the_others_late(void **state)
{
    (void)state;
    const char *const set[] = {"run.duration=15m", "run.replications=2", NULL};
    struct result *result = run_config(set);
    enum { ONE_A_SECOND, FOUR_A_SECOND = 3 };
    assert_true(scene_row(result, ONE_A_SECOND, "main")->lost == 0);
    scene_near(scene_row(result, FOUR_A_SECOND, "main")->loss_fraction, 0.1, 0.02);
    scene_near(scene_row(result, FOUR_A_SECOND, "between-tokens")->latency_q[0], 0.038, 0.003);
    assert_true(scene_row(result, FOUR_A_SECOND, "between-tokens")->latency_q[2] > 0.2);
    assert_true(scene_row(result, FOUR_A_SECOND, "first-token")->latency_q[2] < 1);
    for (uint32_t i = 0; i < result->columns; i++)
        assert_true(scene_row(result, i, "main")->bytes_max <= 0.8 * 24e9);
    result_free(result);
    const char *const roomy[] = {"run.duration=15m", "run.replications=2", "sweep.values=[4/s]",
                                 "consumers.step.memory=1TB", NULL};
    result = run_config(roomy);
    assert_true(scene_row(result, 0, "main")->lost == 0);
    assert_true(scene_row(result, 0, "first-token")->latency_q[2] > 1.5);
    result_free(result);
    const char *const short_prompts[] = {"run.duration=15m", "run.replications=2",
                                         "sweep.values=[4/s]", "tasks.prefill.mean=10ms", NULL};
    result = run_config(short_prompts);
    scene_near(scene_row(result, 0, "between-tokens")->latency_q[2], 0.063, 0.01);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_join_and_leave_between_iterations),
        cmocka_unit_test(everybody_waits_for_the_prefill_of_those_who_join),
        cmocka_unit_test(first_tokens_and_the_times_between_tokens_are_measured),
        cmocka_unit_test(what_comes_beyond_four_fifths_of_the_memory_is_refused),
        cmocka_unit_test(memory_bounds_the_first_token_and_prompts_make_the_others_late),
        cmocka_unit_test(continuous_batching_is_as_the_birth_death_process_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
