/*
 * tournament.png: policies as points, goodput against p99, those on the front dark and joined; and
 * beside them, for each a bar, where the waiting of a task went.
 */
#ifndef TOURNAMENT_PLOT_H
#define TOURNAMENT_PLOT_H

#include "../sim/answer/tournament.h"
#include "png.h"

/* Of judged contestants, and the scenario that they are of. False, with an error, only where the
 * picture cannot be made at all; `png` is the caller's to bytes_free. */
bool plot_tournament(const struct scenario *s, const struct contestant *contestants, size_t n,
                     double limit, struct bytes *png, struct errors *errors);

#endif
