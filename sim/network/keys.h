/*
 * The keys of tasks (tasks.key): whole numbers from 0, drawn once for each request. Key k of n is
 * as likely as any other, or (zipf) has a share in proportion to 1 / (k + 1)^exponent (Zipf 1949).
 * Private to networks and who runs them.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdint.h>

struct network;

struct network_keys {
    uint32_t n;    /* 0: tasks have none */
    double *until; /* [n]: the probability of a key up to this one; NULL: all are alike; owned */
};

void network_add_keys(struct network *network);
void network_free_keys(struct network *network);

/* The key that a uniform stands for. */
uint32_t network_key(const struct network *network, double uniform);

/* Of a stage with `balancer: hash`: the share of the tasks that goes to a replica while all are
 * there. */
double network_key_share(const struct network *network, uint32_t stage, uint32_t replica);

#endif
