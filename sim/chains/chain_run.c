/* The horizon moves on. */
#include <float.h>
#include <math.h>

#include "chain.h"

/* Everything happens up to `until`. `hold`: that is when the last request came. */
static void go(struct chain *chain, double until, bool hold)
{
    for (uint32_t i = 0; i < chain->stages; i++) {
        const uint64_t completed = chain->stage[i].completed;
        if (chain->stage[i].several)
            chain_serve_several(chain, i, until, hold && i == 0);
        else
            chain_serve_one(chain, i, until, hold && i == 0);
        chain_arrive(chain, i + 1, (size_t)(chain->stage[i].completed - completed));
    }
}

/* When the next task leaves a stage. */
static double next_completion(const struct chain *chain)
{
    double next = INFINITY;
    for (uint32_t i = 0; i < chain->stages; i++) {
        const struct chain_stage *st = &chain->stage[i];
        const struct link *in = &chain->link[i];
        if (st->several && st->busy > 0)
            next = fmin(next, st->due[0].done);
        else if (st->begun)
            next = fmin(next, st->start + in->work[in->head] / st->begun_speed);
    }
    return next;
}

/* As many as cannot make it more than run.max_backlog inside; the next one in any case. */
static size_t chunk(const struct chain *chain, const struct engine_limits *limits)
{
    uint64_t alive = chain_alive(chain), n = CHAIN_CHUNK;
    if (alive + n > chain->max_backlog)
        n = alive < chain->max_backlog ? chain->max_backlog - alive : 1;
    uint64_t left = limits->until_tasks - chain->arrived;
    return (size_t)(left < n ? left : n);
}

/* There are no arrivals up to `until`. */
static enum engine_stop go_to(struct chain *chain, const struct engine_limits *limits)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    go(chain, until, false);
    chain->now = fmax(chain->now, chain->last_exit);
    if (chain_alive(chain) == 0 && chain_next_arrival(chain) == INFINITY)
        return STOP_ENDED;
    chain->now = fmax(chain->now, limits->until_time);
    return STOP_TIME;
}

/* Takes arrivals; STOP_PAUSE: there may be more. */
static enum engine_stop arrive(struct chain *chain, size_t most, const struct engine_limits *limits)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    if (chain_take(chain, most, until) == 0)
        return go_to(chain, limits);
    chain->now = chain->link[0].last;
    go(chain, chain->now, true);
    if (chain->arrived == limits->until_tasks)
        return STOP_TASKS;
    return chain_alive(chain) > chain->max_backlog ? STOP_BACKLOG : STOP_PAUSE;
}

/* One moment after the other, until nothing measured is left. */
static enum engine_stop drain(struct chain *chain, const struct engine_limits *limits)
{
    while (chain->recorder->outstanding > 0) {
        const double next = next_completion(chain), arrival = chain_next_arrival(chain);
        if (next <= arrival && next <= limits->until_time) {
            go(chain, next, false);
            chain->now = next;
            continue;
        }
        const enum engine_stop stop = arrive(chain, 1, limits);
        if (stop != STOP_PAUSE)
            return stop;
    }
    return STOP_DRAINED;
}

enum engine_stop chain_advance(void *state, const struct engine_limits *limits)
{
    struct chain *chain = state;
    if (chain->arrived >= limits->until_tasks)
        return STOP_TASKS;
    if (limits->until_drained)
        return drain(chain, limits);
    for (;;) {
        const enum engine_stop stop = arrive(chain, chunk(chain, limits), limits);
        if (stop != STOP_PAUSE)
            return stop;
    }
}
