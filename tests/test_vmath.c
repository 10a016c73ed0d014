/* The elementary functions against the C library's long double ones, and every vector width
 * against plain code. */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "../sim/base/rng.h"
#include "../sim/base/vblock.h"
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

enum { N = 4096 };

/* Spread over the whole range of doubles, near 1 from both sides, and uniforms. */
static void fill_bases(int turn, double x[N])
{
    for (int i = 0; i < N; i++) {
        int k = turn * N + i;
        const double spread = exp(((k % 200003) / 100001.5 - 1) * 708);
        const double near = 1 + (k % 8192 - 4096) * exp2(-14 - turn % 38);
        const double uniform = (k + 0.5) * 0x1p-20, edge = vmath_of_bits((uint64_t)k << 46);
        const double usual = ldexp(0.5 + (k & 1023) / 2048.0, -(k >> 10 & 31));
        const double all[] = {spread, near, uniform, edge, usual};
        x[i] = all[k % 5];
        if (!(x[i] > 0x1p-1021 && x[i] < 0x1p1023))
            x[i] = 0.25;
    }
}

static void test_block_log(void **state)
{
    (void)state;
    static double x[N], y[N];
    double worst = 0;
    for (int turn = 0; turn < 256; turn++) {
        fill_bases(turn, x);
        memcpy(y, x, sizeof y);
        vblock_log(1, N, y);
        for (int i = 0; i < N; i++)
            worst = worse(worst, x[i] == 1 ? fabs(y[i]) : ulps(y[i], logl(x[i])));
    }
    print_message("log by the block: at most %.3f ulp\n", worst);
    assert_true(worst < 2.5);
}

/* Exponents within the series and beyond, bases that take another octave and that do not. */
static void test_block_power(void **state)
{
    (void)state;
    static const double exponents[] = {-0.01, -0.1, -0.2, -0.4, -0.5, -2.0 / 3, -1,  -1.3,
                                       -2,    -2.9, -3,   -3.1, -10,  0.01,     0.5, 1,
                                       1.7,   3,    3.4,  5,    7.9,  8,        8.1, 20};
    static double x[N], y[N];
    double worst = 0;
    for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++)
        for (int turn = 0; turn < 16; turn++) {
            const double p = exponents[e];
            const struct vblock_power power = {p, 1, 0, 1, 0, INFINITY};
            fill_bases(turn * 7, x);
            for (int i = 0; i < N; i++)
                x[i] = x[i] > 0x1p-100 && x[i] < 0x1p17 && fabs(p * log(x[i])) < 690 ? x[i] : 0.3;
            memcpy(y, x, sizeof y);
            vblock_power(&power, N, y);
            for (int i = 0; i < N; i++) {
                double error = fabs((double)(y[i] / powl(x[i], p) - 1));
                assert_true(error == error);
                worst = worse(worst, error / (1 + fabs(p * log(x[i]))));
            }
        }
    print_message("power by the block: relative error at most %.3g (1 + |p log x|)\n", worst);
    assert_true(worst < 5e-16);
}

/* Scale, shift, slope and bounds; every length. */
static void test_block_power_between(void **state)
{
    (void)state;
    enum { LENGTH = 100 };
    const struct vblock_power power = {-0.4, 0.5, 1e-6, 1 - 1e-6, 0.6, 3};
    double u[LENGTH], x[LENGTH + 1];
    for (int i = 0; i < LENGTH; i++)
        u[i] = i % 17 == 0 ? 1e-9 : (i + 0.5) / LENGTH; /* here and there a far one */
    for (size_t n = 0; n <= LENGTH; n++) {
        memcpy(x, u, sizeof u);
        x[n] = -7;
        vblock_power(&power, n, x);
        assert_true(x[n] == -7);
        for (size_t i = 0; i < n; i++) {
            double exact = 0.5 * pow(1e-6 + u[i] * (1 - 1e-6), -0.4);
            exact = exact < 0.6 ? 0.6 : exact > 3 ? 3 : exact;
            assert_true(fabs(x[i] / exact - 1) < 1e-14);
        }
    }
}

/* One loop over all functions, compiled for each width. */
enum { FUNCTIONS = 5 };
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

/* Those that promise the bits of their single functions. */
static void test_same_as_single(void **state)
{
    (void)state;
    enum { LENGTH = 1000 };
    double p[LENGTH], x[LENGTH];
    struct stream s = stream_of(1, 0, "test");
    for (int width = 2; vector_force(width); width *= 2)
        for (uint64_t turn = 0; turn < 100; turn++) {
            stream_uniforms(&s, 0, turn * LENGTH, LENGTH, p);
            for (int i = 0; i < LENGTH; i += 50) /* far out on both sides */
                p[i] =
                    i % 100 == 0 ? ldexp(p[i], -(int)turn % 52) : 1 - ldexp(p[i], -(int)turn % 52);
            memcpy(x, p, sizeof x);
            vblock_probit(LENGTH - turn, x);
            for (uint64_t i = 0; i < LENGTH; i++)
                assert_true(x[i] == (i < LENGTH - turn ? vmath_probit(p[i]) : p[i]));
            memcpy(x, p, sizeof x);
            const double factor = (double)turn * 16 - 800;
            vblock_exp(factor, 3, LENGTH - turn, x);
            for (uint64_t i = 0; i < LENGTH; i++)
                assert_true(x[i] == (i < LENGTH - turn ? 3 * vmath_exp(factor * p[i]) : p[i]));
        }
}

/* Blocks of every length and exponent; the first width's are the others'. */
static void test_blocks_agree(void **state)
{
    (void)state;
    enum { LENGTH = 203, EXPONENTS = 40 };
    static double u[LENGTH], first[EXPONENTS + 1][LENGTH], x[LENGTH];
    struct stream s = stream_of(1, 0, "test");
    stream_uniforms(&s, 0, 0, LENGTH, u);
    for (int i = 0; i < LENGTH; i += 20)
        u[i] *= ldexp(1, -i); /* far ones */
    for (int width = 2; vector_force(width); width *= 2)
        for (int e = 0; e <= EXPONENTS; e++)
            for (size_t n = LENGTH, at = 0; n > 0; n /= 3) {
                memcpy(x, u, sizeof x);
                const struct vblock_power power = {(e - 16) / 4.0, 2, 0, 1, 0, INFINITY};
                for (at = 0; at < LENGTH; at += n) {
                    size_t some = LENGTH - at < n ? LENGTH - at : n;
                    if (e == EXPONENTS)
                        vblock_log(-0.7, some, x + at);
                    else
                        vblock_power(&power, some, x + at);
                }
                if (width == 2 && n == LENGTH)
                    memcpy(first[e], x, sizeof x);
                assert_memory_equal(x, first[e], sizeof x);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),          cmocka_unit_test(test_exp),
        cmocka_unit_test(test_pow),          cmocka_unit_test(test_probit),
        cmocka_unit_test(test_widths_agree), cmocka_unit_test(test_block_log),
        cmocka_unit_test(test_block_power),  cmocka_unit_test(test_block_power_between),
        cmocka_unit_test(test_blocks_agree), cmocka_unit_test(test_same_as_single),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
