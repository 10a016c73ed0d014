/*
 * The keys of requests (tasks.key) in a network that runs: key k of a request is a function of its
 * number at its source.
 */
#ifndef NET_KEYS_H
#define NET_KEYS_H

#include <stdint.h>

struct net;
struct request;

void net_open_keys(struct net *net);
void net_free_keys(struct net *net);

uint32_t net_key(const struct net *net, const struct request *r);

/* The replica of a stage with `balancer: hash`. */
uint32_t net_hashed(const struct net *net, const struct request *r, uint32_t stage);

#endif
