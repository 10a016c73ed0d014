/* Bounds that buckets leave (sim/metrics/bins.h): of quantiles, mean and variation, of the values
 * that were counted and of the law behind them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/metrics/bins.h"
#include "scene.h"

enum { VALUES = 100000 };

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Values of an exponential law of mean 1, rising. */
static double *draw_values(void)
{
    double *x = malloc(VALUES * sizeof *x);
    struct stream stream = stream_of(7, 0, "test");
    for (uint64_t k = 0; k < VALUES; k++)
        x[k] = -log(stream_uniform(&stream, 0, k));
    qsort(x, VALUES, sizeof *x, rising);
    return x;
}

static struct bins count_values(const double *x, const double *edges, size_t n, bool summed)
{
    struct bins bins = {.bin = calloc(n + 1, sizeof *bins.bin), .n = n + 1, .sum = NAN};
    double low = 0, sum = 0;
    for (size_t i = 0; i <= n; i++) {
        bins.bin[i] = (struct bin){low, i < n ? edges[i] : INFINITY, 0};
        low = i < n ? edges[i] : low;
    }
    for (size_t k = 0, i = 0; k < VALUES; k++) {
        while (i < n && x[k] > edges[i])
            i++;
        bins.bin[i].count++;
        sum += x[k];
    }
    if (summed)
        bins.sum = sum;
    bins_make(&bins);
    return bins;
}

static void test_bounds_hold_the_truth(void **state)
{
    (void)state;
    static const double edges[2][11] = {{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
                                        {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 2, 3}};
    double *x = draw_values(), mean = 0, squares = 0;
    for (int k = 0; k < VALUES; k++) {
        mean += x[k] / VALUES;
        squares += x[k] * x[k] / VALUES;
    }
    double cv2 = squares / mean / mean - 1;
    for (int i = 0; i < 4; i++) {
        struct bins bins = count_values(x, edges[i / 2], 11, i % 2);
        for (int k = 1; k < VALUES; k++) {
            double p = (double)k / VALUES;
            struct bounds at = bins_quantile(&bins, p);
            double truth = x[k - 1];
            assert_true(at.low <= truth && truth <= at.high);
            struct bounds of_law = bins_law_quantile(&bins, p, 0.999);
            if (k % 1000 == 0)
                assert_true(of_law.low <= -log(1 - p) && -log(1 - p) <= of_law.high);
        }
        struct bounds at = bins_mean(&bins), of_cv2 = bins_cv2(&bins);
        assert_true(at.low <= mean * (1 + 1e-12) && mean <= at.high * (1 + 1e-12));
        assert_true(of_cv2.low <= cv2 && cv2 <= of_cv2.high);
        assert_true(x[VALUES - 1] <= bins_largest(&bins));
        assert_true(isinf(of_cv2.high) == (i % 2 == 0));
        assert_true(isinf(bins_quantile(&bins, 0.9999999).high) == (i % 2 == 0));
        bins_free(&bins);
    }
    free(x);
}

/* Of samples of 200 values in fine bins, the bounds of the law hold its quantile in 95 % at least.
 */
static void test_bounds_of_the_law_cover_it(void **state)
{
    (void)state;
    enum { SAMPLES = 1000, SIZE = 200, BINS = 400 };
    static const double p[] = {0.5, 0.9, 0.99};
    struct stream stream = stream_of(9, 0, "test");
    int held[3] = {0}, of_values[3] = {0};
    for (int sample = 0; sample < SAMPLES; sample++) {
        struct bins bins = {.n = BINS, .bin = calloc(BINS, sizeof *bins.bin), .sum = NAN};
        for (int i = 0; i < BINS; i++)
            bins.bin[i] = (struct bin){i * 0.025, i + 1 < BINS ? (i + 1) * 0.025 : INFINITY, 0};
        for (int k = 0; k < SIZE; k++) {
            double x = -log(stream_uniform(&stream, 0, (uint64_t)sample * SIZE + (uint64_t)k));
            bins.bin[x < 9.9 ? (int)(x / 0.025) : BINS - 1].count++;
        }
        bins_make(&bins);
        for (int q = 0; q < 3; q++) {
            double truth = -log(1 - p[q]);
            struct bounds at = bins_law_quantile(&bins, p[q], 0.95),
                          of = bins_quantile(&bins, p[q]);
            held[q] += at.low <= truth && truth <= at.high;
            of_values[q] += of.low <= truth && truth <= of.high;
        }
        bins_free(&bins);
    }
    for (int q = 0; q < 3; q++) {
        assert_true(held[q] >= 0.945 * SAMPLES && held[q] <= 0.999 * SAMPLES);
        assert_true(of_values[q] < 0.5 * SAMPLES); /* which do not claim it */
    }
}

static void test_bounds_are_tight(void **state)
{
    (void)state;
    struct bins bins = {.n = 3, .bin = calloc(3, sizeof *bins.bin), .sum = 100};
    bins.bin[0] = (struct bin){0, 1, 50};
    bins.bin[1] = (struct bin){1, 2, 40};
    bins.bin[2] = (struct bin){2, 4, 10};
    bins_make(&bins);
    struct bounds cv2 = bins_cv2(&bins);
    /* Even: 50 at 0.8, 40 at 1, 10 at 2: the lowest bin is drawn up to x = 1 and stops at what is
     * left: 100 = 50 x + 40 + 20. */
    scene_near(cv2.low, (50 * 0.64 + 40 + 40) / 100 - 1, 1e-9);
    /* Uneven: lower ends come to 60; 20 more take the top to 4, 20 more 20 of the 40 to 2. */
    scene_near(cv2.high, (10 * 16.0 + 20 * 4 + 20 * 1) / 100 - 1, 1e-9);
    struct bin value[6];
    for (int uneven = 0; uneven < 2; uneven++) {
        size_t n = bins_extreme(&bins, uneven, value);
        double total = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            total += value[i].count;
            sum += value[i].count * value[i].low;
            squares += value[i].count * value[i].low * value[i].low;
        }
        scene_near(total, 100, 1e-9);
        scene_near(sum, 100, 1e-7);
        scene_near(squares / 100 - 1, uneven ? cv2.high : cv2.low, 1e-7);
    }
    bins.sum = NAN; /* no sum: looked for by brute force over what the sum may be */
    cv2 = bins_cv2(&bins);
    double low = INFINITY, high = 0;
    for (double sum = 60; sum <= 170; sum += 0.25) {
        bins.sum = sum;
        struct bounds at = bins_cv2(&bins);
        low = fmin(low, at.low);
        high = fmax(high, at.high);
    }
    scene_near(cv2.low, low, 1e-4);
    scene_near(cv2.high, high, 1e-3);
    assert_true(cv2.low <= low + 1e-12 && cv2.high >= high - 1e-12);
    bins_free(&bins);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_hold_the_truth),
        cmocka_unit_test(test_bounds_of_the_law_cover_it),
        cmocka_unit_test(test_bounds_are_tight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
