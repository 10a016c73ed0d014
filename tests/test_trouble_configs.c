/*
 * Systems in trouble: those in configs/ show what their comments promise, and what is known of
 * first passages (oracles time-to-crash and chat-kick: Keilson 1965) and of fluids comes out. Runs
 * are cut down; seeds are the scenarios' own.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../tools/shell/panels.h"
#include "configs.h"
#include "fates.h"
#include "scene.h"

static struct result *run(const char *file, const char *const *set)
{
    static struct scenario s;
    struct options o = config_options(file, set);
    config_scenario(&o, &s);
    const struct run_options run = {.engine = options_engine(&o, &s)};
    struct result *result = run_scenario(&s, &run);
    assert_non_null(result);
    assert_true(audit_holds(&result->audit));
    return result;
}

/* All eight die in an outage of five minutes: each has 10^4 records, and a minute's are refused. */
static void all_collectors_fall_over_in_a_long_outage(void **state)
{
    (void)state;
    const char *const set[] = {"run.replications=2", NULL};
    struct result *result = run("configs/cascade.yaml", set);
    const struct row *all = scene_row(result, 0, "all");
    assert_int_equal((int)all->crashes, 2 * 8);
    assert_int_equal(scene_row(result, 0, "upload")->lost_by[LOSS_CRASHED], 2 * 8 * 10000);
    scene_near((double)scene_row(result, 0, "web")->lost_by[LOSS_CRASHED] / 2, 60 * 400, 1200);
    scene_near(scene_row(result, 0, "web")->replicas_mean, 8 - 8 * 60.0 / 900, 0.01);
    assert_int_equal(all->offered, all->completed + all->lost_by[LOSS_CRASHED]);
    result_free(result);
}

static void none_does_in_a_shorter_one(void **state)
{
    (void)state;
    const char *const set[] = {"run.replications=2", "stages.store.outages.0.for=185s", NULL};
    struct result *result = run("configs/cascade.yaml", set);
    const struct row *all = scene_row(result, 0, "all");
    assert_true(all->crashes == 0);
    assert_int_equal(all->completed, all->offered);
    assert_true(all->bytes_max > 8 * 1.7e9 && all->bytes_max < 8 * 2e9);
    result_free(result);
}

/* 2 GB of 2 MB at 5/s each are full at the 1001st record, 200 s after the store stopped. */
static void machines_are_full_when_memory_over_traffic_has_passed(void **state)
{
    (void)state;
    static const char text[] =
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 25ms}}\n"
        "tasks: {bytes: 2MB}\n"
        "stages:\n"
        "  web: {replicas: 8, balancer: round-robin, size: 0s, crash: {memory: 2GB}, to: upload}\n"
        "  upload: {replicas: web, consumers: {count: 200}, size: 0s, calls: [store]}\n"
        "  store: {consumers: {count: unlimited}, size: 1ms, outages: [{at: 100s, for: 300s}]}\n";
    struct story s = fates_of(text, 16000);
    double first = INFINITY, last = 0;
    for (size_t i = 0; i < s.n_visits; i++)
        if (s.visits[i].outcome == TRACE_LOST + LOSS_CRASHED && s.visits[i].stage == 1) {
            first = fmin(first, s.visits[i].left);
            last = fmax(last, s.visits[i].left);
        }
    scene_near(first, 100 + 200, 0.5);
    assert_true(last - first < 0.5); /* within a few arrivals of each other */
    story_free(&s);
}

/* The mean time to a first passage, up again at once and empty. */
static void assert_passage(const char *text, double mean, double share)
{
    struct scenario *s =
        scene_text(text, "run: {duration: 100000s, replications: 4, warmup: 0s}\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = result_place_row(result, 0, 0, 0);
    scene_near(4 * 100000 / row->crashes / mean, 1, share); /* some four standard errors */
    result_free(result);
    free(s);
}

static void memory_is_full_after_the_time_of_a_first_passage(void **state)
{
    (void)state;
    assert_passage("arrivals: {rate: 1.2/s}\n"
                   "tasks: {size: {distribution: exponential, mean: 1s}, bytes: 1B}\n"
                   "crash: {memory: 99B, restart: 0s}\n",
                   475.0000003019, 0.08);
    assert_passage("arrivals: {rate: 5/s}\nconsumers: {count: 4}\n"
                   "tasks: {size: {distribution: exponential, mean: 1s}, bytes: 1B}\n"
                   "crash: {memory: 199B, restart: 0s}\n",
                   194.624, 0.05);
}

static void slow_readers_are_cut_off_after_a_geometric_number_of_full_spells(void **state)
{
    (void)state;
    assert_passage("arrivals: {rate: 1/s}\ntasks: {size: {distribution: exponential, mean: 1s}}\n"
                   "buffer: {capacity: 9, when_full: drop-newest}\n"
                   "crash: {full_for: 3s, restart: 0s}\n",
                   264.9409061551, 0.1);
}

/* What is durable is served twice, rather than not at all. */
static void durable_tasks_begin_anew(void **state)
{
    (void)state;
    struct story s = fates_of(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"
        "tasks: {size: 0s}\n"
        "stages:\n"
        "  web: {to: upload, crash: {every: 6.5s, restart: 1s, keeps: durable}}\n"
        "  upload: {replicas: web, size: 1.75s, buffer: {durable: yes}}\n",
        10);
    scene_near(fates_visit(&s, 2, 1)->done, 6.25, 1e-9);
    scene_near(fates_visit(&s, 3, 1)->start, 7.5, 1e-9);
    scene_near(fates_visit(&s, 3, 1)->done, 9.25, 1e-9);
    scene_near(fates_visit(&s, 4, 1)->start, 9.25, 1e-9);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(fates_visit(&s, i, 1)->outcome, TRACE_COMPLETED);
    assert_int_equal(fates_visit(&s, 6, 0)->outcome, TRACE_LOST + LOSS_CRASHED);
    story_free(&s);
}

static void a_garbage_collection_is_in_the_tail_and_nowhere_else(void **state)
{
    (void)state;
    const char *const set[] = {"run.replications=2", NULL};
    struct result *result = run("configs/gc-pause.yaml", set);
    const struct row *row = scene_row(result, 0, "main");
    scene_near(row->latency_q[0], 0.0079, 0.0005);
    scene_near(row->latency_q[2], 0.160, 0.01);
    scene_near(row->latency_q[3], 0.217, 0.015);
    assert_true(row->utilization < 0.5 && row->stable == STABLE_YES);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_collectors_fall_over_in_a_long_outage),
        cmocka_unit_test(none_does_in_a_shorter_one),
        cmocka_unit_test(machines_are_full_when_memory_over_traffic_has_passed),
        cmocka_unit_test(memory_is_full_after_the_time_of_a_first_passage),
        cmocka_unit_test(slow_readers_are_cut_off_after_a_geometric_number_of_full_spells),
        cmocka_unit_test(durable_tasks_begin_anew),
        cmocka_unit_test(a_garbage_collection_is_in_the_tail_and_nowhere_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
