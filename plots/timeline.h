/*
 * timeline.png: a run by the clock (run.windows), panels below each other over simulated time:
 * latency, traffic, what waits, what is taken, and, where they have anything to say, consumers,
 * bytes, and what was wrong where (outages, crashes, open breakers), which is shaded through all of
 * them. The warm-up is hatched. Where nothing completed a line has a gap.
 *
 * Text chunks as those of other pictures (plot.h).
 */
#ifndef TIMELINE_PLOT_H
#define TIMELINE_PLOT_H

#include "../sim/result/result.h"
#include "png.h"

/* Of a finished result with windows. False, with an error, only where the picture cannot be made at
 * all; `png` is the caller's to bytes_free. */
bool plot_timeline(const struct result *result, struct bytes *png, struct errors *errors);

#endif
