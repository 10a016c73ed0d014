/*
 * Sizes as logs write them: a number, with its unit or without, by the customs of any country.
 *
 *   117  117.5  1e-3           plain; the unit is known elsewhere
 *   117ms  0.117s  117 ms  20us  1m2.5s  2h     with units (ns us ms s m min h d; Go's durations)
 *   00:00:00.117  1:02.5       hours, minutes, seconds
 *   PT1M2.5S                   ISO 8601
 *   1,234.5  1.234,5  1'234.5  1 234,5          thousands apart: of two signs the last is the point
 *   0,117                      a comma that can be no separator of thousands
 *   1,234                      can be either: what the rest of the column writes decides (`comma`)
 */
#ifndef MEASURED_H
#define MEASURED_H

#include <stddef.h>

#include "stamp.h"

/* What a comma, or a point, stands for in a column. */
enum comma {
    COMMA_UNKNOWN,
    COMMA_GROUPS, /* 1,234 is over a thousand: other values of the column have a decimal point */
    COMMA_DECIMAL /* 1,234 is about one, and 1.234 over a thousand: others have a decimal comma */
};

struct measured {
    double value; /* in seconds where `unit` > 0 */
    double unit;  /* seconds that 1 of the last unit written stands for; 0: none was written */
    int decimals; /* behind the point, of that unit */
    bool plain;   /* digits and a point alone */
};

/* Reads the whole of `text`; false where it is none, or might be two. */
bool measured_read(const char *text, enum comma comma, struct measured *out);

/* What one value says about the commas of its column; COMMA_UNKNOWN: nothing. */
enum comma measured_comma(const char *text);

/* Seconds that a unit stands for ("ms", "Seconds"); 0: it is none. `length`: of the word. */
double measured_unit(const char *word, size_t length);

#endif
