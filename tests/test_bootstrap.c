/* arrivals.bootstrap: blocks of a log, drawn with replacement; arrivals.sizes: law. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "../models/blocks.h"
#include "../sim/engine/source.h"
#include "scene.h"
#include "setting.h"

enum { N = 60 };

/* A log whose sizes are the numbers of its tasks, from 1, and whose gaps are all different. */
static const char *small_log(double gaps[N])
{
    char text[N * 40], *end = text;
    double time = 5, last = 5;
    for (int i = 0; i < N; i++, last = time, time += 1 + i / 64.0) {
        gaps[i] = time - last;
        end += sprintf(end, "%.6f,%d\n", time, i + 1);
    }
    gaps[0] = (last - 5) / (N - 1); /* what stands for the one that is not known */
    return setting_file("small.csv", text, (size_t)(end - text));
}

static struct source *source_of(struct scenario *s, uint32_t replication)
{
    struct source *source = xcalloc(1, sizeof *source);
    source_begin(source, s, 7, replication);
    return source;
}

static struct scenario *resampled(const char *file, const char *method, const char *block)
{
    return scene("arrivals.process", "trace", "arrivals.file", file, "arrivals.bootstrap.method",
                 method, "arrivals.bootstrap.block", block, NULL);
}

/* What comes is the log's own tasks with their gaps, in blocks as the method has them; and every
 * task as often as any other. */
static void test_blocks(void **state)
{
    (void)state;
    enum { TASKS = 60000 };
    static const char *const methods[] = {"stationary", "circular", "moving"};
    const double each = (double)TASKS / N;
    const int middle = N / 2;
    double gaps[N];
    const char *file = small_log(gaps);
    for (int m = 0; m < 3; m++) {
        struct scenario *s = resampled(file, methods[m], "8");
        struct source *source = source_of(s, 3);
        double time = 0, breaks = 0, wraps = 0, chi = 0;
        int count[N] = {0}, last = -1;
        for (int k = 0; k < TASKS; k++, source_step(source)) {
            struct arrival a = source_peek(source);
            assert_true(a.size >= 1 && a.size <= N && a.class == 0);
            int i = (int)a.size - 1;
            assert_true(a.size == i + 1);
            scene_near(a.time - time, gaps[i], 1e-6);
            bool follows = last >= 0 && i == (last + 1) % N;
            if (m > 0 && k % 8 != 0)
                assert_true(follows);
            breaks += !follows;
            wraps += follows && i == 0 && k % 8 != 0;
            count[i]++;
            last = i;
            time = a.time;
        }
        scene_near(breaks / TASKS, (N - 1.0) / N / 8, 0.004);
        assert_true(m == 2 ? wraps == 0 : wraps > 100);
        for (int i = 0; i < N && m < 2; i++)
            chi += pow(count[i] - each, 2) / each;
        /* tasks of a block come together: as if there were an eighth of them, or less */
        assert_true(chi / 16 < gsl_cdf_chisq_Pinv(0.999, N - 1));
        if (m == 2) /* the first task is in one block of 53, the others of the middle in eight */
            scene_near((double)count[0] / count[middle], 1.0 / 8, 0.03);
        free(source);
        free(s);
    }
}

/* Variance of the sum of n resampled sizes, exactly: of circular blocks from all their sums, of
 * stationary ones by Politis and Romano 1994, lemma 1. */
static double circular_variance(int length)
{
    double squares = 0, mean = length * (N + 1) / 2.0;
    for (int start = 0; start < N; start++) {
        double sum = 0;
        for (int i = 0; i < length; i++)
            sum += (start + i) % N + 1;
        squares += (sum - mean) * (sum - mean);
    }
    return squares / N * N / length;
}

static double covariance_round(int lag)
{
    double sum = 0, mean = (N + 1) / 2.0;
    for (int i = 0; i < N; i++)
        sum += (i + 1 - mean) * ((i + lag) % N + 1 - mean);
    return sum / N;
}

static double stationary_variance(double length)
{
    double sum = covariance_round(0);
    for (int i = 1; i < N; i++)
        sum += 2 * (1 - (double)i / N) * pow(1 - 1 / length, i) * covariance_round(i);
    return sum * N;
}

static void test_variance(void **state)
{
    (void)state;
    enum { DAYS = 4000 };
    double gaps[N];
    const char *file = small_log(gaps);
    for (int m = 0; m < 2; m++) {
        struct scenario *s = resampled(file, m ? "circular" : "stationary", "6");
        double sum = 0, squares = 0, exact = m ? circular_variance(6) : stationary_variance(6);
        for (uint32_t r = 0; r < DAYS; r++) {
            struct source *source = source_of(s, r);
            double work = 0;
            for (int k = 0; k < N; k++, source_step(source))
                work += source_peek(source).size;
            free(source);
            sum += work;
            squares += work * work;
        }
        double mean = sum / DAYS, variance = squares / DAYS - mean * mean;
        scene_near(mean, N * (N + 1) / 2.0, 4 * sqrt(exact / DAYS));
        scene_near(variance, exact, 4 * exact * sqrt(2.0 / DAYS));
        free(s);
    }
}

/* Another rate, other consumers: the same tasks. Another replication: others. */
static void test_common_numbers(void **state)
{
    (void)state;
    double gaps[N];
    const char *file = small_log(gaps);
    const char *trace = internf("arrivals.process=trace; arrivals.file=%s; "
                                "arrivals.bootstrap.block=30s",
                                file);
    struct scenario s, other;
    setting_apply(&s, trace);
    setting_apply(&other, internf("%s; arrivals.scale_rate=4; consumers.count=3", trace));
    struct source *a = source_of(&s, 0), *b = source_of(&other, 0), *c = source_of(&s, 1);
    int same = 0;
    for (int k = 0; k < 1000; k++) {
        assert_true(source_peek(a).size == source_peek(b).size);
        scene_near(source_peek(a).time, 4 * source_peek(b).time, 1e-9);
        same += source_peek(a).size == source_peek(c).size;
        source_step(a);
        source_step(b);
        source_step(c);
    }
    assert_true(same < 60);
    free(a);
    free(b);
    free(c);
}

/* ---- the length of blocks ---- */

/* n tasks a second apart whose sizes are an autoregressive series; 0: independent. */
static double chosen(int n, double correlation, enum blocks_method method)
{
    struct stream stream = stream_of(5, 0, "test");
    char *text = xmalloc((size_t)n * 40), *end = text;
    double x = 0;
    for (int i = 0; i < n; i++) {
        double u = stream_uniform(&stream, 0, (uint64_t)i) - 0.5;
        x = correlation * x + u;
        end += sprintf(end, "%d,%.9f\n", i, 1000 + x);
    }
    const char *file =
        setting_file(internf("ar-%d-%g.csv", n, correlation), text, (size_t)(end - text));
    free(text);
    struct errors errors = {0};
    struct recording recording;
    assert_non_null(table_load(file, (struct place){0}, &errors));
    assert_true(recording_find(file, &recording));
    return blocks_length(&recording, method, &(struct amount){AMOUNT_AUTO, 0});
}

/* Politis and White: (2 G^2 / D n)^(1/3), where for this series G / g(0) = 2 r / (1 - r^2). */
static double best(int n, double r, double d)
{
    return cbrt(2 / d * pow(2 * r / (1 - r * r), 2) * n);
}

static void test_rule(void **state)
{
    (void)state;
    static const double correlations[] = {0.3, 0.5, 0.6};
    for (int i = 0; i < 3; i++) {
        double r = correlations[i], wanted = BLOCKS_LONGER * best(1024, r, 2),
               got = chosen(1024, r, 0);
        print_message("correlation %g: %g tasks, best %.1f\n", r, got, wanted);
        assert_true(got > wanted / 1.7 && got < 1.7 * wanted);
        double ratio = chosen(1024, r, BLOCKS_CIRCULAR) / got;
        scene_near(ratio, cbrt(1.5), 0.12);
    }
    assert_true(chosen(1000, 0, 0) <= 20);        /* the cube root is 10 */
    assert_true(chosen(20480, 0, 0) <= 200);      /* groups of 20; the cube root is 27.4 */
    assert_true(chosen(20480, 0.999, 0) > 1000);  /* correlated over 1000 tasks */
    assert_true(chosen(20480, 0.999, 0) <= 2048); /* and yet ten blocks at least */
    assert_true(chosen(3, 0, 0) == 2);
}

/* Arrivals stay those of the log; task k has the size that it has with any arrivals. */
static void test_drawn_sizes(void **state)
{
    (void)state;
    double gaps[N];
    const char *file = small_log(gaps);
    const char *law = "tasks.size.distribution=exponential; tasks.size.mean=2s";
    struct scenario trace, poisson;
    setting_apply(
        &trace,
        internf("arrivals.process=trace; arrivals.sizes=law; arrivals.file=%s; %s", file, law));
    setting_apply(&poisson, internf("arrivals.rate=1/s; %s", law));
    for (uint32_t r = 0; r < 2; r++) {
        struct source *a = source_of(&trace, r), *b = source_of(&poisson, r);
        double time = 5;
        for (int k = 0; k < N; k++) {
            assert_true(source_peek(a).size == source_peek(b).size);
            time += k ? gaps[k] : 0;
            scene_near(source_peek(a).time, time, 1e-6);
            source_step(a);
            source_step(b);
        }
        assert_true(isinf(source_peek(a).time));
        free(a);
        free(b);
    }
    assert_true(scenario_mean_size(&trace) == 2 && !scenario_repeats(&trace));
}

/* Classes are the log's where it has them, and drawn by their shares where it has not; each with
 * its own law. */
static void test_drawn_classes(void **state)
{
    (void)state;
    static const char with[] = "arrival_s,class\n0,b\n1,a\n2,b\n3,b\n";
    static const char without[] = "arrival_s\n0\n1\n2\n3\n";
    for (int i = 0; i < 2; i++) {
        const char *file = i ? setting_file("without.csv", without, sizeof without - 1)
                             : setting_file("with.csv", with, sizeof with - 1);
        struct scenario s;
        setting_apply(&s, internf("arrivals.process=trace; arrivals.sizes=law; arrivals.file=%s; "
                                  "tasks.classes.0.name=a; tasks.classes.1.name=b; "
                                  "tasks.classes.1.share=0; "
                                  "tasks.classes.0.size.distribution=deterministic; "
                                  "tasks.classes.0.size.value=1s; "
                                  "tasks.classes.1.size.distribution=deterministic; "
                                  "tasks.classes.1.size.value=2s",
                                  file));
        struct source *source = source_of(&s, 0);
        for (int k = 0; k < 4; k++, source_step(source)) {
            uint32_t class = i || k == 1 ? 0 : 1;
            assert_int_equal(source_peek(source).class, class);
            assert_true(source_peek(source).size == class + 1);
        }
        assert_true(i ? scenario_mean_size(&s) == 1 : isnan(scenario_mean_size(&s)));
        free(source);
    }
}

static void refused(const char *settings, const char *says)
{
    struct scenario s;
    struct errors errors = {0};
    assert_false(setting_try(&s, settings, &errors));
    if (!strstr(errors.text[0], says))
        fail_msg("got:      %s\nexpected: %s", errors.text[0], says);
}

static void test_errors(void **state)
{
    (void)state;
    double gaps[N];
    const char *file = small_log(gaps), *times = setting_file("times.csv", "1\n2\n", 4);
    const char *trace = internf("arrivals.process=trace; arrivals.file=%s", file);
    const char *law = "tasks.size.distribution=exponential; tasks.size.mean=2s";
    refused(internf("%s; %s", trace, law), "(arrivals.sizes: law draws them in their place)");
    refused(internf("%s; arrivals.sizes=law", trace), "'tasks.size' is missing");
    refused(internf("arrivals.process=trace; arrivals.file=%s", times),
            "(arrivals.sizes: law does without service_s)");
    refused(internf("%s; arrivals.bootstrap.block=0", trace), "a block holds one task at least");
    refused(internf("%s; arrivals.bootstrap.method=stationery", trace),
            "did you mean 'stationary'");
    refused(internf("%s; arrivals.bootstrap.block=auto",
                    internf("arrivals.process=trace; arrivals.file=%s",
                            setting_file("once.csv", "1,1\n1,1\n", 8))),
            "arrive at the same time");
    struct scenario s;
    setting_apply(&s, internf("arrivals.process=trace; arrivals.file=%s; arrivals.sizes=law; %s",
                              times, law));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),         cmocka_unit_test(test_variance),
        cmocka_unit_test(test_common_numbers), cmocka_unit_test(test_rule),
        cmocka_unit_test(test_drawn_sizes),    cmocka_unit_test(test_drawn_classes),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
