/* Laws by their percentiles: the law is the one that has them, whatever way they are given. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "../sim/scenario/config.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/sweep.h"
#include "law_make.h"
#include "scene.h"
#include "setting.h"

static struct law law_of(const char *name, const char *parameters)
{
    struct law law;
    struct errors *errors = xcalloc(1, sizeof *errors);
    if (!law_make(name, parameters, &law, errors))
        fail_msg("%s {%s}: %s", name, parameters, errors->text[0]);
    free(errors);
    return law;
}

static double share_below(const struct law *law, double x)
{
    return law_model(law)->cdf(law->params, x);
}

/* Every law that takes percentiles, by near and far pairs: it has them. */
static void test_the_law_has_its_percentiles(void **state)
{
    (void)state;
    static const char *const laws[] = {"lognormal", "gamma", "weibull", "pareto"};
    static const struct {
        const char *low, *high;
        double p[2];
    } pairs[] = {{"p50", "p99", {0.5, 0.99}},    {"p50", "p90", {0.5, 0.9}},
                 {"p95", "p999", {0.95, 0.999}}, {"p1", "p9999", {0.01, 0.9999}},
                 {"p10", "p25", {0.1, 0.25}},    {"p75", "p98", {0.75, 0.98}}};
    static const double ratios[] = {1.05, 1.7, 3, 30, 400};
    size_t done = 0;
    for (size_t l = 0; l < sizeof laws / sizeof *laws; l++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++) {
                const char *parameters =
                    internf("%s=20ms; %s=%.17g", pairs[i].low, pairs[i].high, 0.02 * ratios[k]);
                struct law law;
                struct errors *errors = xcalloc(1, sizeof *errors);
                bool good = law_make(laws[l], parameters, &law, errors);
                /* Only what the ranges of the parameters do not reach is refused, and by name. */
                if (!good && !strstr(errors->text[0], " times its "))
                    fail_msg("%s {%s}: %s", laws[l], parameters, errors->text[0]);
                free(errors);
                if (!good)
                    continue;
                done++;
                scene_near(share_below(&law, 0.02), pairs[i].p[0], 1e-9);
                scene_near(share_below(&law, 0.02 * ratios[k]), pairs[i].p[1], 1e-9);
            }
    assert_true(done > 90);
    struct law law = law_of("uniform", "p10=1s; p95=1.5s");
    scene_near(share_below(&law, 1), 0.1, 1e-9);
    scene_near(share_below(&law, 1.5), 0.95, 1e-9);
    law = law_of("exponential", "p99=1s");
    scene_near(law_mean(&law), 1 / log(100), 1e-12);
    /* z of 99 % is 2.3263478740408408. */
    law = law_of("lognormal", "p50=20ms; p99=200ms");
    double sigma = log(10) / 2.3263478740408408;
    scene_near(law_mean(&law) / (0.02 * exp(sigma * sigma / 2)), 1, 1e-9);
}

/* E[X] and E[X^2] by the cdf: the integral of m x^(m-1) P(X > x), in steps of the logarithm. */
static double moment_by_cdf(const struct law *law, double order, double from, double to)
{
    enum { STEPS = 400000 };
    double sum = pow(from, order), step = log(to / from) / STEPS;
    for (int i = 0; i < STEPS; i++) {
        double x = from * exp((i + 0.5) * step);
        sum += order * pow(x, order) * (1 - share_below(law, x)) * step;
    }
    return sum;
}

static void test_percentiles(void **state)
{
    (void)state;
    struct law law = law_of("percentiles", "p50=20ms; p90=60ms; p99=200ms; max=5s");
    scene_near(share_below(&law, 0.02), 0.5, 1e-12);
    scene_near(share_below(&law, 0.06), 0.9, 1e-12);
    scene_near(share_below(&law, 0.2), 0.99, 1e-12);
    scene_near(share_below(&law, 5 * (1 - 1e-12)), 1 - 1e-5, 1e-9); /* so many have the largest */
    assert_true(share_below(&law, 5) == 1);
    /* Straight on log-log: half way between two points in both. */
    scene_near(1 - share_below(&law, sqrt(0.06 * 0.2)), sqrt(0.1 * 0.01), 1e-9);
    double low = 0.02 * pow(0.5, log(3) / log(5)); /* where the lowest line ends */
    assert_true(share_below(&law, low * 0.999) == 0 && share_below(&law, low * 1.001) > 0);
    for (int order = 1; order <= 2; order++) {
        double exact = (order == 1 ? law_mean(&law) : law_model(&law)->second(law.params));
        scene_near(moment_by_cdf(&law, order, low, 5) / exact, 1, 1e-4);
    }
    /* A Pareto law is met exactly by its percentiles. */
    const double alpha = 2.5;
    double x[3];
    for (int i = 0; i < 3; i++)
        x[i] = pow((double[]){0.5, 0.1, 0.01}[i], -1 / alpha);
    law = law_of("percentiles", internf("p50=%.17g; p90=%.17g; p99=%.17g; max=%.17g", x[0], x[1],
                                        x[2], pow(1e-5, -1 / alpha)));
    for (double value = 1.01; value < 90; value *= 1.3)
        scene_near((1 - share_below(&law, value)) * pow(value, alpha), 1, 1e-7);
}

/* Set one by one, in any order, and in place of what was there; swept; written and read again. */
static void test_keys(void **state)
{
    (void)state;
    static struct scenario s, again, column;
    static struct errors errors;
    struct places places = {0};
    struct place at = {"test", 0, 0};
    setting_apply(&s, "arrivals.rate=10/s; tasks.size.distribution=lognormal; "
                      "tasks.size.mean=1s; tasks.size.cv2=2; tasks.size.p99=200ms; "
                      "tasks.size.p50=20ms; sweep.parameter=tasks.size.p99; "
                      "sweep.values=100ms, 300ms");
    char *text = config_text(&s);
    assert_non_null(strstr(text, "    p50: 20ms\n    p99: 200ms\n"));
    assert_true(!strstr(text, "mean") && !strstr(text, "cv2"));
    param_defaults(&again);
    assert_true(config_read("text", text, strlen(text), &again, &places, &errors));
    places_free(&places);
    char *twice = config_text(&again);
    assert_string_equal(text, twice);
    assert_memory_equal(&again.size, &s.size, sizeof s.size);
    free(twice);
    free(text);
    for (uint32_t i = 0; i < 2; i++) {
        sweep_scenario(&s, i, &column);
        scene_near(share_below(&column.size, i == 0 ? 0.1 : 0.3), 0.99, 1e-9);
        scene_near(share_below(&column.size, 0.02), 0.5, 1e-9);
    }
    /* A parameter of its own in their place: the others are missing again. */
    assert_true(param_set(&s, "tasks.size.cv2", "1", at, &errors));
    assert_false(scenario_check(&s, NULL, &errors));
    assert_true(param_set(&s, "tasks.size.mean", "50ms", at, &errors));
    scene_near(law_mean(&s.size), 0.05, 0);
    /* And `none` leaves one percentile, which does not do. */
    assert_true(param_set(&again, "tasks.size.p50", "none", at, &errors));
    assert_false(scenario_check(&again, NULL, &errors));
}

static void test_contradictions(void **state)
{
    (void)state;
    static const struct {
        const char *size, *says;
    } cases[] = {
        {"{distribution: lognormal, mean: 1s, p50: 1s, p99: 2s}",
         "tasks.size.p50: 'mean' is given"},
        {"{distribution: gamma, p50: 1s, p99: 2s, shape: 3}", "tasks.size.shape: 'p50' is given"},
        {"{distribution: gamma, p50: 2s, p99: 1s}", "tasks.size.p99 (1 s) must be above"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct scenario s;
        struct places places = {0};
        struct errors errors = {0};
        const char *text = internf("arrivals: {rate: 1/s}\ntasks:\n  size: %s\n", cases[i].size);
        param_defaults(&s);
        bool good = config_read("text", text, strlen(text), &s, &places, &errors) &&
                    scenario_check(&s, &places, &errors);
        places_free(&places);
        assert_false(good);
        if (!strstr(errors.text[0], cases[i].says) || strncmp(errors.text[0], "text:3:", 7) != 0)
            fail_msg("%s: %s", cases[i].size, errors.text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_law_has_its_percentiles),
        cmocka_unit_test(test_percentiles),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_contradictions),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
