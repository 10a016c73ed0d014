/*
 * The sources of a network as they are drawn from: nothing of what its stages draw themselves.
 *
 * Whoever runs a network draws its arrivals here, so that the request of a number is the same one
 * for all of them.
 */
#ifndef INLETS_H
#define INLETS_H

#include "../engine/source.h"
#include "../network/network.h"

/* Sources of their own, by inlet; owned. The network's scenario must live as long. */
struct source *inlets_open(const struct network *network, uint64_t seed, uint32_t replication);
void inlets_close(struct source *sources, const struct network *network);

/* What `network` says, the same otherwise, is in force from `now` on (source.h). */
void inlets_adopt(struct source *sources, const struct network *network, double now);

#endif
