/* Recorded traces, replayed: every wait as two independent programs have it
 * (../shared/traces/replay-reference.json: first come, first served, c consumers). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>

#include "../sim/scenario/table.h"
#include "scene.h"

static const char *shared(void)
{
    const char *folder = getenv("QUEUESCOPE_SHARED");
    return folder ? folder : "../shared";
}

/* The file of a trace, in whichever folder of its own it is. */
static bool find_trace(const char *name, char *out, size_t size)
{
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/traces/*/%s.csv.gz", shared(), name);
    bool there = glob(pattern, 0, NULL, &found) == 0;
    if (there)
        snprintf(out, size, "%s", found.gl_pathv[0]);
    globfree(&found);
    return there;
}

/* `quantile` is that of a sample, which may lie between two tasks; ours is one task's bucket. */
static void assert_bucket(double ours, double quantile)
{
    scene_near(ours, quantile, 0.01 * quantile + 1e-9);
}

static void replay(const json_t *reference)
{
    char file[512], count[32];
    const char *name = json_string_value(json_object_get(reference, "trace"));
    snprintf(count, sizeof count, "%lld",
             (long long)json_integer_value(json_object_get(reference, "c")));
    assert_true(find_trace(name, file, sizeof file));
    struct scenario *s = scene("arrivals.process", "trace", "arrivals.file", file,
                               "consumers.count", count, "run.replications", "1", NULL);
    struct result *result = scene_run(s, 1);
    const struct row *row = result_row(result, 0, 0);
    double wait = json_number_value(json_object_get(reference, "mean_wait"));
    print_message("%s, %s consumers: mean wait %g s\n", name, count, row->wait_mean);
    assert_true(row->offered == row->completed && row->completed > 1000);
    scene_near(row->wait_mean, wait, 1e-9 * wait);
    scene_near(row->wait_probability, json_number_value(json_object_get(reference, "p_wait")),
               1e-12);
    assert_bucket(row->wait_q[0], json_number_value(json_object_get(reference, "p50")));
    assert_bucket(row->wait_q[2], json_number_value(json_object_get(reference, "p99")));
    result_free(result);
    free(s);
}

static void test_replays(void **state)
{
    (void)state;
    char file[512];
    json_error_t error;
    snprintf(file, sizeof file, "%s/traces/replay-reference.json", shared());
    json_t *references = json_load_file(file, 0, &error);
    if (!references) {
        print_message("%s: %s\n", file, error.text);
        skip();
    }
    assert_true(json_array_size(references) > 0);
    for (size_t i = 0; i < json_array_size(references); i++)
        replay(json_array_get(references, i));
    json_decref(references);
}

/* A disk that was measured: one at a time, nearly in order. Replayed it takes 3.72 ms on average
 * where 3.99 ms were recorded, since some of its requests overtook others. */
static void test_recorded_responses(void **state)
{
    (void)state;
    char waits[512], file[512];
    struct errors errors = {0};
    if (!find_trace("iosnoop-disk_waits", waits, sizeof waits))
        skip();
    assert_true(find_trace("iosnoop-disk", file, sizeof file));
    const struct table *table = table_load(waits, (struct place){0}, &errors);
    assert_non_null(table);
    const struct table_column *response = table_column(table, "response_s");
    assert_non_null(response);
    scene_near(response->mean, 3.994e-3, 0.001e-3);
    struct scenario *s =
        scene("arrivals.process", "trace", "arrivals.file", file, "run.replications", "1", NULL);
    struct result *result = scene_run(s, 1);
    const struct row *row = result_row(result, 0, 0);
    assert_int_equal(row->offered, table->rows);
    scene_near(row->latency_mean, 3.719e-3, 0.001e-3);
    assert_true(row->latency_mean > 0.93 * response->mean && row->latency_mean < response->mean);
    result_free(result);
    free(s);
}

/* Chat requests, resampled by the rule: rate and size drift against each other, and still do in the
 * blocks. Drawn one by one they wait 0.51 s, as M/G/c has it, where the log waited 1.74 s. */
static void test_resampled(void **state)
{
    (void)state;
    char file[512];
    if (!find_trace("azure-llm-conv", file, sizeof file))
        skip();
    static const char *const blocks[] = {"auto", "1"};
    double wait[2], half = NAN;
    for (int i = 0; i < 2; i++) {
        struct scenario *s =
            scene("arrivals.process", "trace", "arrivals.file", file, "consumers.count", "40",
                  "arrivals.bootstrap.block", blocks[i], "run.replications", "64", NULL);
        struct result *result = scene_run(s, 2);
        wait[i] = result_row(result, 0, 0)->wait_mean;
        half = i == 0 ? result_row(result, 0, 0)->wait_mean_ci95 : half;
        assert_int_equal(result_row(result, 0, 0)->offered, 64 * 19366);
        result_free(result);
        free(s);
    }
    print_message("resampled: %g ± %g s; task by task: %g s\n", wait[0], half, wait[1]);
    assert_true(half > 0 && half < 0.4);
    scene_near(wait[0], 1.744, 0.2 + half);
    scene_near(wait[1], 0.52, 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_replays),
                                       cmocka_unit_test(test_recorded_responses),
                                       cmocka_unit_test(test_resampled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
