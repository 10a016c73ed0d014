/* The waiting task of the most urgent class first (priority 0 before 1 ...), first come first
 * served inside a class; a task in service is not interrupted. */
#include "../sim/events/waiting.h"

static uint32_t level(const struct waiting_room *room, uint32_t slot)
{
    return room->level[task_class(&room->slots[slot].task)];
}

static void priority_push(struct waiting_room *room, uint32_t slot)
{
    room_line_push(room, level(room, slot), slot);
}

static void priority_remove(struct waiting_room *room, uint32_t slot)
{
    room_line_remove(room, level(room, slot), slot);
}

static uint32_t priority_pick(struct waiting_room *room)
{
    return room_first_line(room)->first;
}

const struct discipline discipline_priority = {
    .model = {.name = "priority",
              .help = "the waiting task of the most urgent class first (0 is the first), first "
                      "come first served inside a class; a task in service is not interrupted"},
    .order = ORDER_PRIORITY,
    .push = priority_push,
    .pick = priority_pick,
    .remove = priority_remove,
    .by_class = true,
};
