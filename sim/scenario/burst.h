/*
 * What a source does besides its process: a burst on top of it, and tasks that are there at time 0
 * (a part of struct source_spec, stages.h).
 *
 * From `at` until `at` + `length` (times of the clock, which counts from 0, before the warm-up)
 * `factor` times as many tasks come. A process that goes on as it began (poisson, renewal, batch)
 * has a clock of its own, which then runs `factor` times as fast: of Poisson arrivals that is just
 * the rate (a change of time; Cinlar 1975, section 4.7). One whose rate moves (schedule, mmpp)
 * keeps its timetable and its states, and the rate is `factor` times what they say.
 *
 * A source that has been told to stop (buffer.high_water) comes to its burst so much later.
 *
 * Those that are there at time 0 are the first tasks of the source, before all that its process
 * brings.
 *
 * NAN, or 0 in a block that nobody has written to: not given.
 */
#ifndef BURST_H
#define BURST_H

#include <math.h>
#include <stdbool.h>

struct burst_spec {
    double at, length, factor; /* keys of `trigger`, `for` being `length` */
    double initial;
};

/* Whether there is a burst; whether there is anything. */
static inline bool burst_is_given(const struct burst_spec *b)
{
    return b->length > 0;
}

static inline bool burst_says(const struct burst_spec *b)
{
    return burst_is_given(b) || b->initial > 0;
}

/* What the rate is multiplied by at a time, and until when; b NULL: there is no burst. */
static inline double burst_factor(const struct burst_spec *b, double time, double *until)
{
    const double end = b ? b->at + b->length : 0;
    bool in = b && time >= b->at && time < end;
    *until = b && time < b->at ? b->at : in ? end : INFINITY;
    return in ? b->factor : 1;
}

/* The time at which a clock that the burst makes faster shows `own`; and what it shows at a time.
 */
static inline double burst_time(const struct burst_spec *b, double own)
{
    if (own <= b->at)
        return own;
    double inside = own - b->at;
    return inside < b->length * b->factor ? b->at + inside / b->factor
                                          : own + b->length * (1 - b->factor);
}

static inline double burst_own(const struct burst_spec *b, double time)
{
    if (time <= b->at)
        return time;
    double inside = time - b->at;
    return inside < b->length ? b->at + inside * b->factor : time - b->length * (1 - b->factor);
}

#endif
