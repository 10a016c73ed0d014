/*
 * The naive simulator of networks (naive_network.h): what there is in its world. Its files:
 *
 *   naive_world.c    draws, records, lists
 *   naive_station.c  one station: who waits, who is served, who is let in
 *   naive_enter.c    who comes in there
 *   naive_order.c    the disciplines
 *   naive_staff.c    the same, of consumers that come and go
 *   naive_balance.c  which station of a stage
 *   naive_flow.c     from visit to visit: routes, calls, requests
 *   naive_offer.c    what is offered to a stage
 *   naive_arrive.c   where requests go first
 *   naive_group.c    groups and answers
 *   naive_deadlock.c who waits for ever
 *   naive_trouble.c  what befalls stages
 *   naive_crash.c    machines that fall over
 *   naive_door.c     what stands before a stage
 *   naive_source.c   sources, and to which stages their tasks can come
 *   naive_again.c    visits that fail, and come again
 *   naive_client.c   who asks again, and who gives up (naive_client.h)
 *   naive_network.c  which event is next
 *   naive_story.c    what happened, compared
 */
#ifndef NAIVE_WORLD_H
#define NAIVE_WORLD_H

#include "../sim/base/rng.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/staff.h"
#include "naive_network.h"
#include "naive_staff.h"

#define NONE UINT32_MAX

enum spot {
    SPOT_NOWHERE, /* its offer is on the agenda */
    SPOT_DELAY,
    SPOT_DOOR, /* waits for a token */
    SPOT_LINE, /* outside */
    SPOT_BUFFER,
    SPOT_SERVICE,
    SPOT_STARTING, /* has a consumer that is not ready yet */
    SPOT_PROMISE,  /* has a consumer, and waits for a place at the next stage to begin */
    SPOT_CALLS,
    SPOT_DONE,     /* has a consumer yet */
    SPOT_RESERVED, /* has a place: of a visit that is to come */
    SPOT_GONE
};

struct visit {
    uint32_t request, stage, station, turn;
    enum spot spot;
    bool turned, delayed, there, joined, begun, promised;
    uint32_t from;    /* whose consumer is held until it is taken; NONE: nobody's */
    uint32_t pending; /* those it handed on that are not taken yet */
    bool blocked;     /* its consumer waits for them */
    uint32_t machine; /* the replica it comes from, and the stage's machines there; NONE */
    uint32_t machines;
    uint32_t caller, serial, entry; /* whom it answers: visit, its step, which call; NONE: nobody */
    uint32_t asked;                 /* the attempt that it answers; NONE */
    uint32_t copies;                /* the group that answers for it; NONE */
    uint32_t group;                 /* whose member it is; NONE */
    uint32_t next;                  /* the visit a place is reserved for; NONE */
    double bytes, carried, size, rest, deadline, back, since, done;
    double still; /* of a service that stands still: what is left, at the consumers' own pace */
    double arrival, start, over, way, way_before;
    uint32_t tries, first_turn; /* attempts that failed here */
    bool fails;                 /* it will come again */
    double pause;               /* before this attempt */
    double spent, served;       /* consumer time, up to the end of its service; when that was */
    uint64_t born;              /* of becoming what it is: as a copy, a call, an arrival */
    uint64_t order;             /* of entering its station */
    uint64_t mark;              /* of its timer: when it was put in */
    uint32_t step, step_serial, made, need, answers, failures;
    uint32_t *left;    /* by entry of its stage: calls to make yet */
    bool aside;        /* it goes its own way, behind an answer */
    bool went_on;      /* as another, whose way is that of the request */
    uint32_t hand;     /* that serves it, where those come and go */
    uint64_t returned; /* it waits again, since its consumer failed; so many had before */
    double held, since_limit, inside_limit; /* by the throttle; since it passed the limit */
    bool limited, placed;                   /* it has; its station is known */
    double share;                           /* so many had its consumer when they began */
    double gave;                            /* of its consumer's time, iterations before */
    bool fresh, taking_part;                /* it has had no iteration; is in the one under way */
    bool moves;                             /* it need not wait for ever (naive_deadlock.c) */
};

/* Numbers in a list. */
struct list {
    uint32_t *items;
    size_t n, room;
};

struct group {
    uint32_t request, parent, join_of, at; /* at: where a member has come; NETWORK_EXIT: nowhere */
    uint32_t n, ended;
    bool closed;         /* what follows from it has begun, or it is over */
    double carried, way; /* of the member that completed it */
    uint32_t caller, serial, entry, answers, lost; /* of copies of a call */
    uint32_t asked;                                /* of one with a client: its attempt */
    bool aside;                                    /* so are its members */
    bool batch;       /* its members are requests, `request` that which completed it */
    bool open;        /* more of them are to come */
    struct list held; /* of a batch: requests that have come to the join */
};

struct request {
    uint32_t inlet, number, class, client;
    uint32_t of; /* an attempt: what it is made for; NONE */
    uint64_t draw;
    double arrival, reply;
    uint32_t alive, loss; /* loss: of the first that was lost; NONE */
    bool left;            /* something has left the system */
    bool told;            /* it is over, but for the task of a join that it stands for */
    double last;          /* the way of what of it ended last */
    double way;           /* of what has come to the join of its batch */
    uint32_t *turns;      /* by stage */
};

struct resumption {
    double time;
    uint64_t mark;
};

/* A consumer that starts: for a visit, or NONE. */
struct start {
    double time;
    uint64_t mark;
    uint32_t visit;
};

/* A consumer that is idle, away or in repair, until when; and what one has of its life. */
struct idler {
    double time;
    uint64_t mark;
    uint32_t hand;
};
struct life {
    double fails, left; /* when, while it goes on; else what it has left */
    uint64_t mark, n;
    bool breaks;
};

/* Whether one is under way; when the next may begin, after what completes; INFINITY: it may. */
struct iteration {
    bool works;
    double between;
    uint64_t mark;
};

struct station {
    uint32_t number, stage, replica, owner; /* owner: the station whose consumers it has */
    double consumers, speed, capacity, max_bytes, resume_delay;
    double filled;                /* when the last one came in; without places: or could */
    double pace;                  /* of an owner: how fast its consumers work; 0: not at all */
    struct list line;             /* outside */
    struct list waiting, service; /* of the owner: all who wait, all who have a consumer */
    struct resumption *calls;
    size_t n_calls, calls_room;
    double reserved; /* places */
    double given, since;
    uint64_t mark;
    double first_above, drop_next, count, last_count; /* CoDel */
    bool dropping, told;                              /* told: its sources are to stop */
    struct stream picks;
    uint64_t n_picks, rounds;
    double there; /* consumers, where they come and go; the idle ones: until when */
    struct idler *idlers, *away, *broken;
    struct start *starts;
    struct life *lives;
    size_t n_idlers, n_starts, n_away, n_broken, n_lives, piece;
    double most, cycle, shift; /* of the schedule: when it changes next */
    uint64_t shift_mark;
    uint32_t hand; /* the next to begin */
    double window; /* of batches: when somebody has waited for long enough; INFINITY */
    uint64_t window_mark;
    uint32_t batches;             /* begun */
    struct iteration *iterations; /* of consumers that go step by step */
    uint64_t drawn_starts, drawn_idles, drawn_setups, drawn_away, returns;
};

/* Tokens, and who waits for them. */
struct bucket {
    double rate, tokens, at, since;
    uint64_t mark;
    struct list line;
};

struct naive_limit {
    double limit, inside, samples, sum, average, shortest, jitter;
    struct stream stream;
    uint64_t drawn;
};

struct signal {
    double time;
    uint64_t mark;
    uint32_t stage;
    bool stop;
};

/* What follows from an event at its moment, first in, first out. All else follows at once: a visit
 * that is done is offered to the next stage, and then its consumer is let go. */
enum chore {
    CHORE_ANSWER,   /* a caller is answered */
    CHORE_TAKEN,    /* whoever handed a visit on and was blocked is let go */
    CHORE_LOST,     /* a visit is lost at its station */
    CHORE_JOIN,     /* a group starts its task */
    CHORE_BEGUN,    /* a visit with a consumer needs a place at the next stage before it begins */
    CHORE_RESERVED, /* it has one that it waited for */
    CHORE_REPLY,    /* an attempt is answered */
    CHORE_SEND,     /* an ask has its turn */
    CHORE_CANCEL    /* an attempt is taken out */
};
struct item {
    enum chore chore;
    uint32_t subject; /* visit; group, attempt, ask */
    uint32_t serial, entry;
    enum loss loss;
    bool good;
    double way;
};

/* An outage, again and again: when it begins, or is over. */
struct outage {
    uint32_t stage, index, replica; /* replica: NONE: of all */
    uint64_t n, mark;
    double time;
    bool on;
};

/* A replica of a stage, and of those on its machines, that may fall over. */
struct machine {
    uint32_t stage, replica;
    uint64_t lives, crashes; /* drawn */
    bool down, out;          /* out: balancers leave it out */
    double times[3];         /* of what is going to happen; INFINITY: it is not */
    uint64_t marks[3];
};

struct inlet_state {
    uint64_t number;
    double *times; /* open: of what is to come, from number - at on */
    size_t n, at;
    uint64_t initial; /* of what is to come at time 0 */
    struct process_view *view;
    struct process_state *state;
    double *thoughts; /* closed: by client, the end of it; INFINITY: not thinking */
    uint64_t *visits;
    size_t clients;
    uint32_t batch;         /* the group of the batch that it is bringing; NONE */
    double lag, stopped_at; /* of its clock (naive_door.c) */
    int stops;
};

struct world {
    const struct network *network;
    uint64_t seed;
    uint32_t replication;
    double now;
    struct visit *visits;
    struct group *groups;
    struct request *requests;
    uint32_t n_visits, n_groups, n_requests, visits_room, groups_room, requests_room;
    struct list alive; /* visits */
    struct station *stations;
    struct inlet_state *inlets; /* then, once more, of the tasks that ignore marks */
    uint64_t *arrived;          /* of each inlet */
    struct bucket *buckets;
    size_t n_buckets, n_signals;
    struct naive_limit *limits; /* by stage */
    struct signal *signals;
    struct outage *outages;
    size_t n_outages;
    struct machine *machines;
    size_t n_machines;
    struct naive_retry *retries; /* by stage */
    struct clients *clients;     /* NULL: nobody does but wait */
    struct item *agenda;
    size_t agenda_at, agenda_n, agenda_room;
    uint64_t marks, orders, fronts, births; /* fronts: orders before all others */
    struct stream **streams;
    struct story story;
};

#include "naive_asks.h"  /* what else there is */
#include "naive_rules.h" /* what the files do with it */

#endif
