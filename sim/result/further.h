/*
 * The further columns that rows of networks have, behind the others, in columns.csv and
 * summary.json alike: first figures, each a line of a table, then a count for every kind of loss
 * from LOSS_FAILED on (those before it have columns of their own), `lost_` and its name.
 */
#ifndef FURTHER_H
#define FURTHER_H

#include <stddef.h>

#include "result.h"

/* Column i; false: there are no more. A count of a loss, or a figure (NAN: there is none). */
struct further {
    const char *name;
    double figure;
    uint64_t count;
    bool counts;
};
bool further_column(size_t i, const struct row *row, struct further *out);

#endif
