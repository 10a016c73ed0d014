/* The task that has waited longest is thrown away, and the arriving one takes a place. */
#include "../sim/scenario/policy.h"

const struct policy policy_drop_oldest = {
    .model =
        {.name = "drop-oldest",
         .help =
             "the task that has waited longest is thrown away to make place for the arriving one"},
    .verdict = VERDICT_LOSE_OLDEST,
    .loss = LOSS_DROPPED_OLDEST,
};
