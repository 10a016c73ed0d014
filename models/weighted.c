/* A draw among the classes of which a task waits, in proportion to their weights, and first come
 * first served inside a class (as the weighted queues of Sidekiq are taken: wiki, "Advanced
 * Options"; Katevenis, Sidiropoulos and Courcoubetis, IEEE JSAC 9, 1991, have it in turns). Where
 * stages share consumers the draw is among their buffers first, by the weights of the stages. A
 * task in service is not interrupted. */
#include "../sim/events/waiting.h"

static void weighted_push(struct waiting_room *room, uint32_t slot)
{
    room_line_push(room, task_class(&room->slots[slot].task), slot);
}

static void weighted_remove(struct waiting_room *room, uint32_t slot)
{
    room_line_remove(room, task_class(&room->slots[slot].task), slot);
}

/* Nothing is drawn where there is nothing to choose. */
static uint32_t weighted_pick(struct waiting_room *room)
{
    if ((room->lines & (room->lines - 1)) == 0)
        return room_first_line(room)->first;
    double all = 0;
    for (uint32_t left = room->lines; left; left &= left - 1)
        all += room->weight[__builtin_ctz(left)];
    double u = room_uniform(room) * all;
    uint32_t left = room->lines;
    for (; left & (left - 1) && u >= room->weight[__builtin_ctz(left)]; left &= left - 1)
        u -= room->weight[__builtin_ctz(left)];
    return room->line[__builtin_ctz(left)].first;
}

const struct discipline discipline_weighted = {
    .model = {.name = "weighted",
              .help = "a draw by weight among the classes, and the stages that share consumers, of "
                      "which a task waits; first come first served inside; a task in service is "
                      "not interrupted"},
    .order = ORDER_WEIGHTED,
    .push = weighted_push,
    .pick = weighted_pick,
    .remove = weighted_remove,
    .by_weight = true,
};
