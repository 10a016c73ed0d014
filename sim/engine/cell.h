/*
 * A cell: what one trial measured of the tasks of one class that arrived in one column.
 *
 * Invariants: offered = completed + lost + unfinished once the trial has ended; completed = number
 * of values in each of the two histograms; waits and latencies are of completed tasks. Sums are in
 * the order in which tasks completed, within one trial only: they are never added across trials
 * before the end (result.h does it in trial order).
 *
 * A cell that nothing more will be counted in may hold its histograms packed, and then those with
 * pages are empty: so they come from an engine that counts in flat arrays, and go into a result.
 */
#ifndef CELL_H
#define CELL_H

#include "../scenario/policy.h"
#include "histogram.h"

struct cell {
    uint64_t offered, completed, lost[LOSS_KINDS];
    struct histogram wait, latency;
    struct packed packed_wait, packed_latency;
    double wait_sum, latency_sum;
    double latency_min, latency_max; /* of completed tasks; +INFINITY and 0 while there are none */
    double size_sum, size_max,
        size_square;             /* work of offered tasks: sum, largest, sum of squares */
    double lost_wait, lost_time; /* of a network: what lost visits have waited, and been there */
    uint64_t attempts, late;     /* of clients: attempts; done when nobody waited any more */
};

void cell_init(struct cell *cell);
void cell_free(struct cell *cell);
uint64_t cell_lost(const struct cell *cell);
uint64_t cell_unfinished(const struct cell *cell);

/* Packs the histograms, and back, where that has not been done. */
void cell_pack(struct cell *cell);
void cell_unpack(struct cell *cell);

/* Completed tasks whose latency is at most x (histogram_rank). */
double cell_latency_rank(const struct cell *cell, double x);

/* Adds counts, histograms and sums of a later part of the same trial. `into` is not packed. */
void cell_merge(struct cell *into, const struct cell *from);

static inline void cell_offer(struct cell *cell, double size)
{
    cell->offered++;
    cell->size_sum += size;
    cell->size_square += size * size;
    if (size > cell->size_max)
        cell->size_max = size;
}

static inline void cell_complete(struct cell *cell, double wait, double latency)
{
    cell->completed++;
    cell->wait_sum += wait;
    cell->latency_sum += latency;
    if (latency > cell->latency_max)
        cell->latency_max = latency;
    if (latency < cell->latency_min)
        cell->latency_min = latency;
    histogram_add(&cell->wait, wait);
    histogram_add(&cell->latency, latency);
}

#endif
