/* The axis of time (sweep.mode: time): columns are slices of one run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "program.h"

#define time_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

/* Quiet but for two hours, in which more comes than can be served. */
#define RUSH                                                                                       \
    "arrivals: {process: schedule, repeat: yes, schedule: [{until: 8h, rate: 1/min}, "             \
    "{until: 10h, rate: 30/min}, {until: 24h, rate: 1/min}]}\n"                                    \
    "tasks: {size: {distribution: exponential, mean: 10s}}\n"                                      \
    "consumers: {count: 2}\n"

static const char *const processes[] = {
    RUSH,
    "arrivals: {process: mmpp, states: [{rate: 0.1/s, mean_duration: 1h}, {rate: 2/s, "
    "mean_duration: 10m}]}\n"
    "tasks: {size: {distribution: exponential, mean: 1s}}\n",
    "arrivals: {process: trace, file: log.csv}\n",
    "arrivals: {process: batch, rate: 0.05/s, batch: {distribution: geometric, mean: 3}}\n"
    "tasks: {size: {distribution: exponential, mean: 2s}}\n"
    "buffer: {capacity: 5, when_full: reject}\n"};
enum { PROCESSES = sizeof processes / sizeof *processes };

static void write_log(void)
{
    FILE *out = fopen("log.csv", "w");
    assert_non_null(out);
    fprintf(out, "arrival_s,service_s\n");
    for (int i = 0; i < 2000; i++)
        fprintf(out, "%d.5,%d\n", i * 40, i % 7 * 9);
    fclose(out);
}

static void write_scenario(const char *name, const char *text)
{
    write_log();
    file_write(name, internf("%srun: {duration: 24h, replications: 3, warmup: 0}\n", text));
}

/* Field `number` (from 0) of a line of CSV. */
static double field(const char *line, int number)
{
    for (; number > 0; number--)
        line = strchr(line, ',') + 1;
    return atof(line);
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end && end[1] ? end + 1 : NULL;
}

/* The counts of a measure in histograms.csv, added up over the columns. */
static double sum_counts(const char *name, const char *measure)
{
    double sum = 0;
    for (const char *line = next_line(file_text(name)); line; line = next_line(line))
        if (strncmp(line, measure, strlen(measure)) == 0)
            sum += field(line, 6);
    return sum;
}

enum { VALUE = 3, OFFERED, COMPLETED, LOST, UNFINISHED, DURATION };

/* Every task of the run is in the slice in which it arrived, and in no other. */
static void test_slices_are_of_one_run(void **state)
{
    (void)state;
    for (int p = 0; p < PROCESSES; p++) {
        write_scenario("a.yaml", processes[p]);
        assert_status("run a.yaml -q -o whole", 0);
        assert_status("run a.yaml -q --set sweep.mode=time --set sweep.steps=48 -o slices", 0);
        const char *whole = next_line(file_text("whole/columns.csv"));
        double sum[DURATION + 1] = {0};
        size_t n = 0;
        for (const char *line = next_line(file_text("slices/columns.csv")); line;
             line = next_line(line), n++) {
            assert_int_equal(strncmp(line, "main,all,time,", 14), 0);
            assert_true(field(line, VALUE) == 1800.0 * (double)n);
            for (int f = OFFERED; f <= DURATION; f++)
                sum[f] += field(line, f);
        }
        assert_int_equal(n, 48);
        for (int f = OFFERED; f <= DURATION; f++)
            assert_true(sum[f] == field(whole, f));
        assert_true(sum_counts("whole/histograms.csv", "wait") ==
                    sum_counts("slices/histograms.csv", "wait"));
    }
}

/* The same bytes with other threads, and the same counts from both engines. */
static void test_engines_agree(void **state)
{
    (void)state;
    for (int p = 0; p < PROCESSES; p++) {
        write_scenario("a.yaml", processes[p]);
        const char *run = "run a.yaml -q --set sweep.mode=time --set sweep.steps=24";
        assert_status(internf("%s -o a --jobs 1", run), 0);
        assert_status(internf("%s -o b --jobs 3", run), 0);
        assert_status(internf("%s -o c --engine events", run), 0);
        assert_true(files_equal("a/columns.csv", "b/columns.csv"));
        assert_true(files_equal("a/spectrogram.png", "b/spectrogram.png"));
        assert_true(files_equal("a/histograms.csv", "c/histograms.csv"));
        assert_status("run a/scenario.yaml -q -o d", 0);
        assert_true(files_equal("a/columns.csv", "d/columns.csv"));
    }
}

/* Nor do threads matter to a backlog that carries over from slice to slice. */
static void test_threads_do_not_matter(void **state)
{
    (void)state;
    file_write("a.yaml",
               "arrivals: {process: poisson, rate: 0.5/s}\n"
               "tasks: {size: {distribution: exponential, mean: 1s}}\n"
               "sweep: {parameter: arrivals.rate, from: 0.1, to: 1.5, mode: drift, steps: "
               "24}\n"
               "run: {duration: 24h, replications: 7}\n");
    for (int seed = 1; seed < 6; seed++)
        for (int jobs = 1; jobs < 4; jobs++) {
            assert_status(
                internf("run a.yaml -q --seed %d --jobs %d -o %d 2>warned", seed, jobs, jobs), 0);
            assert_true(files_equal("1/columns.csv", internf("%d/columns.csv", jobs)));
        }
}

/* It says when it is worst, claims nothing of rest, and judges an objective of one slice. */
static void test_what_is_said(void **state)
{
    (void)state;
    write_scenario("a.yaml", RUSH "sweep: {mode: time, steps: 24}\n");
    assert_status("check a.yaml >said", 0);
    assert_says("said", "24 columns (time from 0 s to 23 h)");
    assert_status("run a.yaml -o out >said 2>warned", 0);
    assert_says("said", "the queue is longest in that at 10 h");
    assert_false(file_has("said", "yes\n"));
    assert_false(file_has("warned", "it cannot be told"));
    assert_status("compare a.yaml --vary consumers.count=2,8 -o both >said 2>warned", 0);
    assert_says("said", "time");
    assert_true(file_exists("both/comparison.png"));
    /* plan and cliff are of the long run, and leave the slices out. */
    assert_status("plan a.yaml --slo 'p99 <= 1h' --vary consumers.count=8..12 -o plan >said", 0);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    file_write("a.yaml", RUSH "sweep: {mode: time}\nrun: {tasks: 10k}\n");
    assert_status("check a.yaml 2>said", 2);
    assert_says("said", "a.yaml:4:9: error: sweep.mode: time needs 'run.duration'");
    file_write("a.yaml",
               RUSH "sweep: {mode: time, parameter: arrivals.rate}\nrun: {duration: 1h}\n");
    assert_status("check a.yaml 2>said", 2);
    assert_says("said", "time has no parameter");
    file_write("a.yaml", RUSH "sweep: {mode: time, from: 1, to: 2}\nrun: {duration: 1h}\n");
    assert_status("check a.yaml 2>said", 2);
    assert_says("said", "time has no parameter");
    file_write("a.yaml", RUSH "sweep: {mode: time}\nrun: {duration: 1h}\n"
                              "picture: {theory: mean}\n");
    assert_status("check a.yaml 2>said", 2);
    assert_says("said", "formulas are of systems at rest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        time_test(test_slices_are_of_one_run), time_test(test_engines_agree),
        time_test(test_threads_do_not_matter), time_test(test_what_is_said),
        time_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
