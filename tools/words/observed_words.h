/*
 * What was observed against what was simulated, in words: picture.observed.
 */
#ifndef OBSERVED_WORDS_H
#define OBSERVED_WORDS_H

#include "../../sim/result/result.h"

/* "Observed (NAME) at consumers.count = 6: p50 from 250 ms to 500 ms, simulated 310 ms: agrees;
 * ..." Interned; NULL: nothing was observed, or not on this axis. */
const char *observed_words(const struct result *result);

/* Why it is not drawn, or what of it cannot be used; NULL: nothing is to be said. */
const char *observed_warning(const struct scenario *s);

#endif
