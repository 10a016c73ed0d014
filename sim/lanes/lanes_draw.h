/*
 * The draws of the lanes engine: the tasks of up to LANES trials, block by block, each drawn once
 * for all lanes in which it is the same.
 *
 * What can be shared is found by comparing the columns' scenarios, not by knowing what the swept
 * key means: sizes are drawn once for lanes with the same law and stream (and where the law
 * differs, the uniforms that they are made of), arrivals for those with the same process, rate and
 * stream; and of a process whose gaps are units times a factor (process.h) the units are drawn once
 * whatever the rate. So a sweep of the arrival rate draws everything once, one of the sizes its
 * arrivals. A trace that is not resampled is the same for all.
 */
#ifndef LANES_DRAW_H
#define LANES_DRAW_H

#include "../engine/ahead.h"
#include "../engine/source.h"
#include "lanes_drift.h"
#include "lanes_kernel.h"

struct lanes_draw {
    LANES_ALIGNED double time[LANES]; /* of the last arrival, where gaps are units or drift */
    double factor[LANES];
    double speed[LANES];
    bool units, scaled;            /* gaps are drawn as units; some speed is not 1 */
    int lanes;                     /* in use; the others repeat the first */
    struct source *sources[LANES]; /* parameters, streams and blocks; the lane's own */
    int arrivals_of[LANES];        /* the first lane with the same arrivals, or units */
    int uniforms_of[LANES];        /* the first lane whose sizes are made of the same uniforms */
    bool uniforms_shared[LANES];   /* others make other sizes of them */
    int sizes_of[LANES];           /* the first lane with the same sizes */
    int patience_of[LANES];        /* and with the same patience */
    const double *time_row[LANES], *size_row[LANES]; /* this block's */
    const double *patience_row[LANES];
    const uint16_t *class_row[LANES]; /* where a lane has several classes */
    bool impatient;                   /* some lane's tasks are */
    double uniforms[LANES][BLOCK];
    struct lanes_drift *drift; /* NULL: at rest */
    struct ahead_seat *ahead;  /* NULL: everything is drawn here */
    bool short_of[LANES];      /* arrivals end in this block though they are no trace's */
    size_t n;                  /* tasks in the block; fewer than BLOCK where a trace ends */
    uint64_t first;            /* number of the next block's first task */
};

/* `columns` are the lanes' scenarios with their values in place; of a drift of `s`, which has one
 * class, its first value. */
void lanes_draw_begin(struct lanes_draw *draw, int lanes, const struct scenario *s,
                      const struct scenario *const *columns, const uint32_t *replications);
void lanes_draw_end(struct lanes_draw *draw);

/* Where that pays, draws together with other groups (ahead.h); so many of which begin
 * now. Before the first block. */
enum lanes_ahead { AHEAD_GAPS, AHEAD_SIZES, AHEAD_ROWS };
void lanes_draw_share(struct lanes_draw *draw, struct ahead *ahead, unsigned beside);

/* The next block of tasks. After one with fewer than BLOCK there is none. */
void lanes_draw_block(struct lanes_draw *draw);

/* Puts n tasks of the block, from number `at` of it on, into the chunk, or (if allowed) those that
 * all lanes share into its rows. In order, each once. */
void lanes_draw_chunk(struct lanes_draw *draw, const struct lanes_kernel *kernel, size_t at,
                      size_t n, bool rows, struct lanes_work *work);

/* Whether services depend on when they begin: they are then for lanes_drift_services. */
static inline bool lanes_draw_moves_speed(const struct lanes_draw *draw)
{
    return draw->drift && draw->drift->moves_speed;
}

#endif
