/*
 * The gaps between arrivals: a sample of them, their dependence, and some blocks of successive ones
 * as they are, in constant memory.
 */
#ifndef GAPS_H
#define GAPS_H

#include "sample.h"

enum { GAPS_LEVELS = 24, GAPS_BLOCK = 64, GAPS_BLOCKS = 2048 };

struct gaps {
    struct sample sample;
    double n, last; /* number of gaps; the last arrival */
    bool begun;
    /* Sums of 2^level successive gaps: how many, their mean and squared deviations; and what is
     * summed up so far. */
    struct gap_sums {
        double n, mean, squares, part;
        bool half;
    } sums[GAPS_LEVELS];
    /* Every stride-th block, evenly over the log. */
    double (*blocks)[GAPS_BLOCK];
    size_t n_blocks, stride, seen; /* seen: whole blocks so far */
    double block[GAPS_BLOCK];      /* the one that is being filled */
    size_t filled;
};

void gaps_init(struct gaps *gaps);
void gaps_free(struct gaps *gaps);
void gaps_add(struct gaps *gaps, double arrival);

/*
 * Index of dispersion for intervals (Cox and Lewis 1966, section 4.6): k Var(S_k) / E(S_k)^2 of the
 * sum of k = 2^level gaps; the squared coefficient of variation at level 0, the same at every level
 * where gaps are independent, 1 for a Poisson process. NAN with fewer than 8 sums.
 */
double gaps_dispersion(const struct gaps *gaps, int level);

#endif
