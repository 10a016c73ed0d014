/*
 * The time that a task takes along a way of exponential times, which branch with given chances and
 * never come back: a phase-type law (Neuts, Matrix-Geometric Solutions, 1981, ch. 2), of a way
 * without branches the hypoexponential one. In a network without overtaking the times at successive
 * stations are independent (Reich 1957; Burke 1969, "The dependence of sojourn times in tandem
 * M/M/s queues", Oper. Res. 17: only the first and the last may have several consumers), so that
 * this is the law of the latency from end to end.
 *
 * Steps are in order: a step leads to later ones only. Probabilities are reckoned by squaring
 * non-negative matrices, without subtractions.
 */
#ifndef PASSAGE_H
#define PASSAGE_H

#include <stddef.h>

enum { PASSAGE_STEPS = 64 };

struct passage {
    size_t n;
    double rate[PASSAGE_STEPS];              /* per second; above 0 */
    double start[PASSAGE_STEPS];             /* the chance to begin there; the rest takes no time */
    double to[PASSAGE_STEPS][PASSAGE_STEPS]; /* the chance to go on there; the rest is over */
};

double passage_mean(const struct passage *p);
double passage_above(const struct passage *p, double t); /* P(T > t) */
double passage_quantile(const struct passage *p, double q);

#endif
