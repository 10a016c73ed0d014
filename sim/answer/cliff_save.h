/*
 * cliff.json: what `queuescope cliff` found (contract.md: parameter, value, low, high, method), and
 * what else it has to say. Numbers in seconds, per second, fractions; what cannot be given is null.
 *
 *   today, load                 the parameter's value in the scenario; traffic over capacity there
 *   distance                    |today - value| / value: how far below or above, as a fraction
 *   stable                      "below" or "above" the value; where there is none, "everywhere" or
 *                               "nowhere" in [from, to]; "always" where a buffer loses
 *   traffic_growth              by what factor today's traffic can grow until the load is 1
 *   tail                        {parameter, today, value, low, high}: the exponent of the sizes'
 * tail notice                      {p99_at_50, p99_at_95, ratio} (notice.h) loss {fraction, value,
 * low, high} where a buffer loses; value is null then
 */
#ifndef CLIFF_SAVE_H
#define CLIFF_SAVE_H

#include "cliff.h"
#include "notice.h"

struct cliff_report {
    const struct scenario *s;
    const char *parameter, *tail_parameter; /* the latter may be NULL */
    struct cliff cliff, tail;
    struct notice notice;
};

/* xmalloc'ed. */
char *cliff_text(const struct cliff_report *report);

#endif
