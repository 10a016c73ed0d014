/* What days resampled from a log are for: runs, comparisons, plans and cliffs of them, by the
 * program. (How they are drawn: test_bootstrap.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/base/rng.h"
#include "program.h"
#include "scene.h"

/* 20,000 tasks that come in storms: at 3/s and 12/s by turns of about 30 s; 100 ms of work. */
static void write_storms(void)
{
    struct stream stream = stream_of(4, 0, "test");
    FILE *out = fopen("t.csv", "w");
    fputs("class,arrival_s,service_s\n", out);
    double time = 0;
    for (uint64_t k = 0; k < 20000; k++) {
        double rate = stream_uniform(&stream, 2, k / 220) < 0.5 ? 3 : 12;
        time -= log(stream_uniform(&stream, 0, k)) / rate;
        fprintf(out, "%s,%.6f,%.6f\n", k % 3 ? "web" : "app", time,
                -0.1 * log(stream_uniform(&stream, 1, k)));
    }
    fclose(out);
    file_write("s.yaml", "arrivals: {process: trace, file: t.csv}\n"
                         "run: {replications: 24}\n");
}

static double column_of(const char *file, const char *name)
{
    const char *head = file_text(file), *row = strchr(head, '\n') + 1;
    for (const char *at = head; strncmp(at, name, strlen(name)) != 0; at = strchr(at, ',') + 1)
        row = strchr(row, ',') + 1;
    return strtod(row, NULL);
}

/* Blocks as long as storms wait like the log; tasks drawn one by one forget that there were any. */
static void test_storms(void **state)
{
    (void)state;
    write_storms();
    assert_int_equal(program_run("run s.yaml --set run.replications=1 -q -o log"), 0);
    double wait = column_of("log/columns.csv", "wait_mean");
    assert_true(file_has("log/columns.csv", ",all,,,20000,20000,"));
    assert_int_equal(program_run("run s.yaml --set arrivals.bootstrap.block=auto -o auto"), 0);
    assert_true(file_has("stdout", "the log's 20000 tasks are resampled in blocks of "));
    assert_true(file_has("auto/summary.json", "\"remark\": \"the log's 20000 tasks"));
    double resampled_wait = column_of("auto/columns.csv", "wait_mean");
    double half = column_of("auto/columns.csv", "wait_mean_ci95");
    print_message("wait %g s; resampled %g ± %g s\n", wait, resampled_wait, half);
    assert_true(half > 0 && half < 0.4 * wait);
    scene_near(resampled_wait, wait, 0.2 * wait + half);
    assert_int_equal(program_run("run s.yaml --set arrivals.bootstrap.block=1 -q -o one"), 0);
    assert_true(column_of("one/columns.csv", "wait_mean") < 0.6 * wait);
    /* and the stream has no end */
    assert_int_equal(
        program_run("run s.yaml --set arrivals.bootstrap.block=10% --set run.tasks=70k -q -o l"),
        0);
    assert_true(column_of("l/columns.csv", "completed") == 24 * 70000);
}

static void assert_engines_agree(const char *options)
{
    assert_int_equal(program_run(internf("run s.yaml %s -q --engine lanes -o lanes -j 2", options)),
                     0);
    assert_int_equal(
        program_run(internf("run s.yaml %s -q --engine events -o events -j 1", options)), 0);
    assert_true(files_equal("lanes/histograms.csv", "events/histograms.csv"));
}

static void test_engines(void **state)
{
    (void)state;
    write_storms();
    assert_engines_agree("--set arrivals.bootstrap.method=moving --set consumers.count=2");
    assert_engines_agree("--set arrivals.bootstrap.block=2m --set run.duration=300s --set "
                         "sweep.parameter=arrivals.scale_rate --set sweep.values=0.5,1,1.3");
    file_write("s.yaml", "arrivals: {process: trace, file: t.csv, sizes: law}\n"
                         "tasks: {size: {distribution: lognormal, mean: 90ms, cv2: 2}}\n"
                         "run: {replications: 5}\n");
    assert_engines_agree("");
    assert_engines_agree("--set sweep.parameter=tasks.size.cv2 --set sweep.values=1,4 --set "
                         "arrivals.bootstrap.block=auto");
    assert_engines_agree("--set sweep.parameter=tasks.size.mean --set sweep.from=50ms --set "
                         "sweep.to=120ms --set sweep.steps=8 --set sweep.mode=drift --set "
                         "run.duration=20m --set arrivals.bootstrap.block=500");
}

/* Replications of days that differ tell something: claims, precision and plans. */
static void test_answers(void **state)
{
    (void)state;
    write_storms();
    const char *compare = "compare s.yaml --vary consumers.count=1,2";
    assert_int_equal(program_run(internf("%s -o a", compare)), 0);
    assert_true(file_has("stdout", "  2 consumers against 1 consumer: better by "));
    assert_true(file_has("stdout", ", on this log; of other days nothing is claimed"));
    assert_true(file_has("a/differences.csv", ",,cannot-tell,recorded\n"));
    assert_int_equal(program_run(internf("%s --set arrivals.bootstrap.block=auto -o b", compare)),
                     0);
    assert_true(file_has("stdout", "by pairs of replications:"));
    assert_true(file_has("stdout", " ± ") && file_has("b/differences.csv", ",better,\n"));
    const char *precise =
        "--set run.precision.measure=wait_mean --set run.precision.relative=10% -o p";
    assert_int_equal(program_run(internf("run s.yaml %s", precise)), 2);
    assert_true(file_has("stderr", "arrivals.bootstrap makes other days of it"));
    assert_int_equal(
        program_run(internf("run s.yaml --set arrivals.bootstrap.block=auto %s", precise)), 0);
    assert_true(file_has("stdout", "wait_mean known to within 10 %, with 95 %: yes"));
    assert_int_equal(program_run("plan s.yaml --slo 'wait_mean <= 50ms' --set "
                                 "arrivals.bootstrap.block=auto --vary consumers.count=1..8 -o q"),
                     0);
    assert_true(file_has("stdout", "consumers meet wait_mean <= 50 ms"));
}

/* The cliff is the log's: rate and sizes of resampled days agree with it in the long run. */
static void test_cliff(void **state)
{
    (void)state;
    write_storms();
    const char *cliff = "cliff s.yaml --vary arrivals.scale_rate=0.5..4";
    assert_int_equal(program_run(internf("%s -o a", cliff)), 0);
    assert_int_equal(program_run(internf("%s --set arrivals.bootstrap.block=auto -o b", cliff)), 0);
    const char *a = strstr(file_text("a/cliff.json"), "\"value\":");
    const char *b = strstr(file_text("b/cliff.json"), "\"value\":");
    assert_true(a && b && strtod(a + 8, NULL) == strtod(b + 8, NULL));
}

/* ---- sizes of the log, or of a law ---- */

#define program_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        program_test(test_storms),
        program_test(test_engines),
        program_test(test_answers),
        program_test(test_cliff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
