/*
 * Numbers and times of day as logs write them.
 *
 * A time is kept as whole ticks and a part of one, so that seconds since 1970 with nanoseconds lose
 * nothing before the start of the log is taken away from them.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stdint.h>

/* A decimal number. `whole` is the value cut off towards 0 where |value| < 2^63, `part` the rest,
 * of the same sign; beyond, or with an exponent, only `value` holds (`plain` false). */
struct decimal {
    double value, part;
    int64_t whole;
    int decimals; /* digits behind the point */
    bool plain;
};

/* Reads a number at `text`; where it ends, or NULL where there is none. Never infinite or NAN. */
const char *decimal_read(const char *text, struct decimal *out);

enum stamp_kind {
    STAMP_NUMBER, /* 12.5, 1700000000.25: ticks are of a unit that is known elsewhere */
    STAMP_DATE    /* 2023-11-16 18:17:03.98, 2023-11-16T18:17:03+01:00, 2023/11/16 18:17:03,
                     16.11.2023 18:17:03, 10/Oct/2023:13:55:36.019 +0200, Tue Mar 12 09:00:00 2024,
                     Nov 16 18:17:03, Nov 16, 2023 18:17:03, 11/16/2023 6:17:03 PM, 16/11/2023:
                     ticks are seconds since 1970 in UTC (without a zone: of the log's own clock) */
};

/* Of what is written with slashes or otherwise: what the numbers allow. */
enum stamp_order { ORDER_NONE, ORDER_MONTH_FIRST, ORDER_DAY_FIRST, ORDER_EITHER };

struct stamp {
    enum stamp_kind kind;
    int64_t whole;
    double part;
    int decimals;
    enum stamp_order order;
    int64_t
        swapped; /* of ORDER_EITHER: ticks to be added where the day is first (whole: the month) */
    /* syslog's dates have no year: ticks are from the beginning of one of 365 days, in which 29
     * February stands where 1 March does. */
    bool yearless, leap_day;
    bool dayless; /* a time of day: ticks are from midnight */
    bool zoned;   /* a date with its offset from UTC, or a number: summer time does not move it */
};

/* Reads the whole of `text` as a time; false where it is none, as 30 February is. */
bool stamp_read(const char *text, struct stamp *out);

/* The same where a time is asked for: also "18:17:03.98", which elsewhere is a duration. */
bool stamp_read_any(const char *text, struct stamp *out);

/* Reads a date as access logs have it, from "10/Oct/2000:13:55:36 -0700". */
bool stamp_read_access(const char *text, struct stamp *out);

#endif
