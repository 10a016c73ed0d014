/*
 * Asked of the draws of every distribution that is listed: blocks of any length and vectors of any
 * width give the same bits, those that are pinned; a law that is scaled draws scaled values; large
 * tasks stay large whatever the parameters. (Sample against distribution function and moments:
 * test_every_distribution.c.)
 */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/vector.h"
#include "given_laws.h"
#include "setting.h"

/* Each draw by itself, in blocks of odd lengths and at once: the same bits; also those pinned, for
 * every width of vectors. */
static int wrong_at_this_width(void)
{
    enum { COUNT = 4096 };
    static double whole[COUNT], one[COUNT], odd[COUNT];
    int wrong = 0;
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const uint64_t first = 1000003;
        given_law_draw(i, first, COUNT, whole);
        for (size_t k = 0; k < COUNT; k++)
            given_law_draw(i, first + k, 1, &one[k]);
        size_t at = 0;
        for (size_t length = 1; at + length <= COUNT; at += length, length += 2)
            given_law_draw(i, first + at, length, odd + at);
        assert_memory_equal(whole, one, sizeof whole);
        assert_memory_equal(whole, odd, at * sizeof *whole);
        uint64_t hash = 0xcbf29ce484222325;
        for (size_t k = 0; k < COUNT; k++) {
            uint64_t bits;
            memcpy(&bits, &whole[k], sizeof bits);
            hash = (hash ^ bits) * 0x100000001b3;
        }
        if (hash != given_laws[i].hash)
            print_message("%s {%s} by vectors of %d: 0x%016" PRIx64 "\n", given_laws[i].law,
                          given_laws[i].parameters, vector_width(), hash);
        wrong += hash != given_laws[i].hash;
    }
    return wrong;
}

static void test_blocks_and_bits(void **state)
{
    (void)state;
    int wrong = 0;
    for (int width = 2; vector_force(width); width *= 2)
        wrong += wrong_at_this_width();
    assert_int_equal(vector_width(), vector_widest());
    assert_int_equal(wrong, 0);
}

static void test_scaled(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    double x[COUNT], y[COUNT];
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct distribution *model = law_model(&given_law[i]);
        if (!model->scale) {
            assert_true(model->counts_only);
            continue;
        }
        struct law scaled = given_law[i];
        model->scale(scaled.params, 3.5);
        double mean = model->mean(given_law[i].params), second = model->second(given_law[i].params);
        assert_true(isinf(mean) || fabs(law_mean(&scaled) - 3.5 * mean) <= 1e-13 * mean);
        assert_true(isinf(second) ||
                    fabs(model->second(scaled.params) - 3.5 * 3.5 * second) <= 1e-12 * second);
        given_law_draw(i, 0, COUNT, x);
        model->fill(scaled.params, &given_law_stream, 0, COUNT, y);
        for (int k = 0; k < COUNT; k++) {
            assert_true(fabs(y[k] - 3.5 * x[k]) <= 1e-12 * y[k]);
            double a = model->cdf(given_law[i].params, x[k] * (1 + 1e-9));
            double b = model->cdf(scaled.params, 3.5 * x[k] * (1 + 1e-9));
            assert_true(fabs(a - b) < 1e-9);
        }
    }
}

/* Common random numbers: whatever the parameters, the large tasks are the same ones. The laws drawn
 * by inversion fall with the task's uniform. */
static void test_inversion_falls(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    double u[COUNT], x[COUNT];
    static const char *const by_rejection[] = {"erlang", "gamma", "hyperexponential"};
    for (int i = 0; i < GIVEN_LAWS; i++) {
        bool skip = false;
        for (int k = 0; k < 3; k++)
            skip = skip || strcmp(given_laws[i].law, by_rejection[k]) == 0;
        if (skip)
            continue;
        stream_uniforms(&given_law_stream, 0, 0, COUNT, u);
        given_law_draw(i, 0, COUNT, x);
        for (int a = 1; a < COUNT; a++)
            for (int b = a - 1; b >= 0 && b > a - 50; b--)
                assert_true(u[a] < u[b] ? x[a] >= x[b] : x[a] <= x[b]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_and_bits),
        cmocka_unit_test(test_scaled),
        cmocka_unit_test(test_inversion_falls),
    };
    return cmocka_run_group_tests(tests, given_laws_make, setting_tear_down);
}
