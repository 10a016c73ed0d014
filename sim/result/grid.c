#include "grid.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

void grid_init(struct grid *grid, uint32_t columns, uint32_t groups, uint32_t places,
               uint32_t classes, uint32_t replications)
{
    *grid = (struct grid){.columns = columns, .places = places, .classes = classes};
    grid->column = xcalloc(columns, sizeof *grid->column);
    for (uint32_t i = 0; i < columns; i++) {
        struct grid_column *c = &grid->column[i];
        c->groups = groups;
        c->replications = replications;
        c->cells = xcalloc((size_t)groups * places * classes, sizeof *c->cells);
        c->replicas = xcalloc(replications, sizeof *c->replicas);
    }
    pthread_mutex_init(&grid->lock, NULL);
}

void grid_extend(struct grid *grid, uint32_t column, uint32_t replications)
{
    struct grid_column *c = &grid->column[column];
    assert(c->groups == c->replications && replications >= c->replications);
    size_t per_group = (size_t)grid->places * grid->classes;
    size_t cells = replications * per_group, old = c->groups * per_group;
    c->cells = xrealloc(c->cells, cells * sizeof *c->cells);
    c->replicas = xrealloc(c->replicas, replications * sizeof *c->replicas);
    memset(&c->cells[old], 0, (cells - old) * sizeof *c->cells);
    memset(&c->replicas[c->replications], 0,
           (replications - c->replications) * sizeof *c->replicas);
    c->groups = c->replications = replications;
}

void grid_forget_merged(struct grid *grid)
{
    size_t per_place = grid->classes == 1 ? 1 : grid->classes + 1;
    size_t rows = (size_t)grid->columns * grid->places * per_place;
    for (size_t i = 0; grid->merged && i < rows; i++) {
        free(grid->merged[i].bytes[MEASURE_LATENCY]);
        free(grid->merged[i].bytes[MEASURE_WAIT]);
    }
    free(grid->merged);
    grid->merged = NULL;
}

void grid_free(struct grid *grid)
{
    grid_forget_merged(grid);
    pthread_mutex_destroy(&grid->lock);
    for (uint32_t column = 0; column < grid->columns; column++) {
        struct grid_column *c = &grid->column[column];
        for (size_t i = 0; i < (size_t)c->groups * grid->places * grid->classes; i++) {
            free(c->cells[i].bytes[MEASURE_LATENCY]);
            free(c->cells[i].bytes[MEASURE_WAIT]);
        }
        for (uint32_t r = 0; r < c->replications; r++) {
            free(c->replicas[r].queue.bytes);
            free(c->replicas[r].windows);
            timeline_free(c->replicas[r].timeline);
        }
        free(c->cells);
        free(c->replicas);
    }
    free(grid->column);
    *grid = (struct grid){0};
}

static unsigned char *bytes_of(const struct histogram *h, const struct packed *packed)
{
    size_t size = packed->size;
    if (!packed->bytes)
        return histogram_pack(h, &size);
    return memcpy(xmalloc(size), packed->bytes, size);
}

void grid_put(struct grid *grid, struct grid_at at, const struct cell *cell)
{
    struct packed_cell *p = (struct packed_cell *)grid_cell(grid, at);
    p->offered = cell->offered;
    p->completed = cell->completed;
    for (int i = 0; i < LOSS_KINDS; i++)
        p->lost[i] = cell->lost[i];
    p->wait_sum = cell->wait_sum;
    p->latency_sum = cell->latency_sum;
    p->latency_min = cell->latency_min;
    p->latency_max = cell->latency_max;
    p->size_sum = cell->size_sum;
    p->size_max = cell->size_max;
    p->size_square = cell->size_square;
    p->lost_wait = cell->lost_wait;
    p->lost_time = cell->lost_time;
    p->attempts = cell->attempts;
    p->late = cell->late;
    p->bytes[MEASURE_LATENCY] = bytes_of(&cell->latency, &cell->packed_latency);
    p->bytes[MEASURE_WAIT] = bytes_of(&cell->wait, &cell->packed_wait);
}

static void add_numbers(const struct packed_cell *p, struct cell *into)
{
    into->offered += p->offered;
    into->completed += p->completed;
    for (int i = 0; i < LOSS_KINDS; i++)
        into->lost[i] += p->lost[i];
    into->wait_sum += p->wait_sum;
    into->latency_sum += p->latency_sum;
    if (p->completed > 0) {
        into->latency_min = fmin(into->latency_min, p->latency_min);
        into->latency_max = fmax(into->latency_max, p->latency_max);
    }
    into->size_sum += p->size_sum;
    into->size_max = fmax(into->size_max, p->size_max);
    into->size_square += p->size_square;
    into->lost_wait += p->lost_wait;
    into->lost_time += p->lost_time;
    into->attempts += p->attempts;
    into->late += p->late;
}

static void unpack(const struct packed_cell *p, struct cell *into, struct histogram *waits)
{
    add_numbers(p, into);
    if (p->bytes[MEASURE_LATENCY])
        histogram_unpack_own(&into->latency, p->bytes[MEASURE_LATENCY]);
    if (p->bytes[MEASURE_WAIT])
        histogram_unpack_own(waits, p->bytes[MEASURE_WAIT]);
}

void grid_get(const struct grid *grid, struct grid_at at, struct cell *into,
              struct histogram *waits)
{
    if (at.class < grid->classes) {
        unpack(grid_cell(grid, at), into, waits);
        return;
    }
    for (at.class = 0; at.class < grid->classes; at.class ++)
        unpack(grid_cell(grid, at), into, waits);
}

void grid_borrow(const struct grid *grid, struct grid_at at, struct cell *into,
                 struct histogram *waits)
{
    const struct packed_cell *p = grid_cell(grid, at);
    add_numbers(p, into);
    into->packed_latency = (struct packed){.bytes = p->bytes[MEASURE_LATENCY], .borrowed = true};
    if (p->bytes[MEASURE_WAIT])
        histogram_unpack_own(waits, p->bytes[MEASURE_WAIT]);
}
