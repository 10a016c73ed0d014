/*
 * Words for a plan: what was found, in sentences. For the picture and for the command line. All
 * texts are interned.
 */
#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include "../sim/answer/answer.h"

/* "8 consumers", "3 consumers, 40 waiting places", "arrivals.rate = 43.5 /s" */
const char *plan_point(const struct answer *answer, const struct point *point);

/* "p99 <= 250 ms" */
const char *plan_objective(const struct objective *objective);

/* A value and an interval of an objective: "228 ms", "212 to 231 ms"; "-" where there is none,
 * "no limit" where it grows without one. */
const char *plan_value(const struct objective *objective, double value);
const char *plan_interval(const struct objective *objective, const struct estimate *estimate);

/* The answer: "8 consumers meet p99 <= 250 ms (212 to 231 ms at 95 %); 7 do not (...)." */
const char *plan_sentence(const struct answer *answer);

/* What else is to be known of it: sentences, or "". */
const char *plan_remarks(const struct answer *answer);

#endif
