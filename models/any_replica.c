/* Any replica, each as likely as the others. */
#include "../sim/scenario/balancer.h"

static uint32_t pick(const struct balancer_view *view)
{
    uint32_t k = (uint32_t)(view->uniform(view->host, 0) * view->n);
    return k < view->n ? k : view->n - 1;
}

const struct balancer balancer_any_replica = {
    .model = {.name = "random", .help = "any replica, each as likely as the others"},
    .pick = pick,
    .by_chance = true,
};
