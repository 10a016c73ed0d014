/*
 * The inside of reader.h: one file for each format.
 *
 * A format finds its columns in the first line (open) and reads a line (read), which it may write
 * on. What is wrong with a line is one sentence part in `why`, without the line's number.
 */
#ifndef READER_IN_H
#define READER_IN_H

#include "../base/lines.h"
#include "reader.h"
#include "stamp.h"

enum { FIELDS = 256 };

struct reader {
    struct lines *lines;
    struct log_options options;
    struct log_facts facts;
    const struct log_reading *reading;
    char *kept; /* the first line, which is still to be read; NULL: none */
    bool begun; /* a time has been read: its kind and start are known */
    enum stamp_kind kind;
    int64_t start;     /* taken away from all times, in ticks */
    double tick;       /* seconds in a tick of a time */
    int decimals;      /* the most that a time had */
    int size_decimals; /* and a size */

    char separator;
    int class;            /* csv: field, from 0; -1: there is none */
    int arrival, service; /* fields, from 0; access: `service` a word, or -1: found by `key` */
    const char *key;      /* access: "rt=" */
    bool guessed;         /* access: no unit was named */
    char why[LOG_WHY];
};

enum log_verdict { LINE_TASK, LINE_BAD, LINE_NOTHING };

struct log_reading {
    bool (*open)(struct reader *r, char *first, struct errors *errors);
    enum log_verdict (*read)(struct reader *r, char *line, struct log_task *task);
};
extern const struct log_reading reading_csv, reading_access, reading_swf;

enum log_verdict reader_bad(struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text to be quoted in a message: cut to 30 characters; '...' where it is not clean. */
const char *reader_quote(const char *text);

/* What a word such as `request_ms`, `time (us)` or `service_s` says about its unit; 0: nothing. */
double reader_unit_of(const char *name);

/* Seconds of a time, from the start of the log. False, with `why`, where it is of another kind
 * than those before it. */
bool reader_time(struct reader *r, const struct stamp *stamp, double *seconds);

/* A size: a number from 0 up. False with `why`. */
bool reader_size(struct reader *r, const char *text, double *seconds);

#endif
