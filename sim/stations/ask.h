/*
 * Whoever asks, and does not only wait: clients of sources and callers alike (networks.md, concept
 * 5). All of it is there only where a scenario has a client: net->asking.
 *
 * An *ask* is one request of a source, or one call of a visit, from when it is meant to start until
 * whoever asks is done with it: answered, or given up. Its *attempts* are requests of their own
 * inside the request (struct request: visits that came of one offer, counted in its `alive`), so
 * that what belongs to an attempt is told from others by number; `of` leads to what it is made for,
 * and at last to the request that arrived. A *desk* is what those share who ask at the same place:
 * all requests of a source, or all calls of one entry of a stage's `calls`, replicas together: its
 * budget, its breaker, its limit.
 *
 * Rules where networks.md leaves room:
 *   - A *try* is one attempt and its hedges: each made when, `hedge.delay` after the last one was
 *     sent, there is no answer; hedge.max_attempts of them at most. A try has failed when all its
 *     attempts have; the last says how. retry.max_attempts counts tries; a hedge is no retry and
 *     takes nothing from the budget.
 *   - The clock of an attempt's timeout begins when it is meant to start: at the arrival, the end
 *     of the back-off, the delay of a hedge.
 *   - `limit`: asks that have attempts which are sent and waited for. Whoever finds as many waits
 *     in line with the client, first come first served, before each try (in a back-off nothing is
 *     under way); an attempt that times out there has been made, and is never sent. Hedges are of
 *     those sent.
 *   - The breaker is asked when an attempt is sent. It counts answers, and as failures timeouts,
 *     refusals and errors; not what it refused itself, nor attempts that are given up for another's
 *     answer.
 *   - The budget is asked when a try has failed and another may follow. Where it says no, or it was
 *     the last, the ask is given up.
 *   - Whoever is told nothing (told_of) notices only by timeout or deadline; where there is
 *     neither, the ask ends with the last of its attempts, by that loss, and is not made again.
 *   - What is told of an attempt: of a source, how the first of its visits that is no call was
 *     lost, when nothing of it is left, and nothing has left the system; of a call, how the called
 *     visit was (of copies, the last of them). What called stages hand on goes its own way: that it
 *     leaves is no answer to an attempt, nor is its loss told.
 *   - An ask of a caller that does not wait for it any more (it goes on, is lost or taken out) is
 *     given up; its attempts are then as its own `cancel` says.
 *   - cancel: visits of the attempt itself are taken out (LOSS_CANCELLED): `queued` those that are
 *     delayed, wait, or are blocked; `running` all. What is served then goes on to the end of its
 *     service, and no further: no calls, no next stage. Groups among them start no task.
 *   - A closed client thinks from when it is done with its request.
 *   - Draws of attempt k > 0 (from 0) are those of turns of their own (network_attempt_turns); the
 *     first has those that there would be without a client.
 *
 * The ledger: busy seconds of a visit are useful if all attempts that it is made for, from its own
 * up to the request's, were answered in time (or have nobody to be late for), else wasted: for
 * nobody. What has no verdict yet waits with the innermost attempt that has none.
 */
#ifndef ASK_H
#define ASK_H

#include "../engine/trace.h"
#include "../network/network.h"
#include "backoff.h"
#include "breaker.h"
#include "budget.h"

#define ASKED (UINT32_MAX - 1) /* visit.call: `caller` is the attempt that it answers */

enum worth {
    WORTH_IT, /* its answer counts, or nobody said that it may come too late */
    AWAITED,
    WASTED
};

/* By request. */
struct attempt {
    uint32_t ask, desk;       /* whose it is; NOBODY: the request that arrived */
    uint32_t of;              /* what it is made for; NOBODY likewise */
    uint32_t key;             /* of its number: goes up when it is over */
    uint32_t turns, tag;      /* whose turns count, and what they begin at */
    uint32_t next, before;    /* among those that its ask waits for */
    uint32_t visits;          /* the first of its visits, where some may be taken out */
    uint32_t asks;            /* the first of the asks made by its visits */
    uint32_t work;            /* of the ledger */
    uint32_t epoch;           /* of the breaker */
    uint32_t made;            /* of the request that arrived: attempts */
    uint8_t worth, why;       /* enum worth; 1 + enum loss that is told */
    bool by_call, sent, gone; /* gone: nothing of it is left, and nobody has noticed */
    bool cancelled;
    bool given_up, came; /* of the request that arrived: by its client; an answer that nobody waited
                            for has come */
    struct ledger ledger; /* of the request that arrived */
};

struct ask {
    double meant, way, size, last; /* last: back-off; NAN: none yet */
    uint32_t of, desk, caller, caller_key, call;
    uint32_t key, round;          /* of its number; of its tries, also through later lives */
    uint32_t made, tries, hedges; /* hedges: attempts of this try */
    uint32_t first;               /* attempts that it waits for */
    uint32_t next, before;        /* among the asks of `of`; free ones by `next` */
    uint32_t line_next, line_before;
    uint32_t station; /* where the caller is */
    bool slot, in_line;
};

struct desk {
    const struct client_spec *client; /* NULL: nobody asks here */
    double timeout, deadline, hedge_delay;
    uint32_t tries, hedges, limit;
    unsigned on;
    enum withdraw cancel;
    struct backoff backoff;
    struct budget budget;
    struct breaker breaker;
    uint32_t stage, name;    /* who calls (NETWORK_EXIT: a source); which call, of draws */
    struct stream *backoffs; /* by inlet (of a source one); owned */
    uint32_t under_way, line_first, line_last;
    uint64_t again; /* attempts that were not the first */
};

/* Of a visit, for the ledger and for whoever takes it out. */
struct part {
    double work, served; /* what its service was, and when it was over: on the stay, */
    uint32_t stay;       /* 1 + visit.stays; 0: none */
    uint32_t next, before;
};

struct work {
    double seconds;
    uint32_t stage, next;
};

struct askers {
    struct attempt *attempt; /* by request */
    struct part *part;       /* by visit */
    struct ask *ask;
    uint32_t asks, ask_room, free_ask;
    struct work *work;
    uint32_t works, work_room, free_work;
    struct desk *desk; /* of the inlets, then of the calls */
    uint32_t desks, inlets;
    bool cancels; /* some visits may be taken out */
};

#endif
