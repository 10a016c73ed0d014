/*
 * Deadlock: consumers that wait for each other for ever.
 *
 * A consumer that has served its visit may be held: by a place that the visit wants at another
 * station (blocked after service, or before it; Perros, Queueing Networks with Blocking, 1994,
 * section 1.3), or by the answers to its calls. What it waits for needs a consumer in turn: one
 * that takes the called visit out of a buffer, or one that takes another and so makes a place free.
 * A set of consumers all of which are held, and wait for nothing but each other, stays so: nobody
 * else can set one of them free.
 *
 * What can move, of those that some visit depends on, is the least set such that
 *   - a consumer can that is idle, or at work, or keeps a visit that can move;
 *   - a visit that waits for a consumer can if one of its station's can, or if it may lose patience
 *     or be dropped for a younger one;
 *   - a visit blocked can if everything that it hands on may get a place: if one of the consumers
 *     there can move, somebody in the buffer loses patience, or one is called in already;
 *   - a visit that calls can if one of the answers that it waits for can come: of copies
 *     (`balancer: all`) that of every one;
 *   - whatever a join may yet withdraw can.
 * A visit that cannot is in a deadlock. It is looked for at the end of an event that may have
 * closed one: that made a visit wait, or took away what one was waiting for.
 *
 * A closed set has a cycle of stages in it that hand on to a full buffer (which pauses), call, or
 * share consumers: only the stages of such cycles are watched, and a network without them pays
 * nothing.
 */
#ifndef STATIONS_DEADLOCK_H
#define STATIONS_DEADLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct net;
struct network;
struct watched;

/* NULL: no stages of the network can wait for each other. */
struct watched *watched_new(const struct network *network);
void watched_free(struct watched *watched);

/* What only networks with such cycles do. A visit, or what waits outside a station, may be in a
 * deadlock now. A visit waits for `other` (a call, or a copy that found no place), or for the
 * copies of a call that are a group; for nothing yet. */
void watched_visit(struct net *net, uint32_t visit);
void watched_station(struct net *net, uint32_t station);
void watched_waits_for(struct net *net, uint32_t visit, uint32_t other, bool group);
void watched_waits_for_nothing(struct net *net, uint32_t visit);

/* At the end of an event: whether it has closed a deadlock, which net->deadlock then names. */
bool watched_deadlock(struct net *net);

#endif
