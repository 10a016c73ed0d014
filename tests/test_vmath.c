/* The elementary functions against the C library's long double ones, and every vector width
 * against plain code. */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "../sim/base/rng.h"
#include "../sim/base/vmath.h"

/* Distance from the exact value; `long double` is wider than double on what we test on. */
static double ulps(double got, long double exact)
{
    double rounded = fabs((double)exact);
    double ulp = nextafter(rounded, INFINITY) - rounded;
    return (double)(fabsl((long double)got - exact) / ulp);
}

static double worse(double a, double b)
{
    return a > b ? a : b;
}

static void test_log(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = 0; i <= 400000; i++) {
        const double spread = exp((i / 200000.0 - 1) * 708), near = 0.5 + i / 200000.0;
        const double uniform = (i + 0.5) / 400001;
        const double x[] = {spread, near, uniform, 1 + (i - 200000) * 0x1p-52};
        for (int j = 0; j < 4; j++) {
            double got = vmath_log(x[j]);
            assert_true(got == got);
            worst = worse(worst, x[j] == 1 ? fabs(got) : ulps(got, logl(x[j])));
        }
    }
    assert_true(vmath_log(1) == 0);
    assert_true(vmath_log(0x1p-53) == (double)logl(0x1p-53L));
    print_message("log: at most %.3f ulp\n", worst);
    assert_true(worst < 1);
}

static void test_exp(void **state)
{
    (void)state;
    double worst = 0, worst_expm1 = 0;
    for (int i = 0; i <= 1000000; i++) {
        const double x[] = {(i / 500000.0 - 1) * 708, (i / 500000.0 - 1) * 2,
                            (i / 500000.0 - 1) * 1e-5};
        for (int j = 0; j < 3; j++) {
            assert_true(isfinite(vmath_exp(x[j])) && isfinite(vmath_expm1(x[j])));
            worst = worse(worst, ulps(vmath_exp(x[j]), expl(x[j])));
            if (x[j] != 0)
                worst_expm1 = worse(worst_expm1, ulps(vmath_expm1(x[j]), expm1l(x[j])));
        }
    }
    assert_true(vmath_exp(0) == 1 && vmath_expm1(0) == 0);
    assert_true(vmath_exp(-1e300) == vmath_exp(-708) && vmath_exp(1e300) == vmath_exp(709));
    print_message("exp: at most %.3f ulp, expm1: %.3f\n", worst, worst_expm1);
    assert_true(worst < 1.5);
    assert_true(worst_expm1 < 5);
}

static void test_pow(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = 1; i <= 2000; i++)
        for (int j = -100; j <= 100; j++) {
            double x = i <= 1000 ? i / 1000.0 : exp((i - 1500) / 10.0), y = j / 7.0;
            double exponent = fabs(y * log(x));
            if (exponent > 700)
                continue;
            double error = fabs((double)(vmath_pow(x, y) / powl(x, y) - 1));
            assert_true(error == error);
            worst = worse(worst, error / (1 + exponent));
        }
    print_message("pow: relative error at most %.3g (1 + |y log x|)\n", worst);
    assert_true(worst < 3e-16);
}

/* x is right where the distribution function of x is p: the relative error of x follows from that
 * of p by the slope. */
static void test_probit(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = 1; i < 400000; i++) {
        const double p[] = {i / 400000.0, exp(-i / 400000.0 * 36.7), 0.5 + (i - 200000) * 1e-9};
        for (int j = 0; j < 3; j++) {
            double x = vmath_probit(p[j]), got = gsl_cdf_ugaussian_P(x);
            assert_true(x == x);
            double density = exp(-x * x / 2) / sqrt(2 * M_PI);
            /* The reference itself has a few ulp of error in p. */
            double error = fabs(got - p[j]) - 2e-14 * p[j];
            worst = worse(worst, error / density / worse(fabs(x), 1e-3));
        }
    }
    assert_true(vmath_probit(0.5) == 0);
    assert_true(fabs(vmath_probit(0.975) - 1.959963984540054) < 1e-15);
    assert_true(fabs(vmath_probit(1e-15) + 7.941345326170998) < 1e-14);
    for (int i = 1; i < 1000; i++)
        assert_true(vmath_probit(i / 1024.0) == -vmath_probit(1 - i / 1024.0));
    print_message("probit: relative error at most %.3g beyond the reference's own\n", worst);
    assert_true(worst < 1e-14);
}

/* One loop over all functions, compiled for each width. */
enum { N = 4096, FUNCTIONS = 5 };
VECTOR_LOOP(all, (const double *restrict u, double (*restrict out)[N]), (u, out))
{
    for (int i = 0; i < N; i++)
        out[0][i] = vmath_log(u[i]);
    for (int i = 0; i < N; i++)
        out[1][i] = vmath_exp(40 * u[i] - 20);
    for (int i = 0; i < N; i++)
        out[2][i] = vmath_expm1(2 * u[i] - 1);
    for (int i = 0; i < N; i++)
        out[3][i] = vmath_pow(u[i], -1 / 1.7);
    for (int i = 0; i < N; i++)
        out[4][i] = vmath_probit(u[i]);
}

static void test_widths_agree(void **state)
{
    static double u[N], one[FUNCTIONS][N], wide[FUNCTIONS][N];
    (void)state;
    struct stream s = stream_of(1, 0, "test");
    stream_uniforms(&s, 0, 0, N, u);
    for (int i = 0; i < N; i++) {
        volatile double x = u[i]; /* one by one: no vector code */
        one[0][i] = vmath_log(x);
        one[1][i] = vmath_exp(40 * x - 20);
        one[2][i] = vmath_expm1(2 * x - 1);
        one[3][i] = vmath_pow(x, -1 / 1.7);
        one[4][i] = vmath_probit(x);
    }
    for (int width = 2; vector_force(width); width *= 2) {
        all(u, wide);
        assert_memory_equal(one, wide, sizeof one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),          cmocka_unit_test(test_exp),
        cmocka_unit_test(test_pow),          cmocka_unit_test(test_probit),
        cmocka_unit_test(test_widths_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
