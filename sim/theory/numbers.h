/*
 * How many tasks there are, and how many go through: what follows from the figures of theory.h.
 *
 * L and Lq by Little's law (Little 1961): the throughput times the mean latency, and the mean wait,
 * of the tasks that are served. P(N = n) where births and deaths know it (Gross et al. 2008, ch.
 * 2): Poisson arrivals and exponential sizes, to c consumers and any buffer that turns away or has
 * room; whatever the sizes where they are shared (Kleinrock 1967) or nobody can wait (Erlang 1917).
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "theory.h"

struct numbers {
    double throughput;      /* tasks served per second; these are NAN where not known */
    double inside, waiting; /* L, Lq */
    bool approximate;
    const char *source; /* of the distribution; NULL: not known */
};

enum { NUMBERS_SHOWN = 64 };

/* Of what theory_of says of the same `column`; p[n] is P(N = n) where there is a source. */
void numbers_of(const struct scenario *column, const struct theory *theory, struct numbers *out,
                double p[NUMBERS_SHOWN]);

#endif
