/*
 * A replication that is told task by task (engine/trace.h), for answers that want to know of every
 * one: with the warm-up and the extent of the scenario's run, and after that until those that are
 * asked about are over. Only the engine of networks tells, so that it runs a single stage, too
 * (asked for as a network: `replicas`), on the same draws.
 */
#ifndef TRACED_H
#define TRACED_H

#include <stdatomic.h>
#include <stddef.h>

#include "../engine/trace.h"
#include "../network/network.h"
#include "../scenario/scenario.h"

/* Those asked about arrived after `from`, and no later than `until`; the time of the last event. */
struct traced_span {
    double from, until, end;
};

/* How many requests that arrived in that span have been told of; SIZE_MAX: that is enough. */
typedef size_t traced_seen(void *to, double from, double until);

struct traced_span traced_run(const struct scenario *s, const struct network *network,
                              uint32_t replication, struct network_trace *trace, traced_seen *seen,
                              atomic_bool *stop);

#endif
