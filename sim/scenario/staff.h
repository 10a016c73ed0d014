/*
 * What a stage says of its consumers beyond how many and how fast: a part of it (stages.h).
 * NAN, and laws without a model: not given. Read through stage_staff.
 *
 * Immutable and interned, as all parts.
 */
#ifndef STAFF_H
#define STAFF_H

#include <math.h>

#include "scenario.h"

enum { MAX_SHIFTS = 512 };

enum staff_grow { GROW_WHEN_FULL, GROW_WHEN_BUSY };
enum staff_wakes { WAKES_SHORTEST, WAKES_LONGEST };
enum staff_failed { FAILED_RESUMES, FAILED_RESTARTS, FAILED_IS_LOST };
enum staff_fails { FAILS_ALWAYS, FAILS_SERVING };

/* So many consumers up to a time since the start (of the timetable, where it repeats). */
struct shift {
    double until, count;
};

struct staff_spec {
    double max, grow; /* enum staff_grow; NAN: when-full */
    double wakes;     /* enum staff_wakes; NAN: the one that has been idle for the shortest time */
    struct law start_delay, keep_alive;
    struct law setup, vacation;
    struct law time_to_failure, repair_time;
    double failed, fails; /* enum staff_failed; enum staff_fails */
    double error_rate;
    double batch_max, batch_wait, batch_at_least; /* NAN: one task at a time; no; see batch.h */
    double step_base, step_each, step_memory, step_beyond; /* NAN: not given */
    double contention, coherency;
    double repeat;
    double shifts;
    struct shift shift[MAX_SHIFTS];
};

/* Whether they go from iteration to iteration; how long one with n tasks takes. */
static inline bool staff_steps(const struct staff_spec *s)
{
    return s && (!isnan(s->step_base) || !isnan(s->step_each));
}

static inline double staff_iteration(const struct staff_spec *s, double n)
{
    return (isnan(s->step_base) ? 0 : s->step_base) + (isnan(s->step_each) ? 0 : s->step_each * n);
}

/* That of stage `i` (or SPEC_MAIN); NULL: nothing is said. */
const struct staff_spec *stage_staff(const struct scenario *s, size_t i);

#endif
