/*
 * A naive simulator of networks, for tests: the rules of sim/network and sim/stations written a
 * second time, with lists that are searched from end to end, and every visit's fate kept. It shares
 * no code with the engines: of the program it takes the flat network, the laws and arrival
 * processes, and the uniforms.
 *
 * Where the rules name an order (ties, the agenda of an event), it is the order of the calls in
 * naive_flow.c and naive_station.c.
 */
#ifndef NAIVE_NETWORK_H
#define NAIVE_NETWORK_H

#include <stddef.h>
#include <stdio.h>

#include "../sim/engine/trace.h"
#include "../sim/network/network.h"

/* What happened: visits and requests that are over, in the order in which they ended. */
struct story {
    struct visit_record *visits;
    struct request_record *requests;
    size_t n_visits, n_requests, visits_room, requests_room;
    uint64_t arrived;     /* requests */
    double end;           /* the time of the last event */
    const char *deadlock; /* names of its stages, separated by ", "; NULL: there is none */
};

/* Runs until the sources together have brought so many requests (or all they have, and nothing is
 * left inside), or a deadlock. */
struct story naive_network(const struct network *network, uint64_t seed, uint32_t replication,
                           uint64_t requests);
void story_free(struct story *story);

/* Adds to a story: the two functions of a struct network_trace whose `to` is a struct story. */
void story_visit(void *story, const struct visit_record *visit);
void story_request(void *story, const struct request_record *request);

/* Whether two stories are the same, task by task; prints what differs first (`out` NULL: nothing).
 * Times may differ by rounding. Sorts both. */
bool stories_agree(const struct network *network, struct story *a, struct story *b, FILE *out);

#endif
