/* The task of the most urgent class first (priority 0 before 1 ...), first come first served inside
 * a class; it interrupts one of a less urgent class, which goes on later where it was, before those
 * of its class that came after it. */
#include "../sim/engine/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    double x = room->priority[task_class(&room->slots[a].task)];
    double y = room->priority[task_class(&room->slots[b].task)];
    return x != y ? x < y : room_earlier(room, a, b);
}

static void priority_preemptive_push(struct waiting_room *room, uint32_t slot)
{
    room_heap_push(room, slot, before);
}

static void priority_preemptive_remove(struct waiting_room *room, uint32_t slot)
{
    room_heap_remove(room, slot, before);
}

static uint32_t priority_preemptive_pick(struct waiting_room *room)
{
    return room->order[0];
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
