/* What warnings are made of: for warn.c and its likes only. */
#ifndef WARN_H
#define WARN_H

#include <stdio.h>

#include "result.h"

/* The columns that a warning is about. */
struct about {
    uint32_t n;
    double first, last; /* values of the swept parameter */
};
void about_add(struct about *about, const struct row *row);

/* "" without a sweep; " in 12 of 200 columns (tasks.size.alpha 1.99 to 1.5)". */
void put_where(FILE *out, const struct result *result, const struct about *about);

/* The row of all classes. */
const struct row *row_all(const struct result *result, uint32_t column);

/* "8M", "420k": rounded up to two digits. */
void put_tasks(FILE *out, double tasks);

/* Of sizes with heavy tails, or few of which hold much of the work; of single ones that decide
 * quantiles. */
void warn_tails(FILE *out, const struct result *result);

/* " at db, api": the stages of a network that are not stable in some column; nothing of one stage.
 */
void put_stages(FILE *out, const struct result *result);

/* Columns in which stages wait for each other for ever, and which. */
void warn_deadlock(FILE *out, const struct result *result);

/* Columns in which the precision asked for was not reached, by why not. */
void warn_precision(FILE *out, const struct result *result);

#endif
