/*
 * What theory says of a scenario at rest: exact where a formula covers it, else approximate, each
 * figure with its source.
 *
 * Covered exactly: M/M/c, M/G/1, M/D/c, M/E2/c and M/H2/c with any discipline blind to size
 * (quantiles: first come, first served); M/G/1 by priority classes and by shortest job; GI/M/c;
 * MMPP/M/c; batches to one consumer; M/M/c/K, M/G/1/K, GI/M/1/K and M/G/c/c that lose.
 * Approximately: GI/G/c in order of arrival, and correlated arrivals by their index of dispersion.
 */
#ifndef THEORY_H
#define THEORY_H

#include "../scenario/scenario.h"

enum theory_measure {
    THEORY_WAIT_PROBABILITY,
    THEORY_WAIT_MEAN,
    THEORY_LATENCY_MEAN,
    THEORY_WAIT_QUANTILE, /* at p */
    THEORY_LATENCY_QUANTILE,
    THEORY_LOSS
};

enum { THEORY_ALL = -1, THEORY_FIGURES = 32 };

struct theory_figure {
    enum theory_measure measure;
    int class; /* or THEORY_ALL */
    double p;
    double value; /* seconds, or a fraction; may be INFINITY */
    bool approximate;
    const char *source; /* author, year, equation */
};

struct theory {
    const char *model; /* "M/M/c"; NULL where theory is silent */
    const char *why;   /* it is silent: a sentence */
    size_t n;
    struct theory_figure figure[THEORY_FIGURES];
};

/* `column`: a sound scenario, the swept parameter in place. */
void theory_of(const struct scenario *column, struct theory *out);

/* The same without quantiles of the wait, some of which take up to a second: for many columns. */
void theory_latency(const struct scenario *column, struct theory *out);

#endif
