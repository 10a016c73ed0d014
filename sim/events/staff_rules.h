/*
 * Between the files of a staff (staff.h).
 */
#ifndef STAFF_RULES_H
#define STAFF_RULES_H

#include "station_rules.h"

#define STAFFED SHAPE_STATION_STAFF

double staff_draw(struct staff *f, enum staff_draw what);

/* One that comes, or begins to serve, has a life; it stops serving. */
void staff_live(struct events *e, uint32_t hand, bool serves);
void staff_rest(struct events *e, uint32_t hand);

/* It fails while it serves: its task. It is off for as long as its repair takes. */
void staff_interrupt(struct events *e, uint32_t hand);
void staff_break(struct events *e, uint32_t hand);
void staff_fail(struct events *e, uint32_t hand);

void staff_timer(struct events *e, uint32_t leaf, double after);
void staff_unlink_idle(struct events *e, uint32_t hand);
void staff_go(struct events *e, uint32_t hand);

/* staff_shift.c: the schedule has another piece; whether one that is let go is one too many. The
 * first change. */
void staff_shift(struct events *e);
bool staff_too_many(const struct events *e);
void staff_shift_first(struct events *e);
uint32_t staff_wanted(const struct events *e);

/* staff_setup.c: as many are set up as tasks wait. */
void staff_set_up(struct events *e);
void staff_is_set_up(struct events *e, uint32_t hand);

/* The idle one whose turn it is; there is one. It has no leaf then. */
uint32_t staff_take_idle(struct events *e);

/* One that has become free takes the next task, or falls idle. */
void staff_free_hand(struct events *e, uint32_t hand);

/* One that was off is there (there is one); it starts. */
uint32_t staff_add(struct events *e);
void staff_start(struct events *e, uint32_t hand);

/* Takes the task that goes next out of the buffer (false: there is none; what is put back was
 * taken before, and no rule of buffer.drop looks at it again); a consumer begins one. One that has
 * started begins the task that it holds. */
bool staff_pop(struct events *e, struct returned *next);
void staff_begin(struct events *e, struct returned r, uint32_t hand);
void staff_start_held(struct events *e, uint32_t hand);

#endif
