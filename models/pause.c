/* The producer of the arriving task waits, with it, until a place falls free: back-pressure. */
#include "../sim/scenario/policy.h"

const struct policy policy_pause = {
    .model = {.name = "pause",
              .help = "the producer waits with its task, in order, until a place falls free (see "
                      "resume_delay)"},
    .verdict = VERDICT_PAUSE,
};
