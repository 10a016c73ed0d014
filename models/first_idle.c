/* The first replica, in order, that has an idle consumer; else one with the fewest requests. */
#include "../sim/scenario/balancer.h"

static uint32_t key(uint32_t requests, uint32_t consumers)
{
    return requests < consumers ? 0 : requests == UINT32_MAX - 1 ? requests : requests + 1;
}

const struct balancer balancer_first_idle = {
    .model = {.name = "first-idle",
              .help =
                  "the first replica, in order, with an idle consumer; where there is none, one "
                  "with the fewest requests"},
    .key = key,
    .in_order = true,
};
