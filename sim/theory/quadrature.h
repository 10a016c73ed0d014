/*
 * The integral of a smooth function over a finite range: Gauss and Legendre's rule of 16 points on
 * each of 24 equal parts (Abramowitz and Stegun 1964, 25.4.29), by GSL. Nothing adapts, so nothing
 * can fail, and the work is known; for what varies over no less than a tenth of the range.
 */
#ifndef QUADRATURE_H
#define QUADRATURE_H

/* 0 where from >= to. */
double quadrature(double (*f)(double x, void *context), void *context, double from, double to);

#endif
