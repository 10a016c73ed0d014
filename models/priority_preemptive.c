/* The task of the most urgent class first (priority 0 before 1 ...), first come first served inside
 * a class; it interrupts one of a less urgent class, which goes on later where it was, before those
 * of its class that came after it. */
#include "../sim/events/waiting.h"

static uint32_t level(const struct waiting_room *room, uint32_t slot)
{
    return room->level[task_class(&room->slots[slot].task)];
}

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    uint32_t x = level(room, a), y = level(room, b);
    return x != y ? x < y : slot_earlier(room->slots, a, b);
}

static void priority_preemptive_push(struct waiting_room *room, uint32_t slot)
{
    room_line_push(room, level(room, slot), slot);
}

static void priority_preemptive_remove(struct waiting_room *room, uint32_t slot)
{
    room_line_remove(room, level(room, slot), slot);
}

static uint32_t priority_preemptive_pick(struct waiting_room *room)
{
    return room_first_line(room)->first;
}

const struct discipline discipline_priority_preemptive = {
    .model = {.name = "priority-preemptive",
              .help = "the task of the most urgent class first (0 is the first), first come first "
                      "served inside a class; it interrupts one of a less urgent class, which goes "
                      "on later where it was"},
    .order = ORDER_PRIORITY,
    .push = priority_preemptive_push,
    .pick = priority_preemptive_pick,
    .remove = priority_preemptive_remove,
    .before = before,
};
