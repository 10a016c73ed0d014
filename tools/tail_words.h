/* What conditional Monte Carlo on the Pollaczek-Khinchine formula knows of the latency
 * (sim/rare/pk_figures.h), in words, where a run does not. */
#ifndef TAIL_WORDS_H
#define TAIL_WORDS_H

#include "../sim/result/result.h"

/* A sentence, interned, for a run of one column that is stable and leaves a quantile up to p99
 * without an interval; NULL: nothing is to be said. Takes half a second. */
const char *tail_words(const struct result *result);

/* The same of any column, with `why` it is asked for behind it ("" or ": ..."); NULL: not known. */
const char *tail_words_of(const struct scenario *column, const char *why);

#endif
