/*
 * What stands before a stage: bounds by memory.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_bound_as_places_do),
        cmocka_unit_test(what_is_too_large_never_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
