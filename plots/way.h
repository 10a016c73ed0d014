/*
 * Where the time of a way goes: the mean time that requests of a network spend at each stage, as
 * shares of all of it.
 *
 * Of a stage: its mean latency times its visits per request (both of a result's rows), less what
 * its consumers are held in calls: that time is spent at the stages that are called. (By Little's
 * law in both: of the time that is no wait the part held_fraction / utilization. Where a stage that
 * calls is also held up by a full buffer, that part is left out with it.) Times side by side, in
 * copies or concurrent calls, all count, so that shares are of work and waiting together and not of
 * the latency from end to end.
 *
 * A panel (or column) of one stage shows its own share, that of all from end to end all of them.
 */
#ifndef WAY_H
#define WAY_H

#include "shown.h"

/* Fills figure->ways and panel->way of a figure of one result whose stages are shown. */
void way_fill(const struct result *result, const struct shown *shown, struct figure *figure);

/* The colour of a part; the last of `ways` is what is not shown by itself. */
uint32_t way_colour(size_t part, size_t ways);

#endif
