/* What conditional Monte Carlo on the Pollaczek-Khinchine formula (sim/rare/pk_figures.h) knows of
 * the latency, where a run does not. */
#ifndef TAIL_WORDS_H
#define TAIL_WORDS_H

#include "../../sim/result/result.h"

/*
 * Fills the result's known tails. Of a run of one column: where it is stable, and a quantile up to
 * p99 has no interval. Of a sweep: where that is so because single large sizes decide it
 * (giants.h), which no length of run mends; its first such column, its last one, and the one whose
 * p99 came out worst. Takes half a second of a core, of a sweep up to that in all, on its threads;
 * nothing where the run, or who waits for it, was interrupted.
 */
void tail_words_find(struct result *result);

/* What was found, in sentences, interned; NULL: nothing. */
const char *tail_words(const struct result *result);

/* A sentence of any column, with `why` it is asked for behind it ("" or ": ..."); NULL: not known.
 */
const char *tail_words_of(const struct scenario *column, const char *why);

#endif
