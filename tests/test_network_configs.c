/*
 * The networks in configs/ show what their comments promise, and what is known of them: Marshall,
 * Friedman and Burke of chains, Hillier and Boling of lines without places, Flatto and Hahn of fork
 * and join. Runs are cut down where the numbers allow it; seeds are the scenarios' own.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../tools/shell/panels.h"
#include "configs.h"
#include "scene.h"

enum { P50 = 0, P99 = 2 };

static struct result *simulate(const struct scenario *s, const struct options *o)
{
    const struct run_options run = {.engine = options_engine(o, s)};
    struct result *result = run_scenario(s, &run);
    assert_non_null(result);
    if (!audit_holds(&result->audit))
        fail_msg("%s\n%s\n%s", result->audit.text[0], result->audit.text[1], result->audit.text[2]);
    return result;
}

static struct result *run(const char *file, const char *const *set)
{
    static struct scenario s;
    struct options o = config_options(file, set);
    config_scenario(&o, &s);
    return simulate(&s, &o);
}

static void near(double value, double want, double within)
{
    if (!(fabs(value - want) <= within))
        fail_msg("%.5g is not %.5g to within %.3g", value, want, within);
}

/* The column of a sweep with that value. */
static uint32_t column_of(const struct result *result, double value)
{
    for (uint32_t column = 0; column < result->columns; column++)
        if (fabs(result_row(result, column, 0)->value - value) < 1e-9)
            return column;
    fail_msg("no column %g", value);
    return 0;
}

static const char *const six[] = {"one", "two", "three", "four", "five", "six"};

static void chain_magnifies_variation(void **state)
{
    (void)state;
    struct result *result = run("configs/chain.yaml", NULL);
    const struct row *one = scene_row(result, 0, "one");
    near(one->arrival_cv2, 1, 1.5 * one->arrival_cv2_ci95);
    near(one->departure_cv2, 2.92, one->departure_cv2_ci95); /* Marshall */
    static const double measured[] = {2.922, 3.579, 3.745, 3.786, 3.784, 3.791};
    for (int i = 0; i < 6; i++) {
        const struct row *row = scene_row(result, 0, six[i]);
        near(row->departure_cv2, measured[i], 1.5 * row->departure_cv2_ci95);
        if (i == 0)
            continue;
        const struct row *before = scene_row(result, 0, six[i - 1]);
        assert_true(row->wait_mean > before->wait_mean); /* rises at every stage */
        assert_true(row->arrival_cv2 == before->departure_cv2);
        assert_true(row->departure_cv2 > before->departure_cv2 - before->departure_cv2_ci95);
    }
    near(one->wait_mean, 10, one->wait_mean_ci95); /* Pollaczek and Khinchine */
    near(scene_row(result, 0, "six")->wait_mean / one->wait_mean, 1.6, 0.1);
    near(scene_row(result, 0, "all")->wait_mean, 83, 2);
    result_free(result);
}

static void even_sizes_are_a_control(void **state)
{
    (void)state;
    static const char *const even[] = {"tasks.size=1s", "run.tasks=20k", NULL};
    struct result *result = run("configs/chain.yaml", even);
    const struct row *one = scene_row(result, 0, "one");
    near(one->wait_mean, 2, one->wait_mean_ci95);
    near(one->departure_cv2, 0.36, 0.02);
    for (int i = 1; i < 6; i++) /* Friedman: 0 but for rounding, task by task */
        near(scene_row(result, 0, six[i])->wait_mean, 0, 1e-9);
    result_free(result);
}

static void exponential_sizes_are_a_control(void **state)
{
    (void)state;
    static const char *const memoryless[] = {"tasks.size.distribution=exponential",
                                             "tasks.size.mean=1s", "run.tasks=100k", NULL};
    struct result *result = run("configs/chain.yaml", memoryless);
    for (int i = 0; i < 6; i++) { /* Burke */
        const struct row *row = scene_row(result, 0, six[i]);
        near(row->wait_mean, 4, 1.5 * row->wait_mean_ci95);
        /* Of n exponential times it has a standard deviation of 2 / sqrt(n). */
        near(row->departure_cv2, 1, 3 * 2 / sqrt((double)row->completed));
    }
    result_free(result);
}

static void lines_without_places_slow_down(void **state)
{
    (void)state;
    struct result *result = run("configs/chain-handoff.yaml", NULL);
    static const char *const first[] = {"two-1", "three-1", "four-1", "five-1", "six-1"};
    static const char *const last[] = {"two-2", "three-3", "four-4", "five-5", "six-6"};
    static const double known[] = {2.0 / 3, 22.0 / 39, 0.5148, 0.4858, 0.4667};
    for (int i = 0; i < 5; i++) {
        const struct row *row = scene_row(result, 0, first[i]),
                         *end = scene_row(result, 0, last[i]);
        near(row->throughput / known[i], 1, 0.004);
        near(row->utilization, 1, 1e-9);
        near(row->held_fraction, 1 - row->throughput, 0.004); /* the rest is work, of 1 s each */
        near(end->throughput / known[i], 1, 0.004);
        near(end->utilization, end->throughput, 0.006);
        assert_true(end->held_fraction == 0);
    }
    result_free(result);

    static const char *const places[] = {"stages.*.buffer.capacity=2", "run.tasks=20k",
                                         "run.replications=4", NULL};
    result = run("configs/chain-handoff.yaml", places);
    near(scene_row(result, 0, "two-1")->throughput, 0.8, 0.01); /* (b + 2) / (b + 3), b places */
    near(scene_row(result, 0, "six-1")->throughput, 0.668, 0.008);
    result_free(result);
}

static void more_questions_shorter_queues(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.from=14.4/s", "sweep.to=14.4/s", "sweep.steps=1",
                                      "run.tasks=100k", NULL};
    struct result *result = run("configs/balancers.yaml", set);
    const struct row *drawn = scene_row(result, 0, "random"),
                     *turns = scene_row(result, 0, "round-robin"),
                     *two = scene_row(result, 0, "two-choices"),
                     *best = scene_row(result, 0, "least-requests");
    near(drawn->latency_mean, 10, drawn->latency_mean_ci95); /* M/M/1 each */
    near(drawn->latency_q[P50], 10 * log(2), 0.5);
    near(turns->latency_q[P50] / drawn->latency_q[P50], 0.5, 0.1);
    assert_true(two->latency_mean < 0.75 * turns->latency_mean);
    assert_true(best->latency_mean < 0.6 * two->latency_mean);
    assert_true(best->latency_q[P50] < 1.5);
    near(drawn->utilization, best->utilization, 0.001); /* the very same tasks */
    assert_int_equal(drawn->offered, best->offered);
    result_free(result);
}

static void the_slower_part_decides(void **state)
{
    (void)state;
    struct result *result = run("configs/fork-join.yaml", NULL);
    for (int i = 0; i < 2; i++) {
        double rate = i ? 0.8 : 0.1, part = 1 / (1 - rate);
        uint32_t column = column_of(result, rate);
        const struct row *all = scene_row(result, column, "all"),
                         *stock = scene_row(result, column, "stock");
        near(stock->latency_mean, part, 1.5 * stock->latency_mean_ci95);
        near(all->latency_mean, (12 - rate) / 8 * part, all->latency_mean_ci95);
        assert_true(scene_row(result, column, "order")->latency_max == 0);
    }
    result_free(result);
}

static void held_threads_are_not_the_bottleneck(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.from=130/s", "sweep.to=140/s", "sweep.steps=2", NULL};
    struct options o = config_options("configs/nested-pools.yaml", set);
    struct panels panels;
    struct errors errors = {0};
    struct result *results[4];
    enum { AS_IS, CONNECTIONS, THREADS, BOTH };
    if (!panels_make(&o, 4, &panels, &errors))
        config_fail(&errors);
    assert_int_equal(panels.n, 4);
    for (size_t i = 0; i < 4; i++)
        results[i] = simulate(&panels.items[i].scenario, &o);
    const struct row *web = scene_row(results[AS_IS], 0, "web");
    assert_true(web->utilization > 0.8 && web->utilization < 0.95);
    assert_true(web->held_fraction > 0.75 * web->utilization);
    for (int i = AS_IS; i <= BOTH; i++) { /* at 140/s */
        const struct row *all = scene_row(results[i], 1, "all");
        bool keeps_up = i == CONNECTIONS || i == BOTH;
        assert_int_equal(all->stable == STABLE_NO, !keeps_up);
        near(all->throughput, keeps_up ? 140 : 4 / 0.03, 2);
    }
    assert_true(scene_row(results[CONNECTIONS], 1, "web")->utilization < 0.5);
    assert_true(scene_row(results[AS_IS], 1, "db")->utilization > 0.99);
    assert_int_equal(scene_row(results[AS_IS], 1, "db")->stable,
                     STABLE_YES); /* 16 there at the most */
    assert_int_equal(scene_row(results[AS_IS], 1, "web")->stable, STABLE_NO);
    for (uint32_t column = 0; column < 2; column++) /* with web as busy, too */
        assert_string_equal(result_bottleneck_name(results[AS_IS], column), "db");
    assert_int_equal(result_waits_for(results[AS_IS], 1, 0), 1);
    char *warnings = result_warnings(results[AS_IS]);
    assert_non_null(strstr(warnings, "unstable at web (which waits for db) in 1 of 2 columns"));
    free(warnings);
    for (size_t i = 0; i < 4; i++)
        result_free(results[i]);
    panels_free(&panels);
}

static void a_line_can_do_less_than_its_machines(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.from=0.7/s", "sweep.to=0.8/s", "sweep.steps=2", NULL};
    struct result *result = run("configs/tandem-blocking.yaml", set);
    assert_int_equal(scene_row(result, 0, "all")->stable, STABLE_YES);
    assert_int_equal(scene_row(result, 1, "all")->stable, STABLE_NO);
    near(scene_row(result, 1, "cut")->throughput, 0.734, 0.003);
    near(scene_row(result, 1, "cut")->utilization, 1, 0.001);
    assert_true(scene_row(result, 1, "drill")->latency_q[P99] < 10);
    assert_true(scene_row(result, 1, "paint")->latency_q[P99] < 10);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_magnifies_variation),
        cmocka_unit_test(even_sizes_are_a_control),
        cmocka_unit_test(exponential_sizes_are_a_control),
        cmocka_unit_test(lines_without_places_slow_down),
        cmocka_unit_test(more_questions_shorter_queues),
        cmocka_unit_test(the_slower_part_decides),
        cmocka_unit_test(held_threads_are_not_the_bottleneck),
        cmocka_unit_test(a_line_can_do_less_than_its_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
