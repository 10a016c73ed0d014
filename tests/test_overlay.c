/* Theory over the picture: which columns it covers, that the simulation lies where it says, and
 * what is said of the two. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../tools/words/overlay.h"
#include "program.h"
#include "scene.h"

/* M/M/1 of 1/s and 500 ms to 1100 ms: the last column is not stable. */
static struct scenario *sweep(const char *theory)
{
    return scene("arrivals.rate", "1/s", "tasks.size.distribution", "exponential",
                 "tasks.size.mean", "500ms", "sweep.parameter", "tasks.size.mean", "sweep.from",
                 "500ms", "sweep.to", "1100ms", "sweep.steps", "4", "run.tasks", "40k",
                 "run.replications", "10", "picture.theory", theory, NULL);
}

/* Exactly so where the formula covers a column, within the simulated interval, and a gap elsewhere.
 */
static void test_the_mean_lies_in_the_interval(void **state)
{
    (void)state;
    struct scenario *s = sweep("mean");
    const struct result *result = scene_run(s, 2);
    struct overlay overlay;
    assert_true(overlay_make(&result, 1, &overlay));
    for (uint32_t c = 0; c < 4; c++) {
        const struct row *row = result_row(result, c, 0);
        const struct figure_known *known = &overlay.known.columns[c];
        double mean = 0.5 + 0.2 * c, exact = 1 / (1 / mean - 1);
        if (c < 3) {
            scene_near(known->latency[KNOWN_MEAN], exact, 1e-12 * exact);
            assert_true(fabs(row->latency_mean - exact) < row->latency_mean_ci95);
        } else {
            assert_true(isnan(known->latency[KNOWN_MEAN]));
        }
        assert_true(isnan(known->latency[0]) && isnan(known->latency[1]));
    }
    assert_string_equal(overlay.known.exact,
                        "theory: M/M/1 (Erlang 1917; Gross et al. 2008, eq. 2.33-2.38)");
    assert_null(overlay.known.approximate);
    const char *words = overlay_words(&overlay, result, 0);
    assert_non_null(strstr(words, "known exactly in 3 of 4 columns (M/M/1 (Erlang 1917"));
    assert_non_null(strstr(words, "in the 95 % interval of the simulated mean in 3 of 3 columns"));
    assert_non_null(strstr(words, "no more than chance"));
    assert_non_null(strstr(words, "silent: utilization is 1 or more"));
    overlay_free(&overlay);
    result_free((struct result *)result);
    free(s);
}

static void test_quantiles_on_request(void **state)
{
    (void)state;
    struct scenario *s = sweep("quantiles");
    const struct result *result = scene_run(s, 2);
    struct overlay overlay;
    assert_true(overlay_make(&result, 1, &overlay));
    const struct figure_known *known = overlay.known.columns; /* exponential of mean 1 s */
    scene_near(known->latency[0], log(2), 1e-9);
    scene_near(known->latency[1], log(100), 1e-9);
    scene_near(known->latency[2], log(1000), 1e-9);
    assert_memory_equal(overlay.known.exact, "theory: ", 8);
    assert_null(strstr(overlay_words(&overlay, result, 0), "in no column"));
    overlay_free(&overlay);
    result_free((struct result *)result);
    free(s);

    s = scene("arrivals.rate", "1/s", "tasks.size.distribution", "lognormal", "tasks.size.mean",
              "500ms", "tasks.size.cv2", "2", "run.tasks", "10k", "picture.theory", "quantiles",
              NULL); /* of M/G/1 the mean is known, and no quantile */
    result = scene_run(s, 2);
    assert_true(overlay_make(&result, 1, &overlay));
    assert_memory_equal(overlay.known.exact, "theory: ", 8);
    assert_non_null(
        strstr(overlay_words(&overlay, result, 0), "Quantiles of the latency it knows in"));
    overlay_free(&overlay);
    result_free((struct result *)result);
    free(s);

    s = sweep("none");
    result = scene_run(s, 2);
    assert_false(overlay_make(&result, 1, &overlay));
    result_free((struct result *)result);
    free(s);
}

/* A simulation of something else than what theory is asked about does not pass for chance. */
static void test_what_is_off_is_said_to_be(void **state)
{
    (void)state;
    struct scenario *s = sweep("mean");
    struct result *result = scene_run(s, 2);
    const struct result *panel = result;
    struct overlay overlay;
    result->scenario.arrivals.rate = 1.05;
    assert_true(overlay_make(&panel, 1, &overlay));
    const char *words = overlay_words(&overlay, result, 0);
    assert_non_null(strstr(words, "more than chance."));
    assert_null(strstr(words, "no more than chance"));
    overlay_free(&overlay);
    result_free(result);
    free(s);
}

/* What is approximate says so, by how much, and under another name in the legend. */
static void test_approximations_are_told_apart(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.rate", "3/s", "tasks.size.distribution", "lognormal", "tasks.size.mean",
              "1s", "tasks.size.cv2", "2", "consumers.count", "4", "run.tasks", "20k",
              "run.replications", "8", "picture.theory", "mean", NULL);
    const struct result *result = scene_run(s, 2);
    struct overlay overlay;
    assert_true(overlay_make(&result, 1, &overlay));
    assert_true(overlay.known.columns[0].approximate);
    assert_null(overlay.known.exact);
    assert_string_equal(overlay.known.approximate,
                        "theory, approximately: M/G/c (Allen and Cunneen 1978)");
    const char *words = overlay_words(&overlay, result, 0);
    assert_non_null(strstr(words, "known approximately (M/G/c (Allen and Cunneen 1978)), off by"));
    overlay_free(&overlay);
    result_free((struct result *)result);
    free(s);
}

static const char scenario[] =
    "arrivals: {process: poisson, rate: 1/s}\n"
    "tasks: {size: {distribution: exponential, mean: 500ms}}\n"
    "sweep: {parameter: tasks.size.mean, from: 200ms, to: 900ms, steps: 8}\n"
    "run: {tasks: 5k, replications: 4}\n"
    "picture: {theory: mean, width: 700, height: 500}\n";

/* The picture holds all that it takes to draw it again; the figures know nothing of it. */
static void test_pictures_are_made_again(void **state)
{
    (void)state;
    file_write("x.yaml", scenario);
    assert_int_equal(program_run("run x.yaml -o a"), 0);
    assert_true(file_has("stdout", "Theory: the mean latency is known exactly in 8 of 8 columns"));
    assert_int_equal(program_run("run a/spectrogram.png -o b"), 0);
    assert_true(files_equal("a/spectrogram.png", "b/spectrogram.png"));
    assert_int_equal(program_run("run x.yaml --set picture.theory=none -o c"), 0);
    assert_false(file_has("stdout", "Theory:"));
    assert_false(files_equal("a/spectrogram.png", "c/spectrogram.png"));
    assert_true(files_equal("a/columns.csv", "c/columns.csv"));

    assert_int_equal(program_run("compare x.yaml --vary consumers.count=1,2 -o d"), 0);
    assert_true(file_has("stdout", "consumers.count = 2: Theory: the mean") ||
                file_has("stdout", "2 consumers: Theory: the mean"));
    assert_int_equal(program_run("compare d/comparison.png -o e"), 0);
    assert_true(files_equal("d/comparison.png", "e/comparison.png"));
    assert_int_equal(
        program_run("compare x.yaml --vary consumers.count=1,2 --set picture.theory=none -o f"), 0);
    assert_false(files_equal("d/comparison.png", "f/comparison.png"));
}

static void test_a_drift_has_none(void **state)
{
    (void)state;
    file_write("x.yaml", scenario);
    assert_int_equal(program_run("run x.yaml --set sweep.mode=drift --set run.duration=1h"), 2);
    assert_true(file_has("stderr", "x.yaml:5:11: error: picture.theory: formulas are of systems at "
                                   "rest"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_mean_lies_in_the_interval),
        cmocka_unit_test(test_quantiles_on_request),
        cmocka_unit_test(test_what_is_off_is_said_to_be),
        cmocka_unit_test(test_approximations_are_told_apart),
        cmocka_unit_test_setup_teardown(test_pictures_are_made_again, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_a_drift_has_none, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
