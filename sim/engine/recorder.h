/*
 * The recorder: where an engine hands its tasks. Both engines use it, so that what is measured is
 * written once.
 *
 * Every arriving task is labelled with the cell it will be counted in (column slot * classes +
 * class), or UNMEASURED during warm-up and after the end. The label stays with the task.
 *
 * `series`, while set, receives the latencies of unmeasured tasks, each when its service begins:
 * nothing can change it any more. (The warm-up rule looks at them. In order of completion they
 * would be the same numbers in another order; but how many tasks have begun by some time is known
 * to an engine that goes from arrival to arrival, too.)
 */
#ifndef RECORDER_H
#define RECORDER_H

#include "cell.h"

#define UNMEASURED UINT32_MAX

struct series;
void series_add(struct series *series, double value);

struct recorder {
    struct cell *cells; /* slots * classes */
    uint32_t classes;
    uint32_t slot;        /* of tasks arriving now, or UNMEASURED */
    uint64_t outstanding; /* measured tasks that have not left */
    struct series *series;
};

/* Counts an arrival; returns its label. */
static inline uint32_t recorder_offer(struct recorder *r, uint32_t class, double size)
{
    if (r->slot == UNMEASURED)
        return UNMEASURED;
    uint32_t label = r->slot * r->classes + class;
    struct cell *cell = &r->cells[label];
    cell->offered++;
    cell->size_sum += size;
    cell->size_square += size * size;
    if (size > cell->size_max)
        cell->size_max = size;
    r->outstanding++;
    return label;
}

/* A task begins a service that nothing can interrupt. */
static inline void recorder_start(struct recorder *r, uint32_t label, double latency)
{
    if (__builtin_expect(r->series != NULL, 0) && label == UNMEASURED)
        series_add(r->series, latency);
}

static inline void recorder_complete(struct recorder *r, uint32_t label, double wait,
                                     double latency)
{
    if (label != UNMEASURED) {
        cell_complete(&r->cells[label], wait, latency);
        r->outstanding--;
    }
}

static inline void recorder_lose(struct recorder *r, uint32_t label, enum loss why)
{
    if (label != UNMEASURED) {
        r->cells[label].lost[why]++;
        r->outstanding--;
    }
}

#endif
