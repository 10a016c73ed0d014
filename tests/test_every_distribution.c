/*
 * Asked of every distribution that is listed: sample against distribution function, moments
 * against closed forms. (Its draws, to the last bit: test_law_draws.c; what each refuses:
 * test_law_refusals.c.)
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "given_laws.h"
#include "law_make.h"
#include "setting.h"

#if !defined(__OPTIMIZE__)
enum { N = 100000, MANY = 25 << 12 };
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { N = 1000000, MANY = 244 << 12 };
#else
enum { N = 1000000, MANY = 2442 << 12 /* ten million */ };
#endif

static void test_every_law_is_given(void **state)
{
    (void)state;
    for (size_t m = 0; distribution_family.models[m]; m++) {
        bool found = false;
        for (int i = 0; i < GIVEN_LAWS; i++)
            found = found || given_law[i].model == distribution_family.models[m];
        if (!found)
            fail_msg("add parameters of %s to `given_laws`", distribution_family.models[m]->name);
    }
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Edges of bins, rising and different, then INFINITY: quantiles of a small sample that is not
 * looked at again, every 16th and the 16 outermost. Returns their number. */
enum { PILOT = 1 << 16, EDGES = (1 << 13) - 1 };
static int make_edges(int i, double edge[EDGES])
{
    static double x[PILOT];
    given_law_draw(i, UINT64_C(1) << 40, PILOT, x);
    qsort(x, PILOT, sizeof *x, rising);
    int n = 0;
    for (size_t at = 0; at < PILOT; at += at < 16 || at >= PILOT - 16 ? 1 : 16)
        if (n == 0 || x[at] > edge[n - 1])
            edge[n++] = x[at];
    for (int k = n; k < EDGES; k++)
        edge[k] = INFINITY;
    return n;
}

/* count[k]: how many draws lie in (edge[k - 1], edge[k]]. */
static void count_draws(int i, const double edge[EDGES], uint64_t count[EDGES + 1])
{
    enum { BLOCK = 4096 };
    static double x[BLOCK];
    memset(count, 0, (EDGES + 1) * sizeof *count);
    for (uint64_t first = 0; first < MANY; first += BLOCK) {
        given_law_draw(i, first, BLOCK, x);
        for (int k = 0; k < BLOCK; k++) {
            assert_true(x[k] >= 0 && x[k] < INFINITY);
            int at = 0;
            for (int half = (EDGES + 1) / 2; half > 0; half /= 2)
                at += x[k] > edge[at + half - 1] ? half : 0;
            count[at]++;
        }
    }
}

/* Ten million draws against the distribution function: sqrt(n) sup |F_n - F| over the edges, which
 * exceeds 2.69 at most once in a million samples (Kolmogorov), and Pearson's chi-square over the
 * bins, at the quantile that it exceeds once in a million. */
static void test_sample_follows_cdf(void **state)
{
    (void)state;
    static double edge[EDGES];
    static uint64_t count[EDGES + 1];
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const int edges = make_edges(i, edge);
        count_draws(i, edge, count);
        double worst = 0, square = 0, before = 0, below = 0;
        int bins = 0;
        for (int k = 0; k <= edges; k++) {
            double at = k < edges ? law_model(&given_law[i])->cdf(given_law[i].params, edge[k]) : 1;
            double expected = MANY * (at - before), away = (double)count[k] - expected;
            below += (double)count[k];
            worst = fmax(worst, fabs(at - below / MANY));
            if (expected >= 1) {
                square += away * away / expected;
                bins++;
            }
            before = at;
        }
        double most = bins > 1 ? gsl_cdf_chisq_Qinv(1e-6, bins - 1) : 1e-6;
        if (!(sqrt(MANY) * worst < 2.69 && square < most))
            fail_msg("%s {%s}: distance %g, chi-square %g, at most %g", given_laws[i].law,
                     given_laws[i].parameters, sqrt(MANY) * worst, square, most);
    }
}

/* Mean of x^order of a sample within 5 of its standard errors. The standard error is the sample's
 * own, so laws are left out whose moment of twice the order does not exist, or is made of tasks too
 * rare to be in the sample. */
static void compare_moment(int i, const double *x, int order, double exact)
{
    double sum = 0, squares = 0;
    for (size_t k = 0; k < N; k++)
        sum += order == 1 ? x[k] : x[k] * x[k];
    for (size_t k = 0; k < N; k++) {
        double away = (order == 1 ? x[k] : x[k] * x[k]) - sum / N;
        squares += away * away;
    }
    double error = sqrt(squares / N / N), rounding = 1e-11 * exact;
    if (!(fabs(sum / N - exact) <= 5 * error + rounding))
        fail_msg("%s {%s}: E[X^%d] is %.10g in a sample, with error %g, and should be %.10g",
                 given_laws[i].law, given_laws[i].parameters, order, sum / N, error, exact);
}

static void test_sample_has_moments(void **state)
{
    (void)state;
    double *x = xmalloc(N * sizeof *x);
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct distribution *model = law_model(&given_law[i]);
        double mean = model->mean(given_law[i].params), second = model->second(given_law[i].params);
        double a = model->tail ? model->tail(given_law[i].params) : INFINITY;
        given_law_draw(i, 0, N, x);
        if (a > 2 && second < 50 * mean * mean)
            compare_moment(i, x, 1, mean);
        if (a > 4 && second < 5 * mean * mean)
            compare_moment(i, x, 2, second);
        assert_true(isinf(mean) == (a <= 1) && isinf(second) == (a <= 2));
    }
    free(x);
}

static void test_cdf_rises_from_0_to_1(void **state)
{
    (void)state;
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct distribution *model = law_model(&given_law[i]);
        double before = model->cdf(given_law[i].params, -1);
        assert_true(before == 0);
        for (double x = 1e-12; x < 1e40; x *= 1.01) {
            double now = model->cdf(given_law[i].params, x);
            if (!(now >= before && now <= 1))
                fail_msg("%s {%s}: cdf(%g) = %.17g after %.17g", given_laws[i].law,
                         given_laws[i].parameters, x, now, before);
            before = now;
        }
        assert_true(before > 1 - 1e-9);
    }
}

/* E[X^m] = integral of m x^(m-1) P(X > x) dx, here over log x. */
struct integrand {
    const struct law *law;
    int order;
};

static double survival(double log_x, void *context)
{
    const struct integrand *f = context;
    double x = exp(log_x);
    return f->order * pow(x, f->order) * (1 - law_model(f->law)->cdf(f->law->params, x));
}

static double integrate(const struct law *law, int order, double to)
{
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(20000);
    gsl_function f = {survival, &(struct integrand){law, order}};
    double value, error;
    /* 1 - F is exact to 1e-16 only: up to where it is 1e-11, and in parts, not to miss a step. */
    double sum = 0;
    for (double from = log(1e-20); from < to; from += 1) {
        gsl_integration_qag(&f, from, fmin(from + 1, to), 0, 1e-9, 20000, GSL_INTEG_GAUSS31, space,
                            &value, &error);
        sum += value;
    }
    gsl_integration_workspace_free(space);
    return sum;
}

static void test_moments_follow_cdf(void **state)
{
    (void)state;
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct distribution *model = law_model(&given_law[i]);
        if (model->atoms)
            continue; /* their samples follow both, exactly */
        double x = 1e-12;
        while (1 - model->cdf(given_law[i].params, x) > 1e-11)
            x *= 1.05;
        for (int order = 1; order <= 2; order++) {
            double exact = (order == 1 ? model->mean : model->second)(given_law[i].params);
            double left = 1 - model->cdf(given_law[i].params, x), rest = 0;
            double mean = model->mean(given_law[i].params);
            if (isinf(exact) || (order == 2 && !model->tail && exact > 20 * mean * mean))
                continue; /* beyond the reach of 1 - F in doubles */
            if (model->tail)
                rest = pow(x, order) * left * order / (model->tail(given_law[i].params) - order);
            double got = integrate(&given_law[i], order, log(x)) + rest;
            double tolerance = model->tail ? 1e-4 : 1e-6; /* of `rest`, near the end of 1 - F */
            if (!(fabs(got / exact - 1) < tolerance))
                fail_msg("%s {%s}: E[X^%d] is %.10g by its cdf, not %.10g", given_laws[i].law,
                         given_laws[i].parameters, order, got, exact);
        }
    }
}

/* Between two values lies at least the lower of them, and at most the upper, times P of what is
 * between: what of the mean is above them differs by that. */
static void test_mean_above_follows_cdf(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    double x[COUNT];
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct distribution *model = law_model(&given_law[i]);
        const void *p = given_law[i].params;
        double mean = law_mean(&given_law[i]);
        given_law_draw(i, 0, COUNT, x);
        qsort(x, COUNT, sizeof *x, rising);
        if (isinf(mean)) {
            assert_true(isinf(model->mean_above(p, x[COUNT / 2])));
            continue;
        }
        double slack = 1e-9 * mean;
        assert_true(fabs(model->mean_above(p, 0) - mean) <= slack);
        for (int k = 1; k < COUNT; k++) {
            double between = model->mean_above(p, x[k - 1]) - model->mean_above(p, x[k]);
            double share = model->cdf(p, x[k]) - model->cdf(p, x[k - 1]);
            if (between < x[k - 1] * share - slack || between > x[k] * share + slack)
                fail_msg("%s {%s}: %g between %g and %g", given_laws[i].law,
                         given_laws[i].parameters, between, x[k - 1], x[k]);
        }
        assert_true(model->mean_above(p, 1e6 * x[COUNT - 1]) <= 0.5 * mean);
    }
}

/* Steadier than GSL's own function goes: against it where it still does, and at the ends. */
static void test_steady_gamma(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct law law;
    for (double shape = 1.1e4; shape < 1e6; shape *= 9) {
        assert_true(law_make("gamma", internf("shape=%.17g; mean=2", shape), &law, errors));
        double before = 0;
        for (double z = -8; z <= 8; z += 0.25) {
            double x = 1 + z / sqrt(shape), share = law_model(&law)->cdf(law.params, 2 * x);
            if (shape < 1e5)
                assert_true(fabs(share - gsl_cdf_gamma_P(x * shape, shape, 1)) < 1e-9);
            assert_true(fabs(share - gsl_cdf_ugaussian_P(z)) < 2 / sqrt(shape));
            assert_true(share >= before && share <= 1);
            before = share;
        }
        assert_true(law_model(&law)->cdf(law.params, 1e300) == 1);
        assert_true(law_model(&law)->cdf(law.params, 1e-300) == 0);
    }
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_law_is_given), cmocka_unit_test(test_sample_follows_cdf),
        cmocka_unit_test(test_sample_has_moments), cmocka_unit_test(test_cdf_rises_from_0_to_1),
        cmocka_unit_test(test_moments_follow_cdf), cmocka_unit_test(test_mean_above_follows_cdf),
        cmocka_unit_test(test_steady_gamma),
    };
    return cmocka_run_group_tests(tests, given_laws_make, setting_tear_down);
}
