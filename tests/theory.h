/*
 * Exact values of queueing models, from formulas.
 *
 * Models, parameters and measures are named as in the oracle files (given.h): the value of
 * ("M/M/c", "lambda=1.6;mu=1;c=2", "mean_wait") is 1.7777... Times are in the unit of the
 * parameters. What has no formula here is NAN.
 *
 * Sources, where the formula stands in the code:
 *   M/M/c, M/M/c/K, M/G/c/c  Erlang 1917; Gross, Shortle, Thompson and Harris, Fundamentals of
 *                            Queueing Theory, 4th ed. 2008, ch. 2
 *   M/G/1                    Pollaczek 1930, Khinchine 1932; Takacs 1962; wait distribution as a
 *                            geometric sum of residual services (Benes 1957), by its renewal
 *                            equation
 *   M/D/c                    Crommelin 1932; Franx, A simple solution for the M/D/c waiting time
 *                            distribution, Oper. Res. Letters 29, 2001, eq. 1
 *   M/PH/c, MMPP2/M/1        block-tridiagonal chains by linear level reduction: Gaver, Jacobs
 *                            and Latouche, Adv. Appl. Prob. 16, 1984; Neuts 1981
 *   GI/M/1                   Kendall 1953; Kleinrock, Queueing Systems I, 1975, ch. 6
 *   priority                 Cobham, Oper. Res. 2, 1954
 *   shortest job first       Phipps, Oper. Res. 4, 1956
 *   last come first served   Takacs, Management Science 9, 1963
 *   M^X/M/1                  Gross et al. 2008, sec. 3.1
 *   M/D/1/K                  embedded chain: Gross et al. 2008, sec. 5.1
 *   transient                uniformisation: Jensen 1953; Grassmann 1977
 *   overload                 law of large numbers
 */
#ifndef THEORY_H
#define THEORY_H

#include <stddef.h>

double theory_value(const char *model, const char *params, const char *measure);

/* The p of a measure that ends in _p50, _p90, _p99, _p999; NAN of any other. */
double theory_p(const char *measure);

/* E[(W - x)+] of the M/G/1 wait W. */
double theory_wait_excess(const char *params, double x);

/* The models that theory.c dispatches to. */
double theory_mg1(const char *params, const char *measure);
double theory_priority(const char *params, const char *measure);
double theory_shortest_job(const char *params, const char *measure);
double theory_last_come(const char *params, const char *measure);
double theory_mdc(const char *params, const char *measure);
double theory_mphc(const char *params, const char *measure);
double theory_mmpp(const char *params, const char *measure);
double theory_md1k(const char *params, const char *measure);
double theory_transient(const char *params, const char *measure);
double theory_scheduled(const char *params, const char *measure);

/* Root of a decreasing or increasing function between low and high (Brent's method, GSL). */
double theory_root(double (*f)(double x, void *context), void *context, double low, double high);

#endif
