/*
 * Additive increase, multiplicative decrease: one more with every task that was quick enough while
 * at least half of the limit was in use, and less by a ratio with every one that was lost or took
 * longer than `timeout` (Chiu and Jain, "Analysis of the increase and decrease algorithms for
 * congestion avoidance in computer networks", Computer Networks and ISDN Systems 17, 1989; as in
 * AIMDLimit of Netflix's concurrency-limits, 2018, whose defaults these are).
 */
#include <math.h>

#include "limit_range.h"

struct aimd {
    struct limit_range range;
    double backoff_ratio, timeout;
};
_Static_assert(sizeof(struct aimd) <= LIMITER_BYTES, "fits the block");

static const struct param rows[] = {LIMIT_RANGE_ROWS,
                                    {.name = "backoff_ratio",
                                     .kind = PARAM_SHARE,
                                     .offset = offsetof(struct aimd, backoff_ratio),
                                     .high = 0.999999,
                                     .preset = "0.9",
                                     .help = "what is left of it when a task is lost or too slow",
                                     .flags = PARAM_OPEN_LOW},
                                    {.name = "timeout",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct aimd, timeout),
                                     .high = 1e12,
                                     .preset = "5s",
                                     .help = "a task that is inside for longer is too slow",
                                     .flags = PARAM_OPEN_LOW},
                                    {0}};

static void sample(const void *params, struct limit_state *state, const struct limit_sample *s)
{
    const struct aimd *p = params;
    double limit = state->limit;
    if (s->lost || s->time > p->timeout)
        limit = floor(limit * p->backoff_ratio);
    else if (s->inside * 2 >= limit)
        limit++;
    state->limit = limit_within(&p->range, limit);
}

const struct limiter limiter_aimd = {
    .model = {.name = "aimd",
              .help =
                  "one more with each task that is quick, less by a ratio with one that is lost "
                  "or slow",
              .rows = rows},
    .begin = limit_begins,
    .sample = sample,
    .check = limit_checks,
};
