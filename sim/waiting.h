/*
 * The waiting room: tasks waiting in a buffer, and the containers that disciplines are built from.
 *
 * A discipline decides only which waiting task goes next. Tasks live in slots; a discipline's
 * `push` and `pop` see slots through the room. All waiting tasks are also linked in order of
 * arrival, so that the oldest (drop-oldest) or any (a timer, later) can be removed in whatever
 * order the discipline keeps.
 */
#ifndef WAITING_H
#define WAITING_H

#include "rng.h"
#include "scenario.h"

struct task {
    double arrival;
    double size;
    uint32_t label; /* recorder.h */
    uint32_t class;
};

struct waiting_room; /* defined below for the disciplines; owned by the engine */

/* The role of a discipline. A discipline is one file in models/ and one line in models/list.h. */
struct discipline {
    struct model model;
    void (*push)(struct waiting_room *room, uint32_t slot); /* slot's task has just begun to wait */
    uint32_t (*pop)(struct waiting_room *room);             /* the next slot; room is not empty */
    void (*remove)(struct waiting_room *room, uint32_t slot); /* takes a waiting slot out */
    bool by_arrival; /* first come, first served: a task cannot be delayed by later ones */
};

extern const struct family discipline_family;

#endif
