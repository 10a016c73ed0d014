/*
 * What `rare` says on standard output: the finding in a sentence, a table of the columns, and what
 * it took.
 */
#ifndef RARE_REPORT_H
#define RARE_REPORT_H

#include <stdio.h>

#include "../../sim/rare/rare.h"

void rare_report(const struct rare *rare, double seconds, FILE *out);

/* What is not known as well as asked, a line each, and what would do: to standard error. */
void rare_warnings(const struct rare *rare);

#endif
