/* A copy to each. */
#include "../sim/scenario/balancer.h"

const struct balancer balancer_every_replica = {
    .model = {.name = "all",
              .help = "a copy to each replica (with choices: d to each of d drawn), which are a "
                      "group"},
    .copies = true,
};
