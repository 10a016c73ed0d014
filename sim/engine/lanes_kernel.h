/*
 * The arithmetic of the lanes engine: eight trials side by side, one in each lane of a vector.
 *
 * The tasks of all lanes lie in chunks, [task][lane], so that one step of Lindley's recursion
 * (1952; Kiefer and Wolfowitz 1955 for several consumers) is one vector operation. The loops are
 * written once (lanes_width.h) for vectors of 2, 4 or 8 doubles and compiled for each; the widest
 * that the processor has is taken. Lanes never touch each other, so every width gives the same
 * bits, and a lane the same whatever lies in the others.
 *
 * The state of a lane with c consumers is the sorted vector of the times at which each falls free;
 * the next task goes to the first. Which of the equal consumers that is does not matter. Where
 * lanes have unlike numbers of consumers, those that a lane lacks are never free (INFINITY).
 */
#ifndef LANES_KERNEL_H
#define LANES_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "histogram.h"

enum {
    LANES = 8,
    LANES_CHUNK = 64 /* tasks in a chunk: what a step works on stays in the first cache */
};

#define LANES_ALIGNED _Alignas(64)

struct lanes_chunk {
    LANES_ALIGNED double arrival[LANES_CHUNK][LANES];
    double size[LANES_CHUNK][LANES];
    double service[LANES_CHUNK][LANES];
    double ready[LANES_CHUNK][LANES]; /* when the first consumer was free for the task */
    double start[LANES_CHUNK][LANES];
    uint32_t wait_slot[LANES_CHUNK][LANES], latency_slot[LANES_CHUNK][LANES];
};

/* Sums over tasks of each lane, in order of arrival, since they were last reset. */
struct lanes_sums {
    LANES_ALIGNED double wait[LANES];
    double latency[LANES], latency_min[LANES], latency_max[LANES];
    double wait_min[LANES]; /* of waits above zero */
    double size[LANES], size_square[LANES], size_max[LANES], service[LANES];
    double done_max[LANES];     /* the last completion */
    double held[LANES];         /* time from starts to completions */
    double idle[LANES];         /* time that consumers had been idle when they took a task */
    double virtual_area[LANES]; /* integral of the wait that a task would have, up to the last
                                   arrival */
    double last[LANES];         /* arrival of the last task; never reset */
    double zero_waits[LANES];   /* tasks that did not wait */
};

struct lanes_kernel {
    const char *name;
    int width; /* doubles in a vector */
    /* One row for all lanes, or a row for each, laid out by lane; n tasks. */
    void (*spread_one)(const double *x, size_t n, double (*out)[LANES]);
    void (*spread_each)(const double *const x[LANES], size_t n, double (*out)[LANES]);
    /* Unit gaps become arrival times: time += factor * unit. */
    void (*accumulate)(const double factor[LANES], size_t n, double time[LANES],
                       double (*arrival)[LANES]);
    void (*divide)(double (*size)[LANES], const double speed[LANES], size_t n,
                   double (*service)[LANES]);
    /* The recursion: fills in `ready`. */
    void (*serve)(struct lanes_chunk *chunk, size_t n, int consumers, double (*free)[LANES]);
    /* Fills in `start` and the slots, adds to the sums. */
    void (*measure)(struct lanes_chunk *chunk, size_t n, struct lanes_sums *sums);
};

/* The kernels up to the vector width in force (vector.h), narrowest first, and their number. */
const struct lanes_kernel *const *lanes_kernels(int *n);

#endif
