/* The arriving task is thrown away in silence. */
#include "../sim/scenario/policy.h"

const struct policy policy_drop_newest = {
    .model = {.name = "drop-newest", .help = "an arriving task is thrown away in silence"},
    .verdict = VERDICT_LOSE_NEWEST,
    .loss = LOSS_DROPPED_NEWEST,
};
