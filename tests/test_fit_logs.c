/* queuescope fit of logs as people have them: what it says of them, as a user sees it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/base/rng.h"
#include "program.h"

#define fit_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

/* n tasks at 20 a second, exponential with 100 ms: `format` has a time in seconds and a size. */
static void write_log(const char *name, const char *head, int n, const char *format, double unit)
{
    struct stream stream = stream_of(4, 0, "test");
    FILE *out = fopen(name, "w");
    double time = 1710234000;
    assert_non_null(out);
    fputs(head, out);
    for (int k = 0; k < n; k++) {
        time -= log(stream_uniform(&stream, 0, (uint64_t)k)) / 20;
        double size = -0.1 * log(stream_uniform(&stream, 1, (uint64_t)k));
        char line[256];
        int time_length = snprintf(line, sizeof line, "%.3f", time);
        fprintf(out, format, time_length, line, size / unit);
    }
    fclose(out);
}

/* Standard input, a pipe and several files are the log that one file is. */
static void test_inputs(void **state)
{
    (void)state;
    write_log("a.csv", "start,duration_ms\n", 3000, "%.*s,%.1f\n", 1e-3);
    assert_status("fit a.csv --trace -o a", 0);
    assert_int_equal(shell_run("cat a.csv | $Q fit - --trace -o b"), 0);
    assert_true(files_equal("a/trace.csv", "b/trace.csv"));
    assert_int_equal(shell_run("$Q fit - --trace -o c <a.csv"), 0);
    assert_true(files_equal("a/trace.csv", "c/trace.csv"));
    assert_int_equal(
        shell_run("gzip -k a.csv && bash -c '\"$Q\" fit <(zcat a.csv.gz) --trace -o d'"), 0);
    assert_true(files_equal("a/trace.csv", "d/trace.csv"));
    assert_int_equal(shell_run("cat a.csv | $Q fit /dev/stdin --trace -o e"), 0);
    assert_true(files_equal("a/trace.csv", "e/trace.csv"));
    /* the later half before the earlier, and every second line in another file */
    assert_int_equal(
        shell_run("(head -1 a.csv; tail -n 1500 a.csv) >2.csv; head -1501 a.csv >1.csv; "
                  "$Q fit 2.csv 1.csv --trace -o f"),
        0);
    assert_true(files_equal("a/trace.csv", "f/trace.csv"));
    assert_says("stdout", "2.csv and 1 more: csv");
    assert_int_equal(shell_run("awk 'NR==1||NR%2' a.csv >odd.csv; awk 'NR==1||!(NR%2)' a.csv "
                               ">even.csv; $Q fit odd.csv even.csv --trace -o g"),
                     0);
    assert_int_equal(shell_run("sort a/trace.csv >1; sort g/trace.csv >2; cmp 1 2"), 0);
    assert_int_equal(
        shell_run("iconv -f utf-8 -t utf-16 a.csv >w.csv && $Q fit w.csv --trace -o h"), 0);
    assert_true(files_equal("a/trace.csv", "h/trace.csv"));
    assert_int_equal(shell_run("printf 'BZh91AY' >x.csv.bz2; $Q fit x.csv.bz2"), 2);
    assert_says("stderr", "bzcat FILE | queuescope fit -");
}

/* Bad lines are never a random sample: over 5 % of them are refused, until one says otherwise. */
static void test_many_bad_lines(void **state)
{
    (void)state;
    write_log("a.csv", "start,duration_s,x\n", 900, "%.*s,%.3f,1\n", 1);
    assert_int_equal(shell_run("for i in $(seq 100); do echo 1710234001,1,234,5; done >>a.csv"), 0);
    assert_status("fit a.csv -o a", 2);
    assert_says("stderr", "a.csv:902:1: error: 100 of 1000 lines cannot be used, over 5 %");
    assert_says("stderr", "4 columns, where the heading has 3 (--bad-lines 10%");
    assert_status("fit a.csv -o a --bad-lines 10%", 0);
    assert_says("stdout", "900 tasks in");
    assert_status("fit a.csv --bad-lines 0", 2);
    file_write("comma.csv", "start,duration\n1710234000,020,0,117\n1710234000,523,0,086\n");
    assert_status("fit comma.csv", 2);
    assert_says("stderr", "decimal commas between commas");
    file_write("feb.csv", "start,duration_s\n2024-02-29 09:00:00,1\n2024-02-30 09:00:00,1\n"
                          "2024-02-31 09:00:00,1\n2024-03-01 09:00:00,1\n");
    assert_status("fit feb.csv", 2);
    assert_says("stderr", "feb.csv:3:1: error: 2 of 4 lines");
    assert_says("stderr", "no date that exists");
}

static void write_clock(const char *name, int back_at, int back, int n)
{
    FILE *out = fopen(name, "w");
    struct stream stream = stream_of(5, 0, "test");
    fputs("start,duration_s\n", out);
    double time = 600;
    for (int k = 0; k < n; k++) {
        time -= 10 * log(stream_uniform(&stream, 0, (uint64_t)k));
        int t = (int)time >= back_at ? (int)time - back : (int)time;
        fprintf(out, "2024-10-27 %02d:%02d:%02d,%.3f\n", t / 3600, t / 60 % 60, t % 60,
                -log(stream_uniform(&stream, 1, (uint64_t)k)));
    }
    fclose(out);
}

static void test_clocks(void **state)
{
    (void)state;
    write_clock("hour.csv", 3 * 3600, 3600, 2000);
    assert_status("fit hour.csv -o a", 0);
    assert_says("stderr", "the clock goes back by 1 h, as at the end of summer time");
    assert_says("stdout", "Poisson? yes");
    write_clock("half.csv", 2 * 3600, 1800, 2000);
    assert_status("fit half.csv -o b", 0);
    assert_says("stderr", "the clock goes back by 30 min");
    /* Back to where it began: two logs of the same hour, one behind the other, and no clock. */
    write_clock("twice.csv", 4200, 3600, 700);
    assert_status("fit twice.csv -o c", 0);
    assert_false(file_has("stderr", "the clock goes back"));
    write_log("a.csv", "start,duration_s\n", 500, "%.*s,%.3f\n", 1);
    assert_int_equal(shell_run("echo 0.000,0.3 >>a.csv; $Q fit a.csv -o d"), 0);
    assert_says("stdout", "line 502: the time is of 1970");
    assert_int_equal(shell_run("echo 1910234000.000,0.3 >>a.csv; $Q fit a.csv -o e"), 0);
    assert_says("stderr", "a single gap of");
}

/* What was guessed is said, with what it would be otherwise; what is absurd is named. */
static void test_guesses(void **state)
{
    (void)state;
    write_log("a.csv", "timestamp,latency\n", 1000, "%.*s,%.0f\n", 1e-3);
    assert_status("fit a.csv -o a", 0);
    assert_says("stderr", "nothing names the unit of column 'latency': read as ms");
    assert_says("stderr", "as s it would be 1");
    assert_says("stderr", "request times hold the wait");
    assert_status("fit a.csv -o a --unit ms --as size", 0);
    assert_int_equal(file_size("stderr"), 0);
    assert_status("fit a.csv -o a --unit s --as size", 0);
    assert_says("stderr", "consumers at once: is the unit right");
    assert_status("fit a.csv -o a --unit ns --as size", 0);
    assert_says("stderr", "99 % of the sizes are below 10 us");
    assert_status("fit a.csv -o lat --as latency", 0);
    assert_says("stdout", "observed: lat/latencies.csv");
    assert_int_equal(folder_entries("lat"), 1);
    assert_int_equal(shell_run("sed 's/,[0-9]*$/,200/' a.csv >s.csv; $Q fit s.csv --unit ms -o s"),
                     0);
    file_write("c.csv", "when,what\n2024-03-12 09:00:00,5\n2024-03-12 09:00:01,6\n");
    assert_status("fit c.csv", 2);
    assert_says("stderr", "queuescope fit c.csv --service COLUMN");
    assert_status("fit c.csv --service wat", 2);
    assert_says("stderr", "no such column (did you mean 'what'?)");
    assert_status("fit a.csv --only latency", 2);
    assert_says("stderr", "must be COLUMN=TEXT");
}

static void test_only(void **state)
{
    (void)state;
    write_log("a.csv", "start,duration_s,code\n", 1000, "%.*s,%.3f,200\n", 1);
    assert_int_equal(shell_run("sed -n '2,400s/,200$/,500/p' a.csv >more; cat more >>a.csv"), 0);
    assert_status("fit a.csv --only code=200 -o a", 0);
    assert_says("stdout", "1000 tasks in");
    assert_says("stdout", "399 lines are no tasks");
    assert_status("fit a.csv --only code=500 --start 1 --service 2 -o b", 0);
    assert_says("stdout", "399 tasks in");
    assert_status("fit a.csv --only cod=500", 2);
    assert_says("stderr", "--only cod: no such column (did you mean 'code'?)");
}

static void test_processors(void **state)
{
    (void)state;
    FILE *out = fopen("a.swf", "w");
    struct stream stream = stream_of(6, 0, "test");
    fputs("; Version: 2.2\n; MaxProcs: 512\n", out);
    for (int k = 0; k < 1000; k++)
        fprintf(out, "%d %d -1 %d %d -1 -1 16 3600 -1 1 0 0 1 -1 1 -1 -1\n", k, 30 * k,
                1 + (int)(-600 * log(stream_uniform(&stream, 0, (uint64_t)k))), 1 << k % 7);
    fclose(out);
    assert_status("fit a.swf -o a", 0);
    assert_says("stderr", "jobs take up to 64 processors each");
    assert_says("stderr", "a job is one task of one consumer");
}

/* Dates that do not say which number is the month, or which year it is. */
static void test_unsaid_dates(void **state)
{
    (void)state;
    enum { N = 300 };
    static const char *const formats[] = {"%m/%d/%Y %H:%M:%S,0.5\n", "%d/%m/%Y %H:%M:%S,0.5\n",
                                          "%b %d %H:%M:%S,0.5\n", "%H:%M:%S,0.5\n"};
    static const struct {
        int format;
        long long start, step; /* seconds */
        const char *arguments, *says;
        int status;
    } cases[] = {
        /* 28 November tells; of days of which none does the log is short in one order; or in none
         */
        {0, 1732793000, 10, "", "300 tasks in 49.8 min", 0},
        {1, 1732793000, 10, "", "300 tasks in 49.8 min", 0},
        {0, 1730850000, 600, "", "300 tasks in 49.8 h", 0},
        {0, 1730850000, 10, "", "300 tasks in 49.8 min", 0},
        {0, 1704067200, 2678400, "", "--dates month-first", 2},
        {0, 1730850000, 600, "--dates month-first", "300 tasks in 49.8 h", 0},
        {1, 1730850000, 600, "--dates day-first", "300 tasks in 49.8 h", 0},
        /* the end of a year, of February, and of one that is longer; of days */
        {2, 1704066000, 10, "", "300 tasks in 49.8 min", 0},
        {2, 1677627000, 10, "", "300 tasks in 49.8 min", 0},
        {2, 1709163000, 600, "", "300 tasks in 49.8 h", 0},
        {3, 1709163000, 600, "--arrival 1", "300 tasks in 49.8 h", 0},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        FILE *out = fopen("d.csv", "w");
        assert_non_null(out);
        for (int k = 0; k < (cases[c].status ? 5 : N); k++) {
            char text[64];
            struct tm tm;
            time_t t = (time_t)(cases[c].start + k * cases[c].step);
            strftime(text, sizeof text, formats[cases[c].format], gmtime_r(&t, &tm));
            fputs(text, out);
        }
        assert_int_equal(fclose(out), 0);
        assert_status(internf("fit d.csv --service 2 --unit s -o f %s", cases[c].arguments),
                      cases[c].status);
        assert_says(cases[c].status ? "stderr" : "stdout", cases[c].says);
        bool guessed = cases[c].start == 1730850000 && !*cases[c].arguments;
        assert_true(file_has("stderr", "tells which number is the month") == guessed);
    }
}

/* A quote that nobody closes costs its own line alone. */
static void test_open_quotes(void **state)
{
    (void)state;
    FILE *out = fopen("q.csv", "w");
    assert_non_null(out);
    fputs("arrival_s,what,service_s\n", out);
    for (int k = 0; k < 400; k++)
        fprintf(out, "%d,%s,0.5\n", k,
                k == 50    ? "\"open"
                : k == 300 ? "\"of\ntwo, no\nthree lines\""
                           : "one");
    assert_int_equal(fclose(out), 0);
    assert_status("fit q.csv -o f", 0);
    assert_says("stdout", "399 tasks in");
    assert_says("stdout", "1 of 403 lines cannot be used");
    assert_says("stdout", "line 52: ");
}

/* Of Gatling's binary log what it is, and what can be had in its place. */
static void test_binary_logs(void **state)
{
    (void)state;
    assert_int_equal(
        shell_run("printf '\\000\\000\\0063.13.1\\000\\377\\376x\\n\\201\\202\\003\\n' >b.log"), 0);
    assert_status("fit b.log -o f", 2);
    assert_says("stderr", "simulation.log is binary since 3.12");
    assert_says("stderr", "{distribution: percentiles, p50: 20ms, p75: 40ms, p95: 80ms, p99: "
                          "200ms, max: 1s}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fit_test(test_unsaid_dates), fit_test(test_open_quotes),    fit_test(test_binary_logs),
        fit_test(test_inputs),       fit_test(test_many_bad_lines), fit_test(test_clocks),
        fit_test(test_guesses),      fit_test(test_only),           fit_test(test_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
