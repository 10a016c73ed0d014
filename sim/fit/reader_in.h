/*
 * The inside of reader.h: a file of a log (reader_file.c), how its shape is found in its first
 * lines (reader_open.c), and all files together (reader.c).
 */
#ifndef READER_IN_H
#define READER_IN_H

#include "reader.h"
#include "shape.h"

struct log_file {
    const char *name;
    struct lines *lines; /* owned */
    json_t *tree;        /* of a whole file of JSON; NULL: it is of lines */
    size_t tree_at;
    struct shape shape;
    struct log_facts *facts; /* of the reader, which counts */

    bool begun; /* a time has been read: its kind and start are known */
    enum stamp_kind kind;
    int64_t start;    /* taken away from all times, in ticks */
    double tick;      /* seconds in a tick of a time */
    int decimals;     /* the most that a time had */
    double size_step; /* the finest that sizes are written in; INFINITY: none was */
    double step_unit; /* of the last that was looked at */
    int step_decimals;
    bool plain;        /* sizes are digits and a point alone */
    bool read;         /* a line that is a task was read */
    bool other_fields; /* #Fields has changed */

    double last, back_most; /* the time before, and the largest step back so far */
    double shift;           /* put onto times since the clock went back */
    long shift_age;         /* lines since then */

    bool ended, waits; /* nothing is left; `task` waits to be given */
    struct log_task task;
    struct record record;
    char why[LOG_WHY];
};

enum log_verdict { LINE_TASK, LINE_BAD, LINE_NOTHING };

/* Finds what the file is. False with an error. */
bool file_begin(struct log_file *file, const struct log_options *options, struct errors *errors);

/* The next task of the file; false at its end. */
bool file_next(struct log_file *file, struct log_task *task);
void file_rewind(struct log_file *file);

/* The text of a heading of W3C logs behind `#Fields:`, or NULL. */
const char *w3c_fields(const char *line);

/* A text to be quoted in a message: cut to 30 characters; '...' where it is not clean. */
const char *reader_quote(const char *text);

/* What a word such as `request_ms`, `time (us)` or `service_s` says about its unit; 0: nothing. */
double reader_unit_of(const char *name);

/* Seconds in a tick of times about as large as x: seconds since 1970 have 10 digits in this
 * century, their thousandths 13, and so on. */
double reader_tick(double x);

#endif
