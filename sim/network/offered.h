/*
 * The offered utilization of whatever a scenario is: of its only stage, or of the stage of a
 * network that has the most to do (traffic.h).
 */
#ifndef OFFERED_H
#define OFFERED_H

#include "traffic.h"

struct offered {
    double utilization; /* NAN: unknown */
    uint32_t stage;     /* the bottleneck; NETWORK_EXIT: one stage in the short form, or unknown */
    bool at_least;      /* consumers are held for longer than is known, by calls or full buffers */
    double tail;        /* smallest tail exponent of what is drawn (facts.h) */
};
struct offered offered_of(const struct scenario *s);

/* The first value of the swept parameter at which it is 1 (sweep_cliff); NAN where it is nowhere,
 * or not known: a stage may be held up before that. */
double offered_cliff(const struct scenario *s);

#endif
