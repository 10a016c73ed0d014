/*
 * What became of the visits of a scenario that is run by the engine of networks, for tests that say
 * when each is served, to the last of them.
 */
#ifndef FATES_H
#define FATES_H

#include "naive_network.h"

/* Visits up to second 1000, or so many requests if they are more. */
struct story fates_of(const char *text, uint64_t requests);

/* The visit of a request (of any source) at a stage; fails the test if there is none. */
const struct visit_record *fates_visit(const struct story *story, uint32_t request, uint32_t stage);

/* A task a second, at 1, 2 ...; how long it is, and by whom it is served, is put behind. */
#define EACH_SECOND(size)                                                                          \
    "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"       \
    "tasks: {size: " #size "}\n"

/* When each of the first requests starts at the first stage, and is done, seconds; NAN: it is lost,
 * for an error. */
void fates_served(const char *text, size_t n, const double (*times)[2]);

#endif
