/*
 * Posts: stations of the simplest kind, first come first served before an unbounded buffer, with
 * all that many of them need in few lines of the cache (times in seconds, areas in task-seconds).
 * Where nothing ever waits outside, is interrupted, or leaves the buffer unserved, the rules of
 * engine.h come to this: a task that finds an idle consumer begins at once, else it is the last in
 * line; and a consumer that is free takes the first. (Everything else: events/station.h.)
 *
 * A post is the line and the number of its consumers that are free; a server is a consumer, with a
 * leaf of its own in the network's calendar. The line is linked through the visits (`consumer`,
 * which they have none of while they wait). What is measured is measured by the stage, all replicas
 * together: integrals, as of `clock`, and sums.
 */
#ifndef POST_H
#define POST_H

#include <stdint.h>

struct post {
    uint32_t head, tail; /* visits; of an empty line of no meaning */
    uint32_t waiting, serving;
    uint32_t idle;  /* the first idle server; linked through `visit`; NO_SERVER: none */
    uint32_t first; /* of its servers */
    double speed;
};

struct server {
    double start, service;
    uint32_t visit, post; /* the station's number */
    uint32_t stage;
    uint32_t leaf; /* of the network's diary, while it serves */
};

#define NO_SERVER UINT32_MAX

/* Of a stage of posts. */
struct posted {
    double clock;
    double waiting, serving, kept; /* tasks now; kept: served, and not let go */
    double queue_area, busy_area, held_area;
    double arrivals;              /* of those that wait, added up */
    double begun, arrivals_begun; /* starts, and arrivals, of those in service or kept, added up */
    double work_kept;             /* services of those kept, added up */
    double kept_begun;            /* starts of those kept, added up */
    double sojourn_sum, service_sum;
    double seen;
    uint64_t arrived, completed, lost;
    uint32_t consumers; /* of all replicas */
};

static inline void posted_pass(struct posted *p, double now)
{
    double dt = now - p->clock;
    p->queue_area += p->waiting * dt;
    p->busy_area += p->serving * dt;
    p->held_area += p->kept * dt;
    p->clock = now;
}

#endif
