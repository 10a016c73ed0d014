/*
 * What stands before a stage of a network, put together of its throttle, limit and buffer: whether
 * it loses tasks, and whether it bounds the backlog (enum network_guard). Private to this room.
 */
#ifndef GUARD_H
#define GUARD_H

#include "network.h"

/* Fills in door, door_delays and guard of a stage whose `stage` is known. */
void network_add_guard(struct network_stage *stage, const struct door_spec *door);

#endif
