/*
 * What a change of a network leaves as it was: draws are keyed by the names of what draws, so that
 * a stage that nobody comes to, another order of the stages, and another name of one of them change
 * nothing elsewhere. And what a picture of a network says of itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "program.h"

#define HEAD                                                                                       \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"                                       \
    "run: {tasks: 2k, replications: 4}\n"                                                          \
    "sources: {main: {rate: 0.6/s, to: a}, more: {rate: 0.1/s, to: b}}\n"

static const char *columns_of(const char *text)
{
    static int runs;
    const char *name = internf("s%d", ++runs);
    file_write(internf("%s.yaml", name), text);
    assert_status(internf("run %s.yaml -q -o %s", name, name), 0);
    return file_text(internf("%s/columns.csv", name));
}

/* The row of a stage, behind its name. */
static const char *row_of(const char *columns, const char *stage)
{
    const char *at = strstr(columns, internf("\n%s,", stage));
    if (!at)
        fail_msg("no row of %s in\n%s", stage, columns);
    at += strlen(stage) + 2;
    return internf("%.*s", (int)strcspn(at, "\n"), at);
}

static void test_a_share_of_nothing(void **state)
{
    (void)state;
    const char *without = columns_of(HEAD "stages: {a: {to: {b: 90%}, calls: [d]}, b: {}, "
                                          "d: {consumers: {count: 4}}}\n");
    const char *with = columns_of(
        HEAD "stages: {a: {to: {b: 90%, c: 0%}, calls: [d, {stage: e, share: 0%}]}, b: {}, "
             "d: {consumers: {count: 4}}, c: {to: {all: [b, d]}}, e: {replicas: 3}}\n");
    assert_string_equal(row_of(without, "a"), row_of(with, "a"));
    assert_string_equal(row_of(without, "b"), row_of(with, "b"));
    assert_string_equal(row_of(without, "d"), row_of(with, "d"));
    assert_non_null(strstr(with, "\nc,all,,,0,0,"));
}

static void test_another_order(void **state)
{
    (void)state;
    const char *one = columns_of(HEAD "stages: {a: {to: {b: 60%, c: 40%}}, b: {replicas: 3, "
                                      "balancer: least-requests}, c: {size: 1200ms}}\n");
    const char *other = columns_of(HEAD "stages: {c: {size: 1200ms}, b: {replicas: 3, balancer: "
                                        "least-requests}, a: {to: {b: 60%, c: 40%}}}\n");
    static const char *const stages[] = {"a", "b", "c", "all"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(row_of(one, stages[i]), row_of(other, stages[i]));
}

static void test_another_name(void **state)
{
    (void)state;
    const char *one = columns_of(HEAD "stages: {a: {to: {b: 60%, c: 40%}}, b: {}, c: {}}\n");
    const char *other = columns_of(HEAD "stages: {a: {to: {b: 60%, new: 40%}}, b: {}, new: {}}\n");
    assert_string_equal(row_of(one, "a"), row_of(other, "a"));
    assert_string_equal(row_of(one, "b"), row_of(other, "b"));
    assert_string_not_equal(row_of(one, "c"), row_of(other, "new"));
}

/* The counts of every row of `main`, a line each. */
static const char *counts_of(const char *columns)
{
    enum { FIELDS = 8 }; /* stage,class,parameter,value,offered,completed,lost,unfinished */
    const char *counts = "";
    for (const char *at = strchr(columns, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
        const char *end = at + 1;
        for (int i = 0; i < FIELDS; i++)
            end = strchr(end, ',') + 1;
        if (strncmp(at + 1, "main,", 5) == 0)
            counts = internf("%s%.*s\n", counts, (int)(end - at - 1), at + 1);
    }
    return counts;
}

/* A drift moves sources, sizes, shares and speeds of a network as of a single stage: the same tasks
 * come, and go, in every slice. */
static void test_drifts(void **state)
{
    (void)state;
    static const char *const moving[][2] = {
        {"arrivals.rate, from: 0.1/s, to: 0.9/s", "sources.main.rate, from: 0.1/s, to: 0.9/s"},
        {"tasks.size.mean, from: 0.1s, to: 1s", NULL},
        {"tasks.classes.b.share, from: 10%, to: 300%", NULL},
        {"consumers.speed, from: 5, to: 1", "stages.main.consumers.speed, from: 5, to: 1"}};
    const char *tasks = "tasks: {size: {distribution: exponential, mean: 1s}, classes: [{name: a, "
                        "share: 30%}, {name: b, share: 70%, size: 500ms}]}\n"
                        "run: {duration: 2000s, replications: 2}\n";
    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++) {
        const char *sweep = "sweep: {mode: drift, steps: 4, parameter:";
        const char *other = moving[i][1] ? moving[i][1] : moving[i][0];
        const char *one =
            columns_of(internf("%sarrivals: {rate: 0.5/s}\n%s %s}\n", tasks, sweep, moving[i][0]));
        const char *two = columns_of(internf("%ssources: {main: {rate: 0.5/s}}\n%s %s}\n"
                                             "stages: {main: {reply: true}}\n",
                                             tasks, sweep, other));
        const char *counts = counts_of(two);
        if (strncmp(other, "tasks", 5) != 0) /* the parameter is a column */
            for (const char *at; (at = strstr(counts, i == 0 ? "sources.main.rate"
                                                             : "stages.main.consumers.speed"));)
                counts =
                    internf("%.*s%s%s", (int)(at - counts), counts,
                            i == 0 ? "arrivals.rate" : "consumers.speed", at + strcspn(at, ","));
        assert_string_equal(counts_of(one), counts);
    }
}

/* What the picture holds is the scenario: it is run again to the same bytes. */
static void test_pictures_of_networks_run_again(void **state)
{
    (void)state;
    file_write("n.yaml", "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                         "arrivals: {rate: 0.2/s}\n"
                         "run: {tasks: 500, replications: 2}\n"
                         "stages:\n"
                         "  a: {calls: [[b, {stage: c, share: 30%}]], to: {all: [d, e]}}\n"
                         "  b: {replicas: [{count: 2}, {count: 1, consumers: {speed: 0.5}}], "
                         "balancer: {algorithm: least-requests, choices: 2}}\n"
                         "  c: {consumers: {count: unlimited}, size: carried}\n"
                         "  d: {to: f, delay: 1s}\n"
                         "  e: {consumers: d, to: f}\n"
                         "  f: {join: all, size: 1ms}\n"
                         "sweep: {parameter: stages.b.size, values: [1s, 2s]}\n");
    assert_status("run n.yaml -q -o one --set stages.b.size=1s", 0);
    assert_status("run one/spectrogram.png -q -o two", 0);
    assert_status("run one/scenario.yaml -q -o three", 0);
    assert_true(files_equal("one/columns.csv", "two/columns.csv"));
    assert_true(files_equal("one/spectrogram.png", "two/spectrogram.png"));
    assert_true(files_equal("one/columns.csv", "three/columns.csv"));
    assert_true(files_equal("one/scenario.yaml", "three/scenario.yaml"));
}

static void test_check_tells_of_networks(void **state)
{
    (void)state;
    file_write("n.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                         "stages: {a: {to: {b: 70%}, consumers: {count: 2}}, "
                         "b: {replicas: 3, size: 100ms, balancer: round-robin}}\n"
                         "sweep: {parameter: arrivals.rate, from: 0.5/s, to: 4/s, steps: 9}\n");
    assert_status("check n.yaml", 0);
    assert_says("stdout", "  a network of 2 stages (4 replicas together), fed by 1 source\n");
    assert_says("stdout", "  offered utilization of 'a', which has most to do: 25 % to 200 %, 100 "
                          "% at arrivals.rate = 2 /s\n");
    assert_status("check n.yaml --set 'stages.*.consumers.count=8' --set stages.a.to=exit", 2);
    assert_says("stderr", "n.yaml:3:52: error: stages.b: no task ever comes here");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_share_of_nothing),
        IN_FOLDER(test_another_order),
        IN_FOLDER(test_another_name),
        IN_FOLDER(test_drifts),
        IN_FOLDER(test_pictures_of_networks_run_again),
        IN_FOLDER(test_check_tells_of_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
