/*
 * Replications of a rare event on several threads: splittings (split.h), or sums by
 * Pollaczek-Khinchine (pk.h), each a row of a tail. Replication i is the same whoever does it.
 */
#ifndef REPLICAS_H
#define REPLICAS_H

#include "pk.h"
#include "split.h"

struct replicas {
    const struct split *split; /* where pk is NULL */
    const struct pk *pk;
    bool latency;  /* of a splitting by waits: of latencies */
    uint64_t sums; /* of a replication by pk */
    uint64_t most; /* steps of a replication of a splitting; 0: any number */
    uint64_t seed;
    unsigned jobs; /* threads at most; 0: the caller alone */
    const atomic_bool *stop;
    double *mass; /* by replication: weight of the tasks met over their number on the main path;
                     NULL: not wanted */
};

/* Replications first to first + n - 1, into those rows of a tail that has room for them; false
 * where some are missing: it was stopped, or one had more than `most` to do. */
bool replicas_run(const struct replicas *replicas, size_t first, size_t n, struct tail *tail);

#endif
