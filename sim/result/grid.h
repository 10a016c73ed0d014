/*
 * The grid behind a result: what every group (replication, or batch of the only one) measured, for
 * each column, place and class, packed. For result.c, row.c and, in answer/, validation.c only.
 */
#ifndef GRID_H
#define GRID_H

#include <pthread.h>

#include "result.h"

/* A cell, packed: the histograms' bytes and everything else as it is. */
struct packed_cell {
    uint64_t offered, completed, lost[LOSS_KINDS];
    double wait_sum, latency_sum, latency_min, latency_max, size_sum, size_max, size_square;
    double lost_wait, lost_time;
    uint64_t attempts, late;
    unsigned char *bytes[2]; /* by enum measure */
};

/* The histograms of all groups of a column, place and class together, packed. */
struct packed_merged {
    unsigned char *bytes[2]; /* by enum measure */
};

/* The number waiting in a replication of a column, packed; bytes NULL: not recorded. */
struct packed_queue {
    unsigned char *bytes; /* of the histogram */
    uint64_t most;
    double scale; /* ticks per second */
};

/* What a replication of a column says of itself. */
struct replica {
    bool present;           /* false: its trial did not end (an interrupted run) */
    struct window window;   /* of all of it */
    struct window *windows; /* of a network: of each place; owned. NULL: there is one */
    uint64_t warmup_tasks;
    double warmup_time;
    unsigned notes;
    struct packed_queue queue; /* owned */
    struct timeline *timeline; /* owned; of the first column of a trial, where there is one */
    struct deadlock deadlock;  /* with NOTE_DEADLOCK */
};

/* What a column holds: its replications, and the groups of cells that they make (one each, or the
 * batches of the only one). */
struct grid_column {
    uint32_t groups, replications;
    struct packed_cell *cells; /* [(group * places + place) * classes + class] */
    struct replica *replicas;
};

struct grid {
    uint32_t columns, places, classes;
    struct grid_column *column;
    /* [(column * places + place) * rows per place + class] once the result is finished, else NULL:
     * who writes files and draws reads one histogram a row, not one a group. */
    struct packed_merged *merged;
    pthread_mutex_t lock; /* over what is no cell's or replica's own: audit and totals */
};

void grid_init(struct grid *grid, uint32_t columns, uint32_t groups, uint32_t places,
               uint32_t classes, uint32_t replications);
void grid_free(struct grid *grid);

/* Room for more replications of a column, each a group; not while others work on the grid. */
void grid_extend(struct grid *grid, uint32_t column, uint32_t replications);
void grid_forget_merged(struct grid *grid);

/* One cell of it. */
struct grid_at {
    uint32_t column, group, place, class;
};
void grid_put(struct grid *grid, struct grid_at at, const struct cell *cell);

/* Adds what a group measured at a place of a class (`grid->classes`: of all classes) to `into`, but
 * for the waits, of which nobody asks group by group: they go to `waits`. */
void grid_get(const struct grid *grid, struct grid_at at, struct cell *into,
              struct histogram *waits);

/* The same of one class, where `into` is empty; the latencies stay packed, and the grid's. */
void grid_borrow(const struct grid *grid, struct grid_at at, struct cell *into,
                 struct histogram *waits);

static inline const struct replica *grid_replica(const struct grid *grid, uint32_t column,
                                                 uint32_t replication)
{
    return &grid->column[column].replicas[replication];
}

static inline const struct packed_cell *grid_cell(const struct grid *grid, struct grid_at at)
{
    size_t slot = (size_t)at.group * grid->places + at.place;
    return &grid->column[at.column].cells[slot * grid->classes + at.class];
}

/* The window of a place; a replication that is present. */
static inline const struct window *replica_window(const struct replica *replica, uint32_t place)
{
    return replica->windows ? &replica->windows[place] : &replica->window;
}

/* Fills the rows of one column, place by place, and their merged histograms. */
void row_compute(const struct result *result, uint32_t column, struct row *rows);

#endif
