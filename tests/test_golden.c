/* Golden results: their text, and when two runs differ by more than luck. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/golden/golden.h"
#include "../sim/result/run.h"
#include "scene.h"

#define HEAD                                                                                       \
    "format,1\nversion,0.1.0\nseed,1\ntasks,1000\nrecorded,no\nkey,arrivals.rate,4/s\n"            \
    "at,class,figure,value,low95,high95,degrees\n"

static struct golden read_text(const char *text)
{
    struct golden golden;
    struct errors errors = {0};
    if (!golden_read("x.golden.csv", text, &golden, &errors))
        fail_msg("%s\n%s", errors.text[0], text);
    return golden;
}

/* The pair that two goldens of one line make. */
static struct golden_pair pair_of(const char *before, const char *after)
{
    static struct golden a, b; /* outlive the pair */
    static struct golden_pairs pairs;
    golden_free(&a);
    golden_free(&b);
    free(pairs.pairs);
    a = read_text(before);
    b = read_text(after);
    golden_compare(&a, &b, &pairs);
    assert_true(pairs.n >= 1);
    return pairs.pairs[0];
}

static struct golden_pair lines(const char *before, const char *after)
{
    return pair_of(internf(HEAD "%s\n", before), internf(HEAD "%s\n", after));
}

static bool is(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(b);
}

static void test_text_reads_back(void **state)
{
    (void)state;
    struct scenario *s = scene(
        "arrivals.rate", "1.5/s", "tasks.classes.0.name", "gold",
        "tasks.classes.0.size.distribution", "exponential", "tasks.classes.0.size.mean", "300ms",
        "tasks.classes.1.name", "rest", "tasks.classes.1.size.distribution", "deterministic",
        "tasks.classes.1.size.value", "500ms", "sweep.parameter", "consumers.count", "sweep.values",
        "1,2", "run.tasks", "4k", "run.replications", "4", NULL);
    struct result *result = scene_run(s, 1);
    struct golden golden, again;
    golden_of(result, &golden);
    assert_int_equal(golden.n, 2 * (2 * 7 + 9 + 1));
    char *text = golden_text(&golden);
    again = read_text(text);
    char *second = golden_text(&again);
    assert_string_equal(text, second);
    struct golden_pairs pairs;
    golden_compare(&again, &golden, &pairs);
    assert_int_equal(pairs.n, golden.n);
    for (size_t i = 0; i < pairs.n; i++)
        assert_int_equal(pairs.pairs[i].verdict, GOLDEN_SAME);
    assert_null(golden_changes(&again, &golden));
    /* What columns.csv says stands in it. */
    const struct row *row = result_row(result, 1, 2);
    for (size_t i = 0; i < golden.n; i++) {
        const struct golden_line *line = &golden.lines[i];
        if (line->at == 2 && strcmp(line->class, "all") == 0 && line->figure == 0) {
            assert_true(line->value == row->latency_mean);
            assert_true(is(line->high - line->value, row->latency_mean_ci95));
            assert_true(line->degrees == 3);
        }
    }
    free(pairs.pairs);
    free(text);
    free(second);
    golden_free(&golden);
    golden_free(&again);
    result_free(result);
    free(s);
}

static void refused(const char *text, const char *message)
{
    struct golden golden;
    struct errors errors = {0};
    if (golden_read("x.golden.csv", text, &golden, &errors))
        fail_msg("taken:\n%s", text);
    if (!strstr(errors.text[0], message))
        fail_msg("'%s' is not in: %s", message, errors.text[0]);
}

static void test_what_is_no_golden_result_is_refused_with_its_line(void **state)
{
    (void)state;
    refused("", "x.golden.csv:1:1: error: not a golden result: it ends before its figures");
    refused(HEAD, "it ends before its figures");
    refused("<<<<<<< HEAD\n" HEAD, "x.golden.csv:1:1: error: not a golden result: '<<<<<<< HEAD'");
    refused("format,2\n", "format 2; this version of queuescope reads format 1");
    refused(HEAD "8,all,p99,1,1,1,7\n", "x.golden.csv:8:1: error: not a golden result: 'p99' is no "
                                        "figure");
    refused(HEAD "8,all,loss_fraction,x,0,1,7\n", "'x' is no number");
    refused(HEAD "8,all,loss_fraction,inf,0,1,7\n", "'inf' is no number");
    refused(HEAD "8,all,loss_fraction,0.5,0,1\n", "a figure has 7 fields");
    refused(HEAD "8,all,loss_fraction,0.5,0.6,1,7\n", "an interval that does not hold its figure");
    refused(HEAD "8,all,loss_fraction,0.5,0.4,0.6,\n", "without degrees of freedom");
    refused(HEAD "8,all,loss_fraction,0.5,,0.6,7\n", "an interval that does not hold its figure");
    refused(HEAD "8,all,stable,perhaps,,,\n", "'perhaps' is none of yes, no, unknown");
    refused(HEAD "8,\"all\"x,loss_fraction,0.5,0,1,7\n", "a quote within a field");
    refused(HEAD "8,all,loss_fraction,0.5,0,1,7,8,9\n", "too many fields");
    refused(HEAD "8,a\tb\x01,loss_fraction,0.5,0,1,7\n", "control characters, or not UTF-8");
}

/* Student's t of two ratios, with Satterthwaite's degrees of freedom, worked out by hand. */
static void test_the_p_value_is_welchs(void **state)
{
    (void)state;
    struct golden_pair pair = lines(",all,utilization,0.5,0.48,0.52,7", /* */
                                    ",all,utilization,0.53,0.52,0.54,15");
    double a = 0.02 / gsl_cdf_tdist_Qinv(0.025, 7), b = 0.01 / gsl_cdf_tdist_Qinv(0.025, 15);
    double sum = a * a + b * b, degrees = sum * sum / (pow(a, 4) / 7 + pow(b, 4) / 15);
    assert_true(is(pair.p, 2 * gsl_cdf_tdist_Q(0.03 / sqrt(sum), degrees)));
    assert_true(is(pair.ratio, 1.06));
    assert_true(pair.low > 1.01 && pair.low < 1.06 && pair.high > 1.06 && pair.high < 1.12);
    /* The same apart the other way round. */
    struct golden_pair back =
        lines(",all,utilization,0.53,0.52,0.54,15", ",all,utilization,0.5,0.48,0.52,7");
    assert_true(is(pair.p, back.p));
}

/* Times are compared by their reciprocals, and losses by their roots. */
static void test_the_scale_of_times_and_losses(void **state)
{
    (void)state;
    double t = gsl_cdf_tdist_Qinv(0.025, 7);
    double a = (1 - 1 / 1.1) / t, b = (1 / 1.2 - 1 / 1.4) / t;
    struct golden_pair pair = lines(",all,wait_mean,1,0.9,1.1,7", ",all,wait_mean,1.4,1.2,1.6,7");
    double sum = a * a + b * b, degrees = 7 * sum * sum / (pow(a, 4) + pow(b, 4));
    assert_true(is(pair.p, 2 * gsl_cdf_tdist_Q((1 - 1 / 1.4) / sqrt(sum), degrees)));
    pair =
        lines(",all,loss_fraction,0.01,0.0064,0.0144,7", ",all,loss_fraction,0.04,0.0324,0.0484,7");
    a = b = 0.02 / t;
    assert_true(is(pair.p, 2 * gsl_cdf_tdist_Q(0.1 / sqrt(a * a + b * b), 14)));
}

static void test_the_side_that_faces_the_other_counts(void **state)
{
    (void)state;
    const char *skewed = ",all,latency_p99,1,0.95,1.2,7";
    double above = lines(skewed, ",all,latency_p99,1.2,1.17,1.23,7").p;
    double below = lines(skewed, ",all,latency_p99,0.8,0.78,0.82,7").p;
    assert_true(above > 0.02 && above < 0.2);
    assert_true(below < 1e-4);
}

static void test_figures_within_their_resolution_do_not_differ(void **state)
{
    (void)state;
    /* A bucket of the histogram is up to 1/128 wide. */
    assert_true(
        lines(",all,latency_p50,1,0.9999,1.0001,7", ",all,latency_p50,1.007,1.0069,1.0071,7").p ==
        1);
    assert_true(
        lines(",all,latency_p50,1,0.9999,1.0001,7", ",all,latency_p50,1.009,1.0089,1.0091,7").p <
        1e-6);
    /* Figures that do not vary at all. */
    assert_true(lines(",all,latency_mean,1,1,1,7", ",all,latency_mean,1.0000000000001,"
                                                   "1.0000000000001,1.0000000000001,7")
                    .p == 1);
    assert_true(
        lines(",all,latency_mean,1,1,1,7", ",all,latency_mean,1.00001,1.00001,1.00001,7").p == 0);
    assert_true(lines(",all,wait_mean,0,0,0,7", ",all,wait_mean,0,0,0,7").verdict == GOLDEN_SAME);
}

/* None lost of which up to 0.3 % may have been (the rule of three), and then 0.1 %, and 5 %. */
static void test_losses_where_none_was_lost(void **state)
{
    (void)state;
    const char *none = ",all,loss_fraction,0,0,0.003,7";
    assert_true(lines(none, ",all,loss_fraction,0.001,0.0005,0.0017,7").p > 0.05);
    assert_true(lines(none, ",all,loss_fraction,0.05,0.045,0.055,7").p < 1e-3);
    assert_true(isnan(lines(none, ",all,loss_fraction,0.05,0.045,0.055,7").ratio));
}

static void test_columns_and_classes_that_come_and_go(void **state)
{
    (void)state;
    struct golden a = read_text(HEAD "7,all,throughput,4,3.9,4.1,7\n8,all,throughput,4,3.9,4.1,7\n"
                                     "8,gold,wait_mean,1,0.9,1.1,7\n");
    struct golden b = read_text(HEAD "8,all,throughput,4,3.9,4.1,7\n9,all,throughput,4,3.9,4.1,7\n"
                                     "8,or,wait_mean,1,0.9,1.1,7\n");
    struct golden_pairs pairs;
    golden_compare(&a, &b, &pairs);
    assert_int_equal(pairs.n, 5);
    assert_int_equal(pairs.pairs[0].verdict, GOLDEN_SAME);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(pairs.pairs[i].verdict, GOLDEN_OPEN);
        assert_string_equal(pairs.pairs[i].why, "not blessed yet");
    }
    for (int i = 3; i < 5; i++)
        assert_string_equal(pairs.pairs[i].why, "no longer there");
    free(pairs.pairs);
    golden_free(&a);
    golden_free(&b);
}

/* Without an interval, digits count where they must be the same, and only there. */
static void test_figures_without_an_interval(void **state)
{
    (void)state;
    const char *a = HEAD ",all,latency_p999,1,,,\n", *b = HEAD ",all,latency_p999,2,,,\n";
    assert_int_equal(pair_of(a, a).verdict, GOLDEN_SAME);
    assert_int_equal(pair_of(a, b).verdict, GOLDEN_DIFFERS);
    static const char *const other[][2] = {
        {"seed,1", "seed,2"}, {"version,0.1.0", "version,0.2.0"}, {"4/s", "5/s"}};
    for (size_t i = 0; i < 3; i++) {
        const char *at = strstr(b, other[i][0]);
        const char *changed =
            internf("%.*s%s%s", (int)(at - b), b, other[i][1], at + strlen(other[i][0]));
        struct golden_pair pair = pair_of(a, changed);
        assert_int_equal(pair.verdict, GOLDEN_OPEN);
        assert_non_null(strstr(pair.why, "no honest interval"));
    }
    assert_int_equal(lines(",all,latency_p999,,,,", ",all,latency_p999,1,0.9,1.1,7").verdict,
                     GOLDEN_DIFFERS);
}

static void test_recorded_tasks_are_compared_by_value(void **state)
{
    (void)state;
    const char *text = "format,1\nversion,%s\nseed,%d\nrecorded,yes\n"
                       "at,class,figure,value,low95,high95,degrees\n,all,wait_mean,%s,,,\n";
    const char *a = internf(text, "0.1.0", 1, "1"); /* NOLINT(clang-diagnostic-format-nonliteral) */
    assert_int_equal(pair_of(a, internf(text, "0.2.0", 1, "1.000000000001")).verdict, GOLDEN_HOLDS);
    assert_int_equal(pair_of(a, internf(text, "0.2.0", 1, "1.001")).verdict, GOLDEN_DIFFERS);
    assert_int_equal(pair_of(a, internf(text, "0.2.0", 2, "1.001")).verdict, GOLDEN_OPEN);
}

static void test_a_queue_that_begins_to_grow_differs(void **state)
{
    (void)state;
    struct golden_pair pair = lines(",all,stable,yes,,,", ",all,stable,no,,,");
    assert_int_equal(pair.verdict, GOLDEN_DIFFERS);
    assert_string_equal(pair.why, "was stable, and is not");
    assert_int_equal(lines(",all,stable,no,,,", ",all,stable,yes,,,").verdict, GOLDEN_DIFFERS);
    assert_int_equal(lines(",all,stable,yes,,,", ",all,stable,yes,,,").verdict, GOLDEN_SAME);
    assert_int_equal(lines(",all,stable,yes,,,", ",all,stable,unknown,,,").verdict, GOLDEN_OPEN);
}

/* Holm over all folders: 0.01 / 3 is needed first, 0.01 / 2 then. */
static void test_all_are_judged_together(void **state)
{
    (void)state;
    struct golden_pair pairs[] = {{.p = 0.004, .verdict = GOLDEN_HOLDS},
                                  {.p = NAN, .verdict = GOLDEN_DIFFERS},
                                  {.p = 0.003, .verdict = GOLDEN_HOLDS},
                                  {.p = 0.02, .verdict = GOLDEN_HOLDS}};
    struct golden_pairs two[] = {{pairs, 2}, {pairs + 2, 2}};
    assert_int_equal(golden_judge(two, 2, 0.01), 3);
    assert_int_equal(pairs[0].verdict, GOLDEN_DIFFERS);
    assert_int_equal(pairs[2].verdict, GOLDEN_DIFFERS);
    assert_int_equal(pairs[3].verdict, GOLDEN_HOLDS);
    pairs[0].verdict = pairs[2].verdict = GOLDEN_HOLDS;
    pairs[2].p = 0.0035; /* above 0.01 / 3: nobody */
    assert_int_equal(golden_judge(two, 2, 0.01), 1);
}

static void test_what_of_the_scenario_changed(void **state)
{
    (void)state;
    struct golden a = read_text(HEAD ",all,wait_mean,1,0.9,1.1,7\n");
    struct golden b = read_text("format,1\nversion,1\nseed,2\nkey,arrivals.rate,5/s\n"
                                "key,buffer.capacity,6\n"
                                "at,class,figure,value,low95,high95,degrees\n"
                                ",all,wait_mean,1,0.9,1.1,7\n");
    assert_string_equal(golden_changes(&a, &b), "arrivals.rate: 4/s -> 5/s\n"
                                                "buffer.capacity: not given -> 6");
    assert_string_equal(golden_changes(&b, &a), "arrivals.rate: 5/s -> 4/s\n"
                                                "buffer.capacity: 6 -> not given");
    b.keys[1].usual = true; /* as of a key that an earlier version did not know */
    assert_string_equal(golden_changes(&a, &b), "arrivals.rate: 4/s -> 5/s");
    golden_free(&a);
    golden_free(&b);
}

static struct golden simulated(struct scenario *s, int seed, double rate)
{
    struct golden golden;
    s->seed = seed;
    s->arrivals.rate = rate;
    struct result *result = run_scenario(s, &(struct run_options){.engine = engine_for(s)});
    golden_of(result, &golden);
    result_free(result);
    return golden;
}

/* Other seeds pass; 3 % more traffic does not. */
static void test_luck_and_change(void **state)
{
    (void)state;
    struct scenario *s =
        scene("tasks.size.distribution", "exponential", "tasks.size.mean", "1s", "arrivals.rate",
              "3/s", "consumers.count", "4", "run.tasks", "40k", NULL);
    struct golden first = simulated(s, 1, 3);
    int alarms = 0, found = 0;
    for (int seed = 2; seed < 22; seed++) {
        for (int more = 0; more < 2; more++) {
            struct golden_pairs pairs;
            struct golden other = simulated(s, seed, more ? 3.09 : 3);
            golden_compare(&first, &other, &pairs);
            int *count = more ? &found : &alarms;
            *count += golden_judge(&pairs, 1, 0.01) > 0;
            free(pairs.pairs);
            golden_free(&other);
        }
    }
    assert_int_equal(alarms, 0);
    assert_int_equal(found, 20);
    golden_free(&first);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_reads_back),
        cmocka_unit_test(test_what_is_no_golden_result_is_refused_with_its_line),
        cmocka_unit_test(test_the_p_value_is_welchs),
        cmocka_unit_test(test_the_scale_of_times_and_losses),
        cmocka_unit_test(test_the_side_that_faces_the_other_counts),
        cmocka_unit_test(test_figures_within_their_resolution_do_not_differ),
        cmocka_unit_test(test_losses_where_none_was_lost),
        cmocka_unit_test(test_columns_and_classes_that_come_and_go),
        cmocka_unit_test(test_figures_without_an_interval),
        cmocka_unit_test(test_recorded_tasks_are_compared_by_value),
        cmocka_unit_test(test_a_queue_that_begins_to_grow_differs),
        cmocka_unit_test(test_all_are_judged_together),
        cmocka_unit_test(test_what_of_the_scenario_changed),
        cmocka_unit_test(test_luck_and_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
