/*
 * Consumers that serve all tasks inside at once, for the events engine (events.h; the rules are
 * engine.h's): egalitarian processor sharing, each task by one consumer at most; of a station with
 * one consumer also discriminatory: in proportion to the weights of classes (Kleinrock,
 * "Time-shared systems: a theoretical treatment", JACM 14, 1967).
 *
 * All tasks inside are given the same, so the one that is done first is known by one number for
 * each (the virtual time of Parekh and Gallager 1993, with equal weights): what had been given to
 * every task when it came in, plus its size (of unlike weights: to every weight of 1, plus its size
 * over its weight). Entry and departure cost the logarithm of the number
 * inside. The next completion alone is kept, and in the calendar, under consumer 0, only where
 * there are other events (not SHAPE_SHARE_PLAIN).
 *
 * e->idle and e->waiting are the consumers too many, and the tasks too many, for one each (of
 * SHAPE_SHARE_PLAIN not while it runs: share_count). The room's heap keeps the numbers; the `size`
 * of a task in the room is `used` when it came in. What every event does is inline
 * (events_share_step.h).
 */
#ifndef EVENTS_SHARE_H
#define EVENTS_SHARE_H

#include "../engine/calendar.h"
#include "../engine/engine.h"
#include "waiting.h"

struct events;
struct staff_spec;

/* What each task is given while so many are inside. */
struct portion {
    double share; /* of a consumer */
    double rate;  /* work per second */
};

/* How many inside there is a portion in the table for: a division that the next event would have to
 * wait for. */
enum { PORTIONS = 256 };

struct sharing {
    double since;          /* the time as of which the next two count */
    double given, used;    /* since the stage was last empty, to every task that was inside all the
                              time: work, and time of one consumer */
    double share;          /* of a consumer, what each task has; 0 while nobody is inside */
    double served, beyond; /* tasks inside: one for each consumer, and those beyond that */
    double used_by_inside; /* sum over tasks inside of `used` when they came in */
    event next;     /* the completion of who is done first; CALENDAR_NEVER: nobody is inside */
    double *waits;  /* by slot: outside; not of SHAPE_SHARE_PLAIN, where nobody waits */
    uint32_t slots; /* of waits */
    struct portion *table; /* by the number inside: PORTIONS */
    /* Of a station whose tasks slow each other down (staff.h: Universal Scalability Law, of the
     * tasks inside); e->speed is then what one consumer does beside so many. */
    double contention, coherency;
    double alone; /* its speed without others; 0: they do not */
    bool weighted;
    double weight; /* then: of all inside together; shares, `given` and `used` are those of a weight
                      of 1, and used_by_inside is times their weights */
};

void sharing_init(struct sharing *s, double consumers, double speed);

/* Tasks slow each other down, if it says so (NULL: not). */
void sharing_slow(struct events *e, const struct staff_spec *spec);

/* They have shares in proportion to the weights of their classes, where these are unlike. */
void sharing_weigh(struct events *e);
void sharing_free(struct sharing *s);

/* Room for the waits of `slots` slots. */
void sharing_reserve(struct sharing *s, uint32_t slots);

/* The consumers have another speed from e->now on. */
void share_adopt(struct events *e, double speed);

/* Puts the tasks inside into the flow, as of e->now. */
void share_flow(const struct events *e, struct flow *out);

#endif
