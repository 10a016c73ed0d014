/* First come, first served. */
#include "../sim/events/waiting.h"

static uint32_t fifo_pick(struct waiting_room *room)
{
    return room->oldest;
}

const struct discipline discipline_fifo = {
    .model = {.name = "fifo", .help = "first come, first served"},
    .pick = fifo_pick,
    .by_arrival = true,
};
