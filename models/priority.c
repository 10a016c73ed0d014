/* The waiting task of the most urgent class first (priority 0 before 1 ...), first come first
 * served inside a class; a task in service is not interrupted. */
#include "../sim/engine/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->priority[task_class(&room->slots[a].task)];
    double y = room->priority[task_class(&room->slots[b].task)];
    return x != y ? x < y : room_earlier(room, a, b);
}

static void priority_push(struct waiting_room *room, uint32_t slot)
{
    room_heap_push(room, slot, before);
}

static void priority_remove(struct waiting_room *room, uint32_t slot)
{
    room_heap_remove(room, slot, before);
}

static uint32_t priority_pick(struct waiting_room *room)
{
    return room->order[0];
}

const struct discipline discipline_priority = {
    .model = {.name = "priority",
              .help = "the waiting task of the most urgent class first (0 is the first), first "
                      "come first served inside a class; a task in service is not interrupted"},
    .order = ORDER_PRIORITY,
    .push = priority_push,
    .pick = priority_pick,
    .remove = priority_remove,
};
