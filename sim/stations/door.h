/*
 * What a visit has to pass before it comes to a station: its stage's throttle and limit, and the
 * rule that drops at the door (buffer.drop). In this order; where a stage has a delay, behind that.
 *
 * Throttle: a bucket of tokens for the stage, or for each source or class. Tokens flow in at
 * `rate`, continuously, up to `burst`, with which it begins; a visit takes one. With none there
 * (less than one, to within 1e-9 for rounding) it is refused, or waits: in order of coming, until
 * one is there. That is a part of its wait, and its patience runs meanwhile; it holds no consumer,
 * has taken no place, and a stage that hands it on is rid of it. At the moment at which a token is
 * there the bucket holds none when the visit has gone on. Who waits goes on among what comes back
 * (EVENT_BACK).
 *
 * Limit: visits of the stage that have passed it and not left, all replicas; it learns from each
 * that leaves, but for those that are withdrawn.
 *
 * A copy of a broadcast passes like any visit; its replica is the one it is for.
 */
#ifndef DOOR_H
#define DOOR_H

#include "../events/station.h"
#include "../scenario/limiter.h"
#include "../scenario/stages.h"
#include "timers.h"

struct net;
struct flow;
struct stay;

struct bucket {
    double tokens, at;      /* as of a time */
    uint32_t head, tail, n; /* visits in line, linked through `consumer` */
    uint32_t stage;
};

/* Of a stage with a throttle or a limit. */
struct door {
    const struct door_spec *spec;
    uint32_t first;      /* its buckets in doors->bucket */
    double clock, area;  /* of those that wait for tokens */
    double came, waited; /* times at which they came, added up; waits of those gone on */
    uint64_t waiting;
    struct limit_state limit;
    double inside;
};

/* A visit that has passed a limit, or waited for a token. */
struct ticket {
    double since, inside; /* when it came in, and how many were there then */
    double came, held;    /* to the throttle of the stage that it is at, and for how long */
    bool limited, waited;
};

struct doors {
    struct door *door; /* by stage; spec NULL: it has none */
    struct bucket *bucket;
    uint32_t buckets;
    struct ticket *ticket; /* by visit; of what its stage does not have it means nothing */
    uint32_t passing;      /* while a visit that has waited goes on; NOBODY */
};

void doors_begin(struct net *net); /* where no stage has one net->doors stays NULL */
void doors_adopt(struct net *net);
void doors_end(struct net *net);

/* A visit comes to a stage with a guard, from another (or NETWORK_EXIT); `replica` NOBODY:
 * as the balancer says. Timers. One that waits there is taken out: how long it had waited. One has
 * left the stage. */
enum offered net_enter(struct net *net, uint32_t visit, uint32_t stage, uint32_t from,
                       uint32_t replica, uint32_t turn, double size, bool handed);
void door_token(struct net *net, struct timer timer);
void door_timeout(struct net *net, struct timer timer);
double door_withdraw(struct net *net, uint32_t visit);
void door_left(struct net *net, const struct stay *stay, bool lost, enum loss why);
void door_passed(struct net *net, uint32_t visit, uint32_t stage);
bool door_counted(const struct net *net, uint32_t visit, uint32_t stage); /* as one that has come */
uint64_t door_waiting(const struct net *net, uint32_t stage);
void door_flow(const struct net *net, uint32_t stage, struct flow *out);

/* way.c: a visit has come to its stage, if it has not been counted there before; it comes to a
 * station of it. */
void net_counts_here(struct net *net, uint32_t visit, uint32_t stage);
enum offered net_come(struct net *net, uint32_t visit, uint32_t stage, uint32_t station,
                      uint32_t turn, double size, bool handed);

#endif
