/*
 * Consumers that serve several tasks at once: task by task, and against bulk queues (Bailey 1954;
 * Neuts 1967: chains solved elsewhere).
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

#include "fates.h"
#include "scene.h"

static void a_batch_is_what_waits_when_the_last_one_is_done(void **state)
{
    (void)state;
    fates_served(
        EACH_SECOND(2.5s) "consumers: {batch: {max: 3}}\n", 8,
        (const double[][2]){
            {1, 3.5}, {3.5, 6}, {3.5, 6}, {6, 8.5}, {6, 8.5}, {8.5, 11}, {8.5, 11}, {8.5, 11}});
}

static void a_consumer_waits_for_as_many_as_it_needs(void **state)
{
    (void)state;
    fates_served(EACH_SECOND(500ms) "consumers: {batch: {max: 4, at_least: 2}}\n", 4,
                 (const double[][2]){{2, 2.5}, {2, 2.5}, {4, 4.5}, {4, 4.5}});
    /* The one that completes it needs no place. */
    fates_served(EACH_SECOND(500ms) "buffer: {capacity: 1}\n"
                                    "consumers: {batch: {max: 4, at_least: 2}}\n",
                 4, (const double[][2]){{2, 2.5}, {2, 2.5}, {4, 4.5}, {4, 4.5}});
}

static void nobody_waits_for_longer_than_that_for_a_batch(void **state)
{
    (void)state;
    fates_served(EACH_SECOND(500ms) "consumers: {batch: {max: 3, wait: 1.5s}}\n", 4,
                 (const double[][2]){{2.5, 3}, {2.5, 3}, {4.5, 5}, {4.5, 5}});
    /* A batch that is full does not wait, */
    fates_served(EACH_SECOND(500ms) "consumers: {batch: {max: 2, wait: 1.5s}}\n", 4,
                 (const double[][2]){{2, 2.5}, {2, 2.5}, {4, 4.5}, {4, 4.5}});
    /* nor one that is large enough; who has waited for a consumer has waited. */
    fates_served(EACH_SECOND(2.75s) "consumers: {batch: {max: 3, at_least: 2, wait: 500ms}}\n", 4,
                 (const double[][2]){{1.5, 4.25}, {4.25, 7}, {4.25, 7}, {4.25, 7}});
}

/* Each waits for an answer of the one behind it; the consumer of both is free when both have it. */
static void a_consumer_is_free_when_the_last_of_its_batch_has_gone(void **state)
{
    (void)state;
    fates_served(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"
        "tasks: {size: 500ms}\n"
        "stages:\n"
        "  web: {consumers: {batch: {max: 2, at_least: 2}}, calls: [db]}\n"
        "  db: {size: 1s}\n",
        4, (const double[][2]){{2, 3.5}, {2, 4.5}, {4.5, 6}, {4.5, 7}});
}

static void bulk_queues_are_as_the_chain_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double wait, utilization;
    } known[] = {
        {"arrivals: {process: poisson, rate: 2/s}\nconsumers: {batch: {max: 4}}\n", 1.268433059084,
         0.8854536869232},
        {"arrivals: {process: poisson, rate: 3/s}\nconsumers: {batch: {max: 8, at_least: 4}}\n",
         0.9545133763778, 0.625488521967},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct scenario *s =
            scene_text(known[i].text, "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                                      "run: {tasks: 150k, replications: 4}\nseed: 1\n");
        struct result *result = scene_run(s, 1);
        const struct row *row = scene_row(result, 0, "main");
        scene_near(row->wait_mean, known[i].wait, 0.015 * known[i].wait);
        scene_near(row->utilization, known[i].utilization, 0.005);
        scene_near(row->in_system_mean - row->queue_mean, known[i].wait > 1 ? 2 : 3, 0.03);
        result_free(result);
        free(s);
    }
}

/* 3 of 4 are answered in time: a client pays for its part of the service, not for all of it. */
static void what_a_batch_takes_is_shared_by_its_tasks(void **state)
{
    (void)state;
    struct scenario *s = scene_text(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"
        "tasks: {size: 500ms}\n"
        "consumers: {batch: {max: 4, at_least: 4}}\n"
        "client: {timeout: 2.75s}\n"
        "run: {tasks: 4k, replications: 1}\n",
        "");
    struct result *result = scene_run(s, 1);
    scene_near(scene_row(result, 0, "main")->utilization, 0.125, 1e-3);
    scene_near(scene_row(result, 0, "main")->wasted_fraction, 0.25, 2e-3);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_what_waits_when_the_last_one_is_done),
        cmocka_unit_test(a_consumer_waits_for_as_many_as_it_needs),
        cmocka_unit_test(nobody_waits_for_longer_than_that_for_a_batch),
        cmocka_unit_test(a_consumer_is_free_when_the_last_of_its_batch_has_gone),
        cmocka_unit_test(bulk_queues_are_as_the_chain_says),
        cmocka_unit_test(what_a_batch_takes_is_shared_by_its_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
