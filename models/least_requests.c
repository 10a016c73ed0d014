/* The replica with the fewest requests, waiting and in service (Winston, "Optimality of the
 * shortest line discipline", Journal of Applied Probability 14, 1977). */
#include "../sim/scenario/balancer.h"

static uint32_t key(uint32_t requests, uint32_t consumers)
{
    (void)consumers;
    return requests;
}

const struct balancer balancer_least_requests = {
    .model = {.name = "least-requests",
              .help =
                  "the replica with the fewest requests, waiting and in service; of several any"},
    .key = key,
};
