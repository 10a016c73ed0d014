#include "drift.h"

static void find_end(struct drift_piece *p)
{
    uint64_t slice = (p->slice + 1) * p->thirds, third = (p->third + 1) * DRIFT_SLICES;
    p->ends_slice = slice <= third;
    p->ends_third = third <= slice;
    p->end = p->ends_slice ? drift_slice_end(p->slice) : (double)(p->third + 1) / (double)p->thirds;
}

struct drift_piece drift_first(uint32_t columns)
{
    struct drift_piece piece = {.thirds = 3 * (uint64_t)columns};
    find_end(&piece);
    return piece;
}

bool drift_next(struct drift_piece *p)
{
    p->slice += p->ends_slice;
    p->third += p->ends_third;
    if (p->third == p->thirds)
        return false;
    find_end(p);
    return true;
}
