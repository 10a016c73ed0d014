/*
 * The course of a drift: run.duration cut where a slice of the moving parameter ends (slice j at
 * (j + 1) / DRIFT_SLICES) or a third of a column (third k of all at (k + 1) / (3 columns)).
 */
#ifndef DRIFT_H
#define DRIFT_H

#include <stdbool.h>
#include <stdint.h>

enum { DRIFT_SLICES = 2400 };

/* From one such end to the next. */
struct drift_piece {
    uint64_t slice, third, thirds; /* this piece's; thirds in all */
    bool ends_slice, ends_third;
    double end; /* as a fraction of the duration */
};

struct drift_piece drift_first(uint32_t columns);

/* False where the piece was the last. */
bool drift_next(struct drift_piece *piece);

/* Where the parameter of a slice is taken from: its middle, as a fraction. */
static inline double drift_middle(uint64_t slice)
{
    return ((double)slice + 0.5) / DRIFT_SLICES;
}

/* The end of a slice, as a fraction. */
static inline double drift_slice_end(uint64_t slice)
{
    return (double)(slice + 1) / DRIFT_SLICES;
}

#endif
