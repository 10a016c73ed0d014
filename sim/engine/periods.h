/*
 * Runs in whole periods: arrivals that repeat a timetable (process.h: period) are at rest in whole
 * periods only. A day measured without its evening is another day; and a queue that fills in the
 * evening does not grow.
 *
 * A run at rest that is to measure at least one period and at most PERIODS_MANY measures whole
 * periods: as many as are nearest to what is asked for by run.duration, or by run.tasks at the mean
 * rate (it then ends by time, and offers nearly so many tasks). It begins at time 0 of the
 * timetable; a warm-up that is `auto` is whole periods, too: one, or as many as it takes until the
 * start from empty is forgotten (RELAXATION_FORGOTTEN), at most as many as are measured. What is
 * asked to be shorter than a period is run as it is written, from time 0 on, and so is a drift, and
 * a run that is so long that a part of a period does not matter.
 */
#ifndef PERIODS_H
#define PERIODS_H

#include "../scenario/scenario.h"

#define PERIODS_MANY 100.0

/* Whether a scenario may have to be run in whole periods. */
bool periods_matter(const struct scenario *s);

/* The scenario whose run is in whole periods as this column asks for; false: it is run as it is
 * written, and `out` is not touched. What is already so stays. */
bool periods_resolve(const struct scenario *s, uint32_t column, struct scenario *out);

/* Whether a stretch of time is made of whole periods, the same number in each third. */
bool periods_in_thirds(const struct scenario *column, double seconds);

#endif
