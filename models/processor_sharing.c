/* Processor sharing (Kleinrock 1967): nobody waits, the consumers serve all tasks inside at once
 * and alike, each by one consumer at most. */
#include "../sim/engine/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->slots[a].task.size, y = room->slots[b].task.size;
    return x != y ? x < y : room_earlier(room, a, b);
}

static void processor_sharing_push(struct waiting_room *room, uint32_t slot)
{
    room_heap_push(room, slot, before);
}

static void processor_sharing_remove(struct waiting_room *room, uint32_t slot)
{
    room_heap_remove(room, slot, before);
}

static uint32_t processor_sharing_pick(struct waiting_room *room)
{
    return room->order[0];
}

const struct discipline discipline_processor_sharing = {
    .model = {.name = "processor-sharing",
              .help = "nobody waits: the consumers serve all tasks inside at once and alike, each "
                      "with one consumer at most"},
    .push = processor_sharing_push,
    .pick = processor_sharing_pick,
    .remove = processor_sharing_remove,
    .shares = true,
    .passes_large = true,
};
