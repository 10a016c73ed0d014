/* The smallest waiting task first, sizes known exactly; ties by order of arrival; a task in service
 * is not interrupted. */
#include "../sim/events/waiting.h"

static double shortest_job_key(const struct waiting_room *room, uint32_t slot)
{
    return room->slots[slot].task.size;
}

const struct discipline discipline_shortest_job = {
    .model = {.name = "shortest-job",
              .help = "the smallest waiting task first, ties by order of arrival; a task in "
                      "service is not interrupted"},
    .order = ORDER_SHORTEST,
    .key = shortest_job_key,
};
