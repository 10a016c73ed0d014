/*
 * The recorder: where an engine hands its tasks. Both engines use it, so that what is measured is
 * written once.
 *
 * Every arriving task is labelled with the cell it will be counted in (column slot * classes +
 * class), or UNMEASURED during warm-up and after the end. The label stays with the task.
 *
 * `series`, while set, receives the latencies of unmeasured tasks, each when its service begins:
 * nothing can change it any more; where services are interrupted or shared, when it completes. (The
 * warm-up rule looks at them. In order of completion they would be the same numbers in another
 * order; but how many tasks have begun by some time is known to an engine that goes from arrival to
 * arrival, too.)
 */
#ifndef RECORDER_H
#define RECORDER_H

#include "cell.h"

#define UNMEASURED UINT32_MAX

struct series;
struct queue_watch;
void series_add(struct series *series, double value);

struct recorder {
    struct cell *cells; /* slots * classes */
    uint32_t classes;
    uint32_t slot;        /* of tasks arriving now, or UNMEASURED */
    uint64_t outstanding; /* measured tasks that have not left */
    struct series *series;
    struct queue_watch *watch; /* of the number waiting (queue_time.h); NULL: nobody asks */
};

/* Labels of the tasks that arrive while `slot` stays: (first + class) | unmeasured. */
struct labels {
    uint32_t first, unmeasured;
};

static inline struct labels recorder_labels(const struct recorder *r)
{
    return (struct labels){r->slot * r->classes, r->slot == UNMEASURED ? UNMEASURED : 0};
}

static inline uint32_t label_of(struct labels labels, uint32_t class)
{
    return (labels.first + class) | labels.unmeasured;
}

/* Counts n arrivals, in order, and returns by how many `outstanding` grows. Many at once, so that
 * sums stay in registers; the recorder by value, so that a caller's copy may, too. */
uint64_t recorder_offer(struct recorder r, size_t n, const uint16_t *class, const double *size);

/* A task begins a service that nothing can interrupt, or ends one that something could. */
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
