/*
 * A network: the stages of a scenario, flat, as engine, theory and pictures want them.
 *
 * Built once for each set of parameters; immutable while it is used. Stages, classes and inlets
 * (sources) are numbers here; names are for results and for the keys of random streams. Laws and
 * models are borrowed from the scenario, which must live as long.
 *
 * A stage has replicas, each a station (buffer and consumers of its own); stations are numbered
 * through, those of stage i from stages[i].first_station on. A stage that shares the consumers of
 * another (`consumers: NAME`) has stations without consumers, one beside each of its pool's.
 *
 * A scenario of one stage in the short form has no network (network_of: NULL): engines run it as
 * they always have.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "../scenario/scenario.h"
#include "../scenario/staff.h"
#include "keys.h"

struct balancer;
struct trouble_spec;
struct client_spec;
struct retry_spec;

#define NETWORK_EXIT UINT32_MAX /* in place of a stage: leaves the system */
#define NETWORK_ANY  UINT32_MAX /* in place of a class: all of them */
#define JOIN_ALL     (UINT32_MAX - 1)
#define UNLIMITED    INFINITY /* consumers of a delay station */

enum way {
    WAY_ONE,   /* by shares: the first leg with u < until (u uniform of stream "to"); none: exit */
    WAY_RULES, /* the first leg whose class fits; none: exit */
    WAY_COPIES /* a copy to every leg, in order: a group */
};

/* Where a task that is done goes. */
struct leg {
    uint32_t stage; /* or NETWORK_EXIT */
    uint32_t class; /* of WAY_RULES; NETWORK_ANY */
    double share;   /* of WAY_ONE, as a fraction */
    double until;   /* shares up to and with this one */
};
struct route {
    enum way way;
    uint32_t first, n; /* in network->legs; n 0: everything leaves */
};

/* One entry of `calls`. */
struct call {
    uint32_t stage;
    uint32_t count;                   /* so many times, one after the other; at least 1 */
    double share;                     /* of the tasks that make it */
    bool ignores;                     /* its failure is no failure of the caller's */
    const struct client_spec *client; /* NULL: the caller only waits */
};

/* Calls made side by side. */
struct call_step {
    uint32_t first, n; /* in network->calls */
    uint32_t need;     /* goes on when so many have been answered: n (a list), or `any` */
};

/* What stands before a stage that turns tasks away, or holds them back, in ways that no formula
 * here knows; whether it keeps the backlog within bounds by that. */
enum network_guard { GUARD_NONE, GUARD_SOME, GUARD_BOUNDS };

enum withdraw { WITHDRAW_NEVER, WITHDRAW_QUEUED, WITHDRAW_RUNNING };

struct network_stage {
    const char *name;
    const struct stage *stage;  /* consumers, discipline, capacity, policy of each replica that has
                                   no `kind` of its own */
    const struct law **size;    /* by class; NULL where it is carried */
    const struct law **timeout; /* by class; NULL: as long as it takes */
    const struct law *delay;    /* NULL: none */
    bool carried;               /* works as much as the stage before (an arrival: tasks.size) */
    bool replies;               /* the client has its answer when a visit ends here */
    bool blocks_before;         /* consumers.blocks: before-service */
    bool repeats;               /* one request may come here more than once */
    enum network_guard guard;
    const struct door_spec *door; /* throttle and limit; NULL: it has neither */
    bool door_delays;             /* who finds no token waits for one */
    uint32_t join;                /* 0: no join; JOIN_ALL; else k */
    enum withdraw withdraw;       /* beside join: k */
    uint32_t pool;                /* the stage whose consumers it has; its own number: its own */
    double priority, weight;      /* among the stages of a pool */
    struct route to;
    uint32_t first_step, steps; /* in network->steps */
    uint32_t first_station, replicas;
    uint32_t machines; /* the stage on whose machines it is; its own number: its own */
    const struct balancer *balancer; /* NULL: one replica */
    uint32_t choices;                /* balancer.choices: of so many replicas drawn; 0: of all */
    bool copies;                     /* balancer: all */
    double *key_share; /* [replicas] balancer: hash: network_key_share; else NULL; owned */
    const struct trouble_spec *trouble; /* NULL: nothing befalls it */
    const struct retry_spec *retry;     /* of visits that fail; NULL: none */
    uint32_t letter;                    /* where they go then; NETWORK_EXIT: nowhere */
    const struct staff_spec *staff; /* what more is said of its consumers (scenario/staff.h); NULL:
                                       nothing */
};

/* What one replica has in place of its stage's. */
struct station_kind {
    double consumers, speed;
};

struct inlet {
    const char *name;
    const struct arrivals *arrivals;
    uint32_t class; /* of all its tasks, or NETWORK_ANY: drawn from the shares of tasks.classes */
    struct route to;
    uint32_t join_of;                 /* where copies of `to` are joined; NETWORK_EXIT: nowhere */
    uint32_t batch_join_of;           /* where the tasks of a batch are, likewise */
    const struct client_spec *client; /* NULL: whoever asks only waits */
};

struct network {
    const struct scenario *scenario;
    uint32_t n_stages, n_stations, n_inlets, n_classes, n_legs, n_calls, n_steps;
    struct network_stage *stages;
    struct inlet *inlets;
    struct arrivals *arrivals; /* of sources, which inlets point to; NULL: the scenario's */
    struct leg *legs;
    struct call *calls;
    struct call_step *steps;
    struct station_kind *kinds; /* by station; NULL: all are as their stage says */
    uint32_t *join_of;          /* by stage: where a group that is made when it hands on (copies of
                                   `to`) is joined; NETWORK_EXIT: nowhere */
    uint32_t *copies_join_of;   /* the same of the copies of `balancer: all` at this stage */
    bool replies;               /* there are rows `client`: some stage does, or a source's client */
    bool asks;                  /* there are clients that do more than wait */
    bool again;                 /* visits that fail come again at some stage, or go elsewhere */
    const struct law *prefill;  /* before the first iteration; NULL: nothing */
    const struct law *bytes;    /* memory of a task; NULL: nobody asks */
    struct network_keys keys;
};

/* NULL where the scenario is of one stage in the short form. Owned by the caller. */
struct network *network_of(const struct scenario *s);
void network_free(struct network *network);

/* Stage by name; NETWORK_EXIT: there is none. */
uint32_t network_find(const struct network *network, const char *name);

/* The stage on whose machines one is, or is the pool that it has its consumers of.
 *
 * What consumers of a pool do in the long run of what they would at their own pace (`outages` that
 * come again and again, one after the other and each for itself: renewal reward). Whether anything
 * befalls a stage that does not only happen once. */
uint32_t network_machines(const struct network *network, uint32_t stage);
double network_availability(const struct network *network, uint32_t pool);
bool network_has_trouble(const struct network *network, uint32_t stage); /* of any kind */
bool network_is_mortal(const struct network *network, uint32_t stage);   /* its machines crash */
bool network_is_troubled(const struct network *network, uint32_t stage);
/* Whether some client has attempts taken out that nobody waits for. */
bool network_cancels(const struct network *network);
/* Whether somebody who holds a consumer, or waits for one, may give up for want of an answer. */
bool network_gives_up(const struct network *network);

/* Consumers and speed of a station. */
static inline struct station_kind network_station(const struct network *n, uint32_t stage,
                                                  uint32_t replica)
{
    const struct network_stage *s = &n->stages[stage];
    if (n->kinds)
        return n->kinds[s->first_station + replica];
    return (struct station_kind){s->stage->consumers, s->stage->speed};
}

/*
 * The key of a random stream. Draws are keyed by seed, replication, the path of what draws, the
 * source (requests are counted from 0 in each) and the request; of the n-th visit (from 0) of a
 * request at a stage with the n-th variation of that stream (stream_turn). The stage and the source
 * that are called `main` have the streams of the short form: "tasks.size", "tasks.classes.C.size",
 * "arrivals" ...; others "stages.NAME.size" (of a class with a law of its own
 * "stages.NAME.size.CLASS"), "stages.NAME.timeout", ".delay", ".to", ".calls", ".balancer", and
 * "sources.NAME.arrivals", "sources.NAME.tasks.classes" (process_path). For requests of a source
 * that is not `main` "@SOURCE" stands behind the stage's path. `what`: "size", "to", ...; of a
 * source itself (stage NETWORK_EXIT) "arrivals", "tasks.classes", "to". Interned.
 */
const char *network_stream_path(const struct network *n, uint32_t stage, uint32_t inlet,
                                uint32_t class, const char *what);

/* The number from which on the visits of attempt `k` (from 0) of an ask are counted, for their
 * draws: those of the first go on where whoever asks is, those of others have numbers that nothing
 * else has (but for the chance that 32 bits leave). `of`: that number of the attempt that asks;
 * `call`, `turn`: which of its calls, on which visit; 0, 0 of a source. */
uint32_t network_attempt_turns(uint32_t of, uint32_t call, uint32_t turn, uint32_t k);

#endif
