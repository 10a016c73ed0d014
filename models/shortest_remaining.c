/* The task with the least work left first (SRPT; Schrage and Miller 1966), sizes known exactly;
 * ties by order of arrival; an arriving task interrupts one with more work left than it has, which
 * goes on later where it was. */
#include "../sim/engine/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->slots[a].task.size, y = room->slots[b].task.size;
    return x != y ? x < y : room_earlier(room, a, b);
}

static void shortest_remaining_push(struct waiting_room *room, uint32_t slot)
{
    room_heap_push(room, slot, before);
}

static void shortest_remaining_remove(struct waiting_room *room, uint32_t slot)
{
    room_heap_remove(room, slot, before);
}

static uint32_t shortest_remaining_pick(struct waiting_room *room)
{
    return room->order[0];
}

const struct discipline discipline_shortest_remaining = {
    .model = {.name = "shortest-remaining",
              .help = "the task with the least work left first, ties by order of arrival; it "
                      "interrupts one in service that has more, which goes on later where it was"},
    .order = ORDER_SHORTEST,
    .push = shortest_remaining_push,
    .pick = shortest_remaining_pick,
    .remove = shortest_remaining_remove,
    .before = before,
    .passes_large = true,
};
