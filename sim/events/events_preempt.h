/*
 * Services that can be interrupted, for the events engine (events.h; the rules are engine.h's).
 *
 * Every task inside the stage keeps a slot of the waiting room from its entry to its departure. Of
 * the tasks in service the last in the discipline's order is found by a tournament over consumers,
 * as the calendar finds the soonest event.
 */
#ifndef EVENTS_PREEMPT_H
#define EVENTS_PREEMPT_H

#include "../engine/engine.h"
#include "waiting.h"

struct events;
struct preemption;

struct preemption *preemption_new(uint64_t consumers);
void preemption_free(struct preemption *p);

/* A task comes in: a consumer is idle, or a place is free. If its service has not begun by the
 * deadline (INFINITY: none) it is up to e->impatience. */
void preempt_enter(struct events *e, struct task task, double deadline);

/* The consumer has done its task; it takes the next one, if any. Whose the task was. */
uint32_t preempt_complete(struct events *e, uint64_t consumer);

/* Of a station: the consumer has done its task and keeps it, out of reach of interruptions, until
 * it is let go. */
void preempt_served(struct events *e, uint64_t consumer);
void preempt_release(struct events *e, uint64_t consumer, bool lost);

/* The task in a slot leaves: one that waits; one that is served, as lost (how long it had waited).
 */
struct task preempt_leave(struct events *e, uint32_t slot);
double preempt_withdraw(struct events *e, uint32_t slot);

/* Of a station whose consumers have another pace (station_pace): whether one is at work; what it is
 * at is done then, at so many times the speed; they stand still no more. */
bool preempt_works(const struct events *e, uint64_t consumer);
void preempt_repace(struct events *e, uint64_t consumer, double done, double faster);
void preempt_go_on(struct events *e);

/* All that is in service is lost; consumers stand still. */
void preempt_clear(struct events *e);

/* Whether the task in a slot is in service. */
bool preempt_serves(const struct events *e, uint32_t slot);

/* The waiting task that arrived first leaves (there is one). */
struct task preempt_pop_oldest(struct events *e);

/* Work that is left of the task in a slot, which is in service; NAN: it is not. */
double preempt_left(const struct events *e, uint32_t slot, double now);

/* Adds the tasks in service, as of e->now. */
void preempt_flow(const struct events *e, struct flow *out);

#endif
