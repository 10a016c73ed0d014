/* Which stages of a network are its bottleneck (result.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "../network/network.h"
#include "../scenario/sweep.h"
#include "grid.h"

#define ALIKE       0.01 /* no more than this part less busy: there is nothing to choose */
#define WAITS       0.05 /* of its time held: it waits for others */
#define FULL_BEHIND 0.95 /* as busy as the stage that waits for it, but for this */

static const struct row *row_of(const struct result *result, uint32_t column, uint32_t stage)
{
    return result_place_row(result, column, stage, result_row_classes(result) - 1);
}

/* What a stage waits for: of all that it calls, or hands on to, the busiest, where that is as busy
 * as itself; its own number: nothing. */
static uint32_t next_of(const struct result *result, uint32_t column, const struct network *n,
                        uint32_t stage)
{
    const struct row *own = row_of(result, column, stage);
    const struct network_stage *s = &n->stages[stage];
    double most = own->utilization * FULL_BEHIND;
    uint32_t found = stage, calls = 0, end = 0;
    if (s->steps > 0) {
        const struct call_step *last = &n->steps[s->first_step + s->steps - 1];
        calls = n->steps[s->first_step].first;
        end = last->first + last->n;
    }
    for (uint32_t i = 0; i < end - calls + s->to.n; i++) {
        bool called = i < end - calls;
        uint32_t other =
            called ? n->calls[calls + i].stage : n->legs[s->to.first + i - (end - calls)].stage;
        if (other == NETWORK_EXIT || other == stage)
            continue;
        double utilization = row_of(result, column, other)->utilization;
        if (utilization > most || (utilization == most && other < found)) {
            most = utilization;
            found = other;
        }
    }
    return found;
}

uint32_t result_waits_for(const struct result *result, uint32_t column, uint32_t place)
{
    uint32_t at = place;
    if (place >= result->whole || result->places == 1 ||
        !(row_of(result, column, place)->held_fraction > WAITS))
        return place;
    struct scenario *s = xmalloc(sizeof *s);
    sweep_scenario(&result->scenario, column, s);
    struct network *n = network_of(s);
    for (uint32_t i = 0; i < result->whole && row_of(result, column, at)->held_fraction > WAITS;
         i++) {
        uint32_t next = next_of(result, column, n, at);
        if (next == at)
            break;
        at = next;
    }
    network_free(n);
    free(s);
    return at;
}

uint32_t result_bottlenecks(const struct result *result, uint32_t column, bool *is)
{
    double most = 0;
    uint32_t found = 0;
    for (uint32_t stage = 0; stage < result->whole; stage++) {
        double utilization = row_of(result, column, stage)->utilization;
        is[stage] = false;
        most = utilization > most ? utilization : most; /* none where there is no limit */
    }
    for (uint32_t stage = 0; stage < result->whole && most > 0; stage++)
        if (row_of(result, column, stage)->utilization >= most * (1 - ALIKE))
            is[result_waits_for(result, column, stage)] = true;
    for (uint32_t stage = 0; stage < result->whole; stage++)
        found += is[stage];
    return found;
}

uint32_t result_bottleneck(const struct result *result, uint32_t column)
{
    bool *is = xcalloc(result->whole + 1, sizeof *is);
    uint32_t first = 0;
    result_bottlenecks(result, column, is);
    while (first < result->whole && !is[first])
        first++;
    free(is);
    return first;
}

const char *result_bottleneck_name(const struct result *result, uint32_t column)
{
    bool *is = xcalloc(result->whole + 1, sizeof *is);
    uint32_t n = result_bottlenecks(result, column, is), told = 0;
    const char *text = "";
    for (uint32_t stage = 0; stage < result->whole && told < 2; stage++)
        if (is[stage] && ++told == 1)
            text = intern(result_place_name(result, stage));
        else if (is[stage])
            text = n == 2 ? internf("%s and %s", text, result_place_name(result, stage))
                          : internf("%s and %u others", text, n - 1);
    free(is);
    return text;
}
