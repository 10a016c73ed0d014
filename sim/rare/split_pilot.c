/* The levels of a splitting (split.h), from pilot runs. */
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../engine/histogram.h"
#include "split.h"

#define THIRD 0.36 /* of those below come up to a level, at most */

enum {
    ENOUGH = 150,        /* tasks that a pilot must have met at a level and above */
    PILOTS = 60,         /* at most */
    LONGER = 2,          /* times as long is a pilot where the last one got no further ... */
    STALLS = 6,          /* ... so many times */
    COSTLY = 400,        /* steps for each task of the main path that a pilot may take */
    FACTOR_MOST = 100000 /* of a level */
};

/* Numbers of replications that no run has. */
#define PILOT_NUMBER UINT32_MAX

/* Where a level may be: slots from this one on. */
static size_t first_slot(const struct split *split)
{
    return split->by == SPLIT_WAIT ? SLOT_BUCKETS : 1;
}

/* The levels that a pilot has seen enough of; the share of tasks beyond what it has seen enough of
 * goes to `reached`. */
static struct split_levels levels_of(const struct split *split, const struct split_tally *tally,
                                     double rarest, double *reached)
{
    struct split_levels levels = {.weight = {1}};
    double beyond = 0, below = 1, product = 1;
    uint64_t seen = 0;
    size_t first = first_slot(split), end = tally->slots;
    double *tail = xcalloc(end + 1, sizeof *tail);
    for (size_t slot = end; slot-- > first;) {
        seen += tally->seen[slot];
        tail[slot] = seen >= ENOUGH ? (beyond += tally->weight[slot]) / tally->counted : 0;
        if (seen < ENOUGH)
            beyond += tally->weight[slot];
    }
    *reached = 1;
    for (size_t slot = first; slot < end && tail[slot] > 0 && levels.n < SPLIT_LEVELS; slot++) {
        *reached = tail[slot];
        double factor = fmin(round(1 / (tail[slot] * product)), FACTOR_MOST);
        if (tail[slot] > THIRD * below || factor < 2)
            continue;
        size_t i = levels.n++;
        levels.at[i] = split_slot_low(split->by, slot);
        levels.factor[i] = (uint32_t)factor;
        levels.share[i] = below = tail[slot];
        levels.weight[i + 1] = 1 / (product *= factor);
        if (tail[slot] < rarest)
            break;
    }
    free(tail);
    return levels;
}

/* Whether there is nothing further up to be seen. */
static bool at_top(const struct split *split, const struct split_tally *tally, double reached,
                   double rarest)
{
    return reached < rarest ||
           (split->by == SPLIT_INSIDE && tally->seen[tally->slots - 1] >= ENOUGH);
}

/* What a pilot may take of what all of them may. */
static uint64_t left_for(const struct split *split, const struct split *pilot)
{
    uint64_t most = COSTLY * pilot->tasks;
    if (split->pilots_most == 0)
        return most;
    uint64_t left = split->pilots_most > split->spent ? split->pilots_most - split->spent : 0;
    return left < most ? left : most;
}

bool split_pilot(struct split *split, uint64_t seed, uint64_t tasks, double rarest,
                 const atomic_bool *stop, struct split_tally *tally)
{
    struct split pilot = *split;
    double best = 1, reached = 1;
    int stalls = 0;
    bool top = false, last = false;
    pilot.levels = (struct split_levels){.weight = {1}};
    pilot.tasks = tasks;
    for (uint32_t i = 0; i < PILOTS && !last && left_for(split, &pilot) > 0; i++) {
        last = top; /* once more at the top, with all levels in place */
        split_tally_free(tally);
        split_tally_init(tally, &pilot);
        split_run(&pilot, seed, PILOT_NUMBER - i, left_for(split, &pilot), stop, tally);
        split->spent += tally->steps;
        if (stop && atomic_load(stop))
            return false;
        split->cost = (double)(tally->steps - pilot.warm_up) / (double)pilot.tasks;
        pilot.levels = levels_of(&pilot, tally, rarest, &reached);
        top = at_top(&pilot, tally, reached, rarest);
        if (!top && reached > 0.7 * best) {
            if (stalls++ == STALLS)
                break;
            pilot.tasks *= LONGER;
        }
        best = fmin(best, reached);
    }
    split->levels = pilot.levels;
    split->stalled = !last && !top;
    return true;
}
