/*
 * The role of a discipline: which waiting task goes next.
 *
 * A discipline is one file in models/ and one line in models/list.h. It sees the waiting tasks as
 * slots of a waiting room (waiting.h), which keeps the order of arrival itself; push and remove
 * (NULL: nothing to do) keep what else the discipline wants to know.
 */
#ifndef DISCIPLINE_H
#define DISCIPLINE_H

#include "scenario.h"

struct waiting_room;

/* In words that formulas know. */
enum discipline_order { ORDER_BLIND /* to sizes and classes */, ORDER_SHORTEST, ORDER_PRIORITY };

struct discipline {
    struct model model;
    enum discipline_order order;
    void (*push)(struct waiting_room *room, uint32_t slot); /* slot's task has just begun to wait */
    uint32_t (*pick)(struct waiting_room *room);            /* the next slot; room is not empty */
    void (*remove)(struct waiting_room *room, uint32_t slot); /* the slot's task no longer waits */
    bool by_arrival; /* first come, first served: a task cannot be delayed by later ones; the
                        engine may then keep a ring in place of a room */
};

extern const struct family discipline_family;

static inline const struct discipline *stage_discipline(const struct stage *stage)
{
    return (const struct discipline *)stage->discipline;
}

#endif
