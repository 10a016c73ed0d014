/* What `compare` claims, as users and scripts read it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

/* The fields of a line of a CSV without quotes: the number of one by its index. */
static double field_of(const char *line, int index)
{
    for (; index > 0 && line; index--)
        line = strchr(line, ',') ? strchr(line, ',') + 1 : NULL;
    assert_non_null(line);
    return strtod(line, NULL);
}

/* Without a sweep one sentence a pair; the differences are those of comparison.csv, to the bit. */
static void differences_are_those_of_the_rows(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 8/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "run: {tasks: 20000}\n");
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 -o a -j 1"), 0);
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 -o b -j 3"), 0);
    assert_true(files_equal("a/differences.csv", "b/differences.csv"));
    assert_says("stdout", "\n  2 consumers against 1 consumer: better by ");
    const char *one = strchr(file_text("a/comparison.csv"), '\n') + 1;
    const char *two = strchr(one, '\n') + 1;
    const char *line = strstr(file_text("a/differences.csv"), "latency_p99,");
    assert_non_null(line);
    enum { P99 = 27, LOW = 34 }; /* behind the varied key (contract) */
    double difference = field_of(line, 1), half = field_of(line, 2);
    assert_true(difference == field_of(two, P99) - field_of(one, P99));
    assert_true(half > 0 && half < -difference);
    assert_true(field_of(one, LOW) < field_of(one, P99) && strstr(line, ",better,\n"));
    /* one replication: the reason why not */
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 --set "
                                 "run.replications=1 -o c"),
                     0);
    assert_says("stdout", "2 consumers against 1 consumer: no claim: it takes 4 replications");
    assert_says("c/differences.csv", ",,cannot-tell,few-replications\n");
}

/* Where the first column is hopeless already, a pair is told further on. */
static void pairs_are_told_where_something_can_be(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 8/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "sweep: {parameter: arrivals.rate, values: [11, 12, 5, 6]}\n"
                         "run: {tasks: 20000}\n");
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 -o a"), 0);
    assert_says("stdout", "2 consumers against 1 consumer, at arrivals.rate = 5 /s: better by ");
    assert_says("stdout", "What a line claims holds together with 95 % (Bonferroni)");
    assert_says("stdout", "of 4 columns better at p99 in 2, worse in 0; nothing can be told in 2");
    /* From the picture alone, the same. */
    assert_int_equal(file_lines("a/differences.csv"), 1 + 4 * 8);
    assert_memory_equal(file_text("a/differences.csv"), "setting,than,stage,class,parameter,", 35);
    assert_int_equal(program_run("compare a/comparison.png -o again"), 0);
    assert_true(files_equal("a/differences.csv", "again/differences.csv"));
    /* three panels: each with the first, and with the one before it */
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2,4 -o d"), 0);
    assert_int_equal(file_lines("d/differences.csv"), 1 + 3 * 4 * 8);
    /* the same system under two names */
    assert_int_equal(program_run("compare s.yaml --vary buffer.when_full=reject,drop-oldest "
                                 "--set consumers.count=2 -o b"),
                     0);
    assert_says("stdout", ": no difference at all.");
    /* what tasks are lost for is told where they can be */
    assert_int_equal(program_run("compare s.yaml --vary buffer.capacity=1,20 --set "
                                 "consumers.count=2 -o c"),
                     0);
    assert_says("stdout", "points in loss");
    assert_says("stdout", "/s in throughput; worse by ");
}

/* Stopped somewhere, or not at all where the machine is quick: the end is the same. A journal of
 * other panels is refused. */
static void an_interrupted_comparison_goes_on(void **state)
{
    (void)state;
    static const char *const argv[] = {"queuescope",           "compare", "s.yaml", "--vary",
                                       "consumers.count=1..3", "-o",      "r",      NULL};
    file_write("s.yaml", "arrivals: {rate: 8/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "sweep: {parameter: arrivals.rate, from: 5/s, to: 9/s, steps: 40}\n"
                         "run: {tasks: 20k, replications: 20}\n");
    for (int i = 0; i < 3; i++) {
        int signal = i == 1 ? SIGKILL : SIGINT;
        int status = program_interrupt(argv, 0.1 + 0.1 * i, signal);
        assert_true(status == (signal == SIGKILL ? -SIGKILL : 130) || status == 0);
        if (status != 0 && file_exists("r/.queuescope-trials-2")) {
            assert_status("compare s.yaml --vary consumers.count=4..6 -o r --resume", 1);
            assert_says("stderr", "cannot resume: another scenario or version left the trials");
        }
        assert_status("compare s.yaml --vary consumers.count=1..3 -o r --resume", 0);
        assert_int_equal(folder_entries("r"), 6);
        assert_status("compare s.yaml --vary consumers.count=1..3 -o whole", 0);
        assert_true(files_equal("r/comparison.csv", "whole/comparison.csv"));
        assert_true(files_equal("r/differences.csv", "whole/differences.csv"));
        assert_true(files_equal("r/comparison.png", "whole/comparison.png"));
    }
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(differences_are_those_of_the_rows),
        cli_test(pairs_are_told_where_something_can_be),
        cli_test(an_interrupted_comparison_goes_on),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
