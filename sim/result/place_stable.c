/* Which places of a network are stable (column.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "column.h"

/* Whether it was at this stage that there were too many (run.max_backlog). */
static bool too_many_at(const struct replica *replica, uint32_t place, uint32_t stages)
{
    uint64_t inside = replica_window(replica, place)->close.inside;
    for (uint32_t i = 0; i < stages && replica->notes & NOTE_BACKLOG; i++)
        if (replica_window(replica, i)->close.inside > inside)
            return false;
    return (replica->notes & NOTE_BACKLOG) != 0;
}

static enum verdict_stable stage_stable(const struct result *result, uint32_t index, uint32_t stage,
                                        const struct column *c)
{
    uint32_t replications = result->grid->column[index].replications;
    struct window *windows = xmalloc(replications * sizeof *windows);
    bool full = false;
    size_t n = 0;
    for (uint32_t r = 0; r < replications; r++) {
        const struct replica *replica = grid_replica(result->grid, index, r);
        if (!replica->present)
            continue;
        windows[n++] = *replica_window(replica, stage);
        full = full || too_many_at(replica, stage, result->whole);
    }
    enum verdict_stable stable =
        stability_of_stage(&c->scenario, c->facts, stage, windows, n, full);
    free(windows);
    return stable;
}

enum verdict_stable place_stable(const struct result *result, uint32_t index,
                                 const struct column *c)
{
    if (c->place < result->whole)
        return stage_stable(result, index, c->place, c);
    enum verdict_stable worst = STABLE_YES;
    for (uint32_t stage = 0; stage < result->whole && worst != STABLE_NO; stage++) {
        enum verdict_stable own = stage_stable(result, index, stage, c);
        worst = own == STABLE_YES ? worst : own; /* no ends it: unknown is no better than before */
    }
    return worst;
}
