/* The command line, as users and scripts meet it: exit statuses, messages, files. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

static const char small[] = "title: Small\n"
                            "seed: 7\n"
                            "arrivals: {process: poisson, rate: 8/s}\n"
                            "tasks:\n"
                            "  size: {distribution: exponential, mean: 100ms}\n"
                            "consumers: {count: 1}\n"
                            "sweep: {parameter: arrivals.rate, from: 5/s, to: 9/s, steps: 3}\n"
                            "run: {tasks: 4000, warmup: 200, replications: 4}\n";

/* Exit status 2, the message, nothing on standard output, and no folder `out-dir`. */
static void assert_refused(const char *arguments, const char *message)
{
    int status = program_run(arguments);
    if (status != 2)
        fail_msg("queuescope %s: exit %d\n%s", arguments, status, file_text("stderr"));
    assert_says("stderr", message);
    assert_int_equal(file_size("stdout"), 0);
    assert_false(file_exists("out-dir"));
}

static void test_help(void **state)
{
    (void)state;
    assert_int_equal(program_run("--help"), 0);
    assert_says("stdout", "usage: queuescope");
    assert_says("stdout", "compare");
    assert_int_equal(file_size("stderr"), 0);
    assert_int_equal(program_run("help run"), 0);
    assert_says("stdout", "--set PATH=VALUE");
    assert_says("stdout", "--jobs N");
    assert_int_equal(program_run("compare --help"), 0);
    assert_says("stdout", "--vary PATH=V1,V2,...");
    assert_int_equal(program_run("cliff --help"), 0);
    assert_says("stdout", "--vary PATH[=LOW..HIGH]");
    assert_int_equal(program_run("--version"), 0);
    assert_says("stdout", "queuescope ");
    assert_int_equal(program_run(""), 2);
    assert_says("stderr", "usage: queuescope");
}

static void test_usage_errors(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_refused("rnu s.yaml", "unknown command 'rnu' (did you mean 'run'?)");
    assert_refused("help rnu", "did you mean 'run'?");
    assert_refused("frobnicate", "unknown command 'frobnicate'");
    assert_refused("run", "no scenario is named");
    assert_refused("run s.yaml s.yaml -o out-dir", "only one scenario");
    assert_refused("run s.yaml --sed 3 -o out-dir", "unknown option '--sed' (did you mean");
    assert_refused("run s.yaml -x", "unknown option '-x'");
    assert_refused("run s.yaml -o", "option '-o' needs an argument");
    assert_refused("run s.yaml --vary a=1", "takes no option '--vary'");
    assert_refused("run s.yaml --engine lanes --set consumers.discipline=lifo -o out-dir",
                   "lanes engine serves in order of arrival only");
    assert_refused("run s.yaml --engine evnts -o out-dir", "did you mean 'events'?");
    assert_refused("run s.yaml --jobs 0 -o out-dir", "from 1 to 1024");
    assert_refused("run s.yaml --jobs two -o out-dir", "--jobs two");
    assert_refused("run s.yaml --seed x -o out-dir", "--seed x: error:");
}

static void test_scenario_errors(void **state)
{
    (void)state;
    assert_refused("run missing.yaml -o out-dir", "missing.yaml");
    assert_int_equal(file_lines("stderr"), 1);
    assert_refused("run . -o out-dir", "error:");
    file_write("s.yaml", "");
    assert_refused("run s.yaml -o out-dir", "s.yaml");
    file_write("s.yaml", "arrivals: {rate: 1/s}\n"
                         "comsumers: {count: 2}\n"
                         "tasks:\n"
                         "  size: {distribution: exponentail, mean: 1 parsec}\n"
                         "run: {tasks: -5}\n");
    assert_refused("run s.yaml -o out-dir",
                   "s.yaml:2:1: error: unknown key 'comsumers' (did you mean 'consumers'?)");
    assert_says("stderr", "s.yaml:4:");
    assert_says("stderr", "did you mean 'exponential'?");
    assert_says("stderr", "s.yaml:5:");
    /* What is wrong between keys is told with what is wrong in them. */
    file_write("s.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: uniform, low: 5s, high: 1s}}\n"
                         "seed: -1\n");
    assert_refused("run s.yaml -o out-dir --set consumers.count=0", "s.yaml:3:7: error: seed");
    assert_says("stderr", "--set consumers.count=0: error: ");
    assert_says("stderr", "s.yaml:2:48: error: tasks.size.high (1 s) must be above");
    assert_refused("compare s.yaml --vary consumers.count=1,2 -o out-dir", "s.yaml:3:7: error:");
    assert_says("stderr", "s.yaml:2:48: error: tasks.size.high (1 s) must be above");
    file_write("s.yaml", "arrivals: [\n");
    assert_refused("run s.yaml -o out-dir", "s.yaml:");
    file_write("s.yaml", "tasks: {recheck: {cost: 1s}}\n");
    assert_refused("run s.yaml -o out-dir", "not yet");
    file_write("s.png", "\x89PNG\r\n\x1a\n and then nothing");
    assert_refused("run s.png -o out-dir", "s.png");
    assert_int_equal(file_lines("stderr"), 1);
}

static void test_set_errors(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_refused("run s.yaml --set consumers.cout=4 -o out-dir",
                   "--set consumers.cout=4: error: ");
    assert_says("stderr", "did you mean 'count'?");
    assert_refused("run s.yaml --set consumers.count=many -o out-dir",
                   "--set consumers.count=many: error: ");
    assert_refused("run s.yaml --set consumers.count=-1 -o out-dir",
                   "--set consumers.count=-1: error: ");
    assert_refused("run s.yaml --set consumers -o out-dir", "--set takes PATH=VALUE");
    assert_refused("run s.yaml --set =3 -o out-dir", "--set takes PATH=VALUE");
}

static void test_compare(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2,4 -o a"), 0);
    assert_int_equal(folder_entries("a"), 6); /* picture, tables, three panels */
    assert_memory_equal(file_text("a/comparison.csv"), "consumers.count,stage,class,", 28);
    assert_int_equal(file_lines("a/comparison.csv"), 1 + 3 * 3);
    assert_says("stdout", "consumers.count = 4");
    /* From the picture alone; and a panel by itself is the same run. */
    assert_int_equal(program_run("compare a/comparison.png -o b"), 0);
    assert_true(files_equal("a/comparison.csv", "b/comparison.csv"));
    assert_true(files_equal("a/comparison.png", "b/comparison.png"));
    assert_int_equal(program_run("run a/panel-2.yaml -o c"), 0);
    assert_int_equal(program_run("run s.yaml --set consumers.count=2 -o d"), 0);
    assert_true(files_equal("c/columns.csv", "d/columns.csv"));
}

static void test_compare_combinations(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("t.yaml", small);
    assert_int_equal(program_run("compare s.yaml t.yaml --vary consumers.count=1,2 "
                                 "--vary consumers.discipline=fifo,lifo -o a"),
                     0);
    assert_memory_equal(file_text("a/comparison.csv"),
                        "scenario,consumers.count,consumers.discipline,stage", 51);
    assert_int_equal(file_lines("a/comparison.csv"), 1 + 8 * 3);
    assert_int_equal(program_run("compare a/comparison.png -o b"), 0);
    assert_true(files_equal("a/comparison.csv", "b/comparison.csv"));
    assert_true(files_equal("a/comparison.png", "b/comparison.png"));
}

static void test_compare_errors(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_refused("compare -o out-dir", "no scenario is named");
    assert_refused("compare s.yaml -o out-dir", "nothing to compare");
    assert_refused("compare s.yaml --vary consumers.cout=1,2 -o out-dir",
                   "--vary consumers.cout=1,2: error: ");
    assert_says("stderr", "did you mean 'count'?");
    assert_refused("compare s.yaml --vary consumers.count=1,x -o out-dir",
                   "--vary consumers.count=1,x: error: ");
    assert_refused("compare s.yaml --vary sweep.to=9/s,8/s -o out-dir", "another sweep");
    assert_refused("compare s.yaml --vary consumers.count -o out-dir", "--vary takes PATH=VALUE");
    assert_refused("compare s.yaml --vary seed=1,2,3,4,5,6,7,8,9,10,11,12,13 -o out-dir",
                   "13 panels");
    assert_refused("compare s.yaml missing.yaml -o out-dir", "missing.yaml");
}

static void test_check(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("bad.yaml", "tasks: {sise: 1}\n");
    assert_int_equal(program_run("check s.yaml"), 0);
    assert_int_equal(program_run("check s.yaml bad.yaml"), 2);
    assert_says("stderr", "bad.yaml:1:9: error: ");
    assert_says("stderr", "did you mean 'size'?");
}

static void test_params(void **state)
{
    (void)state;
    assert_int_equal(program_run("params"), 0);
    assert_says("stdout", "consumers.count");
    assert_says("stdout", "bounded-pareto");
    assert_int_equal(program_run("params tasks.size.alpha"), 0);
    assert_says("stdout", "tasks.size.alpha");
    assert_int_equal(program_run("params consumers.cout"), 2);
    assert_says("stderr", "did you mean 'consumers.count'?");
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(test_help),
        cli_test(test_usage_errors),
        cli_test(test_scenario_errors),
        cli_test(test_set_errors),
        cli_test(test_compare),
        cli_test(test_compare_combinations),
        cli_test(test_compare_errors),
        cli_test(test_check),
        cli_test(test_params),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
