#include "cell.h"

#include <math.h>

void cell_init(struct cell *cell)
{
    *cell = (struct cell){.latency_min = INFINITY};
}

void cell_free(struct cell *cell)
{
    histogram_free(&cell->wait);
    histogram_free(&cell->latency);
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
    into->offered += from->offered;
    into->completed += from->completed;
    for (int i = 0; i < LOSS_KINDS; i++)
        into->lost[i] += from->lost[i];
    histogram_merge(&into->wait, &from->wait);
    histogram_merge(&into->latency, &from->latency);
    into->wait_sum += from->wait_sum;
    into->latency_sum += from->latency_sum;
    into->latency_min = fmin(into->latency_min, from->latency_min);
    into->latency_max = fmax(into->latency_max, from->latency_max);
    into->size_sum += from->size_sum;
    into->size_max = fmax(into->size_max, from->size_max);
    into->size_square += from->size_square;
}
