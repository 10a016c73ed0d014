/*
 * What is known of a network before it runs, as far as figures and their intervals ask: of its
 * sources together, of the laws of its work, and of each stage.
 */
#ifndef FACTS_H
#define FACTS_H

#include "traffic.h"

struct network_facts {
    struct network *network;
    struct traffic *traffic;
    double rate;     /* requests per second of all sources; NAN: unknown */
    double tail;     /* smallest tail exponent of a law of work, or of `delay`, that some visit
                        draws; INFINITY: all moments exist */
    bool stationary; /* no source moves with time */
    bool recurs;     /* each keeps to a long run (process_recurs) */
    bool periodic;   /* some repeats a timetable */
    bool replays;    /* some is of a log */
    bool repeats;    /* all are of logs that are the same tasks, sizes and all, in every replication
                      */
    bool closed;     /* all sources are: there are no more requests than clients */
    bool known;      /* every stage keeps up, and how long it holds its consumers is known */
    double *relaxation; /* by stage, then of the slowest: in requests that arrive meanwhile, at
                           least 1; NAN: unknown, or not one of queues that keep up */
    bool *loses; /* by stage, then of all of it: whether a visit, or a request, can be lost: for
                    want of a place, of patience, or of an answer */
};

/*
 * How long stages take to forget, as of one stage (relaxation.h in engine/: Whitt 1989, Abate and
 * Whitt 1987): 2 U = 2 rho v / (1 - rho)^2 visits, with v the asymptotic index of dispersion of
 * what comes plus the squared coefficient of variation of the work. What a stable queue hands on
 * has the dispersion of what came, and a share of it less, towards 1 (Whitt 1983, "The queueing
 * network analyzer", sec. 4.4): the largest of the sources, and 1 at least, is taken everywhere. A
 * network forgets when the slowest of its stages has.
 */

/* NULL: one stage in the short form. Owned by the caller; `s` must live as long. */
struct network_facts *network_facts_of(const struct scenario *s);
void network_facts_free(struct network_facts *facts);

#endif
