#include "vblock.h"

#include "vmath.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The mantissa from 1 to 2 in 16 intervals with middles c_i = 1 + (2 i + 1) / 32: 1 / c_i, log c_i,
 * and what is left of the latter. */
static const double power_middles[16][3] = {
    {0.9696969696969697, 0.030771658666753687, 1.0431732029005968e-18},
    {0.9142857142857143, 0.08961215868968714, -5.4268129336647135e-18},
    {0.8648648648648649, 0.1451820098444979, 8.242418783022475e-18},
    {0.8205128205128205, 0.19782574332991987, 1.2821194372980142e-17},
    {0.7804878048780488, 0.24783616390458127, -1.2432209578702523e-17},
    {0.7441860465116279, 0.2954642128938359, -2.16461086040599e-17},
    {0.7111111111111111, 0.3409265869705932, 1.7467136443544747e-17},
    {0.6808510638297872, 0.38441169891033206, -1.612149700764673e-17},
    {0.6530612244897959, 0.4260843953109001, -2.499176776547466e-17},
    {0.6274509803921569, 0.46608972992459924, -1.4116523239904406e-17},
    {0.6037735849056604, 0.5045560107523953, -2.4888518873597905e-17},
    {0.5818181818181818, 0.5415972824327444, -3.748764246125639e-17},
    {0.5614035087719298, 0.5773153650348236, -8.903591846974013e-18},
    {0.5423728813559322, 0.6118015411059929, -3.7397759448726e-17},
    {0.5245901639344263, 0.6451379613735847, 9.346960920120906e-19},
    {0.5079365079365079, 0.6773988235918061, -2.0978183882652005e-18}};

/* For the logarithm, from 43/64 to 43/32, so that one interval has its middle at 1, where both 1/c
 * and log c are exact. The middles are the numbers of 4 bits behind the leading one, from 11/16. */
static const double log_middles[16][2] = {{1.4545454545454546, -0.3746934494414107},
                                          {1.391304347826087, -0.33024168687057687},
                                          {1.3333333333333333, -0.2876820724517809},
                                          {1.28, -0.24686007793152578},
                                          {1.2307692307692308, -0.2076393647782445},
                                          {1.1851851851851851, -0.16989903679539747},
                                          {1.1428571428571428, -0.13353139262452263},
                                          {1.103448275862069, -0.09844007281325252},
                                          {1.0666666666666667, -0.06453852113757118},
                                          {1.032258064516129, -0.0317486983145803},
                                          {1.0, 0.0},
                                          {0.9411764705882353, 0.06062462181643484},
                                          {0.8888888888888888, 0.11778303565638346},
                                          {0.8421052631578947, 0.17185025692665923},
                                          {0.8, 0.22314355131420976},
                                          {0.7619047619047619, 0.27193371548364176}};

#define MANTISSA UINT64_C(0x000fffffffffffff)
#define LEADING  UINT64_C(0x000f000000000000) /* of the mantissa, the 4 bits that choose */
#define HALF     UINT64_C(0x0000800000000000) /* half an interval */
#define ONE      UINT64_C(0x3ff0000000000000)
#define LOWEST   UINT64_C(0x3fe5800000000000) /* 43/64 */
#define FIRST    UINT64_C(0x3fe6000000000000) /* 11/16 */

/*
 * What a power of one exponent p is made of. With base = 2^e m, m in interval i and
 * r = (m - c) / c, |r| <= 1/33:
 *
 *   base^p = 2^(16 p h) 2^(p (e - 16 h)) c^p (1 + r Q(r)),  h = floor((e + 1) / 16), mostly 0
 *
 * Q is the binomial series, economised (Lanczos 1938) from degree 10 to 8: its last terms in
 * Chebyshev polynomials for |r| <= 1/32, the last two of which are left out, an error of 2^-59
 * times the binomial coefficient. Coefficients stay small for exponents from -3 to 8.
 */
struct power_series {
    double q[9];
    double middles[16][2]; /* 1 / c and c^p by i */
    double octaves[16];    /* scale 2^(p (e - 16 h)) by the low bits of e's field */
};
static const double least_exponent = -3, largest_exponent = 8;

/* exp(p (log + rest)), |rest| tiny: what the product loses is brought back (Dekker 1971, with
 * Veltkamp's splitting of a number in two halves). */
VECTOR_INLINE double power_of(double p, double log, double rest)
{
    const double split = 0x1p27 + 1;
    double product = p * log, p_high = p * split - (p * split - p), p_low = p - p_high;
    double log_high = log * split - (log * split - log), log_low = log - log_high;
    double lost = ((p_high * log_high - product) + p_high * log_low + p_low * log_high) +
                  p_low * log_low + p * rest;
    double power = vmath_exp(product);
    return power + power * lost;
}

VECTOR_LOOP(series_of, (double p, double scale, struct power_series *restrict s), (p, scale, s))
{
    static const double one_over[12] = {0,       1.0,     1.0 / 2, 1.0 / 3, 1.0 / 4,  1.0 / 5,
                                        1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11};
    double b[12] = {1};
    for (int k = 1; k < 12; k++)
        b[k] = b[k - 1] * ((p - (k - 1)) * one_over[k]);
    for (int k = 0; k < 9; k++)
        s->q[k] = b[k + 1];
    /* T9 = 256 x^9 - 576 x^7 + 432 x^5 - 120 x^3 + 9 x and
     * T10 = 512 x^10 - 1280 x^8 + 1120 x^6 - 400 x^4 + 50 x^2 - 1 at x = 32 r. */
    s->q[7] += b[10] * (576.0 / 256 * 0x1p-10);
    s->q[5] -= b[10] * (432.0 / 256 * 0x1p-20);
    s->q[3] += b[10] * (120.0 / 256 * 0x1p-30);
    s->q[1] -= b[10] * (9.0 / 256 * 0x1p-40);
    s->q[8] += b[11] * (1280.0 / 512 * 0x1p-10);
    s->q[6] -= b[11] * (1120.0 / 512 * 0x1p-20);
    s->q[4] += b[11] * (400.0 / 512 * 0x1p-30);
    s->q[2] -= b[11] * (50.0 / 512 * 0x1p-40);
    for (int i = 0; i < 16; i++) {
        s->middles[i][0] = power_middles[i][0];
        s->middles[i][1] = power_of(p, power_middles[i][1], power_middles[i][2]);
    }
    for (int i = 0; i < 16; i++)
        s->octaves[i] = scale * power_of(p * (i - 15), 0.6931471805599453, 2.3190468138462996e-17);
}

/* What columns of a sweep ask for in turns, block by block, is kept for so many of a thread's last
 * ones: where that of x is. */
enum { KEPT_BITS = 6 };

static unsigned kept_at(double x)
{
    return (unsigned)(vmath_bits(x) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - KEPT_BITS));
}

double vblock_pow(double x, double y)
{
    static _Thread_local struct kept {
        bool made;
        double x, y, power;
    } kept[1 << KEPT_BITS];
    struct kept *k = &kept[kept_at(y)];
    if (!k->made || k->x != x || k->y != y)
        *k = (struct kept){true, x, y, vmath_pow(x, y)};
    return k->power;
}

/* The series of (p, scale): making one costs as much as a quarter of a block. */
static const struct power_series *series_for(double p, double scale)
{
    static _Thread_local struct kept {
        bool made;
        double p, scale;
        struct power_series series;
    } kept[1 << KEPT_BITS];
    struct kept *k = &kept[kept_at(p)];
    if (!k->made || k->p != p || k->scale != scale) {
        series_of(p, scale, &k->series);
        *k = (struct kept){true, p, scale, k->series};
    }
    return &k->series;
}

/* The field of the exponent without its low 4 bits where h = 0: 2^-15 to 2^0. */
#define NEAR UINT64_C(0x3f)

/* 2^(16 p h). */
static double far_factor(double p, double base)
{
    double h = (double)(vmath_bits(base) >> 56) - (double)NEAR;
    return h == 0 ? 1 : vmath_exp(p * 0.6931471805599453 * (16 * h));
}

enum { TOGETHER = 4 };

#define WIDTH  2
#define TARGET /* the baseline */
#include "vblock_width.h"

#if defined(__x86_64__)
#define WIDTH  4
#define TARGET VECTOR_TARGET_4
#include "vblock_width.h"

#define WIDTH  8
#define TARGET VECTOR_TARGET_8
#include "vblock_width.h"
#endif

void vblock_log(double factor, size_t n, double *x)
{
    switch (vector_width()) {
#if defined(__x86_64__)
    case 8:
        log_block_8(factor, n, x);
        break;
    case 4:
        log_block_4(factor, n, x);
        break;
#endif
    default:
        log_block_2(factor, n, x);
        break;
    }
}

void vblock_exp(double factor, double scale, size_t n, double *x)
{
    switch (vector_width()) {
#if defined(__x86_64__)
    case 8:
        exp_block_8(factor, scale, n, x);
        break;
    case 4:
        exp_block_4(factor, scale, n, x);
        break;
#endif
    default:
        exp_block_2(factor, scale, n, x);
        break;
    }
}

VECTOR_LOOP(power_plain, (struct vblock_power p, size_t n, double *restrict x), (p, n, x))
{
    for (size_t i = 0; i < n; i++) {
        double value = p.scale * vmath_pow(p.shift + p.slope * x[i], p.exponent);
        value = value < p.low ? p.low : value;
        x[i] = value > p.high ? p.high : value;
    }
}

void vblock_power(const struct vblock_power *p, size_t n, double *x)
{
    if (!(p->exponent >= least_exponent && p->exponent <= largest_exponent)) {
        power_plain(*p, n, x);
        return;
    }
    const struct power_series *s = series_for(p->exponent, p->scale);
    switch (vector_width()) {
#if defined(__x86_64__)
    case 8:
        power_block_8(p, s, n, x);
        break;
    case 4:
        power_block_4(p, s, n, x);
        break;
#endif
    default:
        power_block_2(p, s, n, x);
        break;
    }
}

VECTOR_LOOP(probit_centre, (size_t n, double *restrict x), (n, x))
{
    for (size_t i = 0; i < n; i++) {
        double q = x[i] - 0.5;
        x[i] = vmath_probit_centre(q, 0.180625 - q * q);
    }
}

VECTOR_LOOP(probit_middle, (size_t n, const double *restrict p, double *restrict x), (n, p, x))
{
    for (size_t i = 0; i < n; i++) {
        double side = vmath_probit_middle(sqrt(-vmath_log(p[i] < 0.5 ? p[i] : 1 - p[i])));
        x[i] = p[i] < 0.5 ? -side : side;
    }
}

/* Three quarters and more lie in the centre; the others are taken together, and the very few beyond
 * r = 5 (p < exp(-25) < 2^-36) one by one. */
void vblock_probit(size_t n, double *x)
{
    enum { CHUNK = 256 };
    double p[CHUNK], value[CHUNK];
    uint16_t at[CHUNK];
    for (; n > 0; n -= n < CHUNK ? n : CHUNK, x += CHUNK) {
        size_t chunk = n < CHUNK ? n : CHUNK, outside = 0;
        for (size_t i = 0; i < chunk; i++) {
            double q = x[i] - 0.5;
            p[outside] = x[i];
            at[outside] = (uint16_t)i;
            outside += 0.180625 - q * q >= 0 ? 0 : 1;
        }
        probit_centre(chunk, x);
        probit_middle(outside, p, value);
        for (size_t k = 0; k < outside; k++)
            x[at[k]] = p[k] < 0x1p-36 || 1 - p[k] < 0x1p-36 ? vmath_probit(p[k]) : value[k];
    }
}
