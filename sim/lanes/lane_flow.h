/*
 * What is inside a lane at an edge, after `tasks` have arrived, at a time T not before the last of
 * them and before the next.
 *
 * Since service is in order of arrival, the tasks waiting at T are the last ones, those that start
 * after T; and a consumer that falls free after T is busy from T on until then. So, with sums over
 * all tasks that have arrived,
 *   tasks waiting         those with start > T            in service   consumers with free > T
 *   queue_area            sum of waits - sum of (start - T) over tasks waiting
 *   service_sum           sum of services - sum of (free - T) over busy consumers
 *   sojourn_sum           sum of latencies - both of these
 *   busy_area             c T - (time that consumers had been idle when they took a task) - sum of
 *                         (T - free) over idle consumers; where that is next to nothing of c T, and
 *                         so the difference of two large numbers, service_sum
 *
 * With a bounded buffer all this is about the tasks that came in; those that are lost have left.
 *
 * With patience those that are going to leave wait, too, until their deadlines, which are known
 * when they arrive; and since who comes later is not offered a consumer sooner, none of those
 * before the last one that has started by T is still there.
 *
 * The tasks waiting at an edge by number are looked up in the ring of recent tasks. A time that is
 * known beforehand is a mark, and needs none, however many are waiting: starts never fall, and a
 * task's is known when it arrives, so the first start beyond a mark, seen before the arrivals get
 * there, says how many have started by then, and what they have waited. The others have waited
 * since they arrived: from there on arrivals are summed (`late`, relative to the first mark that
 * was pending), until no mark is crossed but not reached. So
 *   queue_area            sum of waits of those that have started + sum of (T - arrival) over tasks
 *                         waiting
 * which, unlike the difference above, stays exact where work for years waits.
 */
#ifndef LANE_FLOW_H
#define LANE_FLOW_H

#include "lane.h"

/* The tasks waiting at T, by the ring. */
struct lane_queue {
    uint64_t waiting; /* and will be served */
    uint64_t leaving; /* and will not: their patience will be over before */
    uint64_t last;    /* the former are among so many last tasks: more only if tasks were lost */
    double beyond;    /* how much of the waits of both lies beyond T */
    bool too_long;    /* for the ring */
};
struct lane_queue lane_queue_at(const struct lane *lane, uint64_t tasks, double time);

/* The flow at T, with what is waiting; at the last arrival (that task is still inside, even if its
 * service takes no time), by the ring, too short: gives up; at the next mark, which is then behind.
 */
struct flow lane_flow_at(const struct lane *lane, uint64_t tasks, double time,
                         const struct lane_queue *queue);
struct flow lane_flow_ring(struct lane *lane, uint64_t tasks, double time);
struct flow lane_flow_now(struct lane *lane, uint64_t tasks);
struct flow lane_flow_mark(struct lane *lane, uint64_t tasks);

/* When the last consumer falls free; when the last task to arrive has come and all have left. */
double lane_latest(const struct lane *lane);
double lane_last_event(const struct lane *lane);

/* Lays n marks (times and `upto` filled in; the lane's from now on) after `tasks` have arrived;
 * among the `last` of them are those that start after the first mark. */
void lane_lay_marks(struct lane *lane, struct lane_mark *marks, uint32_t n, uint64_t tasks,
                    uint64_t last);

/* Notes which marks the starts of the first n tasks of the chunk cross; task k is the first. */
void lanes_note_starts(struct lane *lanes, int n_lanes, uint64_t k, size_t n);

#endif
