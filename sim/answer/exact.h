/*
 * What theory knows exactly of the figures that objectives are about (theory.h): those that it says
 * itself, and those that follow by the conservation of tasks and of work and by Little's law. Of
 * all classes together, of arrivals that do not move with time.
 */
#ifndef EXACT_H
#define EXACT_H

#include "objective.h"

struct exact {
    const char *model;        /* "MMPP/M/c"; NULL where theory is silent */
    double value[OBJECTIVES]; /* NAN: not known exactly */
};

/* `s` is sound and without a sweep. */
void exact_figures(const struct scenario *s, const struct objective *objectives, size_t n,
                   struct exact *out);

#endif
