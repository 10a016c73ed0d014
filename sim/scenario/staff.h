/*
 * What a stage says of its consumers beyond how many and how fast: a part of it (stages.h).
 * NAN, and laws without a model: not given. Read through stage_staff.
 *
 * Immutable and interned, as all parts.
 */
#ifndef STAFF_H
#define STAFF_H

#include "scenario.h"

enum staff_grow { GROW_WHEN_FULL, GROW_WHEN_BUSY };
enum staff_wakes { WAKES_SHORTEST, WAKES_LONGEST };

struct staff_spec {
    double max, grow; /* enum staff_grow; NAN: when-full */
    double wakes;     /* enum staff_wakes; NAN: the one that has been idle for the shortest time */
    struct law start_delay, keep_alive;
    double error_rate;
    double contention, coherency;
};

/* That of stage `i` (or SPEC_MAIN); NULL: nothing is said. */
const struct staff_spec *stage_staff(const struct scenario *s, size_t i);

#endif
