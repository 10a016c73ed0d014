/*
 * The lanes engine: trials side by side, from arrival to arrival.
 *
 * With service in order of arrival and nobody thrown out who has come in, a task's times
 * follow from its arrival and the times at which the consumers fall free; so does whether its
 * patience is over before (in an unbounded buffer, measured by the number of tasks). So there is no
 * calendar, and trials can lie side by side in the lanes of a vector (lanes_kernel.h), whose draws
 * are shared where they are the same (lanes_draw.h) and follow a drift (lanes_drift.h). lane.h has
 * the course of each.
 *
 * The times of every task are those of the events engine, bit for bit, and so are all counts and
 * histograms, extremes and, with one consumer, the sums over tasks (with several, the events engine
 * adds them in order of completion). Areas are added up from other things (lane_flow.h), so figures
 * made from them may differ in the last digits.
 *
 * Left to the events engine are columns that cannot settle (stability.h) and have edges whose times
 * are not known from the beginning; lanes that are given up (lane.h); and drifts of consumers.speed
 * that begin after a number of tasks.
 */
#ifndef LANES_H
#define LANES_H

#include "../engine/trial.h"
#include "lanes_kernel.h"

/* What the engine runs a group with, on a kernel of one's own choice: the same trials on any. */
void lanes_run(const struct lanes_kernel *kernel, const struct trial_group *group);

/* lanes_refuses.c: why the engine cannot run `s`, as a sentence, or NULL. */
const char *lanes_refuses(const struct scenario *s);

#endif
