/* The waiting task whose patience is over first goes first (Jackson, "Scheduling a production line
 * to minimize maximum tardiness", UCLA, 1955), those that wait as long as it takes last, ties by
 * order of arrival; a task in service is not interrupted. */
#include "../sim/events/waiting.h"

#define NEVER 1e300 /* keys are finite */

static double earliest_deadline_key(const struct waiting_room *room, uint32_t slot)
{
    (void)slot;
    return room->deadline < NEVER ? room->deadline : NEVER;
}

const struct discipline discipline_earliest_deadline = {
    .model = {.name = "earliest-deadline",
              .help = "the task whose patience (timeout) is over first; a task in service is not "
                      "interrupted"},
    .order = ORDER_DEADLINE,
    .key = earliest_deadline_key,
};
