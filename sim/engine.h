/*
 * The role of an engine: advances a scenario through simulated time.
 *
 * Two engines are foreseen: `events` (a calendar of events, anything at all) and `lanes` (issue to
 * come). Where both can run a scenario they agree to the last count, because they share:
 *   - the tasks (source.h), and absolute times in double;
 *   - wait = start - arrival, service = size / speed, latency = wait + service,
 *     completion = start + service;
 *   - the tie rule: at equal times completions come first (by the order in which they were
 *     scheduled), then resumptions of paused tasks, then arrivals.
 *
 * An engine never prints and never allocates in its inner loop but to let a backlog grow.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "recorder.h"
#include "source.h"

/* What has flowed since time 0, as of `time`: the integrals and sums that the audit and the
 * columns are made of. A window is the difference of two flows. "Inside" tasks (waiting, paused or
 * in service at `time`) contribute to *_ages what they have spent so far. */
struct flow {
    double time;
    double queue_area;  /* integral of tasks waiting in the buffer, dt */
    double paused_area; /* integral of tasks waiting outside a full buffer (pause), dt */
    double busy_area;   /* integral of busy consumers, dt */
    double idle_area; /* integral of time with a waiting task beside an idle consumer: must be 0 */
    double sojourn_sum; /* over tasks that left: departure - arrival; plus ages of tasks inside */
    double service_sum; /* over completed tasks: service; plus ages of services in progress */
    double seen_sum;    /* over arrivals: tasks in the system just before */
    uint64_t arrived, completed, lost; /* tasks */
    uint64_t inside;  /* tasks in the system: arrived = completed + lost + inside */
    uint64_t waiting; /* of them waiting or paused */
};

enum engine_stop {
    STOP_TIME,    /* reached `until_time` (all events up to and at it are done) */
    STOP_TASKS,   /* processed arrival number `until_tasks` */
    STOP_DRAINED, /* no measured task is left inside (only if asked for) */
    STOP_ENDED,   /* the source has ended and the system is empty */
    STOP_BACKLOG  /* more than run.max_backlog tasks inside */
};

struct engine_limits {
    double until_time;    /* INFINITY: no limit */
    uint64_t until_tasks; /* arrivals since time 0; UINT64_MAX: no limit */
    bool until_drained;   /* stop as soon as recorder->outstanding is 0 */
};

struct engine {
    struct model model;

    /* Why this engine cannot run `s`, as a sentence, or NULL if it can. */
    const char *(*refuses)(const struct scenario *s);

    void *(*begin)(const struct scenario *s, struct source *source, struct recorder *recorder,
                   uint64_t seed, uint32_t replication);

    /* Goes on until the first limit is met. */
    enum engine_stop (*advance)(void *state, const struct engine_limits *limits);

    /* New parameters from now on (drift); the caller adopts them in the source as well. */
    void (*adopt)(void *state, const struct scenario *s);

    void (*flow)(const void *state, struct flow *out);
    void (*end)(void *state);
};

extern const struct engine events_engine;

#endif
