/* Laws fitted to the counts of bins (sim/fit/binned.h): known parameters come back, the right
 * family is chosen, and the test refuses the wrong one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "../sim/fit/binned.h"
#include "scene.h"
#include "setting.h"

/* The edges that client libraries have by default. */
static const double edges[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
enum { EDGES = sizeof edges / sizeof *edges };

/* n draws of tasks.size, counted. */
static struct bins draws_of(const char *size, uint64_t n)
{
    static struct scenario s;
    param_defaults(&s);
    setting_apply(&s, internf("arrivals.rate=1/s; %s", size));
    struct stream stream = stream_of(3, 0, "test");
    struct bins bins = {.n = EDGES + 1, .bin = calloc(EDGES + 1, sizeof *bins.bin), .sum = 0};
    for (size_t i = 0; i <= EDGES; i++)
        bins.bin[i] = (struct bin){i > 0 ? edges[i - 1] : 0, i < EDGES ? edges[i] : INFINITY, 0};
    for (uint64_t k = 0; k < n; k++) {
        double x;
        size_t i = 0;
        law_model(&s.size)->fill(s.size.params, &stream, k, 1, &x);
        while (i < EDGES && x > edges[i])
            i++;
        bins.bin[i].count++;
        bins.sum += x;
    }
    bins_make(&bins);
    return bins;
}

static void test_parameters_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *size, *family;
        int n;
        double numbers[3], error[3]; /* relative */
    } cases[] = {
        {"tasks.size.distribution=exponential; tasks.size.mean=400ms",
         "exponential",
         1,
         {0.4},
         {0.01}},
        {"tasks.size.distribution=lognormal; tasks.size.mean=300ms; tasks.size.cv2=2",
         "lognormal",
         2,
         {0.3, 2},
         {0.02, 0.06}},
        {"tasks.size.distribution=weibull; tasks.size.shape=0.6; tasks.size.mean=500ms",
         "weibull",
         2,
         {0.6, 0.5},
         {0.02, 0.02}},
        {"tasks.size.distribution=gamma; tasks.size.shape=3; tasks.size.mean=500ms",
         "gamma",
         2,
         {3, 0.5},
         {0.02, 0.01}},
        {"tasks.size.distribution=pareto; tasks.size.alpha=1.5; tasks.size.low=70ms",
         "pareto",
         2,
         {1.5, 0.07},
         {0.02, 0.02}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bins bins = draws_of(cases[i].size, 50000);
        struct binned binned;
        double x[LAW_NUMBERS];
        binned_fit(&bins, &binned);
        assert_true(binned.laws.n > 2);
        const struct fitted *best = &binned.laws.fitted[binned.laws.best];
        assert_string_equal(best->law.model->name, cases[i].family);
        assert_int_equal(law_numbers(&best->law, x, NULL, NULL), cases[i].n);
        for (int k = 0; k < cases[i].n; k++)
            scene_near(x[k], cases[i].numbers[k], cases[i].error[k] * cases[i].numbers[k]);
        assert_true(best->distance < 0.01);
        assert_true(binned.test[binned.laws.best].p > 0.001);
        bins_free(&bins);
    }
}

/* Of samples of the law itself, a share p have p-values below p. */
static void test_p_values_are_even(void **state)
{
    (void)state;
    enum { SAMPLES = 200 };
    int below[3] = {0};
    struct stream stream = stream_of(5, 0, "test");
    for (int sample = 0; sample < SAMPLES; sample++) {
        struct bins bins = {.n = 6, .bin = calloc(6, sizeof *bins.bin), .sum = NAN};
        for (int i = 0; i < 6; i++)
            bins.bin[i] = (struct bin){0.4 * i, i < 5 ? 0.4 * (i + 1) : INFINITY, 0};
        for (uint64_t k = 0; k < 400; k++) {
            double x = -log(stream_uniform(&stream, 0, (uint64_t)sample * 400 + k));
            bins.bin[x < 2 ? (int)(x / 0.4) : 5].count++;
        }
        bins_make(&bins);
        struct binned binned;
        binned_fit(&bins, &binned);
        for (int i = 0; i < binned.laws.n; i++)
            if (strcmp(binned.laws.fitted[i].law.model->name, "exponential") == 0) {
                double p = binned.test[i].p;
                assert_int_equal(binned.test[i].freedom, 4);
                below[0] += p < 0.1;
                below[1] += p < 0.5;
                below[2] += p < 0.9;
            }
        bins_free(&bins);
    }
    scene_near(below[0], 20, 13); /* three standard errors */
    scene_near(below[1], 100, 21);
    scene_near(below[2], 180, 13);
}

static void test_the_wrong_law_is_refused(void **state)
{
    (void)state;
    struct bins bins = draws_of(
        "tasks.size.distribution=lognormal; tasks.size.mean=300ms; tasks.size.cv2=2", 20000);
    struct binned binned;
    binned_fit(&bins, &binned);
    for (int i = 0; i < binned.laws.n; i++) {
        bool right = strcmp(binned.laws.fitted[i].law.model->name, "lognormal") == 0;
        assert_true(right ? binned.test[i].p > 0.01 : binned.test[i].p < 1e-6);
        assert_true(right == (i == 0));
    }
    bins_free(&bins);
}

static void test_too_little_is_no_fit(void **state)
{
    (void)state;
    struct binned binned;
    struct bins one = {.n = 1, .bin = calloc(1, sizeof *one.bin), .sum = NAN};
    one.bin[0] = (struct bin){0, 1, 50};
    bins_make(&one);
    binned_fit(&one, &binned);
    assert_true(binned.laws.n == 0 && binned.cells == 1);
    bins_free(&one);
    /* Zeros are no cell; two cells do for one parameter. */
    struct bins two = {.n = 3, .bin = calloc(3, sizeof *two.bin), .sum = NAN};
    two.bin[0] = (struct bin){0, 0, 9};
    two.bin[1] = (struct bin){0, 1, 60};
    two.bin[2] = (struct bin){1, INFINITY, 40};
    bins_make(&two);
    binned_fit(&two, &binned);
    assert_true(binned.laws.n == 1 && binned.zeros == 9);
    assert_string_equal(binned.laws.fitted[0].law.model->name, "exponential");
    scene_near(law_mean(&binned.laws.fitted[0].law), -1 / log(0.4), 1e-4);
    assert_true(binned.test[0].freedom == 0 && isnan(binned.test[0].p));
    bins_free(&two);
}

/* A sum that is known is kept, to the last digit, by every law. */
static void test_sum_is_kept(void **state)
{
    (void)state;
    static const struct {
        double bound[3], count[3], sum;
    } cases[] = {{{0.1, 0.25, 0.5}, {0, 299579, 421}, 65998.834}, /* most near the upper end */
                 {{0.1, 0.25, 0.5}, {0, 5000, 5000}, 2000},
                 {{0.01, 0.1, 1}, {300, 600, 100}, 62},
                 {{1, 10, 100}, {1000, 10, 1}, 400}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bins bins = {.n = 3, .bin = calloc(3, sizeof *bins.bin), .sum = cases[i].sum};
        for (int k = 0; k < 3; k++)
            bins.bin[k] = (struct bin){k > 0 ? cases[i].bound[k - 1] : 0, cases[i].bound[k],
                                       cases[i].count[k]};
        bins_make(&bins);
        struct binned binned;
        binned_fit(&bins, &binned);
        assert_true(binned.laws.n > 1);
        for (int k = 0; k < binned.laws.n; k++)
            scene_near(law_mean(&binned.laws.fitted[k].law) * bins.total / bins.sum, 1, 1e-9);
        if (i == 0)
            assert_true(binned.laws.fitted[binned.laws.best].distance < 1e-3);
        bins_free(&bins);
    }
}

/* Values in narrow buckets are one value; a few far from it, or a sum that is not of it, and they
 * are not. */
static void test_one_value(void **state)
{
    (void)state;
    static const struct {
        double bound[5], count[5], sum;
        bool constant;
    } cases[] = {{{0.4999, 0.5, 0.5001, 0.5002, INFINITY}, {1, 399, 400, 199, 1}, 500.5, true},
                 {{1.99, 2, 2.01, 2.02, 2.03}, {0, 40, 40, 0, 0}, NAN, true},
                 {{1.9, 2, 2.1, 2.2, INFINITY}, {0, 500, 500, 0, 0}, 2000, false},
                 {{0.4999, 0.5, 0.5001, 0.5002, INFINITY}, {1, 399, 400, 150, 50}, 900, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bins bins = {.n = 5, .bin = calloc(5, sizeof *bins.bin), .sum = cases[i].sum};
        for (int k = 0; k < 5; k++)
            bins.bin[k] = (struct bin){k > 0 ? cases[i].bound[k - 1] : 0, cases[i].bound[k],
                                       cases[i].count[k]};
        bins_make(&bins);
        struct binned binned;
        binned_fit(&bins, &binned);
        assert_true(binned.laws.n > 0);
        const struct law *law = &binned.laws.fitted[binned.laws.best].law;
        if ((strcmp(law->model->name, "deterministic") == 0) != cases[i].constant)
            fail_msg("case %zu: %s", i, law->model->name);
        if (cases[i].constant)
            scene_near(law_mean(law), bins_mean(&bins).low, 0.01);
        bins_free(&bins);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_come_back),
        cmocka_unit_test(test_p_values_are_even),
        cmocka_unit_test(test_the_wrong_law_is_refused),
        cmocka_unit_test(test_too_little_is_no_fit),
        cmocka_unit_test(test_sum_is_kept),
        cmocka_unit_test(test_one_value),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
