/*
 * The heat of the number waiting: for heat.c.
 *
 * The axis is that of latencies, log with the same rows, in tasks in place of seconds, but for 0,
 * which has its marked row. On it number n is the band [n - 1/2, n + 1/2). A row that is narrower
 * than one task is of the number that its middle rounds to, and so a number's band is of one
 * colour, that of the share of time with n waiting, however many rows it takes. A wider row has the
 * shares of all its numbers, those at its ends in part. So the colour of a row is the share of one
 * number, or of as many as it is wide, and does not jump where one becomes the other.
 */
#ifndef HEAT_QUEUE_H
#define HEAT_QUEUE_H

#include "heat.h"

/* Rows from 1 to the most that waits. */
void heat_queue_rows(const struct figure *figure, struct heat_rows *rows);

/* Adds a column's ticks of time to the values of its rows. They may add up to more than there are
 * (narrow rows). */
void heat_queue_share(const struct histogram *h, const struct heat_rows *rows, double *value);

#endif
