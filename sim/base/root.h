/*
 * Roots of functions of one number: Brent's method (Brent 1973, Algorithms for Minimization without
 * Derivatives, chapter 4), by GSL.
 */
#ifndef ROOT_H
#define ROOT_H

/* The root of a continuous f between a and b, in either order, to a relative `precision`. f must be
 * finite and have different signs at a and b (or be 0 at one of them); otherwise NAN. */
double root_between(double (*f)(double x, void *context), void *context, double a, double b,
                    double precision);

#endif
