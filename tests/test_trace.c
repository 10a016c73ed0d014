/* arrivals.scale_rate: a recorded trace at another rate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "../sim/base/rng.h"
#include "../sim/engine/source.h"
#include "program.h"
#include "scene.h"
#include "setting.h"

#define program_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

static void test_times(void **state)
{
    (void)state;
    static const double time[] = {0.1, 0.7, 2};
    static const char trace[] = "arrival_s,service_s\n0.1,1\n0.7,2\n2,3\n";
    const char *file = setting_file("t.csv", trace, sizeof trace - 1);
    for (int i = 0; i < 3; i++) {
        static const char *const scales[] = {"1", "3", "0.25"};
        struct scenario *s = scene("arrivals.process", "trace", "arrivals.file", file,
                                   "arrivals.scale_rate", scales[i], NULL);
        struct source *source = xcalloc(1, sizeof *source);
        source_begin(source, s, 1, 0);
        for (int k = 0; k < 3; k++, source_step(source)) {
            struct arrival a = source_peek(source);
            assert_true(a.time == time[k] / atof(scales[i]) && a.size == k + 1);
        }
        assert_true(isinf(source_peek(source).time));
        free(source);
        free(s);
    }
    struct scenario s;
    struct errors errors = {0};
    assert_false(setting_try(&s,
                             internf("arrivals.process=trace; arrivals.file=%s; "
                                     "arrivals.scale_rate=0",
                                     file),
                             &errors));
    errors = (struct errors){0};
    assert_false(setting_try(&s,
                             internf("arrivals.process=trace; arrivals.file=%s; "
                                     "arrivals.scale_rate=1e-12",
                                     file),
                             &errors));
    assert_non_null(strstr(errors.text[0], "makes the trace longer than"));
}

/* 20 tasks a second of 100 ms, in pairs. */
static void write_trace(void)
{
    struct stream stream = stream_of(9, 0, "test");
    FILE *out = fopen("t.csv", "w");
    fputs("arrival_s,service_s\n", out);
    double time = 0;
    for (uint64_t k = 0; k < 4000; k++) {
        if (k % 2 == 0)
            time -= log(stream_uniform(&stream, 0, k)) / 10;
        fprintf(out, "%.6f,%.6f\n", time, -0.1 * log(stream_uniform(&stream, 1, k)));
    }
    fclose(out);
    file_write("s.yaml", "arrivals: {process: trace, file: t.csv}\n"
                         "consumers: {count: 3}\n"
                         "sweep: {parameter: arrivals.scale_rate, values: [0.5, 1, 1.3, 2]}\n"
                         "run: {replications: 1}\n");
}

/* Columns at different rates do not share their times; both engines agree to the last count. */
static void test_sweep(void **state)
{
    (void)state;
    write_trace();
    assert_int_equal(program_run("run s.yaml --engine lanes -q -o lanes"), 0);
    assert_int_equal(program_run("run s.yaml --engine events -q -o events"), 0);
    assert_true(files_equal("lanes/histograms.csv", "events/histograms.csv"));
    assert_int_equal(program_run("run s.yaml --set sweep.values=1,2 -q -o two"), 0);
    assert_int_equal(program_run("run s.yaml --set sweep.values=2 -q -o one"), 0);
    assert_int_equal(shell_run("tail -1 two/columns.csv >a; tail -1 one/columns.csv >b"), 0);
    assert_true(files_equal("a", "b"));
    assert_int_equal(shell_run("head -2 two/columns.csv | tail -1 >b"), 0);
    assert_false(files_equal("a", "b"));
}

/* 2 consumers' worth of work for 3: the cliff is at half as much again. */
static void test_cliff(void **state)
{
    (void)state;
    write_trace();
    assert_int_equal(program_run("cliff s.yaml --vary arrivals.scale_rate=0.5..4 -o c"), 0);
    const char *at = strstr(file_text("c/cliff.json"), "\"value\":");
    assert_non_null(at);
    scene_near(atof(at + strlen("\"value\":")), 1.5, 0.1);
}

/* A log that knows how long its tasks waited for c consumers, first come, first served: replayed,
 * they wait as long again. */
static void test_recorded_waits(void **state)
{
    (void)state;
    enum { N = 3000, C = 3 };
    struct stream stream = stream_of(6, 0, "test");
    double free_at[C] = {0}, time = 0, sum = 0, longest = 0, waited = 0;
    FILE *out = fopen("t.csv", "w");
    fputs("wait_s,arrival_s,service_s\n", out);
    for (uint64_t k = 0; k < N; k++) {
        double gap = floor(-1e6 * log(stream_uniform(&stream, 0, k)) / 28) / 1e6;
        double size = floor(-1e6 * log(stream_uniform(&stream, 1, k)) / 10) / 1e6;
        int first = 0;
        time += gap;
        for (int c = 1; c < C; c++)
            first = free_at[c] < free_at[first] ? c : first;
        double wait = fmax(free_at[first] - time, 0);
        free_at[first] = time + wait + size;
        fprintf(out, "%.9f,%.6f,%.6f\n", wait, time, size);
        sum += wait;
        waited += wait > 1e-9;
        longest = fmax(longest, wait + size);
    }
    fclose(out);
    assert_true(waited > 0.5 * N);
    file_write("s.yaml", "arrivals: {process: trace, file: t.csv}\n"
                         "consumers: {count: 3}\n"
                         "run: {replications: 1}\n");
    static const char *const engines[] = {"lanes", "events"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(program_run(internf("run s.yaml -q -o o --engine %s", engines[i])), 0);
        const char *head = file_text("o/columns.csv"), *row = strchr(head, '\n') + 1;
        double found[3] = {NAN, NAN, NAN};
        static const char *const names[] = {"wait_mean,", "wait_probability,", "latency_max,"};
        for (; *head != '\n'; head += strcspn(head, ",\n"), row += strcspn(row, ",\n")) {
            head += *head == ',';
            row += *row == ',';
            for (int n = 0; n < 3; n++)
                if (strncmp(head, names[n], strlen(names[n])) == 0)
                    found[n] = strtod(row, NULL);
        }
        scene_near(found[0], sum / N, 1e-9);
        scene_near(found[1], waited / N, 1e-12);
        scene_near(found[2], longest, 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        program_test(test_sweep),
        program_test(test_cliff),
        program_test(test_recorded_waits),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
