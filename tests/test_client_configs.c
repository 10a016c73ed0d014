/*
 * Systems of clients in configs/ show what their comments promise: connections (the roots of
 * N = 5 (1 + 0.05 (N - 1) + 0.001 N (N - 1)) are 6.58 and 144.4; Gunther 2007), and the three
 * clocks of one run (the example of HdrHistogram's README: 100 s of 1 ms, then 100 s of nothing:
 * half of the requests take longer than 1 ms, and of the raw samples 0.01 %).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/clocks.h"
#include "../sim/result/run.h"
#include "../tools/shell/panels.h"
#include "configs.h"
#include "program.h"
#include "scene.h"

/* Tasks a second long after the burst, with so many connections. */
static double throughput(const char *sockets, const char *cancel)
{
    const char *const set[] = {internf("stages.sockets.consumers.count=%s", sockets),
                               internf("stages.sockets.calls.0.cancel=%s", cancel),
                               "run.replications=2", NULL};
    static struct scenario s;
    struct options o = config_options("configs/max-sockets.yaml", set);
    config_scenario(&o, &s);
    s.sweep.parameter = NULL;
    s.vary_count = 0;
    struct result *result = scene_run(&s, 1);
    double done = scene_row(result, 0, "all")->throughput;
    result_free(result);
    return done;
}

static void connections_work_in_a_range(void **state)
{
    (void)state;
    scene_near(throughput("6", "never"), 46.6, 2);
    scene_near(throughput("16", "never"), 50, 2);
    scene_near(throughput("64", "never"), 50, 2);
    assert_true(throughput("128", "never") < 15);
    scene_near(throughput("128", "running"), 50, 2);
}

static struct clocks *clocks_of(const char *const *set)
{
    static struct scenario s;
    struct options o = config_options("configs/coordinated-omission.yaml", set);
    struct errors errors = {0};
    config_scenario(&o, &s);
    struct clocks *clocks = clocks_find(&s, NULL, &errors);
    assert_non_null(clocks);
    return clocks;
}

/* The share of those that take no longer. */
static double within(const struct clock_view *view, double latency)
{
    size_t n = 0;
    while (n < view->n && view->latency[n] <= latency)
        n++;
    return (double)n / (double)view->n;
}

static void a_tester_leaves_out_what_it_did_not_ask(void **state)
{
    (void)state;
    const char *const set[] = {NULL};
    struct clocks *clocks = clocks_of(set);
    const struct clock_view *meant = &clocks->view[CLOCK_MEANT],
                            *admitted = &clocks->view[CLOCK_ADMITTED],
                            *tester = &clocks->view[CLOCK_TESTER];
    assert_int_equal(meant->n, 20000);
    assert_int_equal(admitted->n, 20000);
    assert_int_equal(tester->n, 10001);
    scene_near(within(meant, 0.001001), 0.5, 0.001);
    scene_near(within(tester, 0.001001), 0.9999, 0.00001);
    scene_near(within(admitted, 0.0021), 0.9999, 0.0001);
    scene_near(clock_quantile(meant, 0.75), 55, 0.1);
    scene_near(clock_quantile(tester, 1), 100, 0.01);
    clocks_free(clocks);
}

/* Without the standstill they are the same. */
static void clocks_agree_where_nobody_is_kept(void **state)
{
    (void)state;
    const char *const set[] = {"outages.0.for=1us", "run.duration=20s", NULL};
    struct clocks *clocks = clocks_of(set);
    for (int k = 0; k < CLOCK_KINDS; k++) {
        assert_true(clocks->view[k].n >= 1999);
        scene_near(clock_mean(&clocks->view[k]), 0.001, 1e-6);
    }
    clocks_free(clocks);
}

/* What waits with its client, over the limit, is not admitted yet. */
static void waiting_with_the_client_is_not_admission(void **state)
{
    (void)state;
    const char *const set[] = {"client.limit=1",
                               "outages.0.for=1us",
                               "run.duration=20s",
                               "arrivals.process=batch",
                               "arrivals.batch=3",
                               "arrivals.rate=10/s",
                               NULL};
    struct clocks *clocks = clocks_of(set);
    scene_near(clock_mean(&clocks->view[CLOCK_ADMITTED]), 0.001, 1e-6);
    assert_true(clock_mean(&clocks->view[CLOCK_MEANT]) > 0.0019);
    clocks_free(clocks);
}

static void the_program_shows_them(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 5/s}\ntasks: {size: 100ms}\n"
                         "buffer: {capacity: 1, when_full: pause}\n"
                         "run: {tasks: 2k, replications: 2}\n");
    assert_status("run s.yaml -o o --clock tester", 0);
    assert_says("stdout", "A load tester that waits for each answer");
    assert_int_equal(file_lines("o/clocks.csv"), 4);
    assert_status("run s.yaml -o o --clock admitted", 0);
    assert_says("stdout", "From when they were let in");
    assert_status("run s.yaml -o o", 0);
    assert_false(file_exists("o/clocks.csv"));
    assert_status("run s.yaml -o o --clock wall", 2);
    assert_says("stderr", "unknown clock (one of meant, admitted, tester)");
    assert_status("run s.yaml -o o --clock meant --set sweep.parameter=arrivals.rate --set "
                  "sweep.values=\"1/s,2/s\"",
                  2);
    assert_says("stderr", "--clock is asked of one setting");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_work_in_a_range),
        cmocka_unit_test(a_tester_leaves_out_what_it_did_not_ask),
        cmocka_unit_test(clocks_agree_where_nobody_is_kept),
        cmocka_unit_test(waiting_with_the_client_is_not_admission),
        cmocka_unit_test_setup_teardown(the_program_shows_them, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
