#include "chain_count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/vector.h"

/* Numbers of the counters (histogram_slot) of n times. */
VECTOR_LOOP(slots_of, (size_t n, const double *restrict x, int32_t *restrict slot), (n, x, slot))
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        int32_t at = (int32_t)(bits >> 45) - (1023 + HIST_LOW) * HIST_SUB;
        at = at < -1 ? -1 : at;
        at = at > HIST_BUCKETS ? HIST_BUCKETS : at;
        slot[i] = bits == 0 ? SLOT_ZERO : SLOT_BUCKETS + at;
    }
}

/* The least and the most of times, which are never negative: as integers they are in order, too. */
VECTOR_LOOP(extremes_of, (size_t n, const double *restrict x, int64_t *least, int64_t *most),
            (n, x, least, most))
{
    int64_t low = *least, high = *most;
    for (size_t i = 0; i < n; i++) {
        int64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        low = bits < low ? bits : low;
        high = bits > high ? bits : high;
    }
    *least = low;
    *most = high;
}

static void extremes(size_t n, const double *x, double *low, double *high)
{
    int64_t least, most;
    memcpy(&least, low, sizeof least);
    memcpy(&most, high, sizeof most);
    extremes_of(n, x, &least, &most);
    memcpy(low, &least, sizeof least);
    memcpy(high, &most, sizeof most);
}

static void turn_to(struct counter *counter, struct cell *cell)
{
    counter_flush(counter);
    counter->cell = cell;
    if (!counter->slots)
        counter->slots = xcalloc((size_t)2 * HIST_SLOTS, sizeof *counter->slots);
    counter->n = 0;
    counter->low = INFINITY;
    counter->high = 0;
}

void counter_add(struct counter *counter, struct cell *cell, size_t n, const double *wait,
                 const double *latency)
{
    int32_t wait_slot[COUNT_MOST], slot[COUNT_MOST];
    if (counter->cell != cell || counter->n > UINT32_MAX / 2)
        turn_to(counter, cell);
    uint32_t *waits = counter->slots, *latencies = waits + HIST_SLOTS;
    double wait_sum = cell->wait_sum, latency_sum = cell->latency_sum;
    slots_of(n, wait, wait_slot);
    slots_of(n, latency, slot);
    for (size_t i = 0; i < n; i++) {
        wait_sum += wait[i];
        latency_sum += latency[i];
        waits[wait_slot[i]]++;
        latencies[slot[i]]++;
    }
    extremes(n, latency, &counter->low, &counter->high);
    counter->n += n;
    cell->completed += n;
    cell->wait_sum = wait_sum;
    cell->latency_sum = latency_sum;
}

void counter_flush(struct counter *counter)
{
    struct cell *cell = counter->cell;
    if (!cell)
        return;
    uint32_t *waits = counter->slots, *latencies = waits + HIST_SLOTS;
    cell->latency_min = fmin(cell->latency_min, counter->low);
    cell->latency_max = fmax(cell->latency_max, counter->high);
    histogram_take(&cell->wait, waits, 0, counter->high);
    histogram_take(&cell->latency, latencies, counter->low, counter->high);
    counter->cell = NULL;
}

void counter_free(struct counter *counter)
{
    free(counter->slots);
}

/* So many doubles, wherever they lie. */
typedef double eight __attribute__((vector_size(PARTS * sizeof(double)), aligned(8), may_alias));
typedef int64_t eight_numbers
    __attribute__((vector_size(PARTS * sizeof(int64_t)), aligned(8), may_alias));

#define EIGHT(x)    (*(eight *)&(x))
#define EIGHT_OF(x) (*(const eight *)&(x))

VECTOR_LOOP(add_times, (const struct times *times, size_t n, struct parts *sums), (times, n, sums))
{
    const struct times t = *times;
    eight waits = EIGHT(sums->wait[0]), latencies = EIGHT(sums->latency[0]);
    eight services = EIGHT(sums->service[0]), idle = EIGHT(sums->idle[0]);
    eight_numbers at_once = *(eight_numbers *)&sums->at_once[0];
    for (size_t i = 0; i + PARTS <= n; i += PARTS) {
        const eight arrival = EIGHT_OF(t.arrival[i]), start = EIGHT_OF(t.start[i]);
        const eight wait = start - arrival, latency = EIGHT_OF(t.done[i]) - arrival;
        EIGHT(t.wait[i]) = wait;
        EIGHT(t.latency[i]) = latency;
        EIGHT(t.way_after[i]) = EIGHT_OF(t.way[i]) + wait;
        waits += wait;
        latencies += latency;
        services += EIGHT_OF(t.service[i]);
        idle += start - EIGHT_OF((t.done - 1)[i]);
        at_once -= wait == 0;
    }
    EIGHT(sums->wait[0]) = waits;
    EIGHT(sums->latency[0]) = latencies;
    EIGHT(sums->service[0]) = services;
    EIGHT(sums->idle[0]) = idle;
    *(eight_numbers *)&sums->at_once[0] = at_once;
}

void times_of(const struct times *times, size_t n, struct parts *sums)
{
    add_times(times, n, sums);
    for (size_t i = n / PARTS * PARTS; i < n; i++) {
        const double waited = times->start[i] - times->arrival[i];
        const double spent = times->done[i] - times->arrival[i];
        times->wait[i] = waited;
        times->latency[i] = spent;
        times->way_after[i] = times->way[i] + waited;
        sums->wait[0] += waited;
        sums->latency[0] += spent;
        sums->service[0] += times->service[i];
        sums->idle[0] += times->start[i] - times->done[i - 1];
        sums->at_once[0] += waited == 0;
    }
}
