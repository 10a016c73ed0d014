/*
 * What moves in a network, by number in pools (pools.c): visits, the requests that they are of, and
 * the groups of copies of one task. Times in seconds since time 0, sizes in seconds at speed 1.
 */
#ifndef VISIT_H
#define VISIT_H

#include "../scenario/stages.h"

#define NOBODY UINT32_MAX /* no visit, request or group */

enum visit_state {
    VISIT_FREE,
    VISIT_DELAYED, /* not yet at its station */
    VISIT_AT_DOOR, /* likewise: waits for a token (door.h) */
    VISIT_INSIDE,  /* at its station: outside, waiting or in service */
    VISIT_CALLING, /* keeps a consumer until its calls are answered */
    VISIT_BLOCKED, /* keeps one until the next station has a place; `caller`: copies that wait */
    VISIT_COPY_BLOCKED, /* waits for a place; `caller` is what it is a copy of, which keeps one */
    VISIT_RESERVING     /* before its service, likewise, for a place there */
};

/* One line of the cache. */
struct visit {
    double arrival; /* at the stage, after its delay */
    double way;     /* waits of the way up to here; its own too once it is served */
    double size;    /* work here */
    uint32_t request, group, station, consumer;
    uint32_t caller;     /* a visit, or (call: ASKED) an attempt; NOBODY */
    uint32_t caller_key; /* its visit_key; of a blocked one, which has none any more: the station
                            it waits for */
    uint32_t call;       /* of its caller's (call_of); COPY: a copy of one (balancer: all) */
    uint32_t turn;
    uint16_t stays; /* at stages, of all visits that have had this number */
    uint16_t stage;
    uint8_t state, step; /* enum visit_state; the step of its calls */
    uint8_t due, open;   /* of that step: answers it wants, and can still have */
};
_Static_assert(sizeof(struct visit) == 64, "a visit is a line of the cache");
_Static_assert(MAX_STAGES <= UINT16_MAX, "a stage is a number of a visit");

/* What tells a visit that calls from its later stays, and from later visits with the same number:
 * an answer may come when nobody waits for it any more. */
static inline uint32_t visit_key(const struct visit *v)
{
    return (uint32_t)v->stays << 16 | (v->turn & UINT16_MAX);
}

/* Which of the calls of a stage (counted through its steps), and how often more it is made when it
 * has ended. */
enum { CALL_LEFT_BITS = 20 };
#define COPY UINT32_MAX
/* Of one that nobody called: it goes its own way, behind an answer (net.h). */
#define ASIDE (UINT32_MAX - 2)

static inline uint32_t call_of(uint32_t entry, uint32_t left)
{
    return entry << CALL_LEFT_BITS | left;
}

static inline uint32_t call_entry(uint32_t call)
{
    return call >> CALL_LEFT_BITS;
}

static inline uint32_t call_left(uint32_t call)
{
    return call & ((1u << CALL_LEFT_BITS) - 1);
}

_Static_assert(MAX_STEPS *MAX_BRANCHES < 1 << (32 - CALL_LEFT_BITS), "a call is a number");
_Static_assert(CALLS_MOST < 1 << CALL_LEFT_BITS, "and is made so often");

struct request {
    double arrival, way; /* `way` of what ended last */
    uint64_t number;     /* at its source, from 0 */
    uint32_t alive;      /* visits, and groups under way */
    uint32_t label;      /* recorder_request */
    uint32_t client;     /* of a closed source; of one that a join holds: the next that it does */
    uint32_t order;      /* among the arrivals of its source, from 0 */
    uint32_t streams;    /* of its source, at any stage: draws.h; */
    uint32_t sizes;      /* of its class */
    uint16_t class, inlet;
    uint8_t lost; /* 1 + enum loss of the first loss; 0: nothing is lost */
    bool exited : 1, answered : 1;
    bool held : 1; /* for its batch: `way` is of what has come to the join */
    bool told : 1; /* it is over, but for what of it goes on behind the join of its batch */
    double reply;
};

enum group_state {
    GROUP_OPEN,
    GROUP_JOINING, /* its task is on the agenda */
    GROUP_JOINED,  /* its task has started, and stands for it in `parent` */
    GROUP_UNWANTED /* what it is a member of has been joined without it, and it starts none */
};

_Static_assert(sizeof(struct request) == 64, "a request is a line of the cache");

/* Copies of one task; or the tasks of a batch, which are requests of their own (request IN_BATCH):
 * all that come to the join are over when it starts its task, for which the request that completed
 * it stands. Free ones have no request. */
#define IN_BATCH (NOBODY - 1)

/* A visit, and which of all that were born it was: its number may be another's since. */
struct member {
    uint64_t born;
    uint32_t visit;
};
int members_by_birth(const void *a, const void *b); /* withdraw.c; for qsort */

struct group {
    uint32_t parent, request;
    uint32_t stays, parent_stays; /* how often the number was given; its parent's then */
    uint32_t members;             /* not ended */
    uint32_t come;                /* ended: come to the join, lost, or left */
    uint32_t stage;               /* where it is joined; NETWORK_EXIT: nowhere */
    uint32_t unanswered;          /* of a call (balancer: all): copies that have not ended */
    uint32_t caller, caller_key, call;
    uint8_t state;       /* enum group_state */
    bool succeeded;      /* a copy of a call was not lost */
    double way, size;    /* of the member that came last */
    uint32_t held;       /* of a batch: the requests that have come, linked through `client` */
    struct member *list; /* what is a member, or was, where some may be withdrawn; owned */
    uint32_t n, room;
};

#endif
