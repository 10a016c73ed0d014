/* The width of vectors: how it is chosen and forced, and that whole runs do not depend on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "../sim/base/vector.h"
#include "program.h"

VECTOR_LOOP(halve, (size_t n, double *restrict x), (n, x))
{
    for (size_t i = 0; i < n; i++)
        x[i] /= 2;
}

static void test_forced(void **state)
{
    (void)state;
    const int widest = vector_widest();
    assert_true(widest == 2 || widest == 4 || widest == 8);
    assert_int_equal(vector_width(), widest);
    for (int width = -1; width <= 32; width++) {
        const int before = vector_width();
        const bool good = (width == 2 || width == 4 || width == 8) && width <= widest;
        assert_int_equal(vector_force(width), good);
        assert_int_equal(vector_width(), good ? width : before);
        double x[] = {2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22};
        halve(11, x);
        for (int i = 0; i < 11; i++)
            assert_true(x[i] == i + 1);
    }
    assert_true(vector_force(widest));
}

/* Every law goes by some loop of its own; the classes, the processes and both engines too. */
static const char *const scenarios[] = {
    "arrivals: {process: poisson, rate: 6/s}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 1.5, low: 30ms, high: 9s}}\n"
    "consumers: {count: 2}\n"
    "sweep: {parameter: tasks.size.alpha, from: 1.2, to: 3, steps: 11}\n"
    "run: {tasks: 3000, warmup: 200, replications: 2}\n",
    "arrivals: {process: renewal, rate: 6/s,\n"
    "           interarrival: {distribution: gamma, shape: 0.6}}\n"
    "tasks: {size: {distribution: lognormal, mean: 100ms, cv2: 2}}\n"
    "sweep: {parameter: arrivals.rate, from: 5/s, to: 9/s, steps: 3}\n"
    "run: {tasks: 3000, warmup: 200, replications: 4}\n",
};

static void run_at(const char *width, const char *engine)
{
    const char *format = "QUEUESCOPE_VECTOR=%s $Q run s.yaml --engine %s --quiet -o out-%s-%s "
                         ">stdout 2>stderr";
    char command[256];
    snprintf(command, sizeof command, format, width, engine, engine, width);
    if (shell_run(command) != 0)
        fail_msg("%s:\n%s", command, file_text("stderr"));
}

static void test_runs_are_the_same(void **state)
{
    (void)state;
    static const char *const engines[] = {"lanes", "events"}, *const widths[] = {"2", "4", "8"};
    static const char *const files[] = {"columns.csv", "histograms.csv"};
    for (size_t s = 0; s < sizeof scenarios / sizeof *scenarios; s++) {
        file_write("s.yaml", scenarios[s]);
        shell_run("rm -rf out-*");
        for (int e = 0; e < 2; e++) {
            run_at("", engines[e]);
            for (int w = 0; w < 3 && 2 << w <= vector_widest(); w++) {
                run_at(widths[w], engines[e]);
                for (int f = 0; f < 2; f++) {
                    char one[64], other[64];
                    snprintf(one, sizeof one, "out-%s-/%s", engines[e], files[f]);
                    snprintf(other, sizeof other, "out-%s-%s/%s", engines[e], widths[w], files[f]);
                    if (!file_exists(one) || !files_equal(one, other))
                        fail_msg("%s and %s differ", one, other);
                }
            }
        }
        assert_true(files_equal("out-lanes-/histograms.csv", "out-events-/histograms.csv"));
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "1", "3", "16", "wide", "avx512", "08", "-2", "2 "};
    file_write("s.yaml", scenarios[0]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char command[128];
        snprintf(command, sizeof command,
                 "QUEUESCOPE_VECTOR='%s' $Q run s.yaml -o out-dir >stdout 2>stderr", wrong[i]);
        assert_int_equal(shell_run(command), 2);
        snprintf(command, sizeof command,
                 "queuescope: error: QUEUESCOPE_VECTOR=%s: must be the number of doubles in a "
                 "vector, 2",
                 wrong[i]);
        assert_true(file_has("stderr", command));
        assert_int_equal(file_size("stdout"), 0);
        assert_false(file_exists("out-dir"));
    }
    if (vector_widest() < 8)
        assert_int_equal(shell_run("QUEUESCOPE_VECTOR=8 $Q check s.yaml >stdout 2>stderr"), 2);
    assert_int_equal(shell_run("QUEUESCOPE_VECTOR=2 $Q check s.yaml >stdout 2>stderr"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forced),
        cmocka_unit_test_setup_teardown(test_runs_are_the_same, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_refused, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
