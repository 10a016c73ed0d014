/*
 * Between the files of a staff (staff.h).
 */
#ifndef STAFF_RULES_H
#define STAFF_RULES_H

#include "station_rules.h"

#define STAFFED SHAPE_STATION_STAFF

double staff_draw(struct staff *f, enum staff_draw what);

/* The idle one whose turn it is; there is one. It has no leaf then. */
uint32_t staff_take_idle(struct events *e);

/* One that has become free takes the next task, or falls idle. */
void staff_free_hand(struct events *e, uint32_t hand);

/* One that was off is there (there is one); it starts. */
uint32_t staff_add(struct events *e);
void staff_start(struct events *e, uint32_t hand);

/* Takes the task that goes next out of the buffer; a consumer begins one. One that has started
 * begins the task that it holds. */
struct task staff_pop(struct events *e);
void staff_begin(struct events *e, struct task task, uint32_t hand);
void staff_start_held(struct events *e, uint32_t hand);

#endif
