/*
 * plan.png: the figures of the objectives against the varied key, with their intervals, the limits
 * as lines, and the answer marked.
 *
 * One panel for each objective, one above the other, with one axis of x: of several varied keys the
 * longest, with the others as in the answer. Values are on a log axis where they span more than a
 * factor of 20. What grows without limit stands at the upper edge.
 */
#ifndef PLAN_PLOT_H
#define PLAN_PLOT_H

#include "../sim/answer/answer.h"
#include "png.h"

/* False, with an error, only where the picture cannot be made at all; `png` is the caller's. */
bool plot_plan(const struct answer *answer, struct bytes *png, struct errors *errors);

#endif
