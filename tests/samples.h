/*
 * The same requests in the layouts of many logs: what is read of them must be the same.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stdio.h>

enum { SAMPLE_REQUESTS = 400 };

struct request {
    long long start, size; /* milliseconds since 1970, and of the request */
    int k;
};

/* Poisson, 20 a second, 114 ms on average; once make_requests was called. */
extern struct request requests[SAMPLE_REQUESTS];
void make_requests(void);

/* A moment as strftime writes it; `!`: its milliseconds. */
const char *sample_date(const char *format, long long ms);

/* Writes the line, or lines, of a request. */
typedef void line_writer(FILE *out, const struct request *r);

extern const struct sample_of {
    const char *name, *of; /* of a row of formats.h; `of` NULL: another layout of it */
    line_writer *line;
    const char *head;
    double clock; /* step of the times */
    bool sure;    /* nothing about it is a guess */
    double more;  /* what is added to every size */
} samples[];      /* `name` NULL ends them */

/* More of them: access logs (samples_access.c), and dates and columns in other layouts of formats
 * that have a sample already (samples_dated.c). */
extern const struct sample_of access_samples[], dated_samples[];

#endif
