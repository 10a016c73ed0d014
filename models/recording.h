/*
 * A recording: the tasks of a trace's file, read in blocks from its table (table.h), by whoever
 * has a place of his own in it.
 *
 * Columns are found by the names arrival_s, service_s and class, or, without a header, by that
 * order. A class is the name of one of tasks.classes, or its index from 0.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include "../sim/scenario/process.h"
#include "../sim/scenario/table.h"

struct recording {
    const struct table *table;
    int time, size, class; /* columns; -1: there is none */
};

/* The recording of a file (interned) whose table was loaded; false: it was not. */
bool recording_find(const char *file, struct recording *out);

/* Tasks first .. first + n - 1, n at most BLOCK: times, sizes and classes as the file has them.
 * Sizes and classes may be NULL: not wanted. A task of no class of `s` is of class 0. */
void recording_read(const struct recording *recording, const struct scenario *s, size_t first,
                    size_t n, double *time, double *size, uint16_t *class);

/* The class that a value of the class column means, or -1. */
int recording_class(const struct recording *recording, const struct scenario *s, double value);

/* The rules of a recording: it has the columns (that of sizes only where `sizes` are wanted), times
 * never fall and are not those of a calendar, classes are those of `s`. Loads it. */
bool recording_check(const char *file, const struct scenario *s, bool sizes, struct place at,
                     struct errors *errors);

#endif
