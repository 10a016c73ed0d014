/*
 * What the tasks of a network take of the memory (tasks.bytes), by station and in all. A visit has
 * the bytes of its request. In bytes.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

struct net;

void net_open_memory(struct net *net);
void net_adopt_memory(struct net *net);
void net_free_memory(struct net *net);
void net_give_bytes(struct net *net, uint32_t visit);
void net_opens(void *state); /* engine.h */
void net_cuts(void *state);
double net_bytes_most(const struct net *net, uint32_t place);
double net_bytes_peak(const struct net *net, uint32_t place);

#endif
