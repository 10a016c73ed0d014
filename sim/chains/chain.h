/*
 * The lanes engine of networks (engine.h: chains_engine): stages in a row, each first come first
 * served before an unbounded buffer, one after the other. Private to this room.
 *
 * Who leaves a stage is the next one's arrival, and nothing ever comes back; so a stage needs to
 * know nothing but the arrivals before it, in order of time. Instead of one event after the other
 * through all stages, a chunk of arrivals goes through the first stage, what leaves it through the
 * second, and so on: by Lindley's recursion (1952) at a stage of one consumer, of several (Kiefer
 * and Wolfowitz 1955) by those in service, kept in order of completion: tasks overtake each other
 * there, and go on in the order in which they leave.
 *
 * Everything happens up to a *horizon*, a time up to which all arrivals are known, at every stage:
 * what begins or ends after it waits for the next. So when the engine stops, it stops everywhere at
 * the same moment, and what it has counted is what the events engine has counted by then, to the
 * last task: warm-up, batches, windows, drifts, what is left unfinished. Of what happens at one
 * moment arrivals from outside come last (engine.h): where the horizon is that of an arrival, what
 * this one does at that very moment (a service that takes no time) is still to come.
 *
 * The same tasks (stations/inlets.h, stations/draws.h), times, counts and, where one consumer keeps
 * the order, sums as by events. Integrals are added up from other things, so figures made from them
 * may differ in the last digits:
 *   queue_area     waits of those that have left, and what the others have waited
 *   busy_area      of one consumer: c T less the time that it was idle before it took a task and
 *                  since it gave the last one away; of several: their number over time
 *   sojourn_sum    latencies, likewise
 *   seen           of the first stage, and of `all`: whether an arrival found no consumer idle;
 *                  what is seen is the share of the time in which none is (engine.h lets an engine
 *                  choose; Wolff 1982 holds for any state)
 * Stopping when nothing measured is left (until_drained), all that ends at that very moment has
 * ended.
 *
 * Invariants: between two advances every visit in a link has arrived at or before `now`, and those
 * in front of stage i that have not begun there begin later than `now`. Times in seconds since time
 * 0, sizes in seconds at speed 1.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include "../engine/engine.h"
#include "../network/network.h"
#include "../stations/draws.h"
#include "chain_count.h"

enum { CHAIN_CHUNK = BLOCK /* arrivals that go through the stages together, at most */ };

/* What is on its way from one stage to the next, or from outside to the first: visits in order of
 * arrival, of which those before `head` have left the next stage. Arrays side by side; owned. */
struct link {
    double *time;     /* of arrival */
    double *born;     /* arrival of its request */
    double *way;      /* waits at the stages before */
    double *work;     /* at the next */
    uint32_t *label;  /* recorder_request */
    uint32_t *kind;   /* inlet * classes + class; NULL: there is one */
    uint64_t *number; /* of its request; NULL: they come in that order, without a gap */
    size_t head, tail, room;
    uint64_t came; /* in all */
    /* The times between them: the last, their sum, and that of their squares. */
    double last, gaps, gap_square;
};

/* A visit in service at a stage of several consumers. */
struct served {
    double arrival, start, service, born, way, work;
    uint64_t number;
    uint32_t label, kind;
};
struct completion {
    double done;
    uint64_t order; /* in which services began */
    uint32_t slot;  /* of its visit */
};

struct chain_stage {
    uint32_t place; /* its number in the network */
    bool several;   /* more consumers than one */
    double consumers, speed;
    bool carried; /* what comes brings its work */

    /* Of one consumer: the first visit before it may be in service. */
    bool begun;
    double start, begun_speed; /* of that one */
    double free;               /* the last completion */

    /* Of several. */
    struct completion *due; /* a heap: the next completion first */
    struct served *served;  /* by slot */
    uint32_t *spare;        /* slots that are free: the last of `room` - busy */
    uint32_t busy, room;
    uint64_t begins;
    double clock, busy_area, full_area; /* as of `clock`; full: every consumer is busy */

    struct parts sums; /* over the visits that are over; `idle`, of one consumer: the time without a
                          task before each start; `at_once`: those that found a consumer idle */
    uint64_t completed;
    struct counter counter; /* of one consumer and one class */
};

struct chain {
    struct network *network;
    struct scenario *scenario; /* the parameters in force; owned */
    struct recorder *recorder;
    struct draws *draws;
    struct source *sources; /* by inlet */
    uint32_t inlets, stages, classes;
    struct chain_stage *stage;   /* in the order of the way */
    struct link *link;           /* before each; behind the last: what has just left the system */
    bool kinds;                  /* several classes or inlets */
    bool counted;                /* visits come to every stage in the order of their numbers */
    uint64_t arrived, completed; /* requests */
    double sojourn_sum;          /* of the completed */
    struct counter exits;        /* of one class */
    double now, last_exit;
    uint64_t max_backlog;
};

static inline uint64_t chain_alive(const struct chain *chain)
{
    return chain->arrived - chain->completed;
}

/* The first of n labels that is another one than the first. */
static inline size_t labels_alike(const uint32_t *label, size_t n)
{
    size_t alike = 1;
    while (alike < n && label[alike] == label[0])
        alike++;
    return alike;
}

/* chain_link.c: room for n more at the tail; frees. */
void link_reserve(struct link *link, size_t n);
void link_free(struct link *link);

/* chain_refuses.c: why it cannot run `s`, or NULL. The stages in the order of the way, where the
 * network is a chain; false: it is none. */
const char *chain_refuses(const struct scenario *s);
bool chain_order(const struct network *network, uint32_t *order);

/* chain_arrive.c: the n last visits of the link before a stage arrive there: sizes are drawn, and
 * they are counted. Takes up to `most` of the next arrivals, but none after `until`; how many. */
void chain_arrive(struct chain *chain, uint32_t stage, size_t n);
size_t chain_take(struct chain *chain, size_t most, double until);
double chain_next_arrival(struct chain *chain);

/* chain_serve.c, chain_several.c: a stage goes on to the horizon; those that leave it are at the
 * end of the next link. `hold`: the last one in the link has only just come from outside. */
void chain_serve_one(struct chain *chain, uint32_t stage, double until, bool hold);
void chain_serve_several(struct chain *chain, uint32_t stage, double until, bool hold);

/* chain_run.c: all stages go on to the horizon. */
enum engine_stop chain_advance(void *state, const struct engine_limits *limits);

/* chain_flow.c */
void chain_flow_of(const void *state, uint32_t place, struct flow *out);

#endif
