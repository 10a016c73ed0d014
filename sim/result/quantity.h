/*
 * The quantities of a row that a claim can be made of: what each is called in columns.csv, its
 * value, and the interval that the row itself states.
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include "result.h"

enum quantity {
    QUANTITY_LATENCY_MEAN,
    QUANTITY_LATENCY_P50, /* and the other quantiles, in the order of quantile_p */
    QUANTITY_LATENCY_P90,
    QUANTITY_LATENCY_P99,
    QUANTITY_LATENCY_P999,
    QUANTITY_WAIT_MEAN,
    QUANTITY_LOSS,
    QUANTITY_THROUGHPUT,
    QUANTITY_LATENCY_P9999, /* from here on: known to a precision, but not compared */
    QUANTITY_WAIT_P50,
    QUANTITY_WAIT_P90,
    QUANTITY_WAIT_P99,
    QUANTITY_WAIT_P999
};
enum { QUANTITIES = 8, QUANTITY_KINDS = 13 }; /* that panels are compared by; all of them */

struct quantity_kind {
    const char *name;  /* its column in columns.csv */
    const char *words; /* in a sentence, behind an amount: "at p99", "in loss" */
    enum unit unit;
    bool more_is_better;
};
extern const struct quantity_kind quantity_kinds[QUANTITY_KINDS];

/* The index into quantile_p of a quantile of latency, or of the wait; -1 of anything else. */
int quantity_quantile(enum quantity q);
int quantity_wait_quantile(enum quantity q);

double quantity_value(const struct row *row, enum quantity q);

/* The longer side of an interval; NAN: it has an end that is not known. */
double quantity_longer_side(double low, double value, double high);

/* Half-width of the row's own 95 % interval, the longer side where it has two; NAN: none. A
 * throughput has an interval in no file: 0 where intervals can be honest at all. A quantile of the
 * wait has none in a row (estimate.h has). */
double quantity_half(const struct row *row, enum quantity q);

#endif
