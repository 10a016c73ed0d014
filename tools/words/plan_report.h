/*
 * What `plan` says on standard output: the answer in a sentence, and a table of what decides it:
 * the ends of the range, the neighbours of the answer, what is in doubt. `all`: everything that was
 * tried.
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "../../sim/answer/answer.h"

void plan_report(const struct answer *answer, bool all, FILE *out);

#endif
