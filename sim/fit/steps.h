/*
 * The step in which values were rounded, whatever digits they are written with: the largest of
 * which all of them are multiples, in whole nanoseconds. A handful of different values are no
 * rounded ones: STEPS_DISTINCT at least.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stdint.h>

enum { STEPS_DISTINCT = 5 };

struct steps {
    uint64_t divisor; /* greatest common divisor so far, in ns; 0: of zeros alone */
    double value[STEPS_DISTINCT];
    int distinct;
    bool finer; /* some value is no multiple of 1 ns */
};

/* A zeroed struct steps has seen nothing. Values are seconds; times before an epoch
 * are below 0. */
void steps_add(struct steps *steps, double value);

/* In seconds; 0: finer than 1 ns, or too few different values to tell. */
double steps_found(const struct steps *steps);

#endif
