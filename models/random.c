/* Any of the waiting tasks, each with the same chance: service in random order. */
#include "../sim/events/waiting.h"

static uint32_t random_pick(struct waiting_room *room)
{
    double u = room_uniform(room);
    return room->order[(uint32_t)(u * room->n)]; /* u < 1, and u * n rounds below n: n < 2^32 */
}

const struct discipline discipline_random = {
    .model = {.name = "random", .help = "any of the waiting tasks, each with the same chance"},
    .push = room_set_push,
    .pick = random_pick,
    .remove = room_set_remove,
    .by_chance = true,
};
