/* sim/engine/histogram.h: edges, counts, quantiles, merging, packing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/engine/histogram.h"

enum { SAMPLES = 20000 };

static gsl_rng *generator(unsigned long seed)
{
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(r, seed);
    return r;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void every_edge_opens_its_bucket(void **state)
{
    (void)state;
    assert_true(histogram_low(0) == 0x1p-30);
    assert_true(histogram_high(HIST_BUCKETS - 1) == 0x1p34);
    for (int i = 0; i < HIST_BUCKETS; i++) {
        double low = histogram_low(i), high = histogram_high(i);
        assert_true(low < high);
        assert_int_equal(histogram_index(low), i);
        assert_int_equal(histogram_index(nextafter(high, 0)), i);
        assert_true(i == HIST_BUCKETS - 1 || histogram_low(i + 1) == high);
        assert_true((high - low) / low <= 1.0 / 128 && (high - low) / high >= 1.0 / 257);
    }
}

static void nothing_is_clamped(void **state)
{
    (void)state;
    struct histogram h = {0};
    const double under[] = {0x1p-1074, 1e-300, nextafter(0x1p-30, 0)};
    const double over[] = {0x1p34, 1e300, INFINITY};
    histogram_add(&h, 0.0);
    for (int i = 0; i < 3; i++) {
        histogram_add(&h, under[i]);
        histogram_add(&h, over[i]);
    }
    histogram_add(&h, 0x1p-30);
    histogram_add(&h, nextafter(0x1p34, 0));
    assert_int_equal(h.zero, 1);
    assert_int_equal(h.under, 3);
    assert_int_equal(h.over, 3);
    assert_int_equal(histogram_count(&h, 0), 1);
    assert_int_equal(histogram_count(&h, HIST_BUCKETS - 1), 1);
    assert_int_equal(histogram_total(&h), 9);
    assert_true(histogram_quantile(&h, 0.01, 0, INFINITY) == 0);
    assert_true(histogram_quantile(&h, 0.4, 0, INFINITY) < 0x1p-30);
    assert_true(histogram_quantile(&h, 0.99, 0, INFINITY) == 0x1p34);
    assert_true(histogram_rank(&h, 0) == 1);
    assert_true(histogram_rank(&h, 0x1p-30) == 4);
    assert_true(histogram_rank(&h, 0x1p34) == 9);
    assert_true(histogram_rank(&h, -1) == 0);
    histogram_free(&h);
    assert_int_equal(histogram_total(&h), 0);
    assert_true(isnan(histogram_quantile(&h, 0.5, 0, 1)));
}

static void quantiles_lie_in_the_bucket_of_the_order_statistic(void **state)
{
    (void)state;
    gsl_rng *r = generator(1);
    double *x = xmalloc(SAMPLES * sizeof *x);
    static const double p[] = {1e-6, 0.07, 0.25, 0.5, 0.9, 0.99, 0.999, 1 - 1e-6};
    for (int kind = 0; kind < 3; kind++) {
        struct histogram h = {0};
        for (int i = 0; i < SAMPLES; i++) {
            x[i] = kind == 0   ? gsl_ran_pareto(r, 1.1, 0.5)
                   : kind == 1 ? fmax(0, gsl_ran_exponential(r, 1e-3) - 1e-3)
                               : gsl_ran_lognormal(r, 0, 4);
            histogram_add(&h, x[i]);
        }
        qsort(x, SAMPLES, sizeof *x, by_value);
        for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
            double exact = x[(int)ceil(p[i] * SAMPLES - 1e-9) - 1];
            double q = histogram_quantile(&h, p[i], x[0], x[SAMPLES - 1]);
            assert_true(exact == 0 ? q == 0 : histogram_index(q) == histogram_index(exact));
        }
        histogram_free(&h);
    }
    free(x);
    gsl_rng_free(r);
}

static void a_rank_that_is_whole_but_for_rounding_is_whole(void **state)
{
    (void)state;
    struct histogram h = {0}; /* 0.07 * 100 is 7.000000000000001 */
    for (int i = 1; i <= 100; i++)
        histogram_add(&h, i);
    assert_int_equal(histogram_index(histogram_quantile(&h, 0.07, 1, 100)), histogram_index(7));
    assert_int_equal(histogram_index(histogram_quantile(&h, 0.071, 1, 100)), histogram_index(8));
    histogram_free(&h);
}

static void one_value_has_itself_for_quantile(void **state)
{
    (void)state;
    struct histogram h = {0};
    for (int i = 0; i < 10; i++)
        histogram_add(&h, 3.3);
    assert_true(histogram_quantile(&h, 0.5, 3.3, 3.3) == 3.3);
    assert_true(histogram_quantile(&h, 0.999, 3.3, 3.3) == 3.3);
    histogram_free(&h);
}

static void rank_and_quantile_are_inverse(void **state)
{
    (void)state;
    struct histogram h = {0};
    gsl_rng *r = generator(2);
    for (int i = 0; i < SAMPLES; i++)
        histogram_add(&h, gsl_ran_exponential(r, 1));
    for (double p = 0.005; p < 1; p += 0.0101) {
        double rank = histogram_rank(&h, histogram_quantile(&h, p, 0, INFINITY));
        assert_true(fabs(rank - ceil(p * SAMPLES) + 0.5) < 1e-6);
    }
    histogram_free(&h);
    gsl_rng_free(r);
}

static void fill(struct histogram *h, gsl_rng *r, int n)
{
    for (int i = 0; i < n; i++)
        histogram_add(h, gsl_rng_uniform(r) < 0.1 ? 0 : gsl_ran_lognormal(r, 0, 9));
}

static bool equal(const struct histogram *a, const struct histogram *b)
{
    bool same = a->zero == b->zero && a->under == b->under && a->over == b->over;
    for (int i = 0; i < HIST_BUCKETS; i++)
        same = same && histogram_count(a, i) == histogram_count(b, i);
    return same;
}

static void merging_is_adding_in_any_grouping(void **state)
{
    (void)state;
    struct histogram part[3] = {0}, left = {0}, right = {0}, whole = {0};
    gsl_rng *r = generator(3), *again = generator(3);
    for (int i = 0; i < 3; i++) {
        fill(&part[i], r, 1000 * i);
        fill(&whole, again, 1000 * i);
    }
    for (int i = 0; i < 3; i++) {
        histogram_merge(&left, &part[i]);
        histogram_merge(&right, &part[2 - i]);
    }
    assert_true(equal(&left, &whole) && equal(&right, &whole));
    assert_int_equal(histogram_total(&whole), 3000);
    for (int i = 0; i < 3; i++)
        histogram_free(&part[i]);
    histogram_free(&left);
    histogram_free(&right);
    histogram_free(&whole);
    gsl_rng_free(r);
    gsl_rng_free(again);
}

/* What is in flat counters arrives in the histogram, once; pages between are not made of nothing.
 */
static void flat_counters_are_taken_and_cleared(void **state)
{
    (void)state;
    uint32_t *slots = xcalloc(HIST_SLOTS, sizeof *slots);
    struct histogram h = {0};
    slots[SLOT_ZERO] = 3;
    histogram_take(&h, slots, INFINITY, 0); /* nothing but zeros */
    assert_int_equal(h.zero, 3);
    assert_int_equal(histogram_total(&h), 3);
    slots[SLOT_UNDER] = 1;
    slots[SLOT_BUCKETS] = 2;
    slots[SLOT_BUCKETS + HIST_BUCKETS - 1] = 4;
    slots[SLOT_OVER] = 5;
    histogram_take(&h, slots, 0x1p-40, 0x1p40);
    for (int i = 0; i < HIST_SLOTS; i++)
        assert_int_equal(slots[i], 0);
    assert_int_equal(h.zero, 3);
    assert_int_equal(h.under, 1);
    assert_int_equal(histogram_count(&h, 0), 2);
    assert_int_equal(histogram_count(&h, HIST_BUCKETS - 1), 4);
    assert_int_equal(h.over, 5);
    assert_null(h.page[HIST_OCTAVES / 2]);
    histogram_take(&h, slots, 0x1p-40, 0x1p40);
    assert_int_equal(histogram_total(&h), 15);
    histogram_free(&h);
    free(slots);
}

/* Counters that are packed straight away come to the bytes that they would by way of pages. */
static void flat_counters_are_packed_alike(void **state)
{
    (void)state;
    gsl_rng *r = generator(7);
    uint32_t *slots = xcalloc(HIST_SLOTS, sizeof *slots), *same = xcalloc(HIST_SLOTS, sizeof *same);
    for (int n = 0; n < 20000; n = 3 * n + 1) {
        double low = INFINITY, high = 0;
        for (int i = 0; i < n; i++) {
            double x = gsl_rng_uniform(r) < 0.2 ? 0 : pow(10, 26 * gsl_rng_uniform(r) - 13);
            uint32_t count = gsl_rng_uniform(r) < 0.1 ? 1 << 20 : 1 + (uint32_t)i % 17;
            slots[histogram_slot(x)] += count;
            low = x > 0 ? fmin(low, x) : low;
            high = fmax(high, x);
        }
        memcpy(same, slots, HIST_SLOTS * sizeof *same);
        struct histogram h = {0}, back = {0};
        struct packed packed;
        size_t size;
        histogram_take(&h, same, low, high);
        histogram_take_packed(&packed, slots, low, high);
        unsigned char *bytes = histogram_pack(&h, &size);
        assert_int_equal(packed.size, size);
        assert_memory_equal(packed.bytes, bytes, size);
        assert_int_equal(packed.total, histogram_total(&h));
        for (int i = 0; i < HIST_SLOTS; i++)
            assert_int_equal(slots[i], 0);
        histogram_unpack_own(&back, packed.bytes);
        assert_true(equal(&h, &back));
        const double at[] = {-1, 0, 1e-12, 1e-3, 1, 1 + 1e-3, 7.7, 1e6, 1e11, INFINITY};
        for (size_t i = 0; i < sizeof at / sizeof *at; i++)
            assert_true(histogram_rank_packed(packed.bytes, at[i]) == histogram_rank(&h, at[i]));
        free(bytes);
        free(packed.bytes);
        histogram_free(&h);
        histogram_free(&back);
    }
    free(slots);
    free(same);
    gsl_rng_free(r);
}

static void packing_keeps_everything(void **state)
{
    (void)state;
    gsl_rng *r = generator(4);
    for (int n = 0; n < 3000; n = 2 * n + 1) {
        struct histogram h = {0}, back = {0}, twice = {0};
        fill(&h, r, n);
        histogram_add_rare(&h, 1.5, n ? UINT64_MAX / 4 : 0);
        size_t size, size_back;
        unsigned char *bytes = histogram_pack(&h, &size);
        assert_true(histogram_unpack(&back, bytes, size));
        assert_true(equal(&h, &back));
        unsigned char *again = histogram_pack(&back, &size_back);
        assert_int_equal(size, size_back);
        assert_memory_equal(bytes, again, size);
        assert_true(histogram_unpack(&back, bytes, size)); /* adds */
        histogram_merge(&twice, &h);
        histogram_merge(&twice, &h);
        assert_true(equal(&twice, &back));
        free(bytes);
        free(again);
        histogram_free(&h);
        histogram_free(&back);
        histogram_free(&twice);
    }
    gsl_rng_free(r);
}

static void other_bytes_are_refused_whole(void **state)
{
    (void)state;
    struct histogram h = {0}, into = {0};
    gsl_rng *r = generator(5);
    fill(&h, r, 300);
    size_t size;
    unsigned char *bytes = histogram_pack(&h, &size);
    for (size_t cut = 0; cut < size; cut++)
        assert_false(histogram_unpack(&into, bytes, cut));
    unsigned char *longer = xmalloc(size + 1);
    memcpy(longer, bytes, size);
    longer[size] = 0;
    assert_false(histogram_unpack(&into, longer, size + 1));
    assert_int_equal(histogram_total(&into), 0);
    free(longer);
    static const struct {
        size_t size;
        unsigned char bytes[16];
    } bad[] = {
        {5, {0x80, 0x00, 0, 0, 0}},                                            /* 0 in two bytes */
        {5, {0, 0, 0, 1, 0}},                                                  /* a count cut off */
        {6, {0, 0, 0, 2, 1, 0xf1}},                                            /* a skip cut off */
        {7, {0, 0, 0, 1, 0xf1, 0xf1, 0x3f}},                                   /* bucket 8192 */
        {5, {0, 0, 0, 0x81, 0x40}},                                            /* 8193 buckets */
        {13, {255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 0, 0, 0}},       /* past 64 bits */
        {13, {255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 0, 0}},       /* total past them */
        {15, {0, 0, 0, 1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}}, /* a count, too */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(histogram_unpack(&into, bad[i].bytes, bad[i].size));
    assert_int_equal(histogram_total(&into), 0);
    free(bytes);
    histogram_free(&h);
    gsl_rng_free(r);
}

/* Whatever is accepted is the one packing of what it became; nothing else happens. */
static void random_bytes_do_no_harm(void **state)
{
    (void)state;
    gsl_rng *r = generator(6);
    int accepted = 0;
    for (int round = 0; round < 20000; round++) {
        unsigned char bytes[24];
        size_t size = gsl_rng_uniform_int(r, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (unsigned char)gsl_rng_uniform_int(r, i < 4 ? 3 : 256);
        struct histogram h = {0};
        if (histogram_unpack(&h, bytes, size)) {
            size_t back_size;
            unsigned char *back = histogram_pack(&h, &back_size);
            assert_int_equal(back_size, size);
            assert_memory_equal(back, bytes, size);
            free(back);
            accepted++;
        } else {
            assert_int_equal(histogram_total(&h), 0);
        }
        histogram_free(&h);
    }
    assert_true(accepted > 10);
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edge_opens_its_bucket),
        cmocka_unit_test(nothing_is_clamped),
        cmocka_unit_test(quantiles_lie_in_the_bucket_of_the_order_statistic),
        cmocka_unit_test(a_rank_that_is_whole_but_for_rounding_is_whole),
        cmocka_unit_test(one_value_has_itself_for_quantile),
        cmocka_unit_test(rank_and_quantile_are_inverse),
        cmocka_unit_test(merging_is_adding_in_any_grouping),
        cmocka_unit_test(flat_counters_are_taken_and_cleared),
        cmocka_unit_test(flat_counters_are_packed_alike),
        cmocka_unit_test(packing_keeps_everything),
        cmocka_unit_test(other_bytes_are_refused_whole),
        cmocka_unit_test(random_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
