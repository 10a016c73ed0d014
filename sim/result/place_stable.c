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

/* Whether a stage that is before an answer has to do with this one: hands on or calls, or has its
 * consumers from the same pool. */
static bool leads_to_answer(const struct network *n, uint32_t stage, const bool *before)
{
    const struct route *to = &n->stages[stage].to;
    for (uint32_t i = to->first; i < to->first + to->n; i++)
        if (n->legs[i].stage != NETWORK_EXIT && before[n->legs[i].stage])
            return true;
    for (uint32_t j = 0; j < n->n_stages; j++) {
        const struct network_stage *s = &n->stages[j];
        if (!before[j])
            continue;
        if (s->pool == n->stages[stage].pool)
            return true;
        for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
            for (uint32_t i = n->steps[k].first; i < n->steps[k].first + n->steps[k].n; i++)
                if (n->calls[i].stage == stage)
                    return true;
    }
    return false;
}

/* The stages that a client's answer may have to wait for; what is only behind it is not. */
static bool *before_answers(const struct network *n)
{
    bool *before = xcalloc(n->n_stages, sizeof *before);
    bool replies = false;
    for (uint32_t j = 0; j < n->n_stages; j++)
        replies |= before[j] = n->stages[j].replies;
    for (uint32_t j = 0; j < n->n_stages && !replies; j++)
        before[j] = true; /* when the task leaves */
    for (bool more = true; more;) {
        more = false;
        for (uint32_t j = 0; j < n->n_stages; j++)
            if (!before[j] && leads_to_answer(n, j, before))
                before[j] = more = true;
    }
    return before;
}

enum verdict_stable place_stable(const struct result *result, uint32_t index,
                                 const struct column *c)
{
    if (c->place < result->whole)
        return stage_stable(result, index, c->place, c);
    enum verdict_stable worst = STABLE_YES;
    bool *only = c->place > result->whole ? before_answers(c->facts->network) : NULL;
    for (uint32_t stage = 0; stage < result->whole && worst != STABLE_NO; stage++) {
        if (only && !only[stage])
            continue;
        enum verdict_stable own = stage_stable(result, index, stage, c);
        worst = own == STABLE_YES ? worst : own; /* no ends it: unknown is no better than before */
    }
    free(only);
    return worst;
}
