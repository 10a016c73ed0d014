/* Time that passes outside of the simulation. */
#ifndef ELAPSED_H
#define ELAPSED_H

#include <time.h>

/* Seconds of a clock that is never set back; only differences of it mean anything. */
static inline double elapsed_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
