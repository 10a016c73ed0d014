/* From the tally of a splitting (split.h) to a tail (tail.h). */
#ifndef SPLIT_TAIL_H
#define SPLIT_TAIL_H

#include "split.h"
#include "tail.h"

/* Points for the tail, chosen on the tally of a pilot: the numbers inside, evenly spread where they
 * are many; or evenly from 0 to where the tail is `rarest`, and closely around where it is one of
 * the n values q. `latency`: of waits and sizes together. */
void split_points(const struct split *split, const struct split_tally *tally, bool latency,
                  double rarest, const double *q, size_t n, struct tail *tail);

/* Row `index` of the tail: of the tasks that find x or more inside; that wait longer than x; or
 * whose latency is more than x, the own size by its law. */
void split_fill(const struct split *split, const struct split_tally *tally, bool latency,
                struct tail *tail, size_t index);

#endif
