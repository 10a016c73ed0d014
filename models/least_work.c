/* The replica with the least work, as if sizes were known. */
#include "../sim/scenario/balancer.h"

const struct balancer balancer_least_work = {
    .model = {.name = "least-work",
              .help =
                  "the replica with the least work waiting and left in service, as if sizes were "
                  "known; of several any"},
    .by_work = true,
};
