/*
 * The draws of the lanes engine where a parameter moves (sweep.mode: drift): each lane has its own
 * course in time, and goes from slice to slice as source_adopt does, to the same tasks.
 *
 * Where gaps are units times a factor they are accumulated side by side with the factors in force,
 * and a lane in which a slice ends is mended from there on; sizes are made of their uniforms by the
 * chunk, slice by slice, so that nothing is drawn twice. What a slice comes to is found once for
 * all lanes. Other processes go through the lane's own source, which is adopted.
 *
 * A moving consumers.speed holds for services that begin from the slice's beginning on, and so
 * depends on the starts: they are found beforehand, lane by lane.
 */
#ifndef LANES_DRIFT_H
#define LANES_DRIFT_H

#include "../engine/drift.h"
#include "../engine/source.h"
#include "lanes_kernel.h"

struct lanes_draw;

/* What is in force in a slice. */
struct drift_slice {
    double rate, factor, speed;
    struct law size;
};

struct lanes_drift {
    const struct scenario *s;
    struct param_ref swept; /* where something moves (in mode `time` nothing does) */
    bool moves;
    struct scenario *at;        /* scratch: with the value of some slice */
    struct drift_slice *slices; /* number 0: before the drift begins; slice j is number j + 1 */
    uint32_t made;              /* of them known */
    bool moves_speed;
    uint64_t start_tasks;      /* the drift begins after so many tasks; UINT64_MAX: by time */
    double start[LANES];       /* when it begins; INFINITY while not known */
    double until[LANES];       /* end of the lane's slice; INFINITY: none comes after it */
    uint32_t slice[LANES];     /* number of the one in which tasks arrive */
    uint32_t serving[LANES];   /* and in which services begin */
    double time[LANES][BLOCK]; /* arrivals, where gaps are not units */
    double size[LANES][BLOCK];
};

/* Whether lanes can follow the drift of `s`: not where a speed moves from a number of tasks on, or
 * where tasks may be lost. */
bool lanes_drift_fits(const struct scenario *s);

struct lanes_drift *lanes_drift_new(const struct scenario *s);
void lanes_drift_free(struct lanes_drift *drift);

/* The rows of the next block (times and sizes), where gaps are not units. */
void lanes_drift_block(struct lanes_draw *draw);

/* As lanes_draw_chunk: arrivals and sizes, where gaps are units. */
void lanes_drift_chunk(struct lanes_draw *draw, const struct lanes_kernel *kernel, size_t at,
                       size_t n, struct lanes_chunk *chunk);

/* Services of the first n tasks of the chunk, where speed moves. */
void lanes_drift_services(struct lanes_draw *draw, size_t n, struct lanes_work *work);

#endif
