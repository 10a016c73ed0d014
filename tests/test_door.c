/*
 * What stands before a stage: bounds by memory; and that nobody is lost count of on the way in,
 * whatever befalls the stage (scene_run fails where a law of the audit is broken).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/chains/chain.h"
#include "../sim/result/run.h"
#include "scene.h"

/* One stage: its row, and that of the whole. */
enum { MAIN, ALL };

static const struct row *row_of(const struct result *result, uint32_t place)
{
    return result_place_row(result, 0, place, result_row_classes(result) - 1);
}

static const char mm1[] = "arrivals: {process: poisson, rate: 12/s}\n"
                          "run: {tasks: 20k, replications: 2, warmup: 0}\n";

/* A buffer of 10 tasks of 500 bytes is one of 5 kB, whatever happens at the door. */
static void bytes_bound_as_places_do(void **state)
{
    (void)state;
    static const char *const policies[] = {"reject", "drop-newest", "drop-oldest", "pause"};
    for (int i = 0; i < 4; i++) {
        const char *tasks =
            "tasks: {size: {distribution: exponential, mean: 100ms}, bytes: 500B}\n";
        struct scenario *a =
            scene_text(mm1, internf("%sbuffer: {capacity: 10, when_full: %s, resume_delay: 10ms}\n",
                                    tasks, policies[i]));
        struct scenario *b = scene_text(
            mm1, internf("%sbuffer: {max_bytes: 5.2kB, when_full: %s, resume_delay: 10ms}\n", tasks,
                         policies[i]));
        struct result *places = scene_run(a, 1), *bytes = scene_run(b, 1);
        const struct row *x = row_of(places, MAIN), *y = row_of(bytes, MAIN);
        assert_true(x->completed == y->completed && x->lost == y->lost);
        assert_true(x->latency_mean == y->latency_mean && x->wait_mean == y->wait_mean);
        assert_true(y->bytes_max == 11 * 500); /* and the one in service */
        result_free(places);
        result_free(bytes);
        free(a);
        free(b);
    }
}

/* What is too large for the buffer is served where it need not wait, and lost else. */
static void what_is_too_large_never_waits(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text(mm1, "tasks: {size: {distribution: exponential, mean: 100ms}, bytes: 1MB}\n"
                        "buffer: {max_bytes: 999kB}\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = row_of(result, MAIN);
    assert_true(row->wait_mean == 0);
    scene_near(row->loss_fraction, 1.2 / 2.2, 0.01); /* M/M/1/1 */
    assert_true(row->bytes_max == 1e6);
    result_free(result);
    free(s);
}

/* Who has waited for a token is turned away by a limit, by chance, by an outage, or by a machine
 * that is down: it has come once, and is lost once. */
static void whoever_waited_for_a_token_has_come_once(void **state)
{
    (void)state;
    static const char *const stages[] = {
        "limit: {algorithm: fixed, limit: 2}",
        "buffer: {drop: {algorithm: red, from: 0, to: 3, most: 50%}}",
        "outages: [{every: 5s, for: 2s, effect: reject}]",
        "delay: 1s, outages: [{every: 5s, for: 2s, effect: reject}]",
        "replicas: 2, balancer: random, crash: {every: 10s, restart: 2s}",
        "consumers: {count: unlimited}, outages: [{every: 5s, for: 2s, effect: reject}]",
        "timeout: 1s, buffer: {capacity: 1, when_full: pause, max_paused: 1}"};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        struct scenario *s =
            scene_text(internf("sources: {s: {process: poisson, rate: 2/s}}\n"
                               "tasks: {size: {distribution: exponential, mean: 1300ms}}\n"
                               "stages: {x: {throttle: {rate: 1.5/s, when_empty: delay}, %s}}\n",
                               stages[i]),
                       "run: {tasks: 3k, replications: 2, at_end: censor}\n");
        struct result *result = scene_run(s, 1);
        const struct row *row = scene_row(result, 0, "x");
        assert_true(row->lost > 100);
        assert_int_equal(row->offered, row->completed + row->lost + row->unfinished);
        result_free(result);
        free(s);
    }
}

/* The fast engine for rows of stages does not take what has a door, and says so. */
static void lanes_leave_doors_to_the_other_engine(void **state)
{
    (void)state;
    static const char *const doors[] = {
        "throttle: {rate: 9/s}", "limit: {algorithm: fixed, limit: 9}",
        "buffer: {high_water: 9, low_water: 3}", "buffer: {drop: {algorithm: codel}}",
        "consumers: {discipline: weighted}"};
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        struct scenario *s =
            scene_text(internf("sources: {s: {process: poisson, rate: 2/s}}\ntasks: {size: 100ms}\n"
                               "stages: {x: {%s, to: y}, y: {}}\n",
                               doors[i]),
                       "");
        const char *why = chain_refuses(s);
        assert_non_null(why);
        assert_non_null(strstr(why, "stages.x"));
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_bound_as_places_do),
        cmocka_unit_test(what_is_too_large_never_waits),
        cmocka_unit_test(whoever_waited_for_a_token_has_come_once),
        cmocka_unit_test(lanes_leave_doors_to_the_other_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
