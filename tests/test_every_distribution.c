/*
 * Asked of every distribution that is listed: sample against distribution function, moments
 * against closed forms, blocks, scaling, the very bits of its draws. (What each refuses:
 * test_law_refusals.c.)
 */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "../sim/base/vector.h"
#include "../sim/scenario/distribution.h"
#include "law_make.h"
#include "setting.h"

#if !defined(__OPTIMIZE__)
enum { N = 100000, MANY = 25 << 12 };
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { N = 1000000, MANY = 244 << 12 };
#else
enum { N = 1000000, MANY = 2442 << 12 /* ten million */ };
#endif

/* Laws to test; `hash` pins the bits of 4096 draws: every compiler, vector width and processor must
 * give the same. */
static const struct {
    const char *law, *parameters;
    uint64_t hash;
} givens[] = {
    {"deterministic", "value=250ms", 0x4eda0c83ce3b6325},
    {"deterministic", "value=0", 0xb93a0c83ce3b6325},
    {"exponential", "mean=250ms", 0xfaaccf5e913644bc},
    {"erlang", "shape=4; mean=3", 0x12ca8c1bcf4c9ccf},
    {"erlang", "shape=50; mean=1ms", 0x6f7ac473c2b70201},
    {"gamma", "shape=0.05; mean=2", 0x97cb38c2f781799b},
    {"gamma", "shape=0.5; mean=2", 0x9afee7ece6bba280},
    {"gamma", "shape=7.3; mean=20us", 0x530de12db8237a3b},
    {"gamma", "shape=1e4; mean=1", 0x9c4b6ab2acff2f67},
    {"hyperexponential", "means=1; probabilities=1", 0xb3082282a3cb37df},
    {"hyperexponential", "means=100ms,10s; probabilities=0.9,0.1", 0xb476361f32903984},
    {"hyperexponential",
     "means=1,2,3,4,5,6,7,100; "
     "probabilities=0,0.3,0.2,0.2,0.1,0.1,0.1,0",
     0xead4a0fcb888ffee},
    {"uniform", "low=0; high=2s", 0xba23209dd8d7b89a},
    {"uniform", "low=1s; high=1.5s", 0x2465424e93e32cab},
    {"lognormal", "mean=250ms; cv2=2", 0xa26f2fda67ae8159},
    {"lognormal", "mean=1; cv2=100", 0x8ee60000e0c3a82b},
    {"weibull", "shape=0.3; mean=1", 0x0a31b166a8ce188b},
    {"weibull", "shape=3.4; mean=10ms", 0xc62da519bd6c98bf},
    {"weibull", "shape=100; mean=1", 0xa54a788861498ec0},
    {"pareto", "alpha=0.7; low=1", 0x1e26d0a7027762d0},
    {"pareto", "alpha=1.5; low=1", 0xc84990cc7a74878c},
    {"pareto", "alpha=2.5; low=100ms", 0xb202fa03e80aac6a},
    {"bounded-pareto", "alpha=1; low=1; high=1000", 0x2d904b634307c77c},
    {"bounded-pareto", "alpha=1.5; low=500ms; high=100s", 0x5353d06979f6c92c},
    {"bounded-pareto", "alpha=4; low=500ms; high=100s", 0x56e51a156347dac6},
    {"bounded-pareto", "alpha=0.01; low=1; high=2", 0x8a23b1f07e150ac1},
    {"bounded-pareto", "alpha=1000; low=1; high=2", 0x40f4f254bcb405bb},
    {"geometric", "mean=1", 0x4c5a0c83ce3b6325},
    {"geometric", "mean=3", 0x6f650c83ce3b6325},
    {"geometric", "mean=1e6", 0x4d9d33a48e3b6325},
    {"empirical", "file=FILE", 0xa7500c83ce3b6325},
    {"empirical", "file=FILE; scale=0.25", 0x65d00c83ce3b6325},
    {"percentiles", "p50=20ms; p90=60ms; p99=200ms; max=5s", 0x80e766dcdae1dab9},
    {"percentiles", "min=1ms; p25=4ms; p50=4ms; p75=9ms; p95=9ms; p999=1; max=1",
     0x42f30588027a39e1},
    {"percentiles", "p99=2s; max=3s", 0xf3a4c55cfa886766},
    {"percentiles", "min=1; p1=1.5; p10=1.7; p9999=1e6; max=1e9", 0xa964d525253a8d00},
    {"lognormal", "p50=20ms; p99=200ms", 0x9437a152c23d34c5},
    {"gamma", "p50=20ms; p99=200ms", 0xdb1937745ddac4a3},
    {"weibull", "p90=2s; p999=5s", 0xdc40b0ca42a40ea5},
    {"uniform", "p10=1s; p95=1.5s", 0xea2bb33953b5ca57},
    {"pareto", "p50=1; p99=5", 0x1dca88058a80ec18},
    {"exponential", "p95=300ms", 0x4bea76197fc9150d},
};
enum { GIVENS = sizeof givens / sizeof *givens };

static struct law laws[GIVENS];
static struct stream stream; /* the same for all */

static int make_all(void **state)
{
    (void)state;
    stream = stream_of(1, 0, "tasks.size");
    struct errors *errors = xcalloc(1, sizeof *errors);
    for (int i = 0; i < GIVENS; i++)
        if (!law_make(givens[i].law, givens[i].parameters, &laws[i], errors))
            fail_msg("%s {%s}: %s", givens[i].law, givens[i].parameters, errors->text[0]);
    free(errors);
    return 0;
}

static void draw(int i, uint64_t first, size_t n, double *out)
{
    law_model(&laws[i])->fill(laws[i].params, &stream, first, n, out);
}

static void test_every_law_is_given(void **state)
{
    (void)state;
    for (size_t m = 0; distribution_family.models[m]; m++) {
        bool found = false;
        for (int i = 0; i < GIVENS; i++)
            found = found || laws[i].model == distribution_family.models[m];
        if (!found)
            fail_msg("add parameters of %s to `givens`", distribution_family.models[m]->name);
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
    draw(i, UINT64_C(1) << 40, PILOT, x);
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
        draw(i, first, BLOCK, x);
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
    for (int i = 0; i < GIVENS; i++) {
        const int edges = make_edges(i, edge);
        count_draws(i, edge, count);
        double worst = 0, square = 0, before = 0, below = 0;
        int bins = 0;
        for (int k = 0; k <= edges; k++) {
            double at = k < edges ? law_model(&laws[i])->cdf(laws[i].params, edge[k]) : 1;
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
            fail_msg("%s {%s}: distance %g, chi-square %g, at most %g", givens[i].law,
                     givens[i].parameters, sqrt(MANY) * worst, square, most);
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
                 givens[i].law, givens[i].parameters, order, sum / N, error, exact);
}

static void test_sample_has_moments(void **state)
{
    (void)state;
    double *x = xmalloc(N * sizeof *x);
    for (int i = 0; i < GIVENS; i++) {
        const struct distribution *model = law_model(&laws[i]);
        double mean = model->mean(laws[i].params), second = model->second(laws[i].params);
        double a = model->tail ? model->tail(laws[i].params) : INFINITY;
        draw(i, 0, N, x);
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
    for (int i = 0; i < GIVENS; i++) {
        const struct distribution *model = law_model(&laws[i]);
        double before = model->cdf(laws[i].params, -1);
        assert_true(before == 0);
        for (double x = 1e-12; x < 1e40; x *= 1.01) {
            double now = model->cdf(laws[i].params, x);
            if (!(now >= before && now <= 1))
                fail_msg("%s {%s}: cdf(%g) = %.17g after %.17g", givens[i].law,
                         givens[i].parameters, x, now, before);
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
    for (int i = 0; i < GIVENS; i++) {
        const struct distribution *model = law_model(&laws[i]);
        if (model->atoms)
            continue; /* their samples follow both, exactly */
        double x = 1e-12;
        while (1 - model->cdf(laws[i].params, x) > 1e-11)
            x *= 1.05;
        for (int order = 1; order <= 2; order++) {
            double exact = (order == 1 ? model->mean : model->second)(laws[i].params);
            double left = 1 - model->cdf(laws[i].params, x), rest = 0;
            double mean = model->mean(laws[i].params);
            if (isinf(exact) || (order == 2 && !model->tail && exact > 20 * mean * mean))
                continue; /* beyond the reach of 1 - F in doubles */
            if (model->tail)
                rest = pow(x, order) * left * order / (model->tail(laws[i].params) - order);
            double got = integrate(&laws[i], order, log(x)) + rest;
            double tolerance = model->tail ? 1e-4 : 1e-6; /* of `rest`, near the end of 1 - F */
            if (!(fabs(got / exact - 1) < tolerance))
                fail_msg("%s {%s}: E[X^%d] is %.10g by its cdf, not %.10g", givens[i].law,
                         givens[i].parameters, order, got, exact);
        }
    }
}

/* Each draw by itself, in blocks of odd lengths and at once: the same bits; also those pinned, for
 * every width of vectors. */
static int wrong_at_this_width(void)
{
    enum { COUNT = 4096 };
    static double whole[COUNT], one[COUNT], odd[COUNT];
    int wrong = 0;
    for (int i = 0; i < GIVENS; i++) {
        const uint64_t first = 1000003;
        draw(i, first, COUNT, whole);
        for (size_t k = 0; k < COUNT; k++)
            draw(i, first + k, 1, &one[k]);
        size_t at = 0;
        for (size_t length = 1; at + length <= COUNT; at += length, length += 2)
            draw(i, first + at, length, odd + at);
        assert_memory_equal(whole, one, sizeof whole);
        assert_memory_equal(whole, odd, at * sizeof *whole);
        uint64_t hash = 0xcbf29ce484222325;
        for (size_t k = 0; k < COUNT; k++) {
            uint64_t bits;
            memcpy(&bits, &whole[k], sizeof bits);
            hash = (hash ^ bits) * 0x100000001b3;
        }
        if (hash != givens[i].hash)
            print_message("%s {%s} by vectors of %d: 0x%016" PRIx64 "\n", givens[i].law,
                          givens[i].parameters, vector_width(), hash);
        wrong += hash != givens[i].hash;
    }
    return wrong;
}

/* Between two values lies at least the lower of them, and at most the upper, times P of what is
 * between: what of the mean is above them differs by that. */
static void test_mean_above_follows_cdf(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    double x[COUNT];
    for (int i = 0; i < GIVENS; i++) {
        const struct distribution *model = law_model(&laws[i]);
        const void *p = laws[i].params;
        double mean = law_mean(&laws[i]);
        draw(i, 0, COUNT, x);
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
                fail_msg("%s {%s}: %g between %g and %g", givens[i].law, givens[i].parameters,
                         between, x[k - 1], x[k]);
        }
        assert_true(model->mean_above(p, 1e6 * x[COUNT - 1]) <= 0.5 * mean);
    }
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
    for (int i = 0; i < GIVENS; i++) {
        const struct distribution *model = law_model(&laws[i]);
        if (!model->scale) {
            assert_true(model->counts_only);
            continue;
        }
        struct law scaled = laws[i];
        model->scale(scaled.params, 3.5);
        double mean = model->mean(laws[i].params), second = model->second(laws[i].params);
        assert_true(isinf(mean) || fabs(law_mean(&scaled) - 3.5 * mean) <= 1e-13 * mean);
        assert_true(isinf(second) ||
                    fabs(model->second(scaled.params) - 3.5 * 3.5 * second) <= 1e-12 * second);
        draw(i, 0, COUNT, x);
        model->fill(scaled.params, &stream, 0, COUNT, y);
        for (int k = 0; k < COUNT; k++) {
            assert_true(fabs(y[k] - 3.5 * x[k]) <= 1e-12 * y[k]);
            double a = model->cdf(laws[i].params, x[k] * (1 + 1e-9));
            double b = model->cdf(scaled.params, 3.5 * x[k] * (1 + 1e-9));
            assert_true(fabs(a - b) < 1e-9);
        }
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

/* Common random numbers: whatever the parameters, the large tasks are the same ones. The laws drawn
 * by inversion fall with the task's uniform. */
static void test_inversion_falls(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    double u[COUNT], x[COUNT];
    static const char *const by_rejection[] = {"erlang", "gamma", "hyperexponential"};
    for (int i = 0; i < GIVENS; i++) {
        bool skip = false;
        for (int k = 0; k < 3; k++)
            skip = skip || strcmp(givens[i].law, by_rejection[k]) == 0;
        if (skip)
            continue;
        stream_uniforms(&stream, 0, 0, COUNT, u);
        draw(i, 0, COUNT, x);
        for (int a = 1; a < COUNT; a++)
            for (int b = a - 1; b >= 0 && b > a - 50; b--)
                assert_true(u[a] < u[b] ? x[a] >= x[b] : x[a] <= x[b]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_law_is_given), cmocka_unit_test(test_sample_follows_cdf),
        cmocka_unit_test(test_sample_has_moments), cmocka_unit_test(test_cdf_rises_from_0_to_1),
        cmocka_unit_test(test_moments_follow_cdf), cmocka_unit_test(test_mean_above_follows_cdf),
        cmocka_unit_test(test_blocks_and_bits),    cmocka_unit_test(test_scaled),
        cmocka_unit_test(test_inversion_falls),    cmocka_unit_test(test_steady_gamma),
    };
    return cmocka_run_group_tests(tests, make_all, setting_tear_down);
}
