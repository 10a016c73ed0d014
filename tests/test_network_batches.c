/* The tasks of a batch, which a join brings together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/network/traffic.h"
#include "../sim/result/run.h"
#include "scene.h"

enum { WORK, CALLBACK, ALL };

/* Batches of a hundred, so far apart that none meets another. */
#define BATCHES                                                                                    \
    "sources:\n"                                                                                   \
    "  main: {process: batch, rate: 1/h, batch: {distribution: deterministic, value: 100}}\n"      \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"                                       \
    "stages:\n"

static struct result *run(const char *stages)
{
    struct scenario *s = scene_text(stages, "run: {tasks: 100k, replications: 2, warmup: 0}\n");
    struct result *result = scene_run(s, 2);
    free(s);
    return result;
}

/* n tasks on c consumers take (n - c) / c + H_c of their mean: the first n - c leave c at a time
 * busy, and the last c are the maximum of as many exponential times. All end together. */
static void a_batch_takes_its_makespan(void **state)
{
    (void)state;
    struct result *result = run(BATCHES "  work: {consumers: {count: 10}, to: callback}\n"
                                        "  callback: {size: 20ms, join: all}\n");
    const struct row *callback = result_place_row(result, 0, CALLBACK, 0);
    const struct row *all = result_row(result, 0, 0);
    double last = 0;
    for (int k = 1; k <= 10; k++)
        last += 1.0 / k;
    assert_int_equal(all->offered, 200000);
    assert_int_equal(all->completed, all->offered);
    assert_int_equal(callback->completed, 2000);
    scene_near(all->latency_mean, (100 - 10) / 10.0 + last, 0.12);
    scene_near(callback->latency_mean, 0.02, 1e-9);
    result_free(result);
}

/* Those that lose patience have ended, too. */
static void a_callback_comes_also_when_tasks_fail(void **state)
{
    (void)state;
    struct result *result =
        run(BATCHES "  work: {consumers: {count: 10}, timeout: 5s, to: callback}\n"
                    "  callback: {size: 20ms, join: all}\n");
    const struct row *work = result_place_row(result, 0, WORK, 0);
    const struct row *all = result_row(result, 0, 0);
    assert_true(work->lost_by[LOSS_TIMED_OUT] > work->offered / 3);
    assert_int_equal(all->lost_by[LOSS_TIMED_OUT], work->lost_by[LOSS_TIMED_OUT]);
    assert_int_equal(all->completed, work->completed);
    assert_int_equal(result_place_row(result, 0, CALLBACK, 0)->completed, 2000);
    result_free(result);

    result = run(BATCHES "  work: {buffer: {capacity: 0, when_full: reject}, to: {callback: 0%}}\n"
                         "  callback: {join: all}\n"); /* nobody ever comes */
    assert_int_equal(result_place_row(result, 0, CALLBACK, 0)->completed, 2000);
    result_free(result);
}

/* The first sixty are enough: what waits then is taken out, not the ten in service. */
static void a_part_of_a_batch_is_enough(void **state)
{
    (void)state;
    struct result *result = run(BATCHES "  work: {consumers: {count: 10}, to: callback}\n"
                                        "  callback: {size: 20ms, join: 60, cancel: queued}\n");
    const struct row *work = result_place_row(result, 0, WORK, 0);
    assert_int_equal(work->lost_by[LOSS_WITHDRAWN], 2000 * (100 - 60 - 10));
    assert_int_equal(result_place_row(result, 0, CALLBACK, 0)->completed, 2000);
    assert_int_equal(result_row(result, 0, 0)->completed, 200000);
    result_free(result);
}

static void traffic_knows_of_batches(void **state)
{
    (void)state;
    struct scenario *s = scene_text(BATCHES "  work: {to: callback}\n"
                                            "  callback: {join: all, to: log}\n"
                                            "  log: {size: 1ms}\n",
                                    "");
    struct network *n = network_of(s);
    struct traffic *traffic = traffic_of(n, NULL);
    scene_near(traffic->visits[CALLBACK], 0.01, 1e-12);
    scene_near(traffic->visits[CALLBACK + 1], 0.01, 1e-12);
    traffic_free(traffic);
    network_free(n);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_takes_its_makespan),
        cmocka_unit_test(a_callback_comes_also_when_tasks_fail),
        cmocka_unit_test(a_part_of_a_batch_is_enough),
        cmocka_unit_test(traffic_knows_of_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
