/* queuescope fit, run as a user runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "../plots/png.h"
#include "../sim/base/err.h"
#include "../sim/base/rng.h"
#include "program.h"

#define fit_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

/* n tasks: `line` writes one of them, from its time and size in seconds. */
static void write_log(const char *name, const char *head, size_t n,
                      void (*line)(FILE *out, double time, double size))
{
    struct stream stream = stream_of(4, 0, "test");
    FILE *out = fopen(name, "w");
    double time = 0;
    assert_non_null(out);
    fputs(head, out);
    for (uint64_t k = 0; k < n; k++) {
        time -= log(stream_uniform(&stream, 0, k)) / 20;
        line(out, time, -0.1 * log(stream_uniform(&stream, 1, k)));
    }
    fclose(out);
}

static void native_line(FILE *out, double time, double size)
{
    fprintf(out, "%.6f,%.6f\n", time, size);
}

static void access_line(FILE *out, double time, double size)
{
    int end = (int)(time + size);
    fprintf(out,
            "10.0.0.1 - - [10/Oct/2023:%02d:%02d:%02d +0000] \"GET / HTTP/1.1\" 200 12 \"-\" "
            "\"agent\" %.3f\n",
            end / 3600, end / 60 % 60, end % 60, size);
}

static void assert_ready(const char *scenario)
{
    assert_int_equal(program_run("params tasks.size >params"), 0);
    char command[256];
    snprintf(command, sizeof command, "check %s", scenario);
    assert_int_equal(program_run(command), 0);
    snprintf(command, sizeof command, "run %s --set run.tasks=1k -q -o out/again", scenario);
    assert_int_equal(program_run(command), 0);
    assert_true(file_exists("out/again/columns.csv"));
}

static void test_native(void **state)
{
    (void)state;
    write_log("a.csv", "arrival_s,service_s\n", 5000, native_line);
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stdout", "5000 tasks in"));
    assert_true(file_has("stdout", "Poisson? yes"));
    assert_true(file_has("stdout", " > exponential"));
    assert_true(file_has("stdout", "consumers.count: 3 is a guess"));
    assert_true(file_has("stdout", "out/a: scenario.yaml, fit.png, replay.yaml\n"));
    assert_int_equal(file_size("stderr"), 0);
    assert_true(file_has("out/a/scenario.yaml", "process: poisson"));
    assert_true(file_has("out/a/scenario.yaml", "distribution: exponential"));
    assert_int_equal(folder_entries("out/a"), 3);
    assert_ready("out/a/scenario.yaml");
    /* The picture holds the scenario; the same log gives the same bytes. */
    assert_int_equal(program_run("check out/a/fit.png"), 0);
    assert_int_equal(program_run("fit a.csv -q -o b.yaml"), 0);
    assert_int_equal(file_size("stdout"), 0);
    /* But for the names of the files that lie beside it. */
    assert_int_equal(shell_run("grep -v '^# with: b-replay.yaml, b.png$' b.yaml >b; grep -v '^# "
                               "with: fit.png, replay.yaml$' out/a/scenario.yaml >a; cmp a b"),
                     0);
    assert_true(files_equal("b.png", "out/a/fit.png"));
    assert_int_equal(shell_run("gzip a.csv && $Q fit a.csv.gz -q -o c/d.yaml"), 0);
    assert_true(files_equal("c/d.png", "b.png") || file_exists("c/d.png"));
}

static void test_access_log(void **state)
{
    (void)state;
    write_log("access.log", "", 5000, access_line);
    assert_int_equal(program_run("fit access.log --trace -o out"), 0);
    assert_true(file_has("stdout", "access.log: access"));
    assert_true(file_has("stdout", "times are whole steps of 1 s"));
    assert_true(file_has("stdout", "Poisson? yes"));
    assert_true(file_has("stdout", " > exponential"));
    assert_true(file_has("stdout", "out: scenario.yaml, fit.png, replay.yaml, trace.csv\n"));
    assert_ready("out/scenario.yaml");
    assert_int_equal(file_lines("out/trace.csv"), 5001);
    assert_int_equal(program_run("compare out/replay.yaml --vary consumers.count=3,4 -o two"), 0);
    assert_true(file_has("stdout", "4 consumers against 3 consumers: better by "));
    assert_int_equal(program_run("fit access.log -o bare"), 0);
    assert_false(file_exists("bare/replay.yaml"));
}

static void test_bad_lines(void **state)
{
    (void)state;
    write_log("a.csv", "arrival_s,service_s\nnonsense\n1,2,3\n4\n", 500, native_line);
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stdout", "3 of 504 lines cannot be used:"));
    assert_true(file_has("stdout", "line 2: 1 column, where the heading has 2"));
    assert_true(file_has("stdout", "line 3: 3 columns") && file_has("stdout", "line 4: 1 column"));
    shell_run("for i in 1 2 3 4 5 6 7 8 9; do echo x,y; done >>a.csv");
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stdout", "and 7 more"));
    assert_true(file_has("stderr", "warning: 12 of 513 lines cannot be used"));
}

/* Fast tasks in a rush, slow ones in the lull: M/G/c would be wrong, and the answer is a replay. */
static void test_doubts(void **state)
{
    (void)state;
    FILE *out = fopen("a.csv", "w");
    struct stream stream = stream_of(3, 0, "test");
    double time = 0;
    fputs("arrival_s,service_s\n", out);
    for (uint64_t k = 0; k < 20000; k++) {
        double rate = 20 + 12 * sin(time / 100);
        time -= log(stream_uniform(&stream, 0, k)) / rate;
        native_line(out, time, -2 / rate * log(stream_uniform(&stream, 1, k)));
    }
    fclose(out);
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stdout", "at a rate that moves with time"));
    assert_true(file_has("stderr", "rate and sizes move against each other"));
    assert_true(
        file_has("stderr", "queuescope compare out/a/replay.yaml --vary consumers.count=3,4"));
    assert_true(file_has("out/a/scenario.yaml", "process: schedule"));
    assert_true(file_has("out/a/scenario.yaml", "# What the log shows is more than this"));
    assert_ready("out/a/scenario.yaml");
}

static void test_heavy_tail(void **state)
{
    (void)state;
    FILE *out = fopen("a.csv", "w");
    struct stream stream = stream_of(3, 0, "test");
    for (uint64_t k = 0; k < 20000; k++)
        fprintf(out, "%d,%.9f\n", (int)k, 0.1 * pow(stream_uniform(&stream, 0, k), -1 / 1.4));
    fclose(out);
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stdout", " > pareto"));
    assert_true(file_has("stderr", "their variance is infinite"));
    assert_ready("out/a/scenario.yaml");
}

/* Tasks of three kinds: 100 ms exponential; 1 s exactly; 30 or 300 ms, which is no law's. */
static void write_kinds(const char *name, const char *head, const char *const words[3])
{
    struct stream stream = stream_of(8, 0, "test");
    FILE *out = fopen(name, "w");
    double time = 0;
    fputs(head, out);
    for (uint64_t k = 0; k < 12000; k++) {
        double u = stream_uniform(&stream, 1, k);
        int kind = k % 4 == 3 ? 2 : k % 4 == 1;
        double size = kind == 0 ? -0.1 * log(u) : kind == 1 ? 1 : u < 0.5 ? 0.03 : 0.3;
        time -= log(stream_uniform(&stream, 0, k)) / 20;
        fprintf(out, "%.6f,%.6f,%s\n", time, size, words[kind]);
    }
    fclose(out);
}

/* Each class has its share, its own law or its own file, and is replayed as itself. */
static void test_classes(void **state)
{
    (void)state;
    static const char *const kinds[] = {"web", "batch", "odd"};
    write_kinds("a.csv", "arrival_s,service_s,class\n", kinds);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    assert_true(file_has("stdout", "classes: column 'class', 3 of them"));
    assert_true(file_has("stdout", "f: scenario.yaml, fit.png, sizes-odd.csv, replay.yaml\n"));
    assert_true(file_has("stderr", "no law is near the sizes of class odd (distance 0."));
    const char *text = file_text("f/scenario.yaml");
    assert_non_null(strstr(text, "{name: 'web', share: 0.5, size: {distribution: exponential, "));
    assert_non_null(strstr(text, "{name: 'batch', share: 0.25, size: {distribution: deterministic, "
                                 "value: 1 s}}"));
    assert_non_null(strstr(text, "{name: 'odd', share: 0.25, size: {distribution: empirical, file: "
                                 "'sizes-odd.csv'}}"));
    assert_int_equal(file_lines("f/sizes-odd.csv"), 3000);
    assert_ready("f/scenario.yaml");
    assert_int_equal(program_run("run f/replay.yaml -q -o r"), 0);
    assert_true(file_has("r/columns.csv", "main,batch,,,3000,3000,"));
    /* sizes drawn from the fitted laws, on the arrivals and classes of the log */
    assert_int_equal(program_run("fit a.csv -q --sizes law -o l"), 0);
    assert_true(file_has("l/replay.yaml", "  sizes: law ") && !file_exists("l/sizes-odd.csv"));
    assert_false(file_has("l/scenario.yaml", "empirical"));
    assert_int_equal(program_run("run l/replay.yaml -q -o r"), 0);
    assert_true(file_has("r/columns.csv", "main,batch,,,24000,24000,")); /* 8 replications */
    assert_int_equal(program_run("fit a.csv -q --sizes empirical -o e.yaml"), 0);
    assert_true(file_has("e.yaml", "file: 'e-sizes-web.csv'"));
    assert_int_equal(program_run("check e.yaml e-replay.yaml e.png --allow-files"), 0);
}

/* What a log calls its classes need be no name; a column may be called anything. */
static void test_class_names(void **state)
{
    (void)state;
    static const char *const kinds[] = {"200", "GET /a", "all"};
    write_kinds("a.csv", "start,took,status\n", kinds);
    assert_int_equal(program_run("fit a.csv --class status --trace -o f"), 0);
    assert_true(file_has("f/replay.yaml", "{name: 'class-200'}") &&
                file_has("f/replay.yaml", "{name: 'GET--a'}") &&
                file_has("f/replay.yaml", "{name: 'class-all'}"));
    assert_true(file_has("f/trace.csv", "arrival_s,service_s,class\n0,"));
    assert_int_equal(program_run("check f/scenario.yaml f/replay.yaml"), 0);
    assert_int_equal(program_run("fit a.csv -o g"), 0);
    assert_false(file_has("g/scenario.yaml", "classes"));
    shell_run("awk -F, 'NR==1{print;next}{print $1\",\"$2\",c\"NR%17}' a.csv >b.csv");
    assert_int_equal(program_run("fit b.csv --class 3 -o h"), 0);
    assert_true(
        file_has("stdout", "column 'status' has more than 16: all tasks are fitted as one"));
    assert_false(file_has("h/scenario.yaml", "classes"));
}

/* One value of two is no law: the scenario has the log's own, which come to what the log does. */
static void test_empirical(void **state)
{
    (void)state;
    struct stream stream = stream_of(8, 0, "test");
    FILE *out = fopen("a.csv", "w");
    for (uint64_t k = 0; k < 5000; k++)
        fprintf(out, "%d,%s\n", (int)k, stream_uniform(&stream, 0, k) < 0.5 ? "0.25" : "0.5");
    fclose(out);
    assert_int_equal(program_run("fit a.csv"), 0);
    assert_true(file_has("stderr", "the scenario draws from the log's own (sizes.csv)"));
    assert_true(file_has("out/a/scenario.yaml", "{distribution: empirical, file: 'sizes.csv'}"));
    assert_int_equal(file_lines("out/a/sizes.csv"), 5000);
    assert_ready("out/a/scenario.yaml");
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *error;
    } cases[] = {
        {"fit", "no log is named"},
        {"fit one one", "one: error: is named twice"},
        {"fit missing.csv", "missing.csv: error: cannot be opened: No such file"},
        {"fit empty", "empty: error: holds no lines"},
        {"fit words", "words:2:1: error: 0 of 3 lines can be used"},
        {"fit one", "one: error: holds fewer than two tasks"},
        {"fit same", "same: error: all 2 tasks arrive at the same time"},
        {"fit one --format sfw", "--format sfw: error: unknown (did you mean 'swf'?)"},
        {"fit one --unit parsec", "--unit parsec: error: must be one of ns"},
        {"fit one --sizes emprical",
         "--sizes emprical: error: unknown (did you mean 'empirical'?)"},
        {"fit two --class 3", "--class 3: most lines have 2 columns"},
        {"fit one --times-are now", "--times-are now: error: unknown"},
        {"fit one --servce 2", "unknown option '--servce' (did you mean '--service'?)"},
    };
    file_write("empty", "");
    file_write("words", "start,took\nx,y\nz,1\n");
    file_write("one", "1,2\n");
    file_write("two", "1,2\n2,3\n3,1\n");
    file_write("same", "1.5,2\n1.5,3\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(program_run(cases[i].arguments), 2);
        if (!file_has("stderr", cases[i].error))
            fail_msg("%s: %s", cases[i].arguments, file_text("stderr"));
    }
    assert_int_equal(folder_entries("out"), 0);
    assert_int_equal(program_run("fit two -o two/out"), 1); /* a file where a folder should be */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fit_test(test_native),  fit_test(test_access_log),  fit_test(test_bad_lines),
        fit_test(test_doubts),  fit_test(test_heavy_tail),  fit_test(test_refused),
        fit_test(test_classes), fit_test(test_class_names), fit_test(test_empirical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
