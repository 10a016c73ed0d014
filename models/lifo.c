/* Last come, first served; a task in service is not interrupted. */
#include "../sim/events/waiting.h"

static uint32_t lifo_pick(struct waiting_room *room)
{
    return room->newest;
}

const struct discipline discipline_lifo = {
    .model = {.name = "lifo",
              .help = "last come, first served; a task in service is not interrupted"},
    .pick = lifo_pick,
};
