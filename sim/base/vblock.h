/*
 * Elementary functions by the block: what draws are mostly made of.
 *
 * The same bits on every vector width, as vmath.h, whose functions these stand in for where a whole
 * block wants the same one: tables of 16 entries make the argument small, so that a short
 * polynomial without a division is left (the method of P. T. P. Tang, "Table-driven implementation
 * of the logarithm function", ACM TOMS 16, 1990). Tables of AVX-512 lie in registers.
 *
 *   vblock_log     x = factor log x, for x normal, positive, finite; the logarithm is within 2.5
 *                  ulp, near x = 1 too
 *   vblock_power   x = scale (shift + slope x)^exponent, then between low and high, for a base that
 *                  is normal and positive; relative error below 5e-16 (1 + |exponent log base|).
 *                  Exponents below -3 and above 8 go by vmath_pow; bases outside 2^-15 .. 2 take
 *                  longer
 *   vblock_pow     one power, vmath_pow(x, y), for what is asked for block after block: a thread's
 *                  last ones are kept
 *   vblock_exp     x = scale exp(factor x), the bits of vmath_exp
 *   vblock_probit  x = probit(x), the bits of vmath_probit
 */
#ifndef VBLOCK_H
#define VBLOCK_H

#include <stddef.h>

void vblock_log(double factor, size_t n, double *x);

struct vblock_power {
    double exponent, scale, shift, slope, low, high;
};
void vblock_power(const struct vblock_power *p, size_t n, double *x);

double vblock_pow(double x, double y);

void vblock_exp(double factor, double scale, size_t n, double *x);
void vblock_probit(size_t n, double *x);

#endif
