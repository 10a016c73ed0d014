/*
 * The role of a discipline: which waiting task goes next, and whether one in service can be
 * interrupted for it, or shares its consumer.
 *
 * A discipline is one file in models/ and one line in models/list.h. It sees the waiting tasks as
 * slots of a waiting room (waiting.h), which keeps the order of arrival itself; push and remove
 * (NULL: nothing to do) keep what else the discipline wants to know.
 *
 * One that interrupts is a strict total order of all tasks inside: those that come first in it are
 * served, one by each consumer, and the others wait. Who goes next must be the first by that order.
 */
#ifndef DISCIPLINE_H
#define DISCIPLINE_H

#include "scenario.h"

struct waiting_room;

/* In words that formulas know. */
enum discipline_order {
    ORDER_BLIND /* to sizes, classes and patience */,
    ORDER_SHORTEST,
    ORDER_PRIORITY,
    ORDER_DEADLINE,
    ORDER_WEIGHTED
};

struct discipline {
    struct model model;
    enum discipline_order order;
    /* A number of the slot's task: the smallest goes next, and of equals who arrived first. With
     * one, the room keeps its tasks in a heap by itself, and the next three are not looked at. It
     * is asked when the task begins to wait, and finite. NULL: the discipline has an order of its
     * own. */
    double (*key)(const struct waiting_room *room, uint32_t slot);
    void (*push)(struct waiting_room *room, uint32_t slot); /* slot's task has just begun to wait */
    uint32_t (*pick)(struct waiting_room *room);            /* the next slot; room is not empty */
    void (*remove)(struct waiting_room *room, uint32_t slot); /* the slot's task no longer waits */
    bool by_arrival; /* first come, first served: a task cannot be delayed by later ones; the
                        engine may then keep a ring in place of a room */
    bool by_class; /* by the priority of classes, and inside one of them by arrival: likewise, with
                      a ring for each priority */

    bool by_number; /* of those that wait in its buffer: not over several of them together */
    bool by_chance; /* each of those that wait is as likely as the others to be next */
    bool by_weight; /* among several buffers a draw, by the weights of their stages */

    /* Whether the task of slot a goes before that of slot b, so that an arriving one interrupts the
     * last of those in service, which goes on later where it was (preemptive resume). NULL: a task
     * in service is not interrupted. The size of a waiting task is the work left of it. Of two in
     * service (or one, and an arriving task that would take its place) it is the time at which they
     * would be done, so that an order by work left holds on as it is done. */
    bool (*before)(const struct waiting_room *room, uint32_t a, uint32_t b);

    /* Processor sharing: nobody waits, and the consumers serve all tasks inside at once, each as
     * much. Then there is a key, the size, and the smallest is done first: a task is put into the
     * room with the work that every task there will have been given when it is done. */
    bool shares;

    /* A large task in service does not hold up those that are small beside it: the time that others
     * spend varies no more than sizes do. */
    bool passes_large;
};

extern const struct family discipline_family;

static inline const struct discipline *stage_discipline(const struct stage *stage)
{
    return (const struct discipline *)stage->discipline;
}

#endif
