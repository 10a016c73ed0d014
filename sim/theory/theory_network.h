/*
 * What theory says of a network: for theory_network.c and what it is made of.
 *
 * Of every stage that Poisson traffic comes to, what is known of that stage by itself (theory.h),
 * and from end to end the sum over visits, as far as all stages are known: means add up whatever
 * depends on what. Traffic is Poisson from a source, and behind a stage that hands on Poisson
 * traffic as it comes: exponential sizes of one mean in an order blind to them, shared consumers,
 * one consumer whose last task comes first, delays; unbounded, nobody impatient (Burke 1956;
 * Baskett, Chandy, Muntz and Palacios 1975; Kelly, Reversibility and Stochastic Networks, 1979, ch.
 * 3). Where tasks come back all stages of the loop must be such. Behind other stages figures are
 * approximate, by the variation of the traffic (Whitt, "The queueing network analyzer", Bell Syst.
 * Tech. J. 62, 1983), but for constant sizes behind constant ones (Friedman 1965).
 */
#ifndef THEORY_NETWORK_H
#define THEORY_NETWORK_H

#include "../network/traffic.h"
#include "theory.h"

struct network_view {
    const struct network *n;
    const struct traffic *t;
    const double *points; /* of which quantiles are asked for */
    size_t n_points;
    bool of_stages; /* quantiles of stages, too */
    double most_cost;
    struct theory *out;
};

/* A figure of a place (of all: n_stages) and a class (or THEORY_ALL); NAN: none. */
void network_add(const struct network_view *v, uint32_t place, int class,
                 enum theory_measure measure, double p, double value, const char *source,
                 bool approximate);

/* theory_pool.c: the consumers of a pool as formulas see them. */
enum pool_kind {
    POOL_DELAY,  /* unlimited; or no work at all */
    POOL_BLIND,  /* exponential sizes of one mean, in an order blind to them */
    POOL_SHARED, /* processor sharing */
    POOL_LAST,   /* one consumer, whose last task interrupts */
    POOL_OTHER
};

/* The law of the work of a class at a stage; NULL: not known, or carried from a stage that looks at
 * it. Where it is carried from sources, or through delays alone, it is theirs. */
const struct law *pool_law(const struct network *n, uint32_t stage, uint32_t class);

/* Whether what comes is kept until it is served, and hands nothing on while it holds a consumer: no
 * limit of the buffer, no impatience, no calls (but of a delay station), nothing blocked. */
bool pool_is_open(const struct traffic *t, uint32_t pool);

/* Of those, which; POOL_OTHER where none fits. */
enum pool_kind pool_kind(const struct traffic *t, uint32_t pool);

/* The mean work of a pool's tasks, at its speed; the utilization of its consumers. */
double pool_work(const struct traffic *t, uint32_t pool, double *rate);

/* How tasks are spread over replicas. */
enum pool_spread {
    SPREAD_NONE,     /* there is one */
    SPREAD_CHANCE,   /* each is as likely */
    SPREAD_TURN,     /* one after the other */
    SPREAD_REQUESTS, /* to the fewest requests */
    SPREAD_WORK,     /* to the least work */
    SPREAD_COPIES,   /* to each */
    SPREAD_UNLIKE    /* replicas are not alike, or the rule is not known here */
};
enum pool_spread pool_spread(const struct network *n, uint32_t pool);

/* A pool (one of its replicas) with traffic of its own as a scenario of one stage; NULL where it
 * cannot be written as one. Its classes are pairs of stage and class of the network. Owned by the
 * caller. `share`: of the traffic that comes to it. */
enum { POOL_PAIRS = 16 };
struct pool_pair {
    uint32_t stage, class;
};
struct scenario *pool_scenario(const struct traffic *t, uint32_t pool, double share,
                               struct pool_pair *pairs, size_t *n_pairs);

/* theory_open.c, theory_cycle.c (closed), theory_line.c, theory_fork.c: false where the network is
 * not of that kind, or nothing is known; then `out->why` may say why. */
bool network_is_line(const struct network_view *v, double *capacity);
bool theory_of_line(const struct network_view *v);
bool theory_of_cycle(const struct network_view *v);
bool theory_of_open(const struct network_view *v);

#endif
