/*
 * What a run makes of the objectives of its scenario (`objectives`), of every class that they name:
 * in which columns they are met, by the whole of an interval, and in which not. `verify` and `plan`
 * judge by them; here they are told.
 */
#ifndef PROMISES_H
#define PROMISES_H

#include "../../sim/result/result.h"

/* A line for each objective, `lead` before it; "" where there are none. What a line says holds
 * together with 95 % (Bonferroni over columns). Interned. */
const char *promises_words(const struct result *result, const char *lead);

#endif
