#include "traced.h"

#include <math.h>

#include "../engine/engine.h"

/* After the last of those that are asked about so many more come, as a share of them, so that they
 * are followed to their end; and how often, before the rest is given up on. */
#define MORE 0.05
enum { TIMES = 100 };

/* The end of the warm-up and of what is measured: by number or, where that is not NAN, by time. */
struct extent {
    double warm_up, warm_up_time, requests, duration;
};

static struct extent extent_of(const struct scenario *s)
{
    bool whole_log;
    const struct amount *w = &s->run.warmup;
    struct extent e = {0, NAN, scenario_tasks(s, &whole_log), s->run.duration};
    double all = isnan(e.duration) ? e.requests : e.duration, share = 0.1;
    if ((enum amount_kind)w->kind == AMOUNT_COUNT) {
        e.warm_up = w->value;
        return e;
    }
    if ((enum amount_kind)w->kind == AMOUNT_DURATION) {
        e.warm_up_time = w->value;
        return e;
    }
    if ((enum amount_kind)w->kind == AMOUNT_SHARE)
        share = w->value;
    if (isnan(e.duration))
        e.warm_up = floor(share * all);
    else
        e.warm_up_time = share * all;
    return e;
}

static double now(void *state)
{
    struct flow flow;
    networks_engine.flow(state, &flow);
    return flow.time;
}

/* So many requests, or so much time; false: it was stopped, or nothing goes on. */
static bool go(void *state, double requests, double time, atomic_bool *stop)
{
    enum { CHUNK = 16384 };
    for (;;) {
        double arrived = (double)networks_engine.arrived(state);
        double next = fmin(requests, arrived + CHUNK);
        if (arrived >= requests)
            return true;
        const struct engine_limits limits = {.until_time = time,
                                             .until_tasks = (uint64_t)fmin(next, 0x1p62),
                                             .until_drained = false};
        enum engine_stop why = networks_engine.advance(state, &limits);
        if (why == STOP_TIME)
            return true;
        if ((stop && atomic_load(stop)) || (why != STOP_TASKS && why != STOP_PAUSE))
            return false;
    }
}

struct traced_span traced_run(const struct scenario *s, const struct network *network,
                              uint32_t replication, struct network_trace *trace, traced_seen *seen,
                              atomic_bool *stop)
{
    struct recorder recorder = {
        .classes = network->n_classes, .places = (uint32_t)scenario_places(s), .slot = UNMEASURED};
    struct traced_span span;
    const struct extent e = extent_of(s);
    networks_trace = trace;
    void *state = networks_engine.begin(s, NULL, &recorder, (uint64_t)s->seed, replication);
    networks_trace = NULL;
    bool on = go(state, isnan(e.warm_up_time) ? e.warm_up : INFINITY,
                 isnan(e.warm_up_time) ? INFINITY : e.warm_up_time, stop);
    span.from = isnan(e.warm_up_time) ? now(state) : e.warm_up_time;
    double first = (double)networks_engine.arrived(state);
    if (e.warm_up == 0 && !(e.warm_up_time > 0))
        span.from = -1;
    double end = isnan(e.duration) ? INFINITY : fmax(span.from, 0) + e.duration;
    double last = isnan(e.duration) ? first + e.requests : INFINITY;
    on = on && go(state, last, end, stop);
    span.until = now(state);
    double came = (double)networks_engine.arrived(state), more = ceil(MORE * (came - first) + 1);
    for (int i = 1; on && i <= TIMES; i++) {
        if (seen(trace->to, span.from, span.until) >= (size_t)(came - first))
            break;
        on = go(state, came + i * more, INFINITY, stop);
    }
    span.end = now(state);
    networks_engine.end(state);
    return span;
}
