/* queuescope verify, as users and scripts meet it: exit statuses, blessing, what is told. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sim/base/err.h"
#include "program.h"

static char root[PATH_MAX]; /* of the sources: where the tests are started */

static const char one_text[] = "title: One\n"
                               "arrivals: {process: poisson, rate: 0.7/s}\n"
                               "tasks:\n"
                               "  size: {distribution: exponential, mean: 1s}\n"
                               "consumers: {count: 1}\n"
                               "sweep: {parameter: consumers.count, values: [1, 2]}\n"
                               "run: {tasks: 20k, replications: 8}\n";
static const char fixed_text[] = "title: Fixed\n"
                                 "arrivals:\n"
                                 "  process: renewal\n"
                                 "  rate: 0.5/s\n"
                                 "  interarrival: {distribution: deterministic, value: 1s}\n"
                                 "tasks: {size: {distribution: deterministic, value: 1s}}\n"
                                 "run: {tasks: 2k, replications: 4}\n";

static int setup(void **state)
{
    if (program_setup(state) != 0 || shell_run("mkdir g") != 0)
        return -1;
    file_write("g/one.yaml", one_text);
    file_write("g/fixed.yaml", fixed_text);
    return 0;
}

/* Missing, blessed, the same; the files are those that are named. */
static void test_blessing(void **state)
{
    (void)state;
    assert_status("verify g -q", 3);
    assert_says("stderr", "golden results are missing");
    assert_int_equal(file_size("stdout"), 0);
    assert_int_equal(folder_entries("g"), 2);
    assert_status("verify g --bless", 0);
    assert_says("stdout", "Blessed 2 of 2 scenarios in g; g/CHANGES.md says what changed.");
    assert_int_equal(folder_entries("g"), 7);
    assert_memory_equal(file_text("g/one.golden.png"), "\x89PNG", 4);
    assert_says("g/one.golden.csv", "\n2,all,latency_p99,");
    assert_says("g/CHANGES.md", "![one](one.golden.png)");
    assert_status("verify g", 0);
    assert_memory_equal(file_text("stdout"), "2 scenarios, 30 figures compared: none differs", 46);
    assert_says("stdout", "one false alarm in 100 runs of this");
    assert_false(file_exists("out/verify"));
    /* What holds is left alone. */
    assert_int_equal(shell_run("cp g/one.golden.csv old.csv"), 0);
    assert_status("verify g/ --bless", 0);
    assert_says("stdout", "Nothing to bless");
    assert_true(files_equal("g/one.golden.csv", "old.csv"));
}

static void test_another_seed_passes_and_another_rate_does_not(void **state)
{
    (void)state;
    assert_status("verify g --bless -q", 0);
    for (int seed = 2; seed < 8; seed++)
        assert_status(internf("verify g --seed %d --engine events", seed), 0);
    assert_says("stdout", "none differs");
    /* 2 % more traffic for one of the two: found, named and measured. */
    file_write("g/one.yaml", internf("arrivals: {rate: 0.714/s}\n%s", strchr(one_text, '\n') + 1));
    assert_status("verify g", 2); /* two mappings called arrivals */
    const char *rest = strstr(one_text, "tasks:");
    file_write("g/one.yaml",
               internf("title: One\narrivals: {process: poisson, rate: 0.714/s}\n%s", rest));
    assert_status("verify g", 1);
    assert_says("stdout", "one: scenario changed since it was blessed: arrivals.rate: 0.7/s -> "
                          "0.714/s");
    assert_says("stdout", "  one, consumers.count = 1: throughput 0.7");
    assert_says("stdout", "out/verify/CHANGES.md has the figures and pictures");
    assert_false(file_has("stdout", "  fixed, "));
    assert_says("out/verify/CHANGES.md", "| ![one before](one.before.png) | ![one "
                                         "after](one.after.png) |");
    assert_says("out/verify/CHANGES.md", "- `arrivals.rate: 0.7/s -> 0.714/s`");
    assert_says("out/verify/CHANGES.md", "One scenario is as blessed.");
    assert_true(files_equal("out/verify/one.before.png", "g/one.golden.png"));
    assert_false(files_equal("out/verify/one.after.png", "g/one.golden.png"));
    assert_status("verify g -q", 1);
    assert_int_equal(file_size("stdout"), 0);
    assert_says("stderr", "differ by more than luck");
    /* Blessed anew it passes, and the old picture is in the report. */
    assert_status("verify g --bless -o review", 0);
    assert_true(files_equal("review/one.before.png", "out/verify/one.before.png"));
    assert_true(files_equal("review/one.after.png", "g/one.golden.png"));
    assert_says("g/one.golden.csv", "key,arrivals.rate,0.714/s");
    assert_status("verify g", 0);
}

static void test_set_asks_what_a_change_would_change(void **state)
{
    (void)state;
    assert_status("verify g --bless -q", 0);
    assert_status("verify g --set consumers.speed=0.98 -o o", 1);
    assert_says("stdout", "  fixed: mean latency 1 s -> 1.02 s, +2.04 % (+2.04 % to +2.04 %)");
    assert_status("verify g --bless --set consumers.speed=2", 2);
    assert_says("stderr", "verify: error: --bless keeps the results of the scenarios as they "
                          "stand: it cannot go with --set");
    assert_status("verify g --bless --seed 2", 2);
}

static void test_columns_and_objectives(void **state)
{
    (void)state;
    assert_status("verify g --bless -q", 0);
    assert_status("verify g --set sweep.values=1,3", 2); /* of fixed, which has no sweep */
    assert_status("verify g --set consumers.sped=2", 2);
    const char *said =
        strstr(file_text("stderr"), "unknown key 'sped'"); /* once for all scenarios */
    assert_non_null(said);
    assert_null(strstr(said + 1, "unknown key 'sped'"));
    assert_int_equal(shell_run("rm g/fixed.yaml"), 0);
    assert_status("verify g --set sweep.values=1,3", 3);
    assert_says("stdout", "one: 10 figures not compared: no longer there");
    assert_says("stdout", "one: 10 figures not compared: not blessed yet");
    assert_says("stderr", "undecided: golden results are missing, or of other columns");
    /* The exact mean latency of M/M/1 at 0.7 is 3.333 s, p99 15.35 s. */
    const char *set = "verify g --set 'objectives=latency_mean <= 4s at 1, p99 %s at 1'";
    assert_status(internf(set, "<= 18s"), 0); /* NOLINT(clang-diagnostic-format-nonliteral) */
    assert_says("stdout", "2 objectives: all are met");
    assert_status(internf(set, "<= 12s"), 1); /* NOLINT(clang-diagnostic-format-nonliteral) */
    assert_says("stdout", "one: consumers.count = 1: p99 <= 12 s is not met (");
    assert_says("stdout", "1 met, 1 unmet");
    assert_status(internf(set, "<= 15.35s"), 3); /* NOLINT(clang-diagnostic-format-nonliteral) */
    assert_says("stderr", "undecided: an objective can be neither met nor refuted");
}

static void test_what_is_refused(void **state)
{
    (void)state;
    assert_status("verify", 2);
    assert_says("stderr", "no folder is named");
    assert_status("verify nowhere", 2);
    assert_says("stderr", "nowhere: error: cannot be read: No such file or directory");
    assert_status("verify g/one.yaml", 2);
    assert_says("stderr", "g/one.yaml: error: not a folder: verify takes a folder of scenarios");
    assert_int_equal(shell_run("mkdir empty"), 0);
    assert_status("verify empty", 2);
    assert_says("stderr", "empty: error: no scenario (*.yaml) is in this folder");
    assert_status("verify g --false-alarms 0", 2);
    assert_says("stderr", "--false-alarms 0: it is above 0% and at most 50%");
    assert_status("verify g --bless -q", 0);
    assert_int_equal(shell_run("sed -i '40,$s/latency_p90/latency_p91/' g/one.golden.csv"), 0);
    assert_status("verify g", 2);
    assert_says("stderr", "g/one.golden.csv:");
    assert_says("stderr", ":1: error: not a golden result: 'latency_p91' is no figure");
    assert_int_equal(file_size("stdout"), 0);
    file_write("g/one.yaml", internf("%sobjectives: ['p98 <= 1s at 3', 'p99 < fast']\n", one_text));
    assert_int_equal(shell_run("rm g/one.golden.csv"), 0);
    assert_status("verify g", 2);
    assert_says("stderr", "g/one.yaml:8:32: error: 'fast': ");
    assert_status("check g/one.yaml --set 'objectives=p98 <= 1s at 3'", 2);
    assert_status("run g/one.yaml --set objectives= --set run.tasks=100 -o r", 0);
    file_write("g/one.yaml", internf("%sobjectives: ['p98 <= 1s at 3']\n", one_text));
    assert_status("check g/one.yaml", 2);
    assert_says("stderr",
                "g/one.yaml:8:14: error: 'latency_p98 <= 1s at 3': no column of the sweep "
                "is there");
}

/* plan takes the scenario's objectives where it is given none. */
static void test_plan_takes_the_objectives(void **state)
{
    (void)state;
    file_write("p.yaml",
               internf("%sobjectives: ['latency_mean <= 2s', 'p99 <= 1s at 1']\n", one_text));
    assert_status("plan p.yaml -o p", 0);
    assert_memory_equal(file_text("stdout"), "2 consumers meet latency_mean <= 2 s (", 38);
    file_write("p.yaml", internf("%sobjectives: ['p99 <= 1s at 1']\n", one_text));
    assert_status("plan p.yaml", 2);
    assert_says("stderr", "those of the scenario are each of one column of its sweep");
    assert_status("plan p.yaml --slo 'p99 <= 1s at 1'", 2);
    assert_says("stderr", "it has no column to be 'at'");
}

static void test_interruption_writes_nothing(void **state)
{
    (void)state;
    const char *const argv[] = {"queuescope", "verify", "g", "--set", "run.tasks=1G", "-q", NULL};
    assert_int_equal(program_interrupt(argv, 0.5, SIGINT), 130);
    assert_int_equal(folder_entries("g"), 2);
}

/* The folder that comes with the program holds, at another seed, too. */
static void test_the_folder_in_configs(void **state)
{
    (void)state;
    assert_int_equal(shell_run(internf("cp -r '%s/configs/capacity' c", root)), 0);
    assert_status("verify c", 0);
    assert_says("stdout", "6 objectives: all are met");
    assert_status("verify c --seed 20", 0);
    assert_int_equal(shell_run("sed -i 's|rate: 40/s|rate: 40.8/s|' c/checkout.yaml"), 0);
    assert_status("verify c", 1);
    assert_says("stdout", "  checkout, consumers.count = 8: utilization 7");
}

int main(void)
{
    if (!getcwd(root, sizeof root))
        return 1;
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_blessing),
        TEST(test_another_seed_passes_and_another_rate_does_not),
        TEST(test_set_asks_what_a_change_would_change),
        TEST(test_columns_and_objectives),
        TEST(test_what_is_refused),
        TEST(test_plan_takes_the_objectives),
        TEST(test_interruption_writes_nothing),
        TEST(test_the_folder_in_configs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
