/*
 * What a comparison can claim, in sentences: pair by pair of panels, at the column that tells them
 * apart best and over the sweep; of every class of tasks where there are several (and both panels
 * have the same), and of all together.
 *
 * What one sentence claims holds together with 95 %: each of m claims is made at 1 - 0.05 / m
 * (Bonferroni; Law 2015, 9.7). A difference whose interval holds 0 is not claimed.
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <stdio.h>

#include "../../sim/result/result.h"

/* `names` are the panels' in words; `column` is the last that is worth a sentence. A pair is told
 * at the last column up to it in which its p99 has an interval. Prints nothing for one panel. */
void claims_print(const struct result *const *results, const char *const *names, size_t n,
                  uint32_t column, FILE *out);

#endif
