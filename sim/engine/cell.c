#include "cell.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

void cell_init(struct cell *cell)
{
    *cell = (struct cell){.latency_min = INFINITY};
}

static void drop_packed(struct cell *cell)
{
    if (!cell->packed_wait.borrowed)
        free(cell->packed_wait.bytes);
    if (!cell->packed_latency.borrowed)
        free(cell->packed_latency.bytes);
    cell->packed_wait = cell->packed_latency = (struct packed){0};
}

void cell_free(struct cell *cell)
{
    if (!cell->packed_wait.bytes) { /* else there are no pages */
        histogram_free(&cell->wait);
        histogram_free(&cell->latency);
    }
    drop_packed(cell);
}

static void pack_one(struct histogram *h, struct packed *packed)
{
    packed->total = histogram_total(h);
    packed->bytes = histogram_pack(h, &packed->size);
    histogram_free(h);
}

void cell_pack(struct cell *cell)
{
    if (cell->packed_wait.bytes)
        return;
    pack_one(&cell->wait, &cell->packed_wait);
    pack_one(&cell->latency, &cell->packed_latency);
}

void cell_unpack(struct cell *cell)
{
    if (!cell->packed_wait.bytes)
        return;
    histogram_unpack_own(&cell->wait, cell->packed_wait.bytes);
    histogram_unpack_own(&cell->latency, cell->packed_latency.bytes);
    drop_packed(cell);
}

double cell_latency_rank(const struct cell *cell, double x)
{
    return cell->packed_latency.bytes ? histogram_rank_packed(cell->packed_latency.bytes, x)
                                      : histogram_rank(&cell->latency, x);
}

static void merge_one(struct histogram *into, const struct histogram *from,
                      const struct packed *packed)
{
    if (packed->bytes)
        histogram_unpack_own(into, packed->bytes);
    else
        histogram_merge(into, from);
}

uint64_t cell_lost(const struct cell *cell)
{
    uint64_t lost = 0;
    for (int i = 0; i < LOSS_KINDS; i++)
        lost += cell->lost[i];
    return lost;
}

uint64_t cell_unfinished(const struct cell *cell)
{
    return cell->offered - cell->completed - cell_lost(cell);
}

void cell_merge(struct cell *into, const struct cell *from)
{
    assert(!into->packed_wait.bytes);
    into->offered += from->offered;
    into->completed += from->completed;
    for (int i = 0; i < LOSS_KINDS; i++)
        into->lost[i] += from->lost[i];
    merge_one(&into->wait, &from->wait, &from->packed_wait);
    merge_one(&into->latency, &from->latency, &from->packed_latency);
    into->wait_sum += from->wait_sum;
    into->latency_sum += from->latency_sum;
    into->latency_min = fmin(into->latency_min, from->latency_min);
    into->latency_max = fmax(into->latency_max, from->latency_max);
    into->size_sum += from->size_sum;
    into->size_max = fmax(into->size_max, from->size_max);
    into->size_square += from->size_square;
    into->lost_wait += from->lost_wait;
    into->lost_time += from->lost_time;
    into->attempts += from->attempts;
    into->late += from->late;
}
