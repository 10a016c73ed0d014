/*
 * What a picture is of (picture.measure), in words and numbers: latencies, waits, or the number of
 * tasks that wait. Texts are interned or constant.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include "heat.h"

/* "Latency": the beginning of a title. And the name of its axis. */
const char *measure_title(enum picture_measure measure);
const char *measure_axis(enum picture_measure measure);

/* What a row counts, after "share of the ": "tasks that took this long". And what is beyond it. */
const char *measure_row(enum picture_measure measure);
const char *measure_beyond(enum picture_measure measure);

/* How wide rows are: "a row is 6 % wide". */
const char *measure_width(const struct heat_rows *rows);

/* The largest value of a column: "slowest task". */
const char *measure_largest(enum picture_measure measure);

/* A value with its unit. */
const char *measure_value(enum picture_measure measure, double value, int digits);

/* Ticks of its axis, `pixels` long, labels at least `spacing` apart. */
void measure_ticks(const struct heat_rows *rows, double pixels, double spacing, struct ticks *out);

#endif
