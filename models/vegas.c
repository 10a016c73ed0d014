/*
 * The limit by how many of those inside seem to wait (Brakmo and Peterson, "TCP Vegas: end to end
 * congestion avoidance on a global Internet", IEEE JSAC 13, 1995; in the form of VegasLimit of
 * Netflix's concurrency-limits, 2018, without its sampling windows: every task is a sample):
 *
 *   queue = ceil(limit * (1 - shortest / time))
 *
 * Up to a threshold of log the limit grows by beta, below alpha by log, above beta it falls by log,
 * where log is max(1, floor(log10(limit))), alpha 3 log and beta 6 log unless they are given; it
 * falls by log with each task that is lost. `shortest` is the shortest time inside, and measured
 * anew after probe_multiplier * limit * (0.5 to 1, drawn) tasks.
 */
#include <math.h>

#include "../sim/scenario/limiter.h"

struct vegas {
    double initial, max, alpha, beta, smoothing, probe_multiplier;
};
_Static_assert(sizeof(struct vegas) <= LIMITER_BYTES, "fits the block");

enum { SHORTEST, PROBED, JITTER };

static const struct param rows[] = {{.name = "initial",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct vegas, initial),
                                     .low = 1,
                                     .high = 1e9,
                                     .preset = "20",
                                     .help = "the limit to begin with"},
                                    {.name = "max",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct vegas, max),
                                     .low = 1,
                                     .high = 1e9,
                                     .preset = "1000",
                                     .help = "it never rises above"},
                                    {.name = "alpha",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct vegas, alpha),
                                     .high = 1e9,
                                     .help = "fewer waiting than this: it grows; three times the "
                                             "digits of the limit beyond the first, at least 3, "
                                             "where it is not given"},
                                    {.name = "beta",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct vegas, beta),
                                     .high = 1e9,
                                     .help = "more waiting than this: it falls; twice alpha's "
                                             "default where it is not given"},
                                    {.name = "smoothing",
                                     .kind = PARAM_SHARE,
                                     .offset = offsetof(struct vegas, smoothing),
                                     .high = 1,
                                     .preset = "1",
                                     .help = "how much of a new limit is taken over",
                                     .flags = PARAM_OPEN_LOW},
                                    {.name = "probe_multiplier",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct vegas, probe_multiplier),
                                     .high = 1e9,
                                     .preset = "30",
                                     .help = "the shortest time is measured anew after so many "
                                             "times the limit",
                                     .flags = PARAM_OPEN_LOW},
                                    {0}};

static double begin(const void *params)
{
    const struct vegas *p = params;
    return fmin(p->initial, p->max);
}

/* max(1, floor(log10(limit))). */
static double log_of(double limit)
{
    double log = 0;
    for (limit = floor(limit); limit >= 10; limit = floor(limit / 10))
        log++;
    return fmax(1, log);
}

static void draw_jitter(struct limit_state *state)
{
    state->x[JITTER] = 0.5 + 0.5 * stream_uniform(&state->stream, 0, state->drawn++);
}

/* The shortest time, or the probe of it, and nothing else. */
static bool probes(const struct vegas *p, struct limit_state *state, double time)
{
    double *x = state->x;
    if (state->drawn == 0)
        draw_jitter(state);
    x[PROBED]++;
    if (x[JITTER] * p->probe_multiplier * state->limit <= x[PROBED]) {
        draw_jitter(state);
        x[PROBED] = 0;
        x[SHORTEST] = time;
        return true;
    }
    if (x[SHORTEST] == 0 || time < x[SHORTEST]) {
        x[SHORTEST] = time;
        return true;
    }
    return false;
}

static void sample(const void *params, struct limit_state *state, const struct limit_sample *s)
{
    const struct vegas *p = params;
    if (!(s->time > 0) || probes(p, state, s->time))
        return;
    double limit = state->limit, log = log_of(limit), next;
    double alpha = isnan(p->alpha) ? 3 * log : p->alpha;
    double beta = isnan(p->beta) ? 6 * log : p->beta;
    double queue = ceil(limit * (1 - state->x[SHORTEST] / s->time));
    if (s->lost)
        next = limit - log;
    else if (s->inside * 2 < limit)
        return;
    else if (queue <= log)
        next = limit + beta;
    else if (queue < alpha)
        next = limit + log;
    else if (queue > beta)
        next = limit - log;
    else
        return;
    next = fmax(1, fmin(p->max, next));
    state->limit = (1 - p->smoothing) * limit + p->smoothing * next;
}

static const char *check(const void *params)
{
    const struct vegas *p = params;
    return p->alpha > p->beta ? "'alpha' must not be above 'beta'" : NULL;
}

const struct limiter limiter_vegas = {
    .model = {.name = "vegas",
              .help =
                  "by how many of those inside seem to wait, as the shortest time inside has it",
              .rows = rows},
    .begin = begin,
    .sample = sample,
    .check = check,
};
