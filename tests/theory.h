/*
 * Exact values of queueing models, from formulas.
 *
 * Models, parameters and measures are named as in the oracle files (given.h): the value of
 * ("M/M/c", "lambda=1.6;mu=1;c=2", "mean_wait") is 1.7777... Times are in the unit of the
 * parameters. What has no formula here is NAN.
 *
 * The formulas are the program's own, sim/theory/, where their sources stand; here is what leads to
 * them from the oracle language.
 */
#ifndef TESTS_THEORY_H
#define TESTS_THEORY_H

double theory_value(const char *model, const char *params, const char *measure);

/* The p of a measure that ends in _p50, _p90, _p99, _p999; NAN of any other. */
double theory_p(const char *measure);

/* E[(W - x)+] of the M/G/1 wait W. */
double theory_wait_excess(const char *params, double x);

#endif
