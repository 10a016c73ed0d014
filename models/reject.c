/* The arriving task is turned away, and its producer is told. */
#include "../sim/scenario/policy.h"

const struct policy policy_reject = {
    .model = {.name = "reject",
              .help = "an arriving task is turned away, and its producer told so"},
    .verdict = VERDICT_LOSE_NEWEST,
    .loss = LOSS_REJECTED,
};
