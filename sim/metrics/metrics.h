/*
 * Classic histograms (buckets with `le`) out of metrics that were exposed or dumped as text, in one
 * scrape or several, of one series or many: counts that merge to one set of bins.
 *
 * Several scrapes are several files, in the order given, or one file in which the same buckets come
 * again (with times, as a dump of a database has them, or without). What a series counts is then
 * its increase from its first scrape to its last; where anything of it falls, or its buckets or its
 * `_created` change, it was started again, and counts from 0. A series that is in one scrape only
 * is left out where others are in several: how much of it is older is not known. Where every
 * series is in one scrape, all counts are taken, since the counters began.
 *
 * Series with other buckets are merged at the bounds that all have. Values are in seconds.
 *
 * Files come from anywhere: what cannot be used is counted, the first of it kept with its place:
 * lines that are none; series whose buckets are not cumulative, or lack both +Inf and _count.
 */
#ifndef METRICS_H
#define METRICS_H

#include "../base/lines.h"
#include "bins.h"

enum { METRICS_BAD_KEPT = 5, METRICS_WHY = 240, METRICS_NOTES = 8 };

struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* Reads one more file (.gz too), or a text in memory, which is borrowed. False with an error where
 * it cannot be opened or read to its end. */
bool metrics_read(struct metrics *metrics, const char *file, struct place at,
                  struct errors *errors);
bool metrics_read_lines(struct metrics *metrics, const char *name, struct lines *lines,
                        struct errors *errors);
bool metrics_read_text(struct metrics *metrics, const char *name, const char *text, size_t size);

/* Whether a file is of this kind, by its first lines; false where it cannot be opened. `lines` are
 * at their beginning, before and after. */
bool metrics_is_likely(const char *file);
bool metrics_are_likely(struct lines *lines);

struct metrics_choice {
    const char *metric; /* NAME or NAME{label="value",...}; NULL: the only histogram there is */
    const char *const *labels; /* more of them, as NAME=VALUE */
    int n_labels;
    double unit; /* seconds that 1 stands for; 0: by UNIT or by name, else a second */
};

struct scraped {
    const char *metric;  /* interned, as are all texts */
    const char *unit;    /* what was found out about it: "seconds, by its name" */
    bool unit_guessed;   /* nothing says what 1 is */
    const char *latency; /* the word of its name that says it is no size ("latency"); NULL: none */
    struct bins bins;    /* owned */
    double edges;        /* bounds of buckets, +Inf among them */
    double rate;         /* per second; NAN: not known */
    double span;         /* seconds between the first and the last scrape; NAN: not known */
    long series, left_out, resets, single, layouts;
    long scrapes; /* the most that a series has */
    long lines, bad;
    int bad_kept;
    const char *first_bad[METRICS_BAD_KEPT]; /* "file:line: why" */
    const char *notes[METRICS_NOTES];        /* what else is to be known; NULL-ended */
};

/* The histogram chosen. False with an error: there is none, or several and none is chosen (which
 * are named), or the one named is a summary or gauge, is in no unit of time, or holds nothing.
 * `at`: of the choice. */
bool metrics_choose(struct metrics *metrics, const struct metrics_choice *choice, struct place at,
                    struct scraped *out, struct errors *errors);
void scraped_free(struct scraped *scraped);

#endif
