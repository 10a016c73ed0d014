/*
 * Networks made by hand, for tests of what reads struct network: each stage and source is described
 * by settings of the single form (setting.h), so that laws, consumers and buffers are what the
 * language makes of them; routes and calls are added one by one.
 */
#ifndef HAND_H
#define HAND_H

#include "../sim/network/network.h"

struct hand;

/* `settings`: of classes and of tasks.size for what is carried from a source. Freed with
 * hand_free. */
struct hand *hand_begin(const char *settings);

/* "path=value; ..." of the single form; returns the number of the stage. */
uint32_t hand_stage(struct hand *hand, const char *name, const char *settings);

/* Hands on to `to` (or NETWORK_EXIT) with a share, or those of a class, or a copy. */
void hand_to(struct hand *hand, uint32_t from, uint32_t to, double share);
void hand_class_to(struct hand *hand, uint32_t from, uint32_t class, uint32_t to);
void hand_copy_to(struct hand *hand, uint32_t from, uint32_t to, uint32_t join_at);

/* One call, or a further one beside the last (`beside`), so often with a share. */
void hand_call(struct hand *hand, uint32_t from, uint32_t to, uint32_t count, double share,
               bool beside);

/* A source of a class (or NETWORK_ANY) whose tasks start at `to`; "arrivals.rate=1/s; ...". */
void hand_source(struct hand *hand, const char *settings, uint32_t class, uint32_t to);

/* The network, with everything in place so far; changes to its stages stay. */
struct network *hand_network(struct hand *hand);
void hand_free(struct hand *hand);

/* Three stations, 0 to 2, and two sources with feedback: the network of the oracle row jackson-open
 * (c1=2; c2=1; c3=3). */
struct hand *hand_jackson(void);

#endif
