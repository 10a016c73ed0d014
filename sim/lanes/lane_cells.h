/*
 * How the tasks of a lane come into the cells of its trial.
 *
 * Each is counted when it arrives, in counters of the lane, which are moved into the cell when a
 * slot ends. That is too early for those that are still inside when a trial ends, at a censored end
 * or at the cap. By time that moment is known (the lane's limit), and from the first task on that
 * might leave later each is looked at (LANE_LATE). By number it is not, and the last RING of a
 * censored stretch wait in the ring (LANE_HELD).
 *
 * Of several classes each task is looked at in any case, for its class has cells of its own.
 *
 * A task that is lost has left when it arrives, and is counted then, in either case; but not, at a
 * censored end, one whose patience was not over by then.
 */
#ifndef LANE_CELLS_H
#define LANE_CELLS_H

#include "lane.h"

/* The sums begin again; what they held is part of `before`. */
void lane_reset(struct lane *lane);

/* What has been counted and summed so far belongs to nobody: the measured stretch begins. */
void lane_forget(struct lane *lane);

/* Moves what has been counted up to task number `tasks` into the slot's cell. */
void lane_move_tasks(struct lane *lane, uint64_t tasks);

/* The slot ends after `tasks` tasks. */
void lane_close_slot(struct lane *lane, uint64_t tasks);

/* By time: after the first n tasks of the chunk, of which number k is the first; and where there
 * are several classes, which `class` has. */
void lane_count_late(struct lane *lane, uint64_t k, size_t n, const uint16_t *class);

/* By number: from here on tasks wait in the ring; their end has come. */
void lane_hold(struct lane *lane, uint64_t tasks);
void lane_count_held(struct lane *lane, uint64_t tasks, double time);

/* The lane's counters. */
static inline uint32_t *lane_waits(const struct lane *lane)
{
    return lane->state->work.counts[lane->index];
}

static inline uint32_t *lane_latencies(const struct lane *lane)
{
    return lane->state->work.counts[LANES + lane->index];
}

/* Tasks lost so far. */
static inline uint64_t lane_lost(const struct lane *lane)
{
    return lane->lost + (lane->phase == LANE_LATE ? 0 : lane_waits(lane)[SLOT_LOST]);
}

/* Number of tasks after which step `step` ends. */
static inline uint64_t lane_step_end(const struct lane *lane, uint32_t step)
{
    return lane->base + lane->tasks * step / TRIAL_STEPS;
}

/* The slot of step `step`, of all steps from 1 on. */
static inline uint32_t lane_slot_of(const struct lane *lane, uint32_t step)
{
    uint64_t slots = (uint64_t)lane->trial->columns * lane->trial->batches;
    return (uint32_t)((step - 1) * slots / lane->steps);
}

#endif
