/* Rows: what the figures are, and when there is an interval. (What is called stable:
 * test_stable.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/estimate.h"
#include "scene.h"
#include "setting.h"

#define MM1                                                                                        \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "500ms", "run.tasks", "20000"

static const struct row *only_row(const struct result *result)
{
    return result_row(result, 0, result_row_classes(result) - 1);
}

/* M/M/1 at 0.5: the latency is exponential with mean 1 s. */
static void figures_of_mm1(void **state)
{
    (void)state;
    struct scenario *s = scene(MM1, NULL);
    struct result *result = scene_run(s, 0);
    const struct row *row = only_row(result);
    assert_int_equal(row->offered, 160000);
    assert_int_equal(row->completed, 160000);
    scene_near(row->arrival_rate, 1, 0.02);
    scene_near(row->throughput, 1, 0.02);
    scene_near(row->utilization, 0.5, 0.02);
    scene_near(row->offered_utilization, 0.5, 1e-12);
    scene_near(row->wait_probability, 0.5, 0.02);
    scene_near(row->latency_mean, 1, 2 * row->latency_mean_ci95);
    scene_near(row->wait_mean, 0.5, 2 * row->wait_mean_ci95);
    assert_true(row->latency_mean_ci95 < 0.05);
    for (int i = 0; i + 1 < QUANTILES; i++) { /* for an interval of p99.99 there are too few */
        double truth = -log(1 - quantile_p[i]);
        double half = (row->latency_high[i] - row->latency_low[i]) / 2;
        scene_near(row->latency_q[i], truth, 2 * half);
        assert_true(row->latency_low[i] < row->latency_q[i]);
        assert_true(row->latency_high[i] > row->latency_q[i] && half < 0.2 * truth);
        scene_near(row->wait_q[i], fmax(0, truth - log(2)), 2 * half);
    }
    scene_near(row->latency_q[QUANTILES - 1], -log(1e-4), 1);
    assert_true(isnan(row->latency_low[QUANTILES - 1]));
    /* Little's law in the figures themselves, but for tasks at the ends of the windows */
    scene_near(row->queue_mean, row->throughput * row->wait_mean, 0.01);
    scene_near(row->in_system_mean, row->throughput * row->latency_mean, 0.01);
    scene_near(row->in_system_mean - row->queue_mean, row->utilization, 1e-9);
    assert_int_equal(row->stable, STABLE_YES);
    assert_true(isnan(row->value) && isnan(row->time_low));
    assert_true(isnan(result_first_unstable(result)));
    scene_near(row->effective_tasks, 80000, 4000); /* E[S]^2 / E[S^2] = 1/2 */
    struct histogram h = {0};
    result_histogram(result, 0, 0, MEASURE_WAIT, &h);
    assert_int_equal(histogram_total(&h), row->completed);
    scene_near(row->wait_probability, 1 - (double)h.zero / (double)row->completed, 1e-12);
    histogram_free(&h);
    result_free(result);
    free(s);
}

/* Half of the work too much for a place that holds none: Erlang's loss formula, B(1, 1.5) = 0.6. */
static void figures_of_loss(void **state)
{
    (void)state;
    struct scenario *s = scene(MM1, "tasks.size.mean", "1500ms", "buffer.capacity", "0", NULL);
    struct result *result = scene_run(s, 0);
    const struct row *row = only_row(result);
    scene_near(row->loss_fraction, 0.6, 0.01);
    assert_int_equal(row->lost, row->lost_by[LOSS_REJECTED]);
    assert_int_equal(row->offered, row->completed + row->lost);
    scene_near(row->throughput, 0.4, 0.01);
    scene_near(row->utilization, 0.6, 0.01);
    scene_near(row->wait_probability, 0, 0);
    assert_int_equal(row->stable, STABLE_YES);
    assert_true(!isnan(row->latency_mean_ci95));
    assert_true(row->loss_low < 0.6 && 0.6 < row->loss_high);
    assert_true(row->loss_high - row->loss_low < 0.02);
    result_free(result);
    free(s);
}

static void classes_add_up(void **state)
{
    (void)state;
    struct scenario *s =
        scene(MM1, "tasks.classes.0.name", "gold", "tasks.classes.0.share", "0.25",
              "tasks.classes.0.priority", "0", "tasks.classes.1.name", "rest",
              "tasks.classes.1.share", "0.75", "tasks.classes.1.priority", "1",
              "consumers.discipline", "priority", "tasks.size.mean", "800ms", NULL);
    struct result *result = scene_run(s, 0);
    assert_int_equal(result_row_classes(result), 3);
    assert_string_equal(result_class_name(result, 0), "gold");
    assert_string_equal(result_class_name(result, 2), "all");
    const struct row *gold = result_row(result, 0, 0), *rest = result_row(result, 0, 1);
    const struct row *all = result_row(result, 0, 2);
    assert_int_equal(gold->completed + rest->completed, all->completed);
    assert_true(gold->wait_mean < rest->wait_mean);
    scene_near(gold->wait_mean * (double)gold->completed +
                   rest->wait_mean * (double)rest->completed,
               all->wait_mean * (double)all->completed, 1e-6 * (double)all->completed);
    assert_true(isnan(gold->utilization) && !isnan(all->utilization));
    struct histogram parts = {0}, whole = {0};
    result_histogram(result, 0, 0, MEASURE_LATENCY, &parts);
    result_histogram(result, 0, 1, MEASURE_LATENCY, &parts);
    result_histogram(result, 0, 2, MEASURE_LATENCY, &whole);
    for (int i = 0; i < HIST_BUCKETS; i++)
        assert_int_equal(histogram_count(&parts, i), histogram_count(&whole, i));
    histogram_free(&parts);
    histogram_free(&whole);
    result_free(result);
    free(s);
}

static bool has_mean(const struct row *row)
{
    assert_int_equal(isnan(row->wait_mean_ci95), isnan(row->latency_mean_ci95));
    return !isnan(row->latency_mean_ci95);
}

static bool has_quantile(const struct row *row, int i)
{
    assert_int_equal(isnan(row->latency_low[i]), isnan(row->latency_high[i]));
    return !isnan(row->latency_low[i]);
}

static bool has_any(const struct row *row)
{
    bool any = has_mean(row);
    for (int i = 0; i < QUANTILES; i++)
        any = any || has_quantile(row, i);
    return any;
}

/* Runs `s`, takes the row of its only column, frees both. */
static struct row row_of(struct scenario *s)
{
    struct result *result = scene_run(s, 0);
    struct row row = *only_row(result);
    result_free(result);
    free(s);
    return row;
}

static const char trace[] = "arrival_s,service_s\n1,1\n2,1\n3,2\n4,1\n5,1\n6,3\n";

static void no_interval_where_it_would_lie(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, "tasks.size.mean", "1100ms", NULL));
    assert_int_equal(row.stable, STABLE_NO);
    assert_false(has_any(&row));

    /* infinite variance of the wait at one consumer: a tail exponent of 2.5 is too heavy there,
     * and light enough for a pool with three consumers to spare */
    row = row_of(scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.5",
                       "tasks.size.low", "300ms", NULL));
    assert_false(has_mean(&row));
    assert_true(has_quantile(&row, 0));
    row = row_of(scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.5",
                       "tasks.size.low", "300ms", "consumers.count", "3", NULL));
    assert_true(has_mean(&row));
    /* and for one that lets the small ones pass */
    row = row_of(scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.5",
                       "tasks.size.low", "300ms", "consumers.discipline", "shortest-remaining",
                       NULL));
    assert_true(has_mean(&row));
    row = row_of(scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.5",
                       "tasks.size.low", "300ms", "consumers.discipline", "shortest-job", NULL));
    assert_false(has_mean(&row));

    /* unfinished tasks are the slow ones */
    row = row_of(
        scene(MM1, "tasks.size.mean", "950ms", "run.tasks", "2000", "run.at_end", "censor", NULL));
    assert_true(row.unfinished > 20);
    assert_false(has_mean(&row) || has_quantile(&row, 2));

    /* one drift is one path */
    row = row_of(scene(MM1, "sweep.parameter", "tasks.size.mean", "sweep.from", "100ms", "sweep.to",
                       "500ms", "sweep.steps", "1", "sweep.mode", "drift", "run.duration", "20000s",
                       "run.replications", "1", NULL));
    assert_false(has_any(&row));

    /* a recorded trace, twice, is the same tasks twice */
    row = row_of(scene("arrivals.process", "trace", "arrivals.file",
                       setting_file("t.csv", trace, sizeof trace - 1), NULL));
    assert_int_equal(row.completed, 48);
    assert_false(has_any(&row));
}

static void drifts_of_several_replications_have_intervals(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, "sweep.parameter", "tasks.size.mean", "sweep.from", "100ms",
                                  "sweep.to", "500ms", "sweep.steps", "1", "sweep.mode", "drift",
                                  "run.duration", "20000s", NULL));
    assert_true(has_mean(&row) && has_quantile(&row, 0));
    scene_near(row.time_low, 0, 0);
    scene_near(row.time_high, 20000, 0);
}

static void a_single_replication_uses_batches(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, "run.replications", "1", "run.tasks", "200000", NULL));
    assert_true(has_mean(&row));
    scene_near(row.latency_mean, 1, 2 * row.latency_mean_ci95);
    assert_true(has_quantile(&row, 1));
}

static void few_tasks_support_few_quantiles(void **state)
{
    (void)state;
    struct row row =
        row_of(scene(MM1, "run.tasks", "100", "run.replications", "2", "run.warmup", "0", NULL));
    assert_true(!isnan(row.latency_q[1]));
    assert_true(isnan(row.latency_q[2]) && isnan(row.wait_q[2]) && isnan(row.latency_q[3]));
    row = row_of(scene(MM1, "run.tasks", "3", "run.replications", "1", "run.warmup", "0", NULL));
    assert_true(!isnan(row.latency_mean));
    for (int i = 0; i < QUANTILES; i++)
        assert_true(isnan(row.latency_q[i]));
}

/* M/M/1 at 0.95 forgets in 1500 tasks: 160 tasks beyond p99.9 are a tenth of an independent one. */
static void busy_queues_support_fewer(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, "tasks.size.mean", "950ms", NULL));
    assert_true(has_mean(&row) && has_quantile(&row, 0) && has_quantile(&row, 1));
    assert_true(!isnan(row.latency_q[2]) && !has_quantile(&row, 2));
    assert_true(isnan(row.latency_q[3]) && isnan(row.wait_q[3]));
    assert_int_equal(row.notes, 0);
    /* of a drift the tasks are all there is to know */
    row = row_of(scene(MM1, "sweep.parameter", "tasks.size.mean", "sweep.from", "950ms", "sweep.to",
                       "951ms", "sweep.steps", "1", "sweep.mode", "drift", "run.duration", "20000s",
                       NULL));
    assert_true(!isnan(row.latency_q[3]) && !has_quantile(&row, 3));
}

static void short_runs_are_said_aloud(void **state)
{
    (void)state;
    struct scenario *s = scene(MM1, "tasks.size.mean", "980ms", NULL);
    struct result *result = scene_run(s, 0); /* 20000 tasks; 10 relaxation times are 98000 */
    assert_true(only_row(result)->notes & NOTE_SHORT_RUN);
    assert_false(has_any(only_row(result)));
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, "shorter than 10 relaxation times"));
    assert_non_null(strstr(warnings, "run.tasks: about 98k would do"));
    free(warnings);
    result_free(result);
    free(s);
    /* a warm-up that is long enough forgets the start */
    struct row row = row_of(scene(MM1, "tasks.size.mean", "980ms", "run.warmup", "40000", NULL));
    assert_true(row.notes & NOTE_SHORT_RUN && has_quantile(&row, 0));
}

static void losses_have_intervals(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, NULL));
    scene_near(row.loss_low, 0, 0);
    scene_near(row.loss_high, 0, 0);
    row = row_of(scene(MM1, "buffer.capacity", "100", NULL));
    assert_int_equal(row.lost, 0);
    scene_near(row.loss_low, 0, 0);
    assert_true(row.loss_high > 3e-5 && row.loss_high < 3e-4);
    /* M/M/1/11: P(full) = (1 - rho) rho^11 / (1 - rho^12) */
    row = row_of(scene(MM1, "buffer.capacity", "10", NULL));
    double exact = 0.5 * pow(0.5, 11) / (1 - pow(0.5, 12));
    assert_true(row.loss_low > 0 && row.loss_low < exact && exact < row.loss_high);
    assert_true(row.loss_low < row.loss_fraction && row.loss_fraction < row.loss_high);
}

static void heavy_tails_are_said_aloud(void **state)
{
    (void)state;
    struct scenario *s = scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "1.5",
                               "tasks.size.low", "100ms", "run.tasks", "1000", NULL);
    struct result *result = scene_run(s, 0);
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, "tail exponent 1.5"));
    assert_non_null(strstr(warnings, "the largest task holds "));
    assert_true(only_row(result)->largest_share > 0.01);
    free(warnings);
    result_free(result);
    free(s);

    /* sizes with a variance, waits without */
    s = scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.1", "tasks.size.low",
              "300ms", NULL);
    result = scene_run(s, 0);
    warnings = result_warnings(result);
    assert_non_null(strstr(warnings, "2.1, too heavy for waits to have a variance"));
    free(warnings);
    result_free(result);
    s->stage.consumers = 8;
    result = scene_run(s, 0);
    warnings = result_warnings(result);
    assert_string_equal(warnings, "");
    free(warnings);
    result_free(result);
    free(s);
}

/* Tasks that were not followed to their end are told, with those of which they are. */
static void tells_of_tasks_that_were_given_up(void **state)
{
    (void)state;
    struct scenario *s = scene(MM1, "tasks.size.mean", "3s", "consumers.discipline", "random",
                               "run.warmup", "0", "run.replications", "2", NULL);
    struct result *result = scene_run(s, 1);
    const struct row *row = only_row(result);
    assert_true(row->unfinished > 20000 && row->offered == 40000);
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, internf("%llu of 40000 tasks were still inside when following",
                                             (unsigned long long)row->unfinished)));
    assert_null(strstr(warnings, "still inside at the end"));
    free(warnings);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_of_tasks_that_were_given_up),
        cmocka_unit_test(figures_of_mm1),
        cmocka_unit_test(figures_of_loss),
        cmocka_unit_test(classes_add_up),
        cmocka_unit_test(no_interval_where_it_would_lie),
        cmocka_unit_test(drifts_of_several_replications_have_intervals),
        cmocka_unit_test(a_single_replication_uses_batches),
        cmocka_unit_test(few_tasks_support_few_quantiles),
        cmocka_unit_test(busy_queues_support_fewer),
        cmocka_unit_test(short_runs_are_said_aloud),
        cmocka_unit_test(losses_have_intervals),
        cmocka_unit_test(heavy_tails_are_said_aloud),
    };
    return cmocka_run_group_tests_name("result", tests, NULL, setting_tear_down);
}
