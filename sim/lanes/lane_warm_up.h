/*
 * The warm-up of a lane: as asked for, or by the rule of warmup.h. Its pilots end at edges by
 * number or by time, where the ring says who has begun by then; so does a warm-up by number before
 * a stretch that is measured by time, whose marks are laid only then. All other stretches by time
 * have their marks from the beginning.
 */
#ifndef LANE_WARM_UP_H
#define LANE_WARM_UP_H

#include "lane.h"

void lane_warm_up(struct lane *lane);
void lane_warm_up_edge(struct lane *lane, uint64_t tasks);

/* The measured stretch begins after `tasks` tasks, at `time` (lane.c). */
void lane_open_window(struct lane *lane, uint64_t tasks, double time, const struct flow *flow);

#endif
