/*
 * The limit follows the ratio of a long-term average of the time inside to that of the last task
 * (Gradient2Limit of Netflix's concurrency-limits, 2018, without its sampling windows: every task
 * is a sample; its defaults):
 *
 *   gradient = max(0.5, min(1, rtt_tolerance * long / short))
 *   limit = (1 - smoothing) * limit + smoothing * (gradient * limit + queue_size)
 *
 * `long` is the mean of the first ten, then an exponential average with factor 2 / (long_window +
 * 1); where it is more than twice the last time it shrinks by 5 %. Where less than half of the
 * limit was in use nothing changes.
 */
#include <math.h>

#include "limit_range.h"

struct gradient {
    struct limit_range range;
    double smoothing, queue_size, long_window, rtt_tolerance;
};
_Static_assert(sizeof(struct gradient) <= LIMITER_BYTES, "fits the block");

enum { LONG, SUM, SAMPLES, WARM_UP = 10 };

static const struct param rows[] = {LIMIT_RANGE_ROWS,
                                    {.name = "smoothing",
                                     .kind = PARAM_SHARE,
                                     .offset = offsetof(struct gradient, smoothing),
                                     .high = 1,
                                     .preset = "0.2",
                                     .help = "how much of a new limit is taken over",
                                     .flags = PARAM_OPEN_LOW},
                                    {.name = "queue_size",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct gradient, queue_size),
                                     .high = 1e9,
                                     .preset = "4",
                                     .help = "by how much it may grow while tasks are quick"},
                                    {.name = "long_window",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct gradient, long_window),
                                     .low = 1,
                                     .high = 1e9,
                                     .preset = "600",
                                     .help = "tasks that the long-term average is over"},
                                    {.name = "rtt_tolerance",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct gradient, rtt_tolerance),
                                     .low = 1,
                                     .high = 1e6,
                                     .preset = "1.5",
                                     .help = "so many times the long-term average is no queue"},
                                    {0}};

static double average(const struct gradient *p, double *x, double time)
{
    if (x[SAMPLES] < WARM_UP) {
        x[SAMPLES]++;
        x[SUM] += time;
        x[LONG] = x[SUM] / x[SAMPLES];
    } else {
        double factor = 2 / (p->long_window + 1);
        x[LONG] = x[LONG] * (1 - factor) + time * factor;
    }
    return x[LONG];
}

static void sample(const void *params, struct limit_state *state, const struct limit_sample *s)
{
    const struct gradient *p = params;
    double limit = state->limit, longer = average(p, state->x, s->time);
    if (longer > 2 * s->time)
        state->x[LONG] *= 0.95;
    if (s->inside < limit / 2)
        return;
    double slope = s->time > 0 ? p->rtt_tolerance * longer / s->time : 1;
    double next = limit * fmax(0.5, fmin(1, slope)) + p->queue_size;
    next = limit * (1 - p->smoothing) + next * p->smoothing;
    state->limit = limit_within(&p->range, next);
}

const struct limiter limiter_gradient = {
    .model = {.name = "gradient",
              .help = "by how the time inside compares with its long-term average",
              .rows = rows},
    .begin = limit_begins,
    .sample = sample,
    .check = limit_checks,
};
