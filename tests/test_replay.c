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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_replays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
