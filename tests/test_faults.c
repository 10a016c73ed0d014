/* What must never hang, abort or speak of a bug, each a kind: time that does not go on, windows
 * without length, texts nested without end, numbers without measure, questions of the GSL that it
 * has no answer to, stacks without room, and signals wherever the program is. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "../sim/base/root.h"
#include "../sim/theory/chains.h"
#include "program.h"

/* ---- simulated time ---- */

#define CLOSED(think, tasks)                                                                       \
    "arrivals: {process: closed, clients: 5, think_time: " think "}\ntasks: " tasks "\n"
#define EXACTLY(value) "{distribution: deterministic, value: " value "}"

/* What is seen beforehand is refused at its place. */
static void test_cycles_without_duration(void **state)
{
    (void)state;
    file_write("s.yaml",
               CLOSED(EXACTLY("0s"), "{size: " EXACTLY("1s") ", timeout: " EXACTLY("0s") "}"));
    assert_status("run s.yaml --set run.duration=100s", 2);
    assert_says("stderr",
                "s.yaml:1:41: error: arrivals.think_time is 0: a client whose task is lost "
                "(tasks.timeout is 0");
    assert_status(
        "run s.yaml --set run.tasks=1k --set run.replications=2 --set consumers.count=5 -o r",
        0); /* nobody ever waits */
    file_write("s.yaml", CLOSED(EXACTLY("0s"), "{size: " EXACTLY("0s") "}"));
    assert_status("run s.yaml --set run.tasks=1k", 2);
    assert_says("stderr", "time would stand still");
    file_write("s.yaml", CLOSED(EXACTLY("0s"), "{size: " EXACTLY("1e-300s") "}"));
    assert_status("run s.yaml --set run.duration=1s", 2);
    assert_says("stderr", "more than can be simulated");
}

/* What is not is found while running: time that creeps is as good as time that stands. */
static void test_time_that_creeps(void **state)
{
    (void)state;
    file_write("s.yaml",
               CLOSED(EXACTLY("0s"), "{size: " EXACTLY("1s") ", timeout: {distribution: "
                                                             "exponential, mean: 1e-300s}}"));
    assert_status("run s.yaml --set run.duration=100s --set run.replications=1 -o r", 1);
    assert_says("stderr", "warning: simulated time stands still");
    assert_says("stderr", "error: simulated time stood still");
    assert_says("r/columns.csv", "stands-still");
    assert_status("compare s.yaml --vary consumers.count=1,5 --set run.duration=100s "
                  "--set run.replications=1 -o c",
                  1);
    file_write("s.yaml", CLOSED(EXACTLY("0s"),
                                "{classes: [{name: a, share: 1, size: " EXACTLY(
                                    "0s") "}, {name: b, share: 1e-9, size: " EXACTLY("1s") "}]}"));
    assert_status("run s.yaml --set run.duration=100s --set run.replications=1 -o r", 1);
    assert_says("stderr", "error: simulated time stood still");
    assert_status("run s.yaml --set tasks.classes.b.share=0.01 --set run.tasks=20k "
                  "--set run.replications=2 -o r",
                  0); /* many at one time, and then it goes on */
}

/* Periods that the clock cannot tell apart to the end of the run. */
static void test_tiny_periods(void **state)
{
    (void)state;
    file_write("s.yaml",
               "arrivals: {process: schedule, repeat: yes, schedule: [{until: 3s, rate: 1/s}, "
               "{until: 3.0000000000001s, rate: 5/s}]}\n"
               "tasks: {size: {distribution: exponential, mean: 10ms}}\n");
    assert_status("run s.yaml --set run.tasks=1k", 2);
    assert_says("stderr",
                "s.yaml:1:1: error: arrivals: a clock that runs for 16.7 min is too coarse "
                "for a rate that lasts for");
    assert_status("run s.yaml --set run.tasks=5 --set run.replications=1 -o r", 0);
    file_write("s.yaml", "arrivals: {process: mmpp, states: [{rate: 1/s, mean_duration: 1h}, "
                         "{rate: 1000000000000/s, mean_duration: 1e-15s}]}\n"
                         "tasks: {size: {distribution: exponential, mean: 10ms}}\n");
    assert_status("run s.yaml --set run.tasks=10k", 2);
    assert_says("stderr", "is too coarse for a rate that lasts for");
}

/* A run inside one batch: no time passes between its first arrival and its last. */
static void test_batches_larger_than_the_run(void **state)
{
    (void)state;
    static const char *const more[] = {
        "",
        "--set arrivals.batch.value=100000s --set run.tasks=100k",
        "--set arrivals.batch.distribution=geometric --set arrivals.batch.mean=700",
        "--set consumers.discipline=processor-sharing",
        "--set consumers.discipline=lifo-preemptive",
        "--set buffer.capacity=7 --set buffer.when_full=pause --set buffer.resume_delay=1ms"};
    char command[400];
    file_write("s.yaml", "arrivals: {process: batch, rate: 1/s, batch: " EXACTLY(
                             "200s") "}\n"
                                     "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                                     "run: {tasks: 150, replications: 2}\n");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        snprintf(command, sizeof command, "run s.yaml %s -o r", more[i]);
        assert_status(command, 0);
        assert_false(file_has("stderr", "bug"));
    }
}

/* ---- texts ---- */

static void test_yaml_without_end(void **state)
{
    (void)state;
    static const char *const again[] = {"[", "{a: ", "- ", "? ", "{", "[\n", "&a [", "a: &a "};
    enum { TIMES = 100000 };
    for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
        size_t n = strlen(again[i]);
        char *text = malloc(3 + n * TIMES + 1);
        assert_non_null(text);
        memcpy(text, "a: ", 3);
        for (size_t k = 0; k < TIMES; k++)
            memcpy(text + 3 + k * n, again[i], n);
        text[3 + n * TIMES] = '\0';
        file_write("s.yaml", text);
        free(text);
        assert_int_equal(shell_run("timeout 10 \"$Q\" check s.yaml"), 2);
    }
    char *anchors = malloc(40000 * 24), *end = anchors;
    assert_non_null(anchors);
    for (int i = 0; i < 40000; i++)
        end += sprintf(end, "k%d: &a%d 1\n", i, i);
    file_write("s.yaml", anchors);
    free(anchors);
    assert_int_equal(shell_run("timeout 5 \"$Q\" check s.yaml"), 2);
    assert_says("stderr", "s.yaml:1001:8: error: more than 1000 anchors");
}

static void test_a_class_without_a_name(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 10ms}}\n");
    assert_status("plan s.yaml --set tasks.classes.0.share=1 --slo 'gold.p99<=1s'", 2);
    assert_says("stderr", "'tasks.classes.0.name' is missing");
    assert_status("cliff s.yaml --set tasks.classes.1.share=1", 2);
    assert_status("run s.yaml --set tasks.classes.0.share=1 --set objectives='gold.p99 <= 1s'", 2);
    assert_status("theory s.yaml --set tasks.classes.0.share=1", 2);
    file_write("t.csv", "arrival_s,service_s,class\n0,1,gold\n1,1,lead\n");
    assert_status("run s.yaml --set arrivals.process=trace --set arrivals.file=t.csv "
                  "--set tasks.size=none --set tasks.classes.0.share=1",
                  2);
}

/* Sizes of a file are as long as any duration of a scenario at most. */
static void test_sizes_without_measure(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 1/s}\n"
                         "tasks: {size: {distribution: empirical, file: sizes.csv}}\n"
                         "run: {tasks: 1k, replications: 2}\n");
    file_write("sizes.csv", "1\n1e308\n1e308\n");
    assert_status("run s.yaml", 2);
    assert_says("stderr",
                "sizes.csv:2:1: error: column 1 holds a number that is not from 0 to 1e+12");
    file_write("sizes.csv", "1\n1e12\n1e12\n");
    assert_status("run s.yaml -o r", 0);
    assert_status("run s.yaml -o r --set consumers.discipline=processor-sharing", 0);
}

/* ---- the GSL ---- */

static double broken(double x, void *context)
{
    (void)context;
    return x < 0 ? -1 : x < 0.7 ? NAN : 1;
}

static void test_gsl_returns(void **state)
{
    (void)state;
    assert_true(isnan(gsl_sf_gamma_inc_Q(-1, -1))); /* its own handler would abort */
    assert_true(isnan(root_between(broken, NULL, -1, 1, 1e-9)));
    gsl_matrix *singular = gsl_matrix_calloc(2, 2), *inverse = chain_minus_inverse(singular);
    assert_true(isnan(gsl_matrix_get(inverse, 1, 1)));
    gsl_matrix_free(singular);
    gsl_matrix_free(inverse);
}

/* ---- stacks ---- */

static void test_stacks(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                         "sweep: {parameter: arrivals.rate, from: 1/s, to: 50/s, steps: 5}\n"
                         "run: {tasks: 2k, replications: 4}\n");
    assert_status("run s.yaml -j 3 -o r", 0);
    assert_int_equal(shell_run("ulimit -s 64; \"$Q\" run s.yaml -j 3 -o small"), 0);
    assert_int_equal(shell_run("ulimit -Ss unlimited; \"$Q\" run s.yaml -j 3 -o large"), 0);
    assert_true(files_equal("r/columns.csv", "small/columns.csv"));
    assert_true(files_equal("r/spectrogram.png", "small/spectrogram.png"));
    assert_true(files_equal("r/columns.csv", "large/columns.csv"));
}

/* ---- signals ---- */

static const char slow[] = "arrivals: {process: poisson, rate: 8/s}\n"
                           "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                           "sweep: {parameter: arrivals.rate, from: 5/s, to: 9/s, steps: 200}\n"
                           "run: {tasks: 20k, warmup: 200, replications: 200}\n";

/* Whatever reads a pipe that nobody writes into, or opens one, ends at the first signal. */
static void test_signals_while_reading(void **state)
{
    (void)state;
    static const char *const argv[][6] = {{"queuescope", "run", "pipe", NULL},
                                          {"queuescope", "check", "pipe", NULL},
                                          {"queuescope", "fit", "pipe", NULL},
                                          {"queuescope", "theory", "pipe", NULL},
                                          {"queuescope", "plan", "pipe", "--slo", "p99<=1s", NULL},
                                          {"queuescope", "compare", "pipe", NULL}};
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    assert_int_equal(mkfifo("pipe", 0600), 0);
    for (size_t i = 0; i < sizeof argv / sizeof *argv; i++) {
        assert_int_equal(program_interrupt(argv[i], 0.1, signals[i % 3]), 130);
        assert_says("stderr", "queuescope: interrupted: nothing was written");
    }
}

static void test_a_terminal_that_hangs_up(void **state)
{
    (void)state;
    static const char *const argv[] = {"queuescope", "run", "s.yaml", "-o", "r", NULL};
    file_write("s.yaml", slow);
    assert_int_equal(program_interrupt(argv, 1.0, SIGHUP), 130);
    assert_says("stderr", "interrupted");
    if (file_exists("r/summary.json"))
        assert_says("r/summary.json", "\"interrupted\": true");
}

/* A limit of CPU time, and one of the size of files that the journal runs into: what is complete is
 * saved. */
static void test_limits(void **state)
{
    (void)state;
    file_write("s.yaml", slow);
    assert_int_equal(shell_run("ulimit -t 4; \"$Q\" run s.yaml --set sweep.steps=3 "
                               "--set run.replications=10000 -j 1 -o t"),
                     130);
    assert_says("t/summary.json", "\"interrupted\": true");
    assert_int_equal(shell_run("ulimit -f 3000; \"$Q\" run s.yaml --set sweep.steps=3 "
                               "--set run.replications=10000 -j 1 -o f"),
                     130);
    assert_says("f/summary.json", "\"interrupted\": true");
    assert_says("stderr", "interrupted");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_cycles_without_duration),
        TEST(test_time_that_creeps),
        TEST(test_tiny_periods),
        TEST(test_batches_larger_than_the_run),
        TEST(test_yaml_without_end),
        TEST(test_a_class_without_a_name),
        TEST(test_sizes_without_measure),
        TEST(test_gsl_returns),
        TEST(test_stacks),
        TEST(test_signals_while_reading),
        TEST(test_a_terminal_that_hangs_up),
        TEST(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
