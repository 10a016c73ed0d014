/*
 * What consumers can do that are not always as many, or not always as fast (scenario/staff.h).
 */
#ifndef STAFFING_H
#define STAFFING_H

#include "network.h"

/* The work that a replica can do in the long run while there is enough of it, in consumers that are
 * always there and do not slow each other down: of a pool that grows all that it can have; of those
 * that serve several at once full batches, with the prefills of as many; by the
 * Universal Scalability Law that of all of them, or where they are shared (n tasks inside are then
 * the n of that law) that of the best n. */
double staffing_power(const struct network *network, uint32_t stage, uint32_t replica);

/* Whether it can do less and less the more tasks are inside, without end. */
bool staffing_collapses(const struct network *network, uint32_t stage);

/* Whether services there may end in an error. */
bool staffing_fails(const struct network *network, uint32_t stage);

/* Whether what would take more than its share of memory is refused there (consumers.step). */
bool staffing_refuses(const struct network *network, uint32_t stage);

/* A stage that says anything of the kind, by name; NULL: none does. */
const char *staffing_said(const struct network *network);

#endif
