/*
 * The formats of logs: a row each, which says how the format is recognised and where its times and
 * sizes stand. Another format is another row (formats.c) and a sample of it in
 * tests/test_formats.c.
 *
 * `sign` says how a log is known to be of a format; the first row that fits is it:
 *   columns   a,b|c    its heading has a column a, and one of b and c
 *             =Tcn     most rows are of these kinds (there is no heading)
 *             ,        most rows have the same number of columns, two or more
 *   words     @"cwn    most lines begin with words of these kinds; *@: counted from the date
 *             [        most have a date in brackets, or behind it a request in quotes
 *             =        most have two keys (key=value)
 *   labels    :        most have two labels
 *   object, tree  a,b=x|c    most objects have a key a and a key b that is x, or a key c
 *   any       ^RUN     the first line begins with that
 *             ~a|~b    one of the first lines has a, or b
 *   NULL      anything that can be cut so
 * Kinds: @ date, " in quotes, w any word, c status code or -, n number or -, u number with a unit,
 * e seconds since 1970 with decimals, M and T milli- and nanoseconds since 1970, b true or false,
 * / three numbers or more between slashes, * anything.
 *
 * Columns (`arrival`, `end`, `size`, ...) are headings, keys, numbers from 1, date+3, request+5
 * (words behind the date, and behind the request, the first in quotes), last, last-1, and of these
 * a part between slashes (date+3/last). a|b: the first of them that is there. a&b: of times a date
 * and a time of day, of sizes a sum. NULL: found by their names and by what stands in them
 * (learn.h).
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "tokens.h"

/* What a size is. */
enum held {
    HELD_BY_NAME, /* the column's name says it, or nobody */
    HELD_LATENCY, /* the time of a request as its client saw it: it holds the wait */
    HELD_SIZE     /* how long a task kept a consumer busy */
};

struct format {
    const char *name; /* as --format has it; rows of one name are variants of one format */
    const char *of;   /* whose it is, for people */
    enum cut cut;
    char separator; /* columns; 0: found */
    const char *sign;
    const char *arrival; /* time of the start; */
    const char *end;     /* of the end: the arrival is then that less the size, */
    const char *size;    /* and with both the size is their difference */
    double unit;         /* seconds that a size of 1 stands for; 0: not said */
    double tick;         /* and a time of 1, where times are numbers; 0: by how large they are */
    enum held held;
    const char *only;    /* lines that are tasks: column=text, several between blanks */
    const char *tree;    /* where the objects are in a file of JSON; NULL: anywhere */
    const char *count;   /* column of how many processors a job takes */
    const char *refusal; /* the format has no tasks: what would help */
};

extern const struct format formats[]; /* `name` NULL ends them */

/* What --format takes: auto, the different names, metrics; NULL-ended. And the first row of a name,
 * or NULL. */
const char *const *format_names(void);
const struct format *format_named(const char *name);

/* The first lines of a log that are not empty, as they are. */
enum { SAMPLE_LINES = 100 };
struct sample_lines {
    int n;
    char *line[SAMPLE_LINES];
    long number[SAMPLE_LINES];
    char *fields; /* the line `#Fields: ...` of W3C logs; NULL: there is none */
    json_t *tree; /* of a whole file of JSON; borrowed */
};

/* Whether a log is of a format. */
bool format_fits(const struct format *format, const struct sample_lines *sample);

/* Cuts line i of the sample as the format does, into a copy in `room` (LINE_MOST + 1 bytes). */
bool format_cut(const struct format *format, char separator, const struct sample_lines *sample,
                int i, char *room, struct record *record);

/* The sign that separates columns in most lines, in the same number. */
char format_separator(const struct format *format, const struct sample_lines *sample);

#endif
