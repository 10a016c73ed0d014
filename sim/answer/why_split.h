/*
 * The visits of a replication, and how the latency of a request is split (why.h).
 */
#ifndef WHY_SPLIT_H
#define WHY_SPLIT_H

#include "../network/network.h"
#include "why.h"

struct why_visit {
    double arrival, start, done, left, work; /* absolute seconds; work of a consumer of speed 1 */
    uint32_t request, station;
    uint16_t inlet, stage;
};

/* What the consumers of a station were at, as integrals over time: of an instant in which b had a
 * task, 1/b of it for each. */
struct why_point {
    double time, sum[4]; /* of WHY_LARGE to WHY_IDLE */
};
struct why_pool {
    struct why_point *points;
    size_t n;
    double *from, *to, *waited, *largest; /* of the stretches in which somebody waited */
    size_t spells;
};

struct why_run {
    const struct network *network;
    struct why_visit *visits; /* of all requests; sorted by why_sort */
    size_t n, room;
    double end;             /* of the run */
    struct why_pool *pools; /* by station: of those with consumers of their own */
    struct why *why;
    double put; /* seconds, of the request under way */
};

/* Sorts by request and works out what consumers were at. */
void why_prepare(struct why_run *run);
void why_run_free(struct why_run *run);

/* Puts down the time from `from` to `to` of a request; returns what has been put down. */
double why_split(struct why_run *run, uint32_t inlet, uint32_t request, double from, double to);

/* The station whose consumers serve another. */
uint32_t why_pool_of(const struct network *network, uint32_t stage, uint32_t station);

#endif
