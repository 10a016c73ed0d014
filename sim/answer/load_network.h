/*
 * The load of a network, measured (load.h): how far from what each stage can do its traffic is.
 *
 * All consumers are made slower by one factor, so that the bottleneck, as far as the traffic
 * equations know it, has LOAD_OFFERED times as much to do as it can. What a stage then completes
 * per second, times that factor, is the most that it can do in this network, if it is the
 * bottleneck; it is no less of others. The load is the highest share of that which the traffic
 * equations ask of any stage. (Delays and patience are not made slower.)
 */
#ifndef LOAD_NETWORK_H
#define LOAD_NETWORK_H

#include "load.h"

/* Whether requests can be lost, for want of a place, of patience or of an answer. */
bool load_network_loses(const struct scenario *s);

/* By theory (network_load.h); NAN: not known. */
double load_network_by_theory(const struct scenario *s);

/* Why the load of a network cannot be measured: a sentence; NULL: it can be. */
const char *load_network_refuses(const struct scenario *s);

/* By what factor consumers are to be slower. */
double load_network_slower(const struct scenario *s);
void load_network_slow_down(struct scenario *s, double factor);

/* Of a finished run of what was slowed down: requests of `at` and those that could have been done,
 * in the same time, of the stage that is nearest to what it can do. */
struct came_and_could {
    double came, could;
};
void load_network_seen(const struct result *result, const struct scenario *at, double factor,
                       struct came_and_could *each, uint32_t replications);

#endif
