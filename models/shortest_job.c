/* The smallest waiting task first, sizes known exactly; ties by order of arrival; a task in service
 * is not interrupted. */
#include "../sim/engine/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->slots[a].task.size, y = room->slots[b].task.size;
    return x != y ? x < y : room_earlier(room, a, b);
}

static void shortest_job_push(struct waiting_room *room, uint32_t slot)
{
    room_heap_push(room, slot, before);
}

static void shortest_job_remove(struct waiting_room *room, uint32_t slot)
{
    room_heap_remove(room, slot, before);
}

static uint32_t shortest_job_pick(struct waiting_room *room)
{
    return room->order[0];
}

const struct discipline discipline_shortest_job = {
    .model = {.name = "shortest-job",
              .help = "the smallest waiting task first, ties by order of arrival; a task in "
                      "service is not interrupted"},
    .order = ORDER_SHORTEST,
    .push = shortest_job_push,
    .pick = shortest_job_pick,
    .remove = shortest_job_remove,
};
