/*
 * A root of a function of one number, by Brent's method (Brent 1973, chapter 4; GSL).
 */
#ifndef SOLVE_H
#define SOLVE_H

/* Where f, which has one change of sign at most, is 0 between low and high; where it has none, the
 * end at which it is nearer to 0. Relative error 1e-12. */
double solve_root(double (*f)(double x, void *context), void *context, double low, double high);

#endif
