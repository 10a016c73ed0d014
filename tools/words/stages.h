/*
 * The stages of a network in tables and words: which is the bottleneck, and what it is at.
 */
#ifndef STAGES_H
#define STAGES_H

#include "../../sim/result/result.h"

/* Places of a column in the order in which a table shows them, that of the scenario: of the stages
 * `most` at the most, those with the highest utilization; then `all`, and `client` where there is
 * one. One place where there is one. Owned by the caller. */
struct places_shown {
    uint32_t n, left_out; /* stages that there is no room for */
    uint32_t place[];
};
struct places_shown *stages_shown(const struct result *result, uint32_t column, uint32_t most);

/* "db 93.1 %": the bottleneck and its utilization; "-": there is none. Interned. */
const char *stages_bottleneck(const struct result *result, uint32_t column);

/* What to know of it (result_bottlenecks): " The bottleneck is db, busy for 93.1 % of its time."
 * and, over a sweep, where another takes over; which stages are not stable; "" of one stage.
 * Interned. */
const char *stages_reading(const struct result *result);

/* A table of the stages of the only column. */
void stages_print(const struct result *result, FILE *out);

#endif
