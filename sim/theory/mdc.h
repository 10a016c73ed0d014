/*
 * M/D/c: c consumers, Poisson arrivals, every service as long: Crommelin 1932; Franx, "A simple
 * solution for the M/D/c waiting time distribution", Oper. Res. Letters 29, 2001, eq. 1. Truncated
 * at 500 tasks inside: right for c of some tens and utilizations up to 0.95 or so.
 */
#ifndef MDC_H
#define MDC_H

#include "chains.h"

struct delays mdc(double lambda, double d, double c);
double mdc_wait_quantile(double lambda, double d, double c, double p);

#endif
