/* The replica that the task's key hashes to (tasks.key): the same for the same key, whatever the
 * load. Where that one is left out, the next that it hashes to: no other key moves. */
#include "../sim/scenario/balancer.h"

static uint32_t pick(const struct balancer_view *view)
{
    return balancer_hash(view->key, 0, view->n);
}

const struct balancer balancer_hash_by_key = {
    .model = {.name = "hash",
              .help =
                  "the replica that the task's key hashes to (tasks.key), always the same while "
                  "it is there"},
    .pick = pick,
    .by_key = true,
};
