/* What a log says (sim/fit): laws known again, verdicts on arrivals, the tail, and the course. The
 * survey behind it is `make families`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort.h>

#include "../sim/engine/source.h"
#include "../sim/fit/fit.h"
#include "families.h"
#include "scene.h"
#include "setting.h"

/* ---- laws ---- */

/* Phases in the order of their means. */
static void order_phases(double *x, int n)
{
    if (n == 4 && x[0] < x[1])
        for (int i = 0; i < 4; i += 2) {
            double keep = x[i];
            x[i] = x[i + 1];
            x[i + 1] = keep;
        }
}

/* Whether it is an end of a support: low within three mean distances of the smallest value, high
 * where the law leaves as little beyond the estimate. */
static bool end_is_near(const struct law *law, const char *name, double x, double n)
{
    double beyond = n * law_model(law)->cdf(law->params, x);
    if (strcmp(name, "low") == 0)
        return beyond < 3;
    return n - beyond < 3;
}

static void test_families(void **state)
{
    (void)state;
    enum { N = 100000, SAMPLES = 12 };
    for (int i = 0; i < n_family_cases; i++) {
        const struct law law = family_law(&family_cases[i]);
        double truth[LAW_NUMBERS], x[LAW_NUMBERS];
        const char *names[LAW_NUMBERS];
        struct sample sample;
        struct laws laws;
        int n = law_numbers(&law, truth, names, NULL);
        sample_init(&sample);
        family_draw(&law, 3, N, &sample);
        laws_fit(&sample, &laws);
        const struct law *best = &laws.fitted[laws.best].law;
        if (best->model != law.model)
            fail_msg("%s: taken for %s", family_cases[i].name, best->model->name);
        laws_bootstrap(&sample, SAMPLES, &laws);
        assert_int_equal(laws.samples, SAMPLES);
        assert_int_equal(law_numbers(best, x, NULL, NULL), n);
        assert_true(laws.fitted[laws.best].distance < 1.6 / sqrt(N));
        order_phases(truth, n);
        order_phases(x, n);
        order_phases(laws.error, n);
        for (int k = 0; k < n; k++) {
            bool end = strcmp(names[k], "low") == 0 || strcmp(names[k], "high") == 0;
            if (end ? !end_is_near(&law, names[k], x[k], N)
                    : fabs(x[k] - truth[k]) > 2.5 * laws.error[k])
                fail_msg("%s: %s %g +- %g, and it is %g", family_cases[i].name, names[k], x[k],
                         laws.error[k], truth[k]);
        }
        sample_free(&sample);
    }
}

/* A law that is not of any family is found out by the bootstrap; one that is, is not. */
static void test_condensed(void **state)
{
    (void)state;
    struct sample sample;
    const double values[] = {3, 0, 10, 1, 4, 2}, thirds[] = {7, 2.5, 0.5},
                 quarters[] = {12 / 1.5, 5 / 1.5, 2.5 / 1.5, 0.5 / 1.5};
    double found[4];
    sample_init(&sample);
    for (int i = 0; i < 6; i++)
        sample_add(&sample, values[i]);
    sample_finish(&sample);
    sample_condense(&sample, 3, found);
    for (int i = 0; i < 3; i++)
        assert_true(fabs(found[i] - thirds[i]) < 1e-12);
    sample_condense(&sample, 4, found);
    for (int i = 0; i < 4; i++)
        assert_true(fabs(found[i] - quarters[i]) < 1e-12);
    sample_free(&sample);
}

static void test_goodness(void **state)
{
    (void)state;
    struct sample sample;
    struct laws laws;
    const struct law law = family_law(&family_cases[5]); /* lognormal */
    sample_init(&sample);
    family_draw(&law, 0, 2000, &sample);
    laws_fit(&sample, &laws);
    laws_bootstrap(&sample, 49, &laws);
    assert_true(laws.p > 0.05);
    sample_clear(&sample);
    for (int i = 0; i < 2000; i++)
        sample_add(&sample, (i % 2 ? 1 : 10) + 1e-3 * i); /* two lumps */
    sample_finish(&sample);
    laws_fit(&sample, &laws);
    laws_bootstrap(&sample, 49, &laws);
    assert_true(laws.fitted[laws.best].distance > 0.1 && laws.p <= 0.021);
    sample_free(&sample);
}

static void fit_values(const double *values, size_t n, struct sample *sample, struct laws *laws)
{
    sample_clear(sample);
    for (size_t i = 0; i < n; i++)
        sample_add(sample, values[i]);
    sample_finish(sample);
    laws_fit(sample, laws);
}

static void test_odd_samples(void **state)
{
    (void)state;
    struct sample sample;
    struct laws laws;
    sample_init(&sample);
    fit_values((double[]){0.25, 0.25, 0.25}, 3, &sample, &laws);
    assert_string_equal(laws.fitted[laws.best].law.model->name, "deterministic");
    fit_values((double[]){2}, 1, &sample, &laws);
    assert_true(laws.n >= 1);
    fit_values((double[]){0, 0}, 2, &sample, &laws);
    assert_int_equal(laws.n, 0);
    assert_true(sample.zeros == 2);
    fit_values((double[]){1e-15, 1e12}, 2, &sample, &laws);
    for (int i = 0; i < laws.n; i++)
        assert_true(isfinite(laws.fitted[i].aic));
    sample_free(&sample);
}

/* ---- samples ---- */

static void test_sample(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct sample sample;
    static double x[N];
    struct stream stream = stream_of(1, 0, "test");
    sample_init(&sample);
    stream_uniforms(&stream, 0, 0, N, x);
    for (int i = 0; i < N; i++)
        sample_add(&sample, x[i] = 1 / x[i]);
    sample_finish(&sample);
    gsl_sort(x, 1, N);
    assert_true(sample.min == x[0] && sample.max == x[N - 1]);
    for (int i = 0; i < N; i += 7)
        scene_near(sample_quantile(&sample, (i + 0.5) / N), x[i], 5e-4 * x[i]);
    scene_near(sample_beyond(&sample, 4), 0.25, 0.02);
    assert_true(sample_beyond(&sample, x[N - 1]) == 0 && sample_beyond(&sample, 0.5) == 1);
    sample_free(&sample);
}

/* ---- Anderson-Darling ---- */

/* The critical value of 5 % (Stephens 1974, table 1.3) and the share of exponential samples that
 * reach it, with weights in place of equal values too. */
static void test_anderson_darling(void **state)
{
    (void)state;
    enum { N = 200, RUNS = 2000 };
    double x[N], rejected = 0;
    scene_near(anderson_darling_p(1.341, 1e9), 0.05, 0.002);
    scene_near(anderson_darling_p(1.957, 1e9), 0.01, 0.0005);
    for (uint32_t run = 0; run < RUNS; run++) {
        struct stream stream = stream_of(1, run, "test");
        double mean = 0;
        stream_uniforms(&stream, 0, 0, N, x);
        for (int i = 0; i < N; i++)
            mean += (x[i] = -log(x[i])) / N;
        for (int i = 0; i < N; i++)
            x[i] = -expm1(-x[i] / mean);
        gsl_sort(x, 1, N);
        rejected += anderson_darling_p(anderson_darling(x, NULL, N), N) < 0.05;
    }
    scene_near(rejected / RUNS, 0.05, 0.015);
    scene_near(anderson_darling((double[]){0.2, 0.7}, (double[]){3, 2}, 2),
               anderson_darling((double[]){0.2, 0.2, 0.2, 0.7, 0.7}, NULL, 5), 1e-12);
}

/* ---- arrivals ---- */

/* A log of n tasks of a scenario, as text. */
static char *log_of(const char *settings, uint32_t replication, size_t n, size_t *size)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xcalloc(1, sizeof *source);
    char *text = NULL;
    setting_apply(s, settings);
    source_begin(source, s, 5, replication);
    FILE *out = open_memstream(&text, size);
    for (size_t i = 0; i < n; i++) {
        struct arrival a = source_peek(source);
        source_step(source);
        fprintf(out, "%.9f,%.9f\n", a.time, a.size);
    }
    fclose(out);
    free(source);
    free(s);
    return text;
}

static struct fit *fit_of(const char *settings, uint32_t replication, size_t n)
{
    size_t size;
    struct errors errors = {0};
    char *text = log_of(settings, replication, n, &size);
    struct fit *fit = fit_text("log", text, size, &(struct log_options){0}, 0, &errors);
    assert_non_null(fit);
    free(text);
    return fit;
}

#define SIZE "; tasks.size.distribution=exponential; tasks.size.mean=100ms"

static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        enum arrivals_verdict verdict;
        size_t tasks;
    } cases[] = {
        {"arrivals.rate=20/s" SIZE, ARRIVALS_POISSON, 20000},
        {"arrivals.process=schedule; arrivals.schedule.0.until=200s; "
         "arrivals.schedule.0.rate=20/s; "
         "arrivals.schedule.1.until=500s; arrivals.schedule.1.rate=40/s; arrivals.repeat=yes" SIZE,
         ARRIVALS_MOVING, 40000},
        {"arrivals.process=renewal; arrivals.rate=20/s; "
         "arrivals.interarrival.distribution=erlang; arrivals.interarrival.shape=3" SIZE,
         ARRIVALS_RENEWAL, 20000},
        {"arrivals.process=renewal; arrivals.rate=20/s; arrivals.interarrival.distribution="
         "lognormal; arrivals.interarrival.cv2=6; arrivals.interarrival.mean=1s" SIZE,
         ARRIVALS_RENEWAL, 20000},
        {"arrivals.process=mmpp; arrivals.states.0.rate=50/s; arrivals.states.0.mean_duration=1s; "
         "arrivals.states.1.rate=2/s; arrivals.states.1.mean_duration=5s" SIZE,
         ARRIVALS_OTHER, 20000},
        {"arrivals.rate=20/s" SIZE, ARRIVALS_FEW, 20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fit *fit = fit_of(cases[i].settings, 0, cases[i].tasks);
        if (fit->arrivals.verdict != cases[i].verdict)
            fail_msg("%s: verdict %d", cases[i].settings, (int)fit->arrivals.verdict);
        fit_free(fit);
    }
}

/* Poisson traffic is hardly ever said to be anything else. */
static void test_level(void **state)
{
    (void)state;
    enum { RUNS = 100 };
    int poisson = 0, calm = 0;
    for (uint32_t run = 0; run < RUNS; run++) {
        struct fit *fit = fit_of("arrivals.rate=3/s" SIZE, run, 3000);
        poisson += fit->arrivals.verdict == ARRIVALS_POISSON;
        calm += fit_doubts(fit) == 0;
        fit_free(fit);
    }
    print_message("%d of %d Poisson logs pass for Poisson, %d without a doubt\n", poisson, RUNS,
                  calm);
    assert_true(poisson >= 90 && calm >= 95);
}

/* Rounded to whole seconds, 20 a second are still Poisson. */
static void test_rounded_times(void **state)
{
    (void)state;
    size_t size;
    struct errors errors = {0};
    char *text = log_of("arrivals.rate=20/s" SIZE, 0, 20000, &size), *coarse = NULL;
    FILE *out = open_memstream(&coarse, &size);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        fprintf(out, "%d%s\n", atoi(line), strchr(line, ','));
    fclose(out);
    struct fit *fit = fit_text("log", coarse, size, &(struct log_options){0}, 0, &errors);
    assert_non_null(fit);
    assert_true(fit->spread.time == 1);
    assert_int_equal(fit->arrivals.verdict, ARRIVALS_POISSON);
    scene_near(fit->rate, 20, 0.5);
    fit_free(fit);
    free(coarse);
    free(text);
}

/* ---- what does not vary ---- */

/* Tasks at a pace, or all of one size, more or less: the constant that they are. */
static void test_constants(void **state)
{
    (void)state;
    static const struct {
        double gap_noise, size_noise; /* each +-, as a share */
        int tasks;
        bool gaps, sizes; /* constant */
    } cases[] = {{0, 0, 10, true, true},         {0, 0, 3, true, true},
                 {0, 0, 2, false, true},         {1e-4, 1, 400, true, false},
                 {0.005, 0.8, 600, true, false}, {1, 1e-3, 200, false, true},
                 {0.8, 0.01, 2000, false, true}, {0.5, 0.5, 2000, false, false}};
    struct stream stream = stream_of(6, 0, "test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        double time = 0;
        for (uint64_t k = 0; k < (uint64_t)cases[i].tasks; k++) {
            double u = 2 * stream_uniform(&stream, 0, k) - 1, v = 2 * stream_uniform(&stream, 1, k);
            fprintf(out, "%.9g,%.9g\n", time, 0.4 * (1 + cases[i].size_noise * (v - 1)));
            time += 0.05 * (1 + cases[i].gap_noise * u);
        }
        fclose(out);
        struct errors errors = {0};
        struct fit *fit = fit_text("log", text, size, &(struct log_options){0}, 0, &errors);
        assert_non_null(fit);
        const struct fitted *law = &fit->size_laws.fitted[fit->size_laws.best];
        bool sizes = strcmp(law->law.model->name, "deterministic") == 0;
        bool gaps = fit->arrivals.verdict == ARRIVALS_RENEWAL &&
                    fit->gap_laws.fitted[fit->gap_laws.best].law.model == law->law.model;
        if (sizes != cases[i].sizes || (sizes && gaps != cases[i].gaps))
            fail_msg("case %zu: sizes %s, verdict %d", i, law->law.model->name,
                     (int)fit->arrivals.verdict);
        if (sizes) {
            scene_near(law_mean(&law->law), 0.4, 0.4 * cases[i].size_noise + 1e-12);
            assert_true(laws_near(&fit->size_laws, fit->sizes.n));
        }
        fit_free(fit);
        free(text);
    }
}

static void test_course(void **state)
{
    (void)state;
    static struct course course;
    size_t ends[8];
    course_init(&course);
    /* 10 a second, then from 1000 s on 20, each of them of half the size. */
    for (int i = 0; i < 30000; i++) {
        double time = i < 10000 ? i / 10.0 : 1000 + (i - 10000) / 20.0;
        course_add(&course, time, i < 10000 ? 2 : 1);
    }
    int level = course_level(&course, 32);
    double p, width = course_width(&course, level);
    assert_true(course_count(&course, level) >= 32 && course_count(&course, level) < 64);
    assert_int_equal(course_pieces(&course, level, ends, 8), 2);
    scene_near(width * (double)ends[0], 1000, width);
    assert_true(course_correlation(&course, level, &p) < -0.7 && p < 1e-6);
    struct course_window w = course_at(&course, level, 0);
    scene_near(w.work, 2 * w.tasks, 1e-9);
    scene_near(w.tasks, 10 * width, 2);
}

/* ---- tail ---- */

static void test_hill(void **state)
{
    (void)state;
    struct sample sample;
    struct hill hill;
    sample_init(&sample);
    for (int i = 7; i < 9; i++) { /* Pareto of 1.5 and 3 */
        const struct law law = family_law(&family_cases[i]);
        double alpha = i == 7 ? 1.5 : 3;
        family_draw(&law, 1, 100000, &sample);
        hill_estimate(&sample, &hill);
        assert_true(hill.low < alpha && alpha < hill.high && hill.p > 0.01);
        assert_true(hill.k[hill.to] > 1000);
    }
    const struct law light = family_law(&family_cases[4]); /* Weibull of shape 2 */
    family_draw(&light, 1, 100000, &sample);
    hill_estimate(&sample, &hill);
    assert_true(hill.low > 2);
    sample_free(&sample);
}

/* ---- recorded traces ---- */

static void test_traces(void **state)
{
    (void)state;
    const char *shared = getenv("QUEUESCOPE_SHARED");
    const char *file =
        internf("%s/traces/azure-llm/azure-llm-conv.csv.gz", shared ? shared : "../shared");
    struct errors errors = {0};
    struct fit *fit = fit_log(file, &(struct log_options){0}, 0, &errors);
    if (!fit) {
        print_message("%s\n", errors.text[0]);
        skip();
    }
    assert_int_equal(fit->facts.tasks, 19366);
    scene_near(fit->rate, 5.53, 0.01);
    scene_near(fit->mean, 6.45, 0.01);
    scene_near(fit->gaps.sample.cv2, 1.2, 0.01);
    assert_true(fit->correlation < -0.5 && (fit_doubts(fit) & DOUBT_DRIFT));
    fit_free(fit);
    file = internf("%s/traces/kth-sp2/KTH-SP2-1996-2.1-cln.swf.gz", shared ? shared : "../shared");
    fit = fit_log(file, &(struct log_options){0}, 0, &errors);
    assert_non_null(fit);
    assert_string_equal(fit->facts.format, "swf");
    assert_int_equal(fit->facts.tasks, 28476);
    assert_true(fit_doubts(fit) & DOUBT_BURSTS);
    fit_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),      cmocka_unit_test(test_families),
        cmocka_unit_test(test_condensed),   cmocka_unit_test(test_goodness),
        cmocka_unit_test(test_odd_samples), cmocka_unit_test(test_anderson_darling),
        cmocka_unit_test(test_course),      cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_level),       cmocka_unit_test(test_rounded_times),
        cmocka_unit_test(test_hill),        cmocka_unit_test(test_traces),
        cmocka_unit_test(test_constants),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
