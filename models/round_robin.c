/* One after the other. */
#include "../sim/scenario/balancer.h"

static uint32_t pick(const struct balancer_view *view)
{
    return (uint32_t)(view->turns % view->n);
}

const struct balancer balancer_round_robin = {
    .model = {.name = "round-robin", .help = "the replicas one after the other, in turn"},
    .pick = pick,
    .in_turn = true,
};
