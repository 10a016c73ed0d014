/* The configs of what stands before a stage show what their comments promise, cut down. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../sim/scenario/policy.h"
#include "configs.h"
#include "scene.h"

static struct result *run(const char *file, const char *const *set)
{
    static struct scenario s;
    struct options o = config_options(file, set);
    config_scenario(&o, &s);
    return scene_run(&s, 1);
}

#define CUT "run.duration=40s", "run.warmup=10s", "run.replications=2"

/* As long as those who ignore the advice are less than the consumer can do. */
static void marks_hold_until_too_many_ignore_them(void **state)
{
    (void)state;
    static const char *const set[] = {CUT, "sweep.steps=4", NULL}; /* 0, 30, 60 and 90 % */
    struct result *result = run("configs/water-marks.yaml", set);
    for (uint32_t i = 0; i < 4; i++) {
        const struct row *row = scene_row(result, i, "main");
        assert_true(row->utilization > 0.999);
        scene_near(row->throughput, 1000, 15);
        if (i < 3) {
            assert_int_equal(row->lost, 0);
            assert_true(row->pauses > 1 && row->wait_mean < 0.065 && row->bytes_max < 20e6);
        } else {
            assert_true(row->pauses == 0 && row->wait_mean > 0.45 && row->bytes_max > 49.9e6);
            scene_near(row->loss_fraction, 1 - 1000 / 1350.0, 0.02);
        }
    }
    const struct row *all_listen = scene_row(result, 0, "main");
    scene_near(all_listen->bytes_max, 81 * 1e5, 1);
    scene_near(all_listen->pauses, 5.6, 0.4);
    result_free(result);
    static const char *const close[] = {CUT, "sweep.values=0", "buffer.low_water=79", NULL};
    result = run("configs/water-marks.yaml", close);
    scene_near(scene_row(result, 0, "main")->pauses, 1000 / 3.0, 10);
    result_free(result);
}

static void a_long_buffer_is_short_where_codel_drops(void **state)
{
    (void)state;
    static const char *const early[] = {CUT, "sweep.values=[1050, 1500]", NULL};
    static const char *const never[] = {CUT, "sweep.values=[1050, 1500]", "buffer.drop.target=1h",
                                        NULL};
    struct result *a = run("configs/codel.yaml", early), *b = run("configs/codel.yaml", never);
    const struct row *codel = scene_row(a, 0, "main"), *tail = scene_row(b, 0, "main");
    assert_true(20 * codel->wait_mean < tail->wait_mean && tail->wait_mean > 0.9);
    scene_near(codel->throughput / tail->throughput, 0.99, 0.01);
    assert_int_equal(codel->lost, codel->lost_by[LOSS_EARLY]);
    assert_int_equal(tail->lost, tail->lost_by[LOSS_DROPPED_NEWEST]);
    /* Far too much for it: it hardly helps. */
    assert_true(scene_row(a, 1, "main")->wait_mean > scene_row(b, 1, "main")->wait_mean / 3);
    result_free(a);
    result_free(b);
}

static void the_last_are_in_time_when_the_first_are_not(void **state)
{
    (void)state;
#define LONGER "run.duration=150s", "run.warmup=50s", "run.replications=2"
    static const char *const last[] = {LONGER, "sweep.values=[80, 110, 150]", NULL};
    static const char *const first[] = {LONGER, "sweep.values=[80, 110, 150]",
                                        "consumers.lifo_above=1M", NULL};
    struct result *a = run("configs/lifo-overload.yaml", last),
                  *b = run("configs/lifo-overload.yaml", first);
    scene_near(scene_row(a, 0, "client")->loss_fraction, 0.007, 0.004);
    assert_true(scene_row(b, 0, "client")->loss_fraction < 0.002);
    scene_near(scene_row(a, 1, "client")->goodput, 96, 3);
    scene_near(scene_row(a, 2, "client")->goodput, 100, 3);
    for (uint32_t i = 1; i < 3; i++) {
        const struct row *main = scene_row(b, i, "main");
        assert_true(scene_row(b, i, "client")->goodput < 1);
        assert_true(main->wasted_fraction > 0.999 && main->utilization > 0.999);
    }
    result_free(a);
    result_free(b);
}

/* Pending puts are a part of the queue; a sliding buffer loses as much as a dropping one, and what
 * it serves has waited for less. */
static void a_channel_is_as_long_as_its_pending_puts(void **state)
{
    (void)state;
    static const char *const set[] = {CUT, "sweep.values=[800, 1200]", NULL};
    struct result *result = run("configs/channel.yaml", set);
    scene_near(scene_row(result, 0, "all")->latency_mean, 1 / 200.0 + 1 / 1200.0, 7e-4);
    assert_int_equal(scene_row(result, 0, "all")->lost, 0);
    const struct row *full = scene_row(result, 1, "channel");
    scene_near(full->loss_fraction, 1 - 1 / 1.2, 0.01);
    assert_int_equal(full->lost, full->lost_by[LOSS_ERROR]);
    scene_near(full->wait_mean, 1.03, 0.03);
    scene_near(scene_row(result, 1, "executor")->latency_mean, 1 / 1000.0, 1e-4);
    result_free(result);
    static const char *const drops[2][6] = {{CUT, "stages.channel.buffer.max_paused=unbounded",
                                             "stages.channel.buffer.when_full=drop-newest", NULL},
                                            {CUT, "stages.channel.buffer.max_paused=unbounded",
                                             "stages.channel.buffer.when_full=drop-oldest", NULL}};
    struct result *dropping = run("configs/channel.yaml", drops[0]),
                  *sliding = run("configs/channel.yaml", drops[1]);
    for (uint32_t i = 0; i < dropping->columns; i++) {
        const struct row *x = scene_row(dropping, i, "channel"),
                         *y = scene_row(sliding, i, "channel");
        scene_near(x->loss_fraction, y->loss_fraction, 0.004);
        assert_true(y->wait_mean < x->wait_mean);
    }
    result_free(dropping);
    result_free(sliding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_hold_until_too_many_ignore_them),
        cmocka_unit_test(a_long_buffer_is_short_where_codel_drops),
        cmocka_unit_test(the_last_are_in_time_when_the_first_are_not),
        cmocka_unit_test(a_channel_is_as_long_as_its_pending_puts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
