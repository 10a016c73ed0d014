/* Whether two engines measured the same. */
#ifndef ALIKE_H
#define ALIKE_H

#include "../sim/engine/trial.h"

/* How trial b, by lanes, differs from trial a, by events; NULL: not at all. Sums are added in the
 * same order with `one` consumer only. */
const char *trial_difference(const struct trial *a, const struct trial *b, bool one);

#endif
