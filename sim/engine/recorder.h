/*
 * The recorder: where an engine hands its tasks. Both engines use it, so that what is measured is
 * written once.
 *
 * Every arriving task is labelled with the cell it will be counted in (column slot * classes +
 * class), or UNMEASURED during warm-up and after the end. The label stays with the task.
 *
 * Of a network there are `places` (trial.h) times as many cells: (slot * places + place) * classes
 * + class. What stays with a request is its cell at place 0 (recorder_request); its visits to the
 * stages are counted `place * classes` cells further on (label_at), by the functions of visits, the
 * request as a whole at the place `all`, by those of tasks: `outstanding` is of measured requests
 * that are not over. At the place `client` it is counted like a visit, from its arrival to its
 * answer.
 *
 * Where a timeline is kept (timeline.h), tasks that nobody measures are labelled up to its end,
 * too: with cells behind all others, from the label `spare` on (as the series know it). They are
 * among the `outstanding` then (trial_course.h takes them out again).
 *
 * `series`, while set, receives the latencies of unmeasured tasks, each when its service begins:
 * nothing can change it any more; where services are interrupted or shared, when it completes. (The
 * warm-up rule looks at them. In order of completion they would be the same numbers in another
 * order; but how many tasks have begun by some time is known to an engine that goes from arrival to
 * arrival, too.) Of a network it is one series for each place, and the latency of a visit, and of a
 * request, each when it is over (recorder_settle).
 */
#ifndef RECORDER_H
#define RECORDER_H

#include "cell.h"

#define UNMEASURED UINT32_MAX

struct series;
struct queue_watch;
void series_take(struct series *series, uint32_t label, double value);
void series_take_at(struct series *series, uint32_t place, uint32_t label, double value);

struct recorder {
    struct cell *cells; /* slots * places * classes */
    uint32_t classes;
    uint32_t places;      /* of a network; of one stage: 1, or 0 where nobody asks */
    uint32_t slot;        /* of tasks arriving now, or UNMEASURED */
    uint32_t spare;       /* the first label of those that are not measured; 0: none has one */
    uint64_t outstanding; /* measured tasks that have not left */
    uint64_t behind; /* of a network: measured requests that are over, and something goes on for */
    struct series *series;     /* of a network: by place; NULL: not asked for */
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
    if (__builtin_expect(r->series != NULL, 0))
        series_take(r->series, label, latency);
}

static inline void recorder_complete(struct recorder *r, uint32_t label, double wait,
                                     double latency)
{
    if (label != UNMEASURED) {
        cell_complete(&r->cells[label], wait, latency);
        r->outstanding--;
    }
}

/* Of measured tasks, and what goes on for them: nothing is left. */
static inline bool recorder_drained(const struct recorder *r)
{
    return r->outstanding + r->behind == 0;
}

static inline void recorder_lose(struct recorder *r, uint32_t label, enum loss why)
{
    if (label != UNMEASURED) {
        r->cells[label].lost[why]++;
        r->outstanding--;
    }
}

/* Of a network: what stays with a request that arrives now, and the label of it, or of a visit of
 * it, at a place. */
static inline uint32_t recorder_request(const struct recorder *r, uint32_t class)
{
    return r->slot == UNMEASURED ? UNMEASURED : r->slot * r->places * r->classes + class;
}

static inline uint32_t label_at(const struct recorder *r, uint32_t request, uint32_t place)
{
    return request == UNMEASURED ? UNMEASURED : request + place * r->classes;
}

/* The same, of a place by place * classes. */
static inline uint32_t label_on(uint32_t request, uint32_t cells_on)
{
    return request == UNMEASURED ? UNMEASURED : request + cells_on;
}

/* A request arrives: at the place `all`. The size is the work that it brings, where that is known
 * (tasks.size), else 0. */
static inline void recorder_arrive(struct recorder *r, uint32_t label, double size)
{
    if (label != UNMEASURED) {
        cell_offer(&r->cells[label], size);
        r->outstanding++;
    }
}

/* A visit arrives at a stage; the end of one, served or not, `spent` after it arrived and `waited`
 * of that before its service began. */
static inline void recorder_visit(struct recorder *r, uint32_t label, double size)
{
    if (label != UNMEASURED)
        cell_offer(&r->cells[label], size);
}

static inline void recorder_visit_complete(struct recorder *r, uint32_t label, double wait,
                                           double latency)
{
    if (label != UNMEASURED)
        cell_complete(&r->cells[label], wait, latency);
}

static inline void recorder_visit_lose(struct recorder *r, uint32_t label, enum loss why,
                                       double waited, double spent)
{
    if (label != UNMEASURED) {
        r->cells[label].lost[why]++;
        r->cells[label].lost_wait += waited;
        r->cells[label].lost_time += spent;
    }
}

/* Of a network with clients: a request that took so many attempts; what was done too late. */
static inline void recorder_attempts(struct recorder *r, uint32_t label, uint64_t attempts)
{
    if (label != UNMEASURED)
        r->cells[label].attempts += attempts;
}

static inline void recorder_late(struct recorder *r, uint32_t label)
{
    if (label != UNMEASURED)
        r->cells[label].late++;
}

/* The latency of an unmeasured visit or request, when it is over; for the rule of the warm-up. */
static inline void recorder_settle(struct recorder *r, uint32_t label, uint32_t place,
                                   double latency)
{
    if (__builtin_expect(r->series != NULL, 0))
        series_take_at(r->series, place, label, latency);
}

#endif
