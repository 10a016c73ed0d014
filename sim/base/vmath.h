/*
 * Elementary functions for loops over variates: the same bits on every vector width.
 *
 * Plain polynomials without branches or tables, so that compilers turn a loop of them into vector
 * code; no libm but sqrt, which IEEE 754 defines to the last bit. Errors are against the exact
 * value, in units in the last place (ulp), as tests/test_vmath.c checks.
 *
 *   vmath_log     x normal, positive, finite                          below 1 ulp
 *   vmath_exp     -708 <= x <= 709 (beyond: as at the ends)           below 1.5 ulp
 *   vmath_expm1   x <= 709                                        below 5 ulp, near 0 too
 *   vmath_pow     exp(y log x): relative error below 3e-16 (1 + |y log x|)
 *   vmath_probit  inverse of the normal distribution function, 2^-53 <= p <= 1 - 2^-53;
 *                 relative error below 1e-15 (Wichura 1988, algorithm AS 241, PPND16)
 */
#ifndef VMATH_H
#define VMATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "vector.h"

VECTOR_INLINE double vmath_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

VECTOR_INLINE uint64_t vmath_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); with s = f / (2 + f),
 * log(1 + f) = 2 atanh(s) = 2 s + s^3 P(s^2), and 2 s = f - f^2/2 + s f^2/2 keeps the rounding
 * error of the division small (the reduction of K. C. Ng's log in fdlibm, 1993). P: Chebyshev
 * interpolation of degree 6, error 1e-17. ln 2 is split so that k times its first part is exact. */
VECTOR_INLINE double vmath_log(double x)
{
    const uint64_t root_half = UINT64_C(0x3fe6a09e667f3bcd), one = UINT64_C(0x3ff0000000000000);
    uint64_t bits = vmath_bits(x) + (one - root_half);
    /* Exponent field to double without a conversion: 2^52 + e has e in its low bits. */
    double k = vmath_of_bits(UINT64_C(0x4330000000000000) | bits >> 52) - (0x1p52 + 1023);
    double f = vmath_of_bits((bits & UINT64_C(0x000fffffffffffff)) + root_half) - 1;
    double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double p = 0.14616585424888623;
    p = 0.15331710618210773 + z * p;
    p = 0.18182889455674947 + z * p;
    p = 0.22222211130259878 + z * p;
    p = 0.2857142862600327 + z * p;
    p = 0.39999999999899444 + z * p;
    p = 0.666666666666667 + z * p;
    return k * 0.6931471803691238 -
           ((half - (s * (half + z * p) + k * 1.9082149292705877e-10)) - f);
}

/* exp(r) - 1 - r for |r| <= ln 2 / 2, as r^2 P(r). P: Chebyshev interpolation of degree 9, error
 * 1.3e-17. */
VECTOR_INLINE double vmath_exp_rest(double r)
{
    double p = 2.510038549551032e-08;
    p = 2.7620088445409746e-07 + r * p;
    p = 2.7557268459997064e-06 + r * p;
    p = 2.4801521295954376e-05 + r * p;
    p = 0.00019841269863053618 + r * p;
    p = 0.0013888888917213717 + r * p;
    p = 0.008333333333330062 + r * p;
    p = 0.04166666666662413 + r * p;
    p = 0.16666666666666669 + r * p;
    p = 0.5000000000000001 + r * p;
    return r * r * p;
}

/* x = n ln 2 + r with |r| <= ln 2 / 2. */
VECTOR_INLINE double vmath_exp(double x)
{
    const double round = 0x1.8p52;
    x = x < -708 ? -708 : x;
    x = x > 709 ? 709 : x;
    double shifted = x * 1.4426950408889634 + round;
    double n = shifted - round;
    double r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
    return (1 + (r + vmath_exp_rest(r))) * vmath_of_bits((vmath_bits(shifted) + 1023) << 52);
}

VECTOR_INLINE double vmath_expm1(double x)
{
    double far = vmath_exp(x) - 1;
    return fabs(x) < 0.3466 ? x + vmath_exp_rest(x) : far;
}

VECTOR_INLINE double vmath_pow(double x, double y)
{
    return vmath_exp(y * vmath_log(x));
}

/* Polynomial of degree 7, coefficients from the constant upwards. */
VECTOR_INLINE double vmath_poly7(const double c[8], double x)
{
    double p = c[7];
    for (int i = 6; i >= 0; i--)
        p = p * x + c[i];
    return p;
}

/* AS 241 by its three parts: for q = p - 1/2 up to 0.425 away, with near = 0.425^2 - q^2; and for
 * r = sqrt(-log(the smaller of p and 1 - p)) up to 5, and above. */
VECTOR_INLINE double vmath_probit_centre(double q, double near)
{
    static const double a[] = {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
                               13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                               33430.575583588128105, 2509.0809287301226727};
    static const double b[] = {1.0,
                               42.313330701600911252,
                               687.18700749205790830,
                               5394.1960214247511077,
                               21213.794301586595867,
                               39307.895800092710610,
                               28729.085735721942674,
                               5226.4952788528545610};
    return q * vmath_poly7(a, near) / vmath_poly7(b, near);
}

VECTOR_INLINE double vmath_probit_middle(double r)
{
    static const double c[] = {1.42343711074968357734,   4.63033784615654529590,
                               5.76949722146069140550,   3.64784832476320460504,
                               1.27045825245236838258,   0.241780725177450611770,
                               0.0227238449892691845833, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187,
                               1.67638483018380384940,
                               0.689767334985100004550,
                               0.148103976427480074590,
                               0.0151986665636164571966,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    return vmath_poly7(c, r - 1.6) / vmath_poly7(d, r - 1.6);
}

VECTOR_INLINE double vmath_probit_far(double r)
{
    static const double e[] = {6.65790464350110377720,    5.46378491116411436990,
                               1.78482653991729133580,    0.296560571828504891230,
                               0.0265321895265761230930,  0.00124266094738807843860,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               0.599832206555887937690,
                               0.136929880922735805310,
                               0.0148753612908506148525,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    return vmath_poly7(e, r - 5) / vmath_poly7(f, r - 5);
}

VECTOR_INLINE double vmath_probit(double p)
{
    double q = p - 0.5, near = 0.180625 - q * q;
    double centre = vmath_probit_centre(q, near);
    double r = sqrt(-vmath_log(q < 0 ? p : 1 - p));
    double side = r <= 5 ? vmath_probit_middle(r) : vmath_probit_far(r);
    return near >= 0 ? centre : (q < 0 ? -side : side);
}

#endif
