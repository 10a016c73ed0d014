/*
 * What `theory` says of how many tasks there are, and of several settings: a line of formulas for
 * each.
 */
#ifndef THEORY_TABLE_H
#define THEORY_TABLE_H

#include "../../sim/answer/validation.h"
#include "../../sim/theory/numbers.h"
#include "../shell/options.h"
#include "sheet.h"

/* Throughput, L and Lq as lines of the table of `theory`, beside the run's. */
void theory_add_numbers(struct sheet *sheet, const struct numbers *numbers,
                        const struct validation *v);

/* "P(N = n), N tasks inside: 0: 20 %, 1: 16 %, ...". Interned. */
const char *theory_distribution(const struct numbers *numbers, const double p[NUMBERS_SHOWN]);

/* The table of every combination of what --vary names; the exit status. */
int theory_table(const struct options *o);

#endif
