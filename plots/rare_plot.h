/*
 * rare.png: rare events against what makes them so, on a log axis.
 *
 * Without a sweep, the tail: P(latency > x), P(wait > x), or P(that many tasks inside at an
 * arrival), which ends with the losses; with the band of its intervals, the levels of the splitting
 * as hairlines, and the figures asked for as marks. Over a sweep, the losses, or the quantiles, of
 * every column with their intervals.
 */
#ifndef RARE_PLOT_H
#define RARE_PLOT_H

#include "../sim/rare/rare.h"
#include "png.h"

/* False, with an error, only where the picture cannot be made at all; `png` is the caller's. */
bool plot_rare(const struct rare *rare, struct bytes *png, struct errors *errors);

#endif
