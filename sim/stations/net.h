/*
 * The engine of networks (engine.h: networks_engine): many stations, one loop. Private to this
 * room.
 *
 * Three things move. A *request* is one arrival and what became of it; a *visit* is one task at one
 * stage, which a task that is handed on keeps (it goes from stage to stage under one number); and
 * consumers. Requests and visits are numbers in pools, never pointers; a caller is the number of
 * its visit, so the calls of a visit are a stack by index.
 *
 * Three verbs carry it: offer (a visit comes to a stage), begin (the station's affair,
 * events/station.h), done (its work and calls are over): it is handed on, which is an offer. What
 * an event sets free is on the agenda and worked off first in, first out, at the same moment; so
 * nothing is ever called by what it calls, however long a chain of waiters is.
 *
 * Rules where networks.md leaves room:
 *   - At one moment completions (at stations, and of delay stations) come first, then resumptions,
 *     then what leaves out of patience, then what comes back (ends of `delay`), then arrivals,
 *     sources in order; within a kind in the order in which they were put in.
 *   - A visit that is done: the client has its answer (reply); the caller's answer goes on the
 *     agenda; the route is drawn and the visit offered to the next stage; its consumer is let go,
 *     and takes the next task, unless the visit is blocked.
 *   - A task handed on to a full buffer that pauses stays with its consumer, in line with all that
 *     wait outside; it arrives when it is let in, and its wait and patience begin then. Tasks of
 *     sources and calls wait outside from their offer on.
 *   - What a station keeps (blocked, waiting for answers) counts as busy.
 *   - A request is over when none of its visits is left: completed if anything that became of it
 *     has left the system, else lost, by its first loss.
 *   - The tasks of a batch are a group if a join comes behind, and it is complete when the last of
 *     them has arrived. Those that have come to the join are over, completed, when it starts its
 *     task, whatever else of them goes on; those that come later, when they come. What the join
 *     starts is nobody's request (no row but those of stages has it), with class, draws, size and
 *     way of the member that completed the group.
 *   - A join with `cancel` takes out what waits, or is in service, when it starts its task: members
 *     and members of groups within (late ones, too), in the order in which they became members.
 *     Groups within start no task any more.
 *   - Wait of a way: the waits along what ended last; a caller has that of the answer that let it
 *     go on, what a join starts that of the member that completed it.
 *
 * Invariants: the agenda is empty between events; a visit that is not free is counted in its
 * request's `alive`, and so is a group until its task has started; of a request that is alive no
 * number is given to another. Times in seconds since time 0, sizes in seconds at speed 1.
 */
#ifndef NET_H
#define NET_H

#include "../base/err.h"
#include "../engine/engine.h"
#include "../engine/trace.h"
#include "../events/station.h"
#include "../network/network.h"
#include "../scenario/stages.h"
#include "again.h"
#include "ask.h"
#include "balance.h"
#include "crowd.h"
#include "deadlock.h"
#include "diary.h"
#include "door.h"
#include "draws.h"
#include "fate.h"
#include "gaps.h"
#include "keys.h"
#include "marks.h"
#include "memory.h"
#include "post.h"
#include "timers.h"
#include "tokens.h"
#include "visit.h"

enum { EVENT_BACK = 3 }; /* after the kinds of a station (events.h): a delay is over */

/* Further kinds of the agenda. Of an answer: `visit` is the caller, `consumer` its visit_key,
 * `station` the call (call_of), `wait` the way of what answers. */
enum net_agenda {
    AGENDA_ANSWER = AGENDA_OTHERS,
    AGENDA_FAILURE,
    AGENDA_JOIN,  /* group `visit` starts its task */
    AGENDA_SEND,  /* ask `visit` has a place among those of its limit; `consumer`: its round */
    AGENDA_CANCEL /* attempt `visit`, whose key is `consumer`, is taken out */
};

/* What is known of a stage of any kind, replicas together. */
struct tally {
    struct gaps arrivals, departures;
    double wasted;               /* busy seconds for nobody */
    uint64_t late;               /* visits that were done when nobody waited for them */
    uint64_t delayed, withdrawn; /* under way; of them, taken out */
    uint64_t failed, again;      /* attempts that were not the last, and not the first (again.h) */
    double clock, delayed_area, delay_offers, delay_sum; /* offers of those under way, added up */
};

/* What a visit needs to know of a stage, and changes there, side by side: few lines of the cache.
 * What is from the network's description is made ready by net_prepare. */
struct stage_state {
    uint32_t
        next; /* where all that are done go: a stage, or NETWORK_EXIT; BY_ROUTE: as `to` says */
    uint32_t first_station, replicas;
    uint32_t repeat;     /* its number among the stages that repeat; NOBODY */
    uint32_t only_call;  /* the stage of the one call that all make, and which is `takes`; NOBODY */
    uint32_t call;       /* of it: call_of */
    struct drawn *drawn; /* of the first source and class */
    bool posts, crowds;  /* what its stations are; neither: events/station.h */
    bool plain, takes, quick_in, quick_out; /* fast.h */
    uint32_t join;                          /* as of the stage */
    uint32_t place;                         /* of it: label_on */
    bool carried, balanced, replies, copies;
    struct posted posted;
    struct tally tally;
};

#define BY_ROUTE (UINT32_MAX - 1)
_Static_assert(MAX_STAGES < BY_ROUTE, "no stage");

/* What a visit is at its stage for a trace. */
struct traced {
    double start, done;
    uint32_t turn;
    double size, admitted; /* admitted: of one with a start */
};

/* Kinds of timers (timers.h): whose they are, and what rings (loop.c has a line of each). Each has
 * a leaf of the calendar. */
enum net_clock {
    CLOCK_CROWDS,    /* a visit at a delay station has been served */
    CLOCK_DELAYS,    /* the delay of a visit is over */
    CLOCK_TOKENS,    /* a bucket has a token for the first that waits for it (door.h) */
    CLOCK_DOORS,     /* a visit that waits for one loses its patience */
    CLOCK_SIGNALS,   /* sources hear of a mark (marks.h) */
    CLOCK_OUTAGES,   /* one begins, or is over (fate.h) */
    CLOCK_CRASHES,   /* a machine falls over, or comes back */
    CLOCK_TIMEOUTS,  /* an attempt has been waited for so long (its key) */
    CLOCK_DEADLINES, /* an ask has (its key) */
    CLOCK_BACKOFFS,  /* an ask is made again (its round) */
    CLOCK_HEDGES,    /* an ask makes another attempt (its round) */
    CLOCKS
};

struct net {
    struct network *network;
    const struct network_stage *stages;
    struct scenario *scenario; /* the parameters in force; owned */
    struct recorder *recorder;
    uint64_t seed;
    uint32_t replication;
    struct diary diary;      /* index of an event: a server; then a station, a clock */
    uint32_t *leaf;          /* of stations, then of clocks (a server has its own) */
    struct events **station; /* NULL: a post or a delay station, */
    struct crowd *crowd;     /* which is here, by station */
    struct post *post;       /* likewise; */
    struct server *server;
    uint32_t servers;
    uint32_t *stage_of; /* by station */
    struct timers clock_of[CLOCKS];
    uint32_t at_once; /* a visit at a delay station that has been served, before anything else
                         happens; NOBODY */
    struct agenda agenda;
    struct balance *balance; /* by stage */
    struct draws *draws;

    struct source *sources; /* by inlet */
    uint32_t *taken;        /* requests of each */
    uint32_t *batch;        /* of each: the group of the batch that it is bringing; NOBODY */
    double *next_arrival;   /* of each clock */
    double soonest_time;    /* the least of those: of `soonest` */
    uint32_t soonest;       /* the clock of the next; NOBODY: to be found */
    struct marks *marks;    /* NULL: nothing stops them */
    struct doors *doors;    /* NULL: no stage has one */

    struct visit *visit;
    uint32_t visits, visit_room, free_visit, visits_alive;
    struct request *request;
    uint32_t requests, request_room, free_request, requests_alive;
    uint32_t *turns;  /* [request * repeats + repeat number of the stage] */
    uint32_t repeats; /* stages that do */
    struct group *group;
    uint32_t groups, group_room, free_group;
    uint64_t born;   /* visits, in the order of their births */
    uint64_t *birth; /* by visit: which of them it is; NULL where nobody is ever taken out */
    struct reservation {
        uint32_t station; /* NOBODY: none */
        uint32_t turn;
    } * reservation;      /* by visit: the place that is its next; NULL where nobody reserves any */
    double *offered;      /* by visit: before its delay; NULL where no stage has one */
    struct drawn *key_of; /* by inlet: of its requests; NULL: they have no keys */
    struct drawn *bytes_of;  /* by inlet: of its requests; NULL: tasks have none. What is at each */
    struct holding *holding; /* station, then each stage, then all */
    double *bytes;           /* by visit */
    uint32_t *copies;        /* room for the replicas of any stage */
    uint32_t holder;         /* while a copy is offered: what it is a copy of; NOBODY */
    uint32_t held_copies; /* copies of such copies (balancer: all) that wait for a place, for it */
    struct stage_state *state; /* by stage */
    double clock;              /* of what follows */
    uint64_t arrived, completed, lost;
    double alive_area, sojourn_sum, seen;
    double arrivals; /* of requests alive, added up */
    uint64_t unanswered, answered, refused;
    uint64_t answered_late, late; /* of those refused; of those completed, after giving up */
    double unanswered_area, answer_sum, arrivals_unanswered;

    double now;
    uint64_t max_backlog;
    uint32_t all, client; /* places; client: NOBODY, where there is none */
    struct tokens tokens;
    bool withdraws;          /* some join takes members out */
    bool batches;            /* some join brings batches together */
    struct watched *watched; /* NULL: nobody can wait for each other */
    struct deadlock deadlock;

    struct fate *fate;     /* what befalls stages (fate.h); NULL: nothing does */
    struct askers *asking; /* clients (ask.h); NULL: nobody does but wait */
    struct agains *agains; /* visits that fail (again.h); NULL: they are lost */

    struct network_trace *trace; /* of tests; NULL */
    struct traced *traced;       /* by visit, where somebody wants it */
};

/* prepare.c: what stage_state has of the network in force. */
void net_prepare(struct net *net);

/* arrive.c: the next request of a source, by one of its clocks; a visit of a request, or attempt,
 * goes where the source says; a client of a closed source is done with one, and thinks. */
void net_arrive(struct net *net, uint32_t clock);
void net_go_in(struct net *net, uint32_t visit, uint32_t inlet);
void net_thinks(struct net *net, uint32_t inlet, uint32_t client);

/* way.c: what follows from things on the agenda. Offers: from a stage (NETWORK_EXIT: from none),
 * which holds the visit until it is taken (`handed`). */
void net_settle(struct net *net);
void net_follow(struct net *net, const struct agenda_item *item);
void net_went_through(struct net *net, const struct agenda_item *item); /* a visit is served */
enum offered net_offer(struct net *net, uint32_t visit, uint32_t stage, uint32_t from, bool handed);
void net_offer_joined(struct net *net, uint32_t visit, uint32_t stage); /* what a join starts */
bool net_offer_copy(struct net *net, uint32_t visit, uint32_t stage, uint32_t replica, bool handed);
uint32_t net_requests(const struct net *net, uint32_t station);      /* waiting and in service */
void net_touched(struct net *net, uint32_t station, uint32_t stage); /* something has happened */
void net_begin_at(struct net *net, uint32_t visit);                  /* its delay is over */
void net_done(struct net *net, uint32_t visit, double wait);
void net_reply(struct net *net, uint32_t visit);
void net_copy_came_in(struct net *net, uint32_t original); /* or waits no more */
double net_wait(const struct net *net, uint32_t visit);    /* of a visit that a consumer keeps */

/* reserve.c: what is on the agenda for it; a visit comes to its place. */
void net_begun(struct net *net, const struct agenda_item *item);
void net_reserved(struct net *net, const struct agenda_item *item);
void net_give_up_place(struct net *net, uint32_t visit); /* that is its, if any */
void net_take_place(struct net *net, uint32_t visit, uint32_t stage);

/* ends.c: a visit is over: it is lost at its stage, or has left the system (`exits`), or nobody
 * wants it any more. */
void net_lose(struct net *net, uint32_t visit, enum loss why, double wait);
void net_know(struct net *net, uint32_t visit, enum loss why); /* its request, and what asks */
void net_end(struct net *net, uint32_t visit, bool exits);

/* A visit leaves its stage: the consumer, if it has one, is let go. */
struct stay {
    uint32_t request, stage, station, consumer;
    double offered, arrival, wait, way; /* offered: before its delay */
    bool kept, delayed; /* the consumer has served it, and waits; it is not at its station yet */
    uint32_t tries;     /* attempts, where it may have several; 0 */
    double bytes;
    double size, spent; /* of the ledger: the service that it wants, and the consumer time it had */
    struct ticket ticket;
    struct traced traced;
};
void net_tell(const struct net *net, const struct stay *stay, uint32_t outcome); /* a trace */
struct stay net_stay(const struct net *net, uint32_t visit, double wait);
void net_leave(struct net *net, const struct stay *stay, bool lost, enum loss why);
void net_fail(struct net *net, const struct stay *stay, enum loss why); /* and will come again */

/* choose.c: the replica that a visit goes to, from a stage (or NETWORK_EXIT) on its turn. Those
 * that get a copy: how many, in net->copies. */
uint32_t net_replica(struct net *net, const struct visit *v, uint32_t stage, uint32_t from,
                     uint32_t turn);
uint32_t net_copies_at(struct net *net, uint32_t visit, uint32_t stage);

/* calls.c: the next calls of a visit; false: there are none. An answer to one. */
bool net_call(struct net *net, uint32_t visit);
void net_answer(struct net *net, const struct agenda_item *item);
void net_put_answer(struct net *net, uint32_t visit, bool lost);

/* groups.c: copies of a visit that is done, to be joined at a stage; of an offer to all replicas.
 * Whether a stage is the join of a visit's group, which then ends there. A member ended. */
uint32_t net_copies(struct net *net, uint32_t visit, const struct route *route, uint32_t join,
                    uint32_t from);                               /* how many are blocked */
void net_block(struct net *net, uint32_t visit, uint32_t copies); /* until so many have come in */
void net_replaced(struct net *net, uint32_t visit);               /* the copies stand for it */
enum offered net_broadcast(struct net *net, uint32_t visit, uint32_t stage, bool handed);
bool net_joins(struct net *net, uint32_t visit, uint32_t stage);
void net_batched(struct net *net, uint32_t inlet, uint32_t visit); /* one of a batch has arrived */
void net_member_ended(struct net *net, uint32_t group, uint32_t request, double way, double size);
void net_start_group(struct net *net, uint32_t group);
void net_copy_done(struct net *net, uint32_t group, bool lost, double way);

/* withdraw.c: members of a group that nobody waits for; one visit, for `why`. What a visit has had
 * of its service, before it is taken out of it (ledger.c). */
void net_withdraw(struct net *net, uint32_t group, enum withdraw how);
void net_take_out(struct net *net, uint32_t visit, bool running, enum loss why);
void net_book(struct net *net, uint32_t visit);

/* Lets follow that a visit has come in, if the agenda has it. Takes what it has of one kind off it;
 * false: it has none. */
void net_hasten(struct net *net, uint32_t visit);
bool net_forget(struct net *net, uint32_t visit, uint32_t kind);
void net_suspect_members(struct net *net, uint32_t group); /* of a deadlock, all of them */

/* A visit, or what waits outside a station, may be in a deadlock at the end of this event
 * (deadlock.h). A visit waits for a call or a copy, or for the copies that a group is. */
static inline void net_suspect(struct net *net, uint32_t visit)
{
    if (__builtin_expect(net->watched != NULL, 0))
        watched_visit(net, visit);
}

static inline void net_suspect_at(struct net *net, uint32_t station)
{
    if (__builtin_expect(net->watched != NULL, 0))
        watched_station(net, station);
}

static inline void net_waits_for(struct net *net, uint32_t visit, uint32_t other, bool group)
{
    if (__builtin_expect(net->watched != NULL, 0))
        watched_waits_for(net, visit, other, group);
}

static inline void net_waits_for_nothing(struct net *net, uint32_t visit)
{
    if (__builtin_expect(net->watched != NULL, 0))
        watched_waits_for_nothing(net, visit);
}

/* pools.c: numbers are given and taken back; a request is over when nothing of it is left. */
uint32_t visit_new(struct net *net, uint32_t request);
uint32_t visit_further(struct net *net); /* a number that none has had */
uint32_t request_further(struct net *net);
void request_over(struct net *net, uint32_t request);
/* It is over at a join, and goes on to stand for what that starts, or with what is late. */
void request_joined(struct net *net, uint32_t request);
void request_answer(struct net *net, struct request *r, double way, bool lost, enum loss why);
uint32_t request_for(struct net *net, uint32_t of);   /* an attempt, of nothing yet */
void attempt_none(struct net *net, uint32_t request); /* a number is no attempt, to begin with */
void request_free(struct net *net, uint32_t request);
uint32_t group_new(struct net *net, uint32_t parent, uint32_t request);
void group_free(struct net *net, uint32_t group);
void pools_free(struct net *net);

/* flows.c: what has flowed by place (engine.h); integrals go on to `now`. So many have waited up to
 * `time`, at all stations together (queue_time.h); only where that is recorded: it looks at every
 * station. */
void net_watch(struct net *net, double time);

void net_flow_of(const void *state, uint32_t place, struct flow *out);
void net_pass_delays(struct tally *tally, double now);

/* The loop: goes on until the first limit is met. */
enum engine_stop net_run(struct net *net, const struct engine_limits *limits);

void part_unlink(struct net *net, uint32_t visit); /* cancel.c */
/* A number for a visit, which is counted; it is free again. */
static inline uint32_t visit_number(struct net *net)
{
    uint32_t i = net->free_visit;
    if (i != NOBODY)
        net->free_visit = net->visit[i].request;
    else
        i = visit_further(net);
    if (net->reservation)
        net->reservation[i].station = NOBODY;
    net->visits_alive++;
    return i;
}

static inline void visit_free(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    if (__builtin_expect(net->asking != NULL, 0))
        part_unlink(net, visit);
    v->state = VISIT_FREE;
    v->stays++;
    v->request = net->free_visit;
    net->free_visit = visit;
    net->visits_alive--;
}

/* The integrals of the whole go on to `now`. */
static inline void net_pass(struct net *net)
{
    const double dt = net->now - net->clock;
    net->alive_area += (double)net->requests_alive * dt;
    if (net->client != NOBODY)
        net->unanswered_area += (double)net->unanswered * dt;
    net->clock = net->now;
}

/* A request has one visit, or group, fewer. */
static inline void request_left(struct net *net, uint32_t request)
{
    if (--net->request[request].alive == 0)
        request_over(net, request);
}

/* Puts the soonest event of a station (by number), or of a clock (after those), into the diary. */
static inline void net_put(struct net *net, uint32_t number, event next)
{
    const event low = (event)((1u << EVENT_INDEX_BITS) - 1);
    event now = next == CALENDAR_NEVER ? next : (next & ~low) | (net->servers + number);
    diary_set(&net->diary, &net->leaf[number], now);
}

static inline void net_put_clock(struct net *net, enum net_clock clock)
{
    net_put(net, net->network->n_stations + clock, timers_next(&net->clock_of[clock]));
}

/* Sets a timer of a kind: what rings is told number and key. `kind`: its place among what happens
 * at one moment. */
static inline void net_set(struct net *net, enum net_clock clock, double time, uint64_t kind,
                           uint32_t number, uint32_t key)
{
    timers_put(&net->clock_of[clock],
               (struct timer){event_make(time, kind, net->agenda.sequence++, 0), number, key});
    net_put_clock(net, clock);
}

/* The same of a clock whose timers are all as long, or nearly. */
static inline void net_set_behind(struct net *net, enum net_clock clock, double time, uint64_t kind,
                                  uint32_t number, uint32_t key)
{
    const struct timer timer = {event_make(time, kind, net->agenda.sequence++, 0), number, key};
    timers_line_up(&net->clock_of[clock], timer);
    if (timers_next(&net->clock_of[clock]) == timer.at)
        net_put_clock(net, clock);
}

static inline void net_cancel(struct net *net, enum net_clock clock, uint32_t number)
{
    timers_cancel(&net->clock_of[clock], number);
    net_put_clock(net, clock);
}

/* post.c: what happens at posts. A visit comes; its server goes on to keep it, or takes the next.
 */
void post_come(struct net *net, uint32_t visit, uint32_t stage, uint32_t station);
void post_keep(struct net *net, uint32_t stage, uint32_t server);
void post_let_go(struct net *net, const struct stay *stay, bool lost);
void post_event(struct net *net, uint32_t server);
double post_work(const struct net *net, uint32_t station);
void posts_flow(const struct net *net, uint32_t stage, struct flow *out);

#endif
