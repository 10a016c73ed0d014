/*
 * The shape of a log: where in its lines the times and sizes stand, and in what units; learnt from
 * its first lines by majority, with what the format (formats.h) and the user say.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "formats.h"
#include "measured.h"
#include "reader.h"

enum { SPOTS = 3, FILTERS = 4 };

/* Columns that make one value: a date and a time of day, or terms of a sum. */
struct spots {
    int n;
    struct column column[SPOTS];
};

struct shape {
    const struct format *format;
    char separator; /* columns */
    int width;      /* columns in every line; 0: any */
    bool heading;   /* there is one, on line: */
    long heading_line;
    int n_headings;
    const char *headings[FIELDS]; /* interned */
    struct spots arrival, end, size;
    struct column class, count;
    struct column only[FILTERS]; /* a task has these texts there */
    const char *only_text[FILTERS];
    int n_only;

    bool from_end;     /* `arrival` is of the end of tasks */
    bool day_first;    /* of dates between slashes */
    double unit, tick; /* seconds that a size, a time, of 1 stands for; tick 0: by its size */
    enum comma comma;  /* of sizes */
    bool unit_guessed; /* nothing says the unit; */
    double other;      /* it might be this one */
    bool size_guessed; /* the column of sizes was chosen by what stands in it */
    bool latency;      /* sizes hold the wait */
    double epoch;      /* the middle of the first times, in their ticks; NAN: there are none */
    bool calendar;     /* times are since 1970, and not since the log's own start */
    const char *arrival_words, *size_words, *class_words; /* for people; interned */
};

/* False with an error: the columns are not to be found. `at`: the log's first line. */
bool shape_learn(const struct format *format, const struct sample_lines *sample,
                 const struct log_options *options, struct place at, struct shape *out,
                 struct errors *errors);

/* ---- of its inside ---- */

/* What is known of a place in the first lines. */
struct trait {
    struct column column;
    const char *name; /* as a user may name it; interned */
    const char *text; /* one that stands there; interned, cut */
    int seen;         /* lines that have it */
    int dates, epochs, numbers, units, codes, whole, fine; /* fine: three decimals or more */
    int values;                                            /* numbers that are not below 0 */
    double value[SAMPLE_LINES], sum, low, high;
};

struct traits {
    int n, room, lines; /* lines: that were looked at */
    bool any;           /* names alone decide: what stands there is of no use */
    struct trait *trait;
};

/* Of all places in the lines that a shape takes for tasks. */
void traits_find(const struct shape *shape, const struct sample_lines *sample,
                 struct traits *traits);
void traits_free(struct traits *traits);

/* What a name says: how good a name it is (0 is the best; -1: none), and of what unit. `unsure`: a
 * time may be of either end; a size is a latency. */
enum role { ROLE_ARRIVAL, ROLE_END, ROLE_SIZE };
int name_rank(enum role role, const char *name, double *unit, bool *unsure);

/* Choose among the traits, by their names or by what stands in them; -1: none will do. */
int trait_time(const struct traits *traits, enum role role, bool named);
int trait_size(const struct traits *traits, const struct shape *shape, int arrival, bool *guessed,
               double *unit, bool *latency);

/* The value of places in a line. False: the line has none, or (`wrong`) what stands there is no
 * number. */
bool spots_text(struct record *record, const struct spots *spots, char *room, size_t size,
                const char **text);
bool spots_measured(struct record *record, const struct spots *spots, enum comma comma, double unit,
                    struct measured *out, const char **wrong);

/* Sets the unit of a shape's sizes, where neither format nor column nor values say it: the one in
 * which sizes and load are most probable. */
void shape_guess_unit(struct shape *shape, const struct sample_lines *sample);

/* Whether the line passes the filters. */
bool shape_takes(const struct shape *shape, struct record *record);

#endif
