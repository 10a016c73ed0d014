#include "in_time.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "grid.h"
#include "stats.h"

static double done_by(const struct packed_cell *cell, double limit)
{
    if (isinf(limit) || cell->completed == 0)
        return (double)cell->completed;
    return histogram_rank_packed(cell->bytes[MEASURE_LATENCY], limit);
}

/* Over groups; with one replication these are its batches, which have no window of their own. */
struct in_time result_in_time(const struct result *result, uint32_t place, double limit)
{
    const struct grid *grid = result->grid;
    const uint32_t n = result->replications;
    double *done = xcalloc(2 * (size_t)n, sizeof *done), *seconds = done + n;
    double offered = 0, all = 0;
    size_t groups = 0;
    for (uint32_t r = 0; r < n; r++) {
        const struct window *w = result_place_window(result, 0, place, r);
        if (!w)
            continue;
        seconds[groups] = w->close.time - w->open.time;
        struct grid_at at = {.place = place};
        uint32_t from = result->batches > 1 ? 0 : r;
        uint32_t to = result->batches > 1 ? result->batches : r + 1;
        for (at.group = from; at.group < to; at.group++)
            for (at.class = 0; at.class < grid->classes; at.class ++) {
                const struct packed_cell *cell = grid_cell(grid, at);
                offered += (double)cell->offered;
                done[groups] += done_by(cell, limit);
            }
        all += done[groups++];
    }
    struct ratio ratio = stats_ratio(done, seconds, groups);
    free(done);
    return (struct in_time){ratio.value, ratio.error, offered > 0 ? all / offered : NAN};
}
