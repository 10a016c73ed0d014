/* What stands before a stage, as far as others ask. */
#include "guard.h"

#include <math.h>

#include "../scenario/drop.h"
#include "../scenario/policy.h"
#include "../scenario/stages.h"

/* Whether it lets no backlog grow without end: it turns tasks away, or their sources wait. */
static bool bounds(const struct stage *stage, const struct door_spec *door)
{
    const struct policy *policy = (const struct policy *)stage->when_full;
    const struct drop_rule *drop = (const struct drop_rule *)stage->drop;
    bool pauses = policy->verdict == VERDICT_PAUSE && stage_is_bounded(stage);
    return door || (drop && drop->at_door) || (stage->high_water > 0 && !(stage->ignore > 0)) ||
           (pauses && stage->max_paused < INFINITY);
}

void network_add_guard(struct network_stage *stage, const struct door_spec *door)
{
    const struct stage *s = stage->stage;
    stage->door = door->rate > 0 || door->limit ? door : NULL;
    stage->door_delays = stage->door && door->rate > 0 && door->when_empty == EMPTY_DELAYS;
    const bool guards = stage_is_guarded(s) || s->max_bytes < INFINITY || stage->door ||
                        stage->retry || stage->letter != NETWORK_EXIT;
    stage->guard = bounds(s, door->limit ? door : NULL) ? GUARD_BOUNDS
                   : guards                             ? GUARD_SOME
                                                        : GUARD_NONE;
}
