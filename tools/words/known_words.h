/*
 * Figures in words, by whether they are known: intervals or no claim. What has no interval is the
 * run's own and not the system's, and is told as that ("in what this run has met"), or left out for
 * what can be told in its place.
 */
#ifndef KNOWN_WORDS_H
#define KNOWN_WORDS_H

#include "../../sim/result/result.h"

/* Columns of a kind: how many, the first and the last of them. */
struct columns {
    uint32_t n, first, last;
};
void columns_count(struct columns *columns, uint32_t column);

/* Whether a quantile of the latency (an index of quantile_p) is more than this run's own: it has an
 * interval; or there is nothing else to know (a backlog that grows, which is said beside it; a log
 * that is only replayed). */
bool known_words_is(const struct result *result, const struct row *row, int q);

/* " half of the tasks are done within 1 s, 99 % within 3 s and, in what this run has met, 99.9 %
 * within 5 s": of p50, p99 and p99.9, as far as there are figures. Interned, as all below. */
const char *known_words_within(const struct result *result, const struct row *row);

/* A share of tasks lost that is worth a word. */
#define MATERIAL_LOSS 1e-9

/* The share of tasks lost, for a table: "1.22 % (1.15 % to 1.29 %)", "0 % (at most 0.003 %)", "0.3
 * % in this run, no interval"; without more where nothing can be lost or there is nothing else to
 * know. */
const char *known_words_loss(const struct result *result, const struct row *row);

/* Whether that share is the run's own only: tasks can be lost, and it has no interval. */
bool known_words_loss_is_open(const struct result *result, const struct row *row);

/* "1.22 % of the tasks are lost", of WHAT ("the tasks") that ARE ("are lost"); behind "in what this
 * run has met, " where it is only that; NULL: nothing was lost that anything need be said of. */
const char *known_words_lost(const struct result *result, const struct row *row, const char *what,
                             const char *are);

/* A quantile from the first column of a sweep to the last, of a class, or of all. */
struct ends {
    const struct result *result;
    uint32_t class;
    const struct row *a, *b;
};
struct ends known_words_ends(const struct result *result, uint32_t class);

/* NAME" from 1 s to 3 s"; NULL: it is not known at both ends. */
const char *known_words_from_to(const struct ends *ends, const char *name, int q);

/* Of one that is not, a sentence, after a blank: where it is known, and what the run has met where
 * it is not; "" of one that is. */
const char *known_words_instead(const struct ends *ends, int q);

#endif
