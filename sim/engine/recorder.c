#include "recorder.h"

uint64_t recorder_offer(struct recorder r, size_t n, const uint16_t *class, const double *size)
{
    if (r.slot == UNMEASURED)
        return 0;
    struct cell *cells = &r.cells[r.slot * r.classes];
    if (r.classes > 1) {
        for (size_t i = 0; i < n; i++)
            cell_offer(&cells[class[i]], size[i]);
        return n;
    }
    struct cell cell = {.size_sum = cells->size_sum,
                        .size_square = cells->size_square,
                        .size_max = cells->size_max};
    for (size_t i = 0; i < n; i++)
        cell_offer(&cell, size[i]);
    cells->offered += n;
    cells->size_sum = cell.size_sum;
    cells->size_square = cell.size_square;
    cells->size_max = cell.size_max;
    return n;
}
