/* Last come, first served, and at once: who arrives interrupts the task in service that came first;
 * an interrupted task goes on where it was. */
#include "../sim/events/waiting.h"

static bool before(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    return slot_earlier(room->slots, b, a);
}

static void lifo_preemptive_push(struct waiting_room *room, uint32_t slot)
{
    room_line_push(room, 0, slot);
}

static void lifo_preemptive_remove(struct waiting_room *room, uint32_t slot)
{
    room_line_remove(room, 0, slot);
}

static uint32_t lifo_preemptive_pick(struct waiting_room *room)
{
    return room_first_line(room)->last;
}

const struct discipline discipline_lifo_preemptive = {
    .model = {.name = "lifo-preemptive",
              .help = "last come, first served, at once: it interrupts a task in service, which "
                      "goes on later where it was"},
    .push = lifo_preemptive_push,
    .pick = lifo_preemptive_pick,
    .remove = lifo_preemptive_remove,
    .before = before,
    .passes_large = true,
};
