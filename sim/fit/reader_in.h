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
    char separator;      /* of columns, whose rows have so many and may go on over several lines; */
    int width;           /* 0: every line is a row */
    long number;         /* of the line that the last row began at */
    char *joined, *left; /* such a row, owned; lines that turned out to be none */
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

    int64_t year; /* of dates without one: where it begins, in ticks; of the file's first, */
    int64_t first_year;
    bool yearless;          /* its dates have none */
    bool leap;              /* it has had a 29 February */
    int64_t in_year;        /* the last time without a year, with `year` */
    double last, back_most; /* the time before, and the largest step back so far */
    double shift;           /* put onto times since the clock went back */
    long shift_age;         /* lines since then */

    bool ended, waits; /* nothing is left; `task` waits to be given */
    struct log_task task;
    struct record record;
    char why[LOG_WHY];
};

enum log_verdict { LINE_TASK, LINE_BAD, LINE_NOTHING };

/* How the file's dates between slashes are written, where they are. False with an error: they do
 * not tell. (reader_dates.c) */
bool dates_learn(struct log_file *file, const struct log_options *options, struct errors *errors);

/* A date as it is read in this file: by its order, and with a year. False: it does not exist. */
bool dates_settle(struct log_file *file, struct stamp *stamp);

/* The first task of either has been read: where neither has years, and the file begins half a year
 * or more before the one that is given before it, it is of the next. */
void dates_follow(struct log_file *file, const struct log_file *before);

/* Finds what the file is. False with an error. */
bool file_begin(struct log_file *file, const struct log_options *options, struct errors *errors);

/* The next row: a line, or as many as its quotes hold together (reader_lines.c). As lines_next. */
char *file_line(struct log_file *file, const char **why);
void file_lines_rewind(struct log_file *file);

/* Columns in a line; whether quotes are left open in some line of a sample. */
int columns_in(const char *line, char separator);
bool file_lines_are_open(const struct sample_lines *sample, char separator);

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
