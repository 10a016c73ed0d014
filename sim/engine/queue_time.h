/*
 * How long how many tasks waited: the distribution over time of the number waiting, in the buffer
 * and, paused, outside it. It is recorded where it is asked for only (scenario_records_queue), by
 * the events engine.
 *
 * A histogram whose values are numbers of tasks and whose counts are ticks of time. Its buckets
 * (histogram.h) hold one number each up to 255 (0 is its own), and at most 0.8 % of what they are
 * beyond. Time is whole ticks: that of an instant t is floor(t * ticks per second), a power of two,
 * and a state that lasts from a to b has tick(b) - tick(a). So errors do not add up: ticks of a
 * window are exactly those from its opening to its closing, however many events lie between, no
 * instant is off by more than a tick, and histograms merge by addition, in any order, to the same
 * one.
 *
 * A replication of a column lasts about 2^42 ticks: as many as need be so that a tick is nothing
 * beside the time between two events, and ten thousand replications fit into a counter.
 */
#ifndef QUEUE_TIME_H
#define QUEUE_TIME_H

#include "../scenario/scenario.h"
#include "histogram.h"

struct queue_time {
    struct histogram ticks; /* by the number waiting */
    uint64_t most;          /* waiting at once, for a tick at least */
};

void queue_time_free(struct queue_time *q);
void queue_time_merge(struct queue_time *into, const struct queue_time *from);

/* The numbers in bucket i: from the first to the last of them (histogram.h has real values). */
uint64_t queue_time_first(int bucket);
uint64_t queue_time_last(int bucket);

/* Ticks per second of a column's scenario; where nobody knows how long a run will take, 2^20. */
double queue_time_scale(const struct scenario *column);

/* Smallest n with at least p of the time at n or fewer; NAN if there is none. */
double queue_time_quantile(const struct queue_time *q, double p);

/* Integral of the number waiting, in ticks: at least and at most, since buckets of several numbers
 * tell no more. */
struct queue_area {
    double least, most;
};
struct queue_area queue_time_area(const struct queue_time *q);

/* What an engine records into. */
struct queue_watch {
    struct queue_time *into; /* NULL: not now */
    double scale;            /* ticks per second */
    uint64_t tick;           /* up to which all is recorded */
    uint64_t *most;          /* by place: most that waited there for a tick at least, since whoever
                                asks last looked (timeline.h); NULL: nobody asks */
    uint32_t whole;          /* the place whose number waiting this is */
};

/* The tick of a time. */
static inline uint64_t queue_watch_tick(const struct queue_watch *watch, double time)
{
    const double most = 0x1p62;
    double at = time * watch->scale;
    return (uint64_t)(at < most ? at : most);
}

/* So many have waited at a place from the last call of queue_watch_to up to `time`. */
static inline void queue_watch_most(struct queue_watch *watch, uint32_t place, double time,
                                    uint64_t waiting)
{
    if (waiting > watch->most[place] && queue_watch_tick(watch, time) > watch->tick)
        watch->most[place] = waiting;
}

/* So many have waited from the last call up to `time`. */
static inline void queue_watch_to(struct queue_watch *watch, double time, uint64_t waiting)
{
    uint64_t tick = queue_watch_tick(watch, time), ticks = tick - watch->tick;
    if (watch->most)
        queue_watch_most(watch, watch->whole, time, waiting);
    watch->tick = tick;
    struct queue_time *q = watch->into;
    if (!q || ticks == 0)
        return;
    q->most = waiting > q->most ? waiting : q->most;
    uint64_t i = (uint64_t)histogram_index((double)waiting);
    uint64_t *page = waiting ? q->ticks.page[i / HIST_SUB % HIST_OCTAVES] : NULL;
    if (waiting == 0)
        q->ticks.zero += ticks;
    else if (__builtin_expect(page != NULL, 1))
        page[i % HIST_SUB] += ticks;
    else
        histogram_add_rare(&q->ticks, (double)waiting, ticks);
}

#endif
