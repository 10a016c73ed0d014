/*
 * How much the latency warns before the cliff: p99 at 95 % of the load at which the backlog has no
 * limit any more, over p99 at 50 % of it, both simulated with today's setting but for the traffic.
 * Many consumers on one queue look healthy until the end: their ratio is near 1.
 *
 * Where the process has no rate that could be set, consumers and producer's wake-up are slowed down
 * or sped up instead, and times are counted in the time that a consumer takes.
 *
 * By theory where that is exact (exact.h), else over runs of whole periods that cover the time
 * scales of the input (load.h); a p99 without an interval is none (but of a log, or a timetable).
 */
#ifndef NOTICE_H
#define NOTICE_H

#include "load.h"

enum { NOTICE_LOADS = 2 };
extern const double notice_loads[NOTICE_LOADS]; /* 0.5, 0.95 */

struct notice {
    double p99[NOTICE_LOADS], low[NOTICE_LOADS], high[NOTICE_LOADS]; /* seconds; NAN: unknown */
    double ratio;
};

/* `load` is today's (load.h), above 0 and finite. False if stopped. */
bool notice_measure(const struct load_meter *meter, const struct scenario *s, double load,
                    struct notice *out);

#endif
