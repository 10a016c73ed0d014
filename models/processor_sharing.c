/* Processor sharing (Kleinrock 1967): nobody waits, the consumers serve all tasks inside at once
 * and alike, each by one consumer at most. */
#include "../sim/events/waiting.h"

static double processor_sharing_key(const struct waiting_room *room, uint32_t slot)
{
    return room->slots[slot].task.size;
}

const struct discipline discipline_processor_sharing = {
    .model = {.name = "processor-sharing",
              .help = "nobody waits: the consumers serve all tasks inside at once and alike, each "
                      "with one consumer at most"},
    .key = processor_sharing_key,
    .shares = true,
    .passes_large = true,
};
