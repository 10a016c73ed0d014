/*
 * What `plan` says on standard output: the answer in a sentence, and a table of what was tried.
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include <stdio.h>

#include "../sim/answer/answer.h"

void plan_report(const struct answer *answer, FILE *out);

#endif
