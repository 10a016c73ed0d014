/* The warm-up rule: what it cuts, when it cannot tell, and that its memory is bounded. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/engine/recorder.h"
#include "../sim/engine/warmup.h"

/* Normal-ish noise: sum of 12 uniforms less 6. */
static double noise(const struct stream *s, uint64_t k)
{
    double sum = -6;
    for (uint32_t i = 0; i < 12; i++)
        sum += stream_uniform(s, i, k);
    return sum;
}

static void cuts_a_step(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 0, "test");
    double y[400];
    for (int i = 0; i < 400; i++)
        y[i] = noise(&s, (uint64_t)i) + (i < 60 ? 20 : 0);
    size_t d = warmup_truncation(y, 400);
    assert_in_range(d, 60, 75);
}

static void cuts_an_exponential_start(void **state)
{
    (void)state;
    struct stream s = stream_of(2, 0, "test");
    double y[1000];
    for (int i = 0; i < 1000; i++)
        y[i] = 0.5 * noise(&s, (uint64_t)i) - 30 * exp(-i / 50.0);
    size_t d = warmup_truncation(y, 1000);
    assert_in_range(d, 150, 400); /* the bias is down to 1.5 and 0.01 there */
}

/* The definition, without the running sums. */
static size_t truncation_by_definition(const double *y, size_t n)
{
    size_t best_at = n;
    double best = INFINITY;
    for (size_t d = 0; d + WARMUP_TAIL < n; d++) {
        double mean = 0, squares = 0, kept = (double)(n - d);
        for (size_t i = d; i < n; i++)
            mean += y[i] / kept;
        for (size_t i = d; i < n; i++)
            squares += (y[i] - mean) * (y[i] - mean);
        if (squares / kept / kept < best) {
            best = squares / kept / kept;
            best_at = d;
        }
    }
    return best_at;
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct stream s = stream_of(seed, 0, "test");
        double y[120], sum = 0;
        for (int i = 0; i < 120; i++)
            y[i] = sum = 0.9 * sum + noise(&s, (uint64_t)i);
        assert_int_equal(warmup_truncation(y, 120), truncation_by_definition(y, 120));
    }
}

static void a_growing_series_does_not_settle(void **state)
{
    (void)state;
    struct series series = {0};
    for (int i = 0; i < 5000; i++)
        series_add(&series, i);
    assert_int_equal(series.n, 1000);
    assert_false(warmup_settled(&series));
    series_free(&series);
}

static void a_level_series_settles(void **state)
{
    (void)state;
    struct stream s = stream_of(3, 0, "test");
    struct series series = {0};
    for (uint64_t i = 0; i < 5000; i++)
        series_add(&series, noise(&s, i));
    assert_true(warmup_settled(&series));
    series_free(&series);
}

static void too_short_is_not_settled(void **state)
{
    (void)state;
    struct series series = {0};
    assert_false(warmup_settled(&series));
    for (int i = 0; i < 49; i++) /* 9 batches and a piece */
        series_add(&series, 1);
    assert_int_equal(series.n, 9);
    assert_false(warmup_settled(&series));
    series_add(&series, 1);
    assert_true(warmup_settled(&series));
    series_free(&series);
    assert_null(series.mean);
}

static void memory_is_bounded_and_means_are_kept(void **state)
{
    (void)state;
    struct series series = {0};
    const uint64_t n = 1000000;
    for (uint64_t i = 0; i < n; i++)
        series_add(&series, (double)i);
    assert_true(series.n < SERIES_LIMIT);
    assert_int_equal(series.n * series.per_batch + series.in_open, n);
    double sum = 0;
    for (size_t i = 0; i < series.n; i++)
        sum += series.mean[i] * (double)series.per_batch;
    double added = (double)(n - series.in_open);
    assert_true(fabs(sum - added * (added - 1) / 2) <= 1e-9 * sum);
    series_free(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_a_step),
        cmocka_unit_test(cuts_an_exponential_start),
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(a_growing_series_does_not_settle),
        cmocka_unit_test(a_level_series_settles),
        cmocka_unit_test(too_short_is_not_settled),
        cmocka_unit_test(memory_is_bounded_and_means_are_kept),
    };
    return cmocka_run_group_tests_name("warmup", tests, NULL, NULL);
}
