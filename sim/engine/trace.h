/*
 * What a network did, visit by visit: for who asks why requests were slow (answer/why.h), and for
 * tests, which hold the engine against a second simulator (tests/naive_network.h) task by task.
 *
 * A visit is one task at one stage, from the moment it is there (at a stage with `delay`, after
 * that; of a task that is handed on, when it has been taken) until the stage has nothing to do with
 * it any more; one that is refused there is over at once. A member of a group that ends at a stage
 * with `join` is no visit there: what starts then is.
 *
 * A request is one arrival and all that it becomes. Times are absolute, in seconds; NAN: that never
 * came. What is still inside when a trial stops is not reported.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>

#include "../scenario/policy.h"

/* What became of a visit or a request: TRACE_LOST + enum loss where it was lost. */
enum {
    TRACE_COMPLETED,
    TRACE_WITHDRAWN, /* taken out: a group had no use for it any more (a visit) */
    TRACE_LOST
};

struct visit_record {
    uint32_t inlet, request; /* its source, and its number (from 0) among the arrivals there */
    uint32_t stage, turn;    /* the number (from 0) of its offer among those of this request here */
    uint32_t station;        /* numbered through all stages; of tasks that reached none: the first
                                of the stage */
    uint32_t class, outcome;
    double arrival;
    double admitted; /* let in: past the line outside a full buffer; NAN: never, or not known */
    double start;    /* first begun */
    double done;     /* its service was over, and its calls were answered */
    double left;     /* gone: completed (taken by the next stage), lost or withdrawn */
    double work;     /* its size: seconds of a consumer of speed 1 */
    double wait;     /* of its whole way, from the arrival of the request up to here: the sum of
                        `start - arrival` (lost or withdrawn before it began: `left - arrival`) */
};

/* Where the work of a request went, in busy seconds (stations/ask.h): useful and wasted; of visits
 * that were taken out what was left to do; of those refused what there would have been to do. All 0
 * where nobody does but wait. */
struct ledger {
    double useful, wasted, cancelled, denied;
};

struct request_record {
    uint32_t inlet, request, class, outcome;
    double arrival;
    double reply;      /* the client had its answer: when the first visit with `reply` was done */
    double end;        /* the last of its visits was over */
    double wait;       /* of the way that ended last */
    uint32_t attempts; /* of its client; 0: it only waits */
    struct ledger ledger;
};

/* Whom to tell, at the moment when it ends, in the order in which things end. */
struct network_trace {
    void *to;
    void (*visit)(void *to, const struct visit_record *visit);
    void (*request)(void *to, const struct request_record *request);
};

/* Where the engine of networks (engine.h) tells what happens; of this thread, for trials that begin
 * after. */
extern _Thread_local struct network_trace *networks_trace;

#endif
