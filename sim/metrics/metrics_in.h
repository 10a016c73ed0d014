/*
 * The inside of metrics.h: what was read, before a histogram is chosen.
 *
 * A sample is kept for each bucket, sum, count and creation time that a line gives; what they are
 * of is a series (a family's name with its labels but `le`), by number.
 */
#ifndef METRICS_IN_H
#define METRICS_IN_H

#include "exposition.h"
#include "metrics.h"

enum sample_kind { SAMPLE_BUCKET, SAMPLE_COUNT, SAMPLE_SUM, SAMPLE_CREATED };

struct metric_sample {
    uint32_t series;
    int file, line;
    enum sample_kind kind;
    double le, value;
    double time;   /* NAN: none */
    double scrape; /* what orders them: the time, or the number of the scrape */
};

struct family {
    char *name;
    const char *type, *unit;   /* interned; NULL: not said */
    bool buckets, points;      /* lines with le, with quantile */
    uint32_t first_of_buckets; /* line: where it was met */
};

/* Labels as a text that equal sets have in common: "\2name\1value" for each, by name. */
struct series {
    uint32_t family;
    char *labels;
};

/* Texts by number, found again by their hash. */
struct names {
    size_t n, room;
    uint32_t *slot; /* number + 1; 0: free */
    size_t slots;
};

struct metrics {
    const char *file[64];
    int files;
    struct family *family;
    struct series *series;
    struct names families, all_series;
    struct metric_sample *sample;
    size_t samples, samples_room;
    struct scraped facts; /* lines, bad ones */
};

/* One more thing that cannot be used. */
void metrics_bad(struct scraped *facts, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The text of a series for messages: name{label="value"}, cut to what is short. */
void metrics_series_text(const struct metrics *metrics, uint32_t series, char out[120]);

/* The samples of a family whose series have all the labels, in the order of series, scrape and le;
 * xmalloc'ed. */
struct metric_sample *metrics_samples_of(const struct metrics *metrics, uint32_t family,
                                         const struct exposition *selector, size_t *n, bool *timed);

/* Adds up the increases of these samples. False: nothing is left. */
bool metrics_merge(const struct metrics *metrics, struct metric_sample *samples, size_t n,
                   bool timed, double unit, struct scraped *out);

#endif
