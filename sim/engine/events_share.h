/*
 * Consumers that serve all tasks inside at once, for the events engine (events.h; the rules are
 * engine.h's): egalitarian processor sharing, each task by one consumer at most.
 *
 * All tasks inside are given the same, so the one that is done first is known by one number for
 * each (the virtual time of Parekh and Gallager 1993, with equal weights): what had been given to
 * every task when it came in, plus its size. Entry and departure cost the logarithm of the number
 * inside. In the calendar is the next completion alone, under consumer 0.
 *
 * e->idle and e->waiting are the consumers too many, and the tasks too many, for one each.
 */
#ifndef EVENTS_SHARE_H
#define EVENTS_SHARE_H

#include "engine.h"
#include "waiting.h"

struct events;
struct sharing;

struct sharing *sharing_new(void);
void sharing_free(struct sharing *s);

/* A task comes in. */
void share_enter(struct events *e, struct task task);

/* The task that is done first is done. Whose it was. */
uint32_t share_complete(struct events *e);

/* The task that arrived first of those inside leaves (there is one). */
struct task share_pop_oldest(struct events *e);

/* The consumers have another speed from e->now on. */
void share_adopt(struct events *e, double speed);

/* Puts the tasks inside into the flow, as of e->now. */
void share_flow(const struct events *e, struct flow *out);

#endif
