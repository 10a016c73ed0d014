/*
 * Counting many visits of one cell at a time: what cell_complete does, in loops over their waits
 * and latencies.
 *
 * Counters lie flat, half a word each, while the same cell is counted in, and go into its
 * histograms when another one's turn comes (counter_flush); sums and extremes are in the cell at
 * once, added in the order of the visits. So it is the same cell in the end, to the last bit.
 */
#ifndef CHAIN_COUNT_H
#define CHAIN_COUNT_H

#include "../engine/cell.h"

enum { COUNT_MOST = 256 /* visits at a time */ };

struct counter {
    struct cell *cell; /* NULL: none yet */
    uint32_t *slots;   /* of waits, then of latencies (HIST_SLOTS each); NULL: none yet; owned */
    uint64_t n;        /* visits in them */
    double low, high;  /* of their latencies */
};

/* n visits, at most COUNT_MOST, have been in the cell's place for `latency` each, and of that have
 * waited `wait`. */
void counter_add(struct counter *counter, struct cell *cell, size_t n, const double *wait,
                 const double *latency);
void counter_flush(struct counter *counter);
void counter_free(struct counter *counter); /* what is in it must have been flushed */

/* Of n visits, at most COUNT_MOST, that arrived, began and were done: waits, latencies, and the
 * waits of their ways with these. Adds to the sums: in eight parts, the same for any width. */
enum { PARTS = 8 };
struct parts {
    double wait[PARTS], latency[PARTS], service[PARTS], idle[PARTS];
    int64_t at_once[PARTS]; /* of no wait */
};
struct times {
    const double *arrival, *start, *service, *way;
    const double *done; /* from done[-1] on, that before the first */
    double *wait, *latency, *way_after;
};
void times_of(const struct times *times, size_t n, struct parts *sums);

static inline double parts_sum(const double part[PARTS])
{
    return ((part[0] + part[4]) + (part[2] + part[6])) +
           ((part[1] + part[5]) + (part[3] + part[7]));
}

#endif
