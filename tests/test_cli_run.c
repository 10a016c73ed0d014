/* A run from the command line: what it leaves and says, and that neither a full disk nor an
 * interruption makes it leave half of it. */
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

/* The reading says where p99 keeps to the objective by its interval, whichever way the sweep goes.
 */
#define LONG " --set run.tasks=40000 --set run.replications=8"
static void test_the_objective_in_words(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o o" LONG " --set picture.objective=2s"), 0);
    assert_says("stdout", " p99 exceeds the objective of 2 s from 9 /s on.");
    assert_int_equal(program_run("run s.yaml -o o" LONG " --set picture.objective=2s "
                                 "--set sweep.from=9/s --set sweep.to=5/s"),
                     0);
    assert_says("stdout", " p99 meets the objective of 2 s from 7 /s on.");
    assert_int_equal(program_run("run s.yaml -o o" LONG " --set picture.objective=250ms"), 0);
    assert_says("stdout", " p99 exceeds the objective of 250 ms everywhere.");
    assert_int_equal(program_run("run s.yaml -o o" LONG " --set picture.objective=1h"), 0);
    assert_says("stdout", " p99 meets the objective of 1 h everywhere.");
    assert_int_equal(program_run("run s.yaml -o o" LONG " --set picture.objective=2s "
                                 "--set sweep.values=5/s,9/s,6/s"),
                     0);
    assert_says("stdout", " p99 exceeds the objective of 2 s in 1 of 3 columns, first at 9 /s.");
    /* 4 x 4000 tasks do not tell */
    assert_int_equal(program_run("run s.yaml -o o --set picture.objective=1.5s"), 0);
    assert_says("stdout", " p99 meets the objective of 1.5 s in 1 of 3 columns; in 2 of 3 columns "
                          "its interval does not tell.");
    assert_int_equal(program_run("run s.yaml -o o"), 0);
    assert_false(file_has("stdout", "objective"));
}

static void test_titles_that_cannot_be_written(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o o --set title='\xe6\x97\xa5\xe6\x9c\xac'"), 0);
    assert_says("stderr", "warning: the title has characters that the picture's font lacks");
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 -o c "
                                 "--set title='\xe6\x97\xa5\xe6\x9c\xac'"),
                     0);
    assert_says("stderr", "warning: the title has characters that the picture's font lacks");
    assert_int_equal(program_run("run s.yaml -o o --set title='Caf\xc3\xa9'"), 0);
    assert_int_equal(file_size("stderr"), 0);
}

/* Without histograms.csv the rest is the same, and none is left from before. */
static void test_run_leaves_histograms_out(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o whole"), 0);
    assert_true(file_exists("whole/histograms.csv"));
    assert_int_equal(program_run("run s.yaml -o r --histograms yes"), 0);
    assert_true(files_equal("r/histograms.csv", "whole/histograms.csv"));
    assert_int_equal(program_run("run s.yaml -o r --histograms no"), 0);
    assert_int_equal(folder_entries("r"), 4);
    assert_false(file_has("stdout", "histograms.csv"));
    assert_true(files_equal("r/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("r/spectrogram.png", "whole/spectrogram.png"));
    assert_int_equal(program_run("run s.yaml -o r --histograms some"), 2);
    assert_says("stderr", "--histograms some: it is yes or no");
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 --histograms no"), 2);
    assert_says("stderr", "'compare' takes no option '--histograms'");
}

static void test_run_writes_everything(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o r"), 0);
    assert_int_equal(folder_entries("r"), 5);
    assert_int_equal(file_lines("r/columns.csv"), 4);
    assert_memory_equal(file_text("r/columns.csv"), "stage,class,parameter,value,offered,", 36);
    assert_memory_equal(file_text("r/histograms.csv"), "measure,stage,class,value,low,high,count\n",
                        41);
    assert_memory_equal(file_text("r/spectrogram.png"), "\x89PNG", 4);
    assert_says("r/summary.json", "\"interrupted\": false");
    assert_says("r/summary.json", "\"seed\": 7");
    assert_says("stdout", "Small\n");
    assert_says("stdout", "arrivals.rate");
    assert_says("stdout", "tasks conserved: ");
    assert_says("stdout", "r: spectrogram.png");
    assert_int_equal(file_size("stderr"), 0);
    assert_int_equal(program_run("run s.yaml"), 0);
    assert_true(files_equal("r/columns.csv", "out/s/columns.csv"));
}

/* Same scenario, same bytes: whatever the threads, from the resolved scenario, from the picture. */
static void test_same_bytes(void **state)
{
    (void)state;
    static const char *const again[] = {"run s.yaml --jobs 1 -o b", "run s.yaml -j 3 --quiet -o b",
                                        "run a/scenario.yaml -o b", "run a/spectrogram.png -o b",
                                        "run s.yaml --engine lanes --seed 7 -o b"};
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o a"), 0);
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        assert_int_equal(program_run(again[i]), 0);
        assert_true(files_equal("a/columns.csv", "b/columns.csv"));
        assert_true(files_equal("a/histograms.csv", "b/histograms.csv"));
        assert_true(files_equal("a/scenario.yaml", "b/scenario.yaml"));
        assert_true(files_equal("a/spectrogram.png", "b/spectrogram.png"));
    }
    assert_int_equal(program_run("run s.yaml --engine events -o b"), 0);
    assert_true(files_equal("a/histograms.csv", "b/histograms.csv"));
    assert_says("a/summary.json", "\"engine\": \"lanes\"");
    assert_says("b/summary.json", "\"engine\": \"events\"");
    assert_int_equal(program_run("run s.yaml --seed 8 -o b"), 0);
    assert_false(files_equal("a/columns.csv", "b/columns.csv"));
    assert_says("b/scenario.yaml", "seed: 8");
}

static void test_set(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(
        program_run("run s.yaml --set sweep.steps=2 --set consumers.count=3 --set title=Two -o r"),
        0);
    assert_int_equal(file_lines("r/columns.csv"), 3);
    assert_says("r/scenario.yaml", "count: 3");
    assert_says("stdout", "Two\n");
}

/* A run too short for a single task says so, and draws what there is: nothing. */
static void test_no_task(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml --set run.duration=1us --set run.warmup=0 -o r"), 0);
    assert_says("stderr", "warning: no task arrived in 3 of 3 columns");
    assert_false(file_has("r/columns.csv", "nan"));
    assert_memory_equal(file_text("r/spectrogram.png"), "\x89PNG", 4);
}

/* A folder that cannot be: a clear error before any work, exit 1. */
static void test_unwritable(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    file_write("file", "in the way");
    assert_int_equal(program_run("run s.yaml -o file/r"), 1);
    assert_says("stderr", "cannot make the folder");
    assert_int_equal(file_size("stdout"), 0);
    assert_int_equal(program_run("compare s.yaml --vary consumers.count=1,2 -o file/r"), 1);
    assert_says("stderr", "cannot make the folder");
    assert_int_equal(program_run("run s.yaml -o /dev/null/r"), 1);
}

/* Standard output that is full or closed fails the run; the files are there all the same. */
static void test_standard_output(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o r >/dev/full"), 1);
    assert_says("stderr", "cannot write to standard output");
    assert_int_equal(folder_entries("r"), 5);
    assert_int_equal(program_run("--version >/dev/full"), 1);
    assert_int_equal(program_run("run s.yaml -o closed >&-"), 1);
    assert_says("stderr", "cannot write to standard output");
    assert_int_equal(folder_entries("closed"), 5);
    assert_true(files_equal("r/columns.csv", "closed/columns.csv"));
    assert_int_equal(program_run("run s.yaml -o silent 2>&-"), 0);
    assert_true(files_equal("r/columns.csv", "silent/columns.csv"));
    /* A reader that leaves early is no event. */
    assert_int_equal(program_run("params | head -n 1"), 0);
    assert_int_equal(file_size("stderr"), 0);
}

/* A file size limit stands for a full disk: exit 1, and no half file under a result's name. */
static void test_full_disk(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(shell_run("ulimit -f 8; trap '' XFSZ; \"$Q\" run s.yaml -o r"), 1);
    assert_says("stderr", "error: ");
    assert_false(file_exists("r/histograms.csv"));
    assert_false(file_exists("r/spectrogram.png"));
    assert_int_equal(shell_run("ls -A r | grep part"), 1);
}

/* Many short trials, minutes of work in all. */
static void assert_interrupts(int signal)
{
    static const char *const argv[] = {"queuescope",
                                       "run",
                                       "s.yaml",
                                       "--set",
                                       "sweep.steps=200",
                                       "--set",
                                       "run.replications=200",
                                       "--set",
                                       "run.tasks=20k",
                                       "-o",
                                       "r",
                                       NULL};
    file_write("s.yaml", small);
    assert_int_equal(program_interrupt(argv, 1.0, signal), 130);
    assert_says("stderr", "interrupted");
    if (file_exists("r/summary.json")) {
        assert_int_equal(folder_entries("r"), 6); /* and the journal */
        assert_says("r/summary.json", "\"interrupted\": true");
        assert_int_equal(program_run("run r/scenario.yaml --set run.replications=1 -o again"), 0);
    } else {
        assert_says("stderr", "nothing was saved");
    }
}

static void test_interrupt(void **state)
{
    (void)state;
    assert_interrupts(SIGINT);
}

static void test_terminate(void **state)
{
    (void)state;
    assert_interrupts(SIGTERM);
}

/* Stopped by `signal` somewhere, or not at all where the machine is quick: the end is the same. */
static void assert_resumes(int signal)
{
    static const char *const argv[] = {"queuescope",
                                       "run",
                                       "s.yaml",
                                       "--set",
                                       "sweep.steps=40",
                                       "--set",
                                       "run.replications=20",
                                       "--set",
                                       "run.tasks=10k",
                                       "-o",
                                       "r",
                                       NULL};
    const char *all = "run s.yaml --set sweep.steps=40 --set run.replications=20 "
                      "--set run.tasks=10k -o";
    char again[256];
    file_write("s.yaml", small);
    int status = program_interrupt(argv, 0.2, signal);
    assert_true(status == (signal == SIGKILL ? -SIGKILL : 130) || status == 0);
    if (status != 0 && file_exists("r/.queuescope-trials")) {
        /* A journal of another scenario is refused. */
        assert_int_equal(program_run("run s.yaml --resume -o r"), 1);
        assert_says("stderr", "error: cannot resume: ");
    }
    snprintf(again, sizeof again, "%s r --resume", all);
    assert_int_equal(program_run(again), 0);
    assert_int_equal(folder_entries("r"), 5);
    snprintf(again, sizeof again, "%s whole", all);
    assert_int_equal(program_run(again), 0);
    assert_true(files_equal("r/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("r/histograms.csv", "whole/histograms.csv"));
    assert_true(files_equal("r/spectrogram.png", "whole/spectrogram.png"));
}

static void test_resume(void **state)
{
    (void)state;
    assert_resumes(SIGINT);
}

static void test_resume_after_a_crash(void **state)
{
    (void)state;
    assert_resumes(SIGKILL);
}

/* What a process that was killed while writing left is swept up; not what one still writes. */
static void test_left_over_parts(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml -o r"), 0);
    file_write("r/.columns.csv.999999999.part", "half");
    file_write("r/.columns.csv.1.part", "another's");
    file_write("r/.columns.csv.part", "a user's");
    assert_int_equal(program_run("run s.yaml -o r"), 0);
    assert_false(file_exists("r/.columns.csv.999999999.part"));
    assert_int_equal(folder_entries("r"), 7);
}

static void test_progress(void **state)
{
    (void)state;
    file_write("s.yaml", small);
    assert_int_equal(program_run("run s.yaml --set run.tasks=20k -o r"), 0);
    assert_says("stdout", "tasks conserved: ");
    assert_int_equal(program_run("run s.yaml --set run.tasks=20k --quiet -o r"), 0);
    assert_int_equal(file_size("stderr"), 0);
    assert_int_equal(file_size("stdout"), 0);
}

/* --quiet leaves warnings and errors, and no word else. */
static void test_quiet(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "run s.yaml --quiet -o q", "compare s.yaml --vary consumers.count=1,2 --quiet -o q",
        "plan s.yaml --slo 'utilization <= 99%' --quiet -o q", "cliff s.yaml --quiet -o q"};
    file_write("s.yaml", small);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        program_run(commands[i]);
        if (*file_text("stdout"))
            fail_msg("%s says %s", commands[i], file_text("stdout"));
    }
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(test_run_leaves_histograms_out),
        cli_test(test_run_writes_everything),
        cli_test(test_the_objective_in_words),
        cli_test(test_titles_that_cannot_be_written),
        cli_test(test_same_bytes),
        cli_test(test_set),
        cli_test(test_quiet),
        cli_test(test_no_task),
        cli_test(test_unwritable),
        cli_test(test_standard_output),
        cli_test(test_full_disk),
        cli_test(test_interrupt),
        cli_test(test_terminate),
        cli_test(test_resume),
        cli_test(test_resume_after_a_crash),
        cli_test(test_left_over_parts),
        cli_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
