/* The task with the least work left first (SRPT; Schrage and Miller 1966), sizes known exactly;
 * ties by order of arrival; an arriving task interrupts one with more work left than it has, which
 * goes on later where it was. */
#include "../sim/events/waiting.h"

static double shortest_remaining_key(const struct waiting_room *room, uint32_t slot)
{
    return room->slots[slot].task.size;
}

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->slots[a].task.size, y = room->slots[b].task.size;
    return x != y ? x < y : slot_earlier(room->slots, a, b);
}

const struct discipline discipline_shortest_remaining = {
    .model = {.name = "shortest-remaining",
              .help = "the task with the least work left first, ties by order of arrival; it "
                      "interrupts one in service that has more, which goes on later where it was"},
    .order = ORDER_SHORTEST,
    .key = shortest_remaining_key,
    .before = before,
    .passes_large = true,
};
