/*
 * Numbers with units, as people write them: durations, rates, plain numbers, shares.
 *
 * Inside the program every duration is in seconds, every rate per second, every share a fraction;
 * all are doubles. NAN stands for "not given", INFINITY for "unbounded".
 *
 *   duration   250ms  1.5s  2 h   (ns us ms s m h d; a bare number is seconds)
 *   rate       4/s  240/min  4k/s  1M/h   (k, M, G before /s /min /h; a bare number is per second)
 *   number     5  1e6  20k  1M  2G
 *   share      0.2  20%
 *   bytes      64kB  2GB  512B  1MiB   (a bare number is bytes; kB is 1000, KiB 1024)
 */
#ifndef UNITS_H
#define UNITS_H

#include <stdbool.h>
#include <stddef.h>

enum unit { UNIT_NUMBER, UNIT_COUNT, UNIT_DURATION, UNIT_RATE, UNIT_SHARE, UNIT_BYTES };

/* Reads the whole of `text`; false, and `*why` a constant sentence part ("unknown unit 'x'" is
 * written into the interned string), when it is not of that unit. Never yields NAN. */
bool unit_parse(enum unit unit, const char *text, double *value, const char **why);

/* Writes the shortest text that unit_parse reads back to the very same double: "250ms", "4/s",
 * "1000000", "0.2", "unbounded" for INFINITY. For files that are read again. */
void unit_exact(enum unit unit, double value, char *out, size_t size);

/* Writes for people, `digits` significant: "250 ms", "1.5 h", "4 /s", "4.2 k/s", "80 %". */
void unit_human(enum unit unit, double value, int digits, char *out, size_t size);

/* What a message calls it: "a duration such as 250ms", ... */
const char *unit_describe(enum unit unit);

#endif
