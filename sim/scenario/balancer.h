/*
 * The role of a balancer: which replica of a stage a task goes to.
 *
 * A balancer is one file in models/ and one line in models/list.h. It sees numbers and returns a
 * replica, from 0. Whoever runs the network keeps what it needs, and nothing that it does not: a
 * tree of keys (least.h) where there is a `key`, the work at a replica where `by_work`.
 *
 * Requests at a replica are those that wait there and those in service (in service: also while
 * their consumer is held by calls or blocked, and places that are reserved); outside is not
 * counted. They are as of the moment of the choice, the task itself not among them.
 *
 * With `choices: d` the balancer looks at d different replicas, each set of d equally likely, and
 * takes the best of them; with d at or above the number of replicas it looks at all.
 *
 * Ties are even: of the best that are alike each is equally likely. (first-idle: of the idle ones
 * the first in order.)
 *
 * Uniforms are asked for by `sub`, 0, 1, 2 ..., each at most once for a choice. balancer_pick
 * asks: with choices d, subs 0 to d - 1 for the replicas (balancer_draw), and sub d where several
 * are alike; without, sub 0 where several are alike. `random` has sub 0. The k-th of m that are
 * alike, in the order of the replicas, is taken with k = floor(u m).
 */
#ifndef BALANCER_H
#define BALANCER_H

#include "../base/least.h"
#include "scenario.h"

struct balancer_view {
    uint32_t n;                /* replicas */
    uint32_t choices;          /* of so many drawn; 0: of all */
    const uint32_t *requests;  /* at each replica */
    const uint32_t *consumers; /* of each replica (UINT32_MAX: unlimited) */
    const struct least
        *tree;        /* of the keys of all replicas; where there is a key, and no choices */
    uint64_t turns;   /* choices made by this balancer before, in this trial */
    uint32_t key;     /* of the task; where it goes by that */
    const void *host; /* whoever runs the network, for the two below */
    double (*work)(const void *host, uint32_t replica); /* waiting, and left of what is in service,
                                                           in seconds of a consumer of speed 1 */
    double (*uniform)(const void *host, uint32_t sub);
};

struct balancer {
    struct model model;

    /* A number of the load of a replica: the smallest is the best. Below UINT32_MAX. NULL: it does
     * not go by requests. */
    uint32_t (*key)(uint32_t requests, uint32_t consumers);
    bool by_work; /* the smallest work is the best */

    /* Of those with key 0 the first in order is taken. */
    bool in_order;

    /* Which one, where it goes neither by key nor by work: no `choices` then. */
    uint32_t (*pick)(const struct balancer_view *view);

    /* Of those that pick: each replica is as likely, whatever came before; each in its turn. */
    bool by_chance, in_turn;
    bool by_key; /* as its key hashes: net_hashed, where some replicas are left out */

    bool copies; /* a copy to each replica, or to each of `choices` drawn: nothing is picked */
};

extern const struct family balancer_family;

/* The most replicas that `choices` may draw. */
enum { CHOICES_MOST = 64 };

/* The `probe`-th replica of n that a key hashes to: a mixing of both (splitmix64: Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Where that one is left out
 * the next probe is taken; after HASH_PROBES the next replica in order that is not. */
enum { HASH_PROBES = 64 };
uint32_t balancer_hash(uint32_t key, uint32_t probe, uint32_t n);

/* d of n replicas, each set equally likely, in ascending order (Floyd's algorithm: Bentley,
 * "Programming pearls: a sample of brilliance", Communications of the ACM 30, 1987); subs 0 to
 * d - 1. d at most n and CHOICES_MOST. */
void balancer_draw(const struct balancer_view *view, uint32_t d, uint32_t *out);

/* The replica for a task; not for `copies`. */
uint32_t balancer_pick(const struct balancer *balancer, const struct balancer_view *view);

/* For `copies`: to how many replicas, and which (`out` has room for as many). */
uint32_t balancer_copies(const struct balancer_view *view, uint32_t *out);

#endif
