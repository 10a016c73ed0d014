/* The configs of consumers that come and go show what their comments promise, cut down. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "configs.h"
#include "scene.h"

static struct result *run(const char *file, const char *const *set)
{
    static struct scenario s;
    struct options o = config_options(file, set);
    config_scenario(&o, &s);
    return scene_run(&s, 1);
}

static const struct row *main_row(const struct result *result, uint32_t column)
{
    return result_place_row(result, column, 0, result_row_classes(result) - 1);
}

static void a_longer_queue_buys_fewer_threads_and_pays_with_waiting(void **state)
{
    (void)state;
    static const char *const set[] = {"run.duration=20h", "run.replications=2", NULL};
    struct result *result = run("configs/thread-pool.yaml", set);
    for (uint32_t i = 1; i < result->columns; i++) {
        const struct row *shorter = main_row(result, i - 1), *longer = main_row(result, i);
        assert_true(longer->consumers_mean < shorter->consumers_mean);
        assert_true(longer->wait_mean > shorter->wait_mean);
        assert_true(longer->loss_fraction <= shorter->loss_fraction);
    }
    enum { NONE = 0, TEN = 3, HUNDRED = 5 };
    scene_near(main_row(result, NONE)->consumers_mean, 6.73, 0.1);
    scene_near(main_row(result, NONE)->loss_fraction, 0.0082, 0.001);
    scene_near(main_row(result, TEN)->consumers_mean, 4.53, 0.1);
    scene_near(main_row(result, HUNDRED)->consumers_mean, 3.5, 0.15);
    assert_true(main_row(result, HUNDRED)->wait_mean > 16 * main_row(result, TEN)->wait_mean);
    result_free(result);
    static const char *const java[] = {"run.duration=20h", "run.replications=2",
                                       "consumers.wakes=longest-idle", "sweep.values=10", NULL};
    result = run("configs/thread-pool.yaml", java);
    assert_true(main_row(result, 0)->consumers_mean > 7);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_longer_queue_buys_fewer_threads_and_pays_with_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
