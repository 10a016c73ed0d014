/* Folders of results: taken by one command at a time, written as a whole, never replaced unasked,
 * and mended after a crash. And files that another's scenario names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

static const char small[] = "arrivals: {process: poisson, rate: 8/s}\n"
                            "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                            "run: {tasks: 2k, warmup: 200, replications: 4}\n";

/* ---- one at a time, and as a whole ---- */

static void test_a_folder_is_taken(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("slow.yaml", "arrivals: {process: poisson, rate: 8/s}\n"
                            "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                            "run: {tasks: 1G, replications: 8}\n");
    /* The folder is there as soon as it is taken; the first one ends when it is told to. */
    assert_int_equal(
        shell_run("\"$Q\" compare slow.yaml --vary consumers.count=1,2 -j 1 -q -o c & p=$!; "
                  "while ! [ -d c ]; do sleep 0.05; done; sleep 0.1; "
                  "\"$Q\" compare s.yaml --vary consumers.count=1,2,3 -o c; echo $? >second; "
                  "\"$Q\" run s.yaml -o ./c/; echo $? >third; kill $p; wait $p"),
        130);
    assert_says("second", "1\n");
    assert_says("third", "1\n");
    assert_says("stderr", "another queuescope is at work on the folder 'c'");
    assert_false(file_exists("c/panel-3.yaml"));
    assert_false(file_exists("c/columns.csv"));
    assert_status("compare s.yaml --vary consumers.count=1,2,3 -o c", 0);
    assert_int_equal(folder_entries("c"), 6);
    assert_status("compare s.yaml --vary consumers.count=1,2 -o c", 0);
    assert_int_equal(folder_entries("c"), 5); /* the third panel was the other comparison's */
}

/* Killed before the list of what is to become of a set was there: nothing of it appears. */
static void test_killed_while_writing(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_status("run s.yaml -o r", 0);
    file_write("r/.columns.csv.0123456789abcdef.part", "half");
    assert_status("cliff s.yaml -o r", 0);
    assert_int_equal(folder_entries("r"), 7);
    assert_says("r/columns.csv", "stage,class");
}

/* Killed after that: whoever takes the folder next goes on with it. */
static void test_killed_between_renames(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_status("run s.yaml -o r", 0);
    file_write("r/.columns.csv.0123456789abcdef.part", "new");
    file_write("r/panel-9.yaml", "old");
    file_write("r/keep", "mine");
    file_write("outside", "mine");
    file_write("r/.queuescope-commit",
               ".scenario.yaml.00000000000000ff.part/scenario.yaml\n" /* done already */
               ".columns.csv.0123456789abcdef.part/columns.csv\n"
               "/panel-9.yaml\n"
               "/../outside\n" /* no name of this folder */
               "keep/columns.csv\n");
    assert_status("cliff s.yaml -o r", 0);
    assert_string_equal(file_text("r/columns.csv"), "new");
    assert_says("r/scenario.yaml", "poisson");
    assert_false(file_exists("r/panel-9.yaml"));
    assert_true(file_exists("outside"));
    assert_int_equal(folder_entries("r"), 8); /* five, keep, two of cliff */
}

/* A file that cannot get its name, seen before any other has got one. */
static void test_all_or_nothing(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_status("run s.yaml -o r", 0);
    assert_int_equal(
        shell_run("cp r/columns.csv before; rm r/histograms.csv; mkdir r/histograms.csv"), 0);
    assert_status("run s.yaml --seed 5 -o r", 1);
    assert_says("stderr", "cannot write 'r/histograms.csv'");
    assert_true(files_equal("r/columns.csv", "before"));
    assert_int_equal(folder_entries("r"), 5);
}

static void test_links_are_not_written_through(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("precious", "mine");
    assert_int_equal(shell_run("mkdir r; ln precious r/columns.csv; ln precious "
                               "r/.queuescope-trials; ln -s ../precious r/histograms.csv"),
                     0);
    assert_status("run s.yaml -o r", 0);
    assert_string_equal(file_text("precious"), "mine");
    assert_says("r/columns.csv", "stage,class");
    assert_int_equal(folder_entries("r"), 5);
}

/* What an earlier fit left and a later one has no use for goes with its set; what is not of fit, or
 * was not written by it, stays. */
static void test_a_fit_takes_its_files_along(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs("arrival_s,service_s,class\n", out);
    for (int k = 0; k < 600; k++)
        fprintf(out, "%d,%d.5,%s\n", 3 * k, k * k % 7 % 2, k % 3 ? "gold" : "tin");
    fclose(out);
    file_write("a.csv", text);
    free(text);
    file_write("keep.csv", "mine");
    assert_status("fit a.csv --class class --sizes empirical --trace -o f", 0);
    assert_true(file_exists("f/sizes-gold.csv") && file_exists("f/sizes-tin.csv") &&
                file_exists("f/trace.csv") && file_exists("f/replay.yaml"));
    assert_int_equal(shell_run("cp keep.csv f/sizes-mine.csv; cp keep.csv f/columns.csv"), 0);
    assert_status("fit a.csv --sizes law -o f", 0);
    assert_false(file_exists("f/sizes-gold.csv") || file_exists("f/sizes-tin.csv") ||
                 file_exists("f/trace.csv"));
    assert_true(file_exists("f/sizes-mine.csv") && file_exists("f/columns.csv") &&
                file_exists("f/scenario.yaml") && file_exists("f/fit.png"));
    assert_status("check f/scenario.yaml", 0);
    /* The log itself, where it lies in the folder, is not what fit wrote. */
    assert_int_equal(shell_run("cp a.csv f/trace.csv"), 0);
    assert_status("fit f/trace.csv -o f", 0);
    assert_status("fit a.csv -o f", 0);
    assert_true(files_equal("f/trace.csv", "a.csv"));
}

/* A picture without its letters is none: nothing of the set appears, and nothing is blessed. */
static void test_pictures_without_letters(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("none.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    assert_int_equal(shell_run("FONTCONFIG_FILE=$PWD/none.conf \"$Q\" run s.yaml -o r"), 1);
    assert_says("stderr", "error: cannot draw the picture: no font can be read");
    assert_int_equal(folder_entries("r"), 0);
    assert_int_equal(shell_run("mkdir g; cp s.yaml g; FONTCONFIG_FILE=$PWD/none.conf \"$Q\" verify "
                               "g --bless"),
                     1);
    assert_int_equal(folder_entries("g"), 1);
    assert_status("run s.yaml -o r", 0);
    assert_int_equal(folder_entries("r"), 5);
}

/* -o x.png and -o x.svg: there, too; the folder is the usual one. */
static void test_the_picture_as_a_file(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(shell_run("mkdir d"), 0);
    assert_status("run s.yaml -o d/x.png", 0);
    assert_true(files_equal("d/x.png", "out/s/spectrogram.png"));
    assert_int_equal(folder_entries("d"), 1);
    assert_status("run s.yaml -o r -o x.svg", 0);
    assert_int_equal(folder_entries("r"), 5);
    assert_memory_equal(file_text("x.svg"), "<?xml", 5);
    assert_says("x.svg", "<svg ");
    assert_true(file_size("x.svg") > 10000);
    assert_true(files_equal("d/x.png", "r/spectrogram.png"));
    assert_status("cliff s.yaml -o c.svg", 0);
    assert_true(file_size("c.svg") > 10000);
    assert_status("run s.yaml -o nowhere/x.png", 1);
    assert_says("stderr", "cannot write 'nowhere/x.png'");
    assert_status("verify . -o x.png", 2);
}

/* ---- nothing is replaced unasked ---- */

static void test_answers_to_other_questions(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(shell_run("mkdir other; sed s/8/5/ s.yaml >other/s.yaml"), 0);
    assert_status("plan s.yaml --slo 'p99<=2s' --vary consumers.count=1..4", 0);
    assert_status("plan s.yaml --slo 'p99<=3s' --vary consumers.count=1..4", 0);
    assert_says("stdout", "out/s-2: plan.png, plan.json");
    assert_status("plan s.yaml --slo 'p99<=2s' --vary consumers.count=1..4", 0);
    assert_says("stdout", "out/s: plan.png, plan.json");
    assert_says("out/s/plan.json", "2s");
    assert_says("out/s-2/plan.json", "3s");
    assert_status("cliff s.yaml", 0);
    assert_says("stdout", "out/s: cliff.json, cliff.png");
    assert_status("cliff other/s.yaml", 0);
    assert_says("stdout", "out/s-2: cliff.json, cliff.png");
    assert_status("cliff other/s.yaml -o mine", 0);
    assert_status("cliff s.yaml -o mine", 0); /* asked for */
    assert_int_equal(folder_entries("out"), 2);
}

static void test_logs_of_one_name(void **state)
{
    (void)state;
    assert_int_equal(
        shell_run(
            "mkdir a b; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i,0.$i; done >a/log.csv; "
            "sed 's/,0/,1/' a/log.csv >b/log.csv"),
        0);
    assert_status("fit a/log.csv", 0);
    assert_says("stdout", "out/log: scenario.yaml");
    assert_status("fit b/log.csv", 0);
    assert_says("stdout", "out/log-2: scenario.yaml");
    assert_status("fit a/log.csv", 0);
    assert_says("stdout", "out/log: scenario.yaml");
    assert_int_equal(folder_entries("out"), 2);
}

static void test_resume_of_another_scenario(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_status("run s.yaml -o r", 0);
    assert_status("run s.yaml -o r --resume", 0);
    assert_status("run s.yaml -o r --resume --set consumers.count=3", 1);
    assert_says("stderr", "r/scenario.yaml: error: cannot resume: the folder holds the results of "
                          "another scenario");
    assert_status("run r/scenario.yaml -o new --resume", 0);
}

/* ---- files from strangers ---- */

static void test_pictures_read_no_files(void **state)
{
    (void)state;
    static const char *const commands[] = {"run",
                                           "check",
                                           "cliff",
                                           "theory",
                                           "rare",
                                           "plan --slo 'p99<=1s'",
                                           "compare --vary consumers.count=1,2"};
    char command[200];
    file_write("t.csv", "arrival_s,service_s\n0,1\n1,2\n3,1\n");
    file_write("s.yaml", "arrivals: {process: trace, file: t.csv}\nrun: {replications: 1}\n");
    assert_status("run s.yaml -o r", 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        snprintf(command, sizeof command, "%s r/spectrogram.png", commands[i]);
        assert_status(command, 2);
        assert_says("stderr", "the scenario in this picture wants a file read: arrivals.file: ");
        assert_says("stderr", "--allow-files");
    }
    assert_status("run r/spectrogram.png --allow-files -o again", 0);
    assert_true(files_equal("r/columns.csv", "again/columns.csv"));
    file_write("s.yaml", small);
    assert_status("compare s.yaml --vary consumers.count=1,2 -o c", 0);
    assert_status("compare c/comparison.png -o again", 0);
}

static void test_foreign_text_is_not_quoted(void **state)
{
    (void)state;
    static const char secret[] = "root:x:0:0:secret,words\nmore:secret\n";
    static const char *const scenarios[] = {
        "arrivals: {process: trace, file: ../loot}\n",
        "arrivals: {process: poisson, rate: 1/s}\n"
        "tasks: {size: {distribution: empirical, file: ../loot}}\n",
        "arrivals: {process: poisson, rate: 1/s}\n"
        "tasks: {size: {distribution: exponential, mean: 1ms}}\n"
        "picture: {observed: ../loot}\n"};
    assert_int_equal(shell_run("mkdir inside"), 0);
    file_write("loot", secret);
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        file_write("inside/s.yaml", scenarios[i]);
        assert_status("run inside/s.yaml", 2);
        assert_says("stderr", "error: ");
        assert_false(file_has("stderr", "root"));
        assert_false(file_has("stderr", "words"));
        assert_says("stderr", "is outside of the");
    }
    file_write("loot", "secret_password 12345\n");
    assert_status("run inside/s.yaml", 2);
    assert_false(file_has("stderr", "password"));
    assert_int_equal(shell_run("mkdir g; mv inside/s.yaml g; cp loot g/s.golden.csv"), 0);
    assert_status("verify g", 2);
    assert_false(file_has("stderr", "password"));
}

/* What lies outside is said, links followed; what the command line names is no news. */
static void test_files_outside_are_said(void **state)
{
    (void)state;
    assert_int_equal(shell_run("mkdir in; echo 1 >sizes.csv; ln -s ../sizes.csv in/link.csv"), 0);
    file_write("in/s.yaml", "arrivals: {process: poisson, rate: 0.1/s}\n"
                            "tasks: {size: {distribution: empirical, file: link.csv}}\n"
                            "run: {tasks: 1k, replications: 2}\n");
    assert_status("run in/s.yaml -o r", 0);
    assert_says("stderr", "note: in/s.yaml:2:41: tasks.size.file is outside of the");
    assert_status("run in/s.yaml -o r --set tasks.size.file=sizes.csv", 0);
    assert_false(file_has("stderr", "outside"));
    assert_int_equal(shell_run("rm in/link.csv; cp sizes.csv in/link.csv"), 0);
    assert_status("run in/s.yaml -o r", 0);
    assert_false(file_has("stderr", "outside"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_folder_is_taken),
        TEST(test_killed_while_writing),
        TEST(test_killed_between_renames),
        TEST(test_all_or_nothing),
        TEST(test_links_are_not_written_through),
        TEST(test_a_fit_takes_its_files_along),
        TEST(test_pictures_without_letters),
        TEST(test_the_picture_as_a_file),
        TEST(test_answers_to_other_questions),
        TEST(test_logs_of_one_name),
        TEST(test_resume_of_another_scenario),
        TEST(test_pictures_read_no_files),
        TEST(test_foreign_text_is_not_quoted),
        TEST(test_files_outside_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
