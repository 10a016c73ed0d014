/*
 * Lines of the text in which metrics are exposed: Prometheus text format 0.0.4 and OpenMetrics 1.0
 * (prometheus.io/docs/instrumenting/exposition_formats; openmetrics.io, section "Text Format").
 *
 *   # TYPE name histogram                            # UNIT name seconds            # EOF
 *   name_bucket{path="/pay",le="0.25"} 17 1700000000.5 # {trace_id="a"} 0.2 1700000000
 *   {"name.with.dots",path="/pay"} 17
 *
 * Names and labels are read with their escapes taken away; exemplars are left out; HELP and other
 * comments are nothing. A time from 1e11 on is in milliseconds, as 0.0.4 has it, a smaller one in
 * seconds, as OpenMetrics has it (1e11 s is in the year 5138, 1e11 ms in 1973).
 */
#ifndef EXPOSITION_H
#define EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>

enum exposition_kind {
    EXPOSITION_NOTHING, /* an empty line, a comment */
    EXPOSITION_TYPE,    /* name and word: its type */
    EXPOSITION_UNIT,    /* name and word: its unit */
    EXPOSITION_EOF,
    EXPOSITION_SAMPLE
};

enum { EXPOSITION_LABELS = 64 };
struct exposition {
    enum exposition_kind kind;
    const char *name, *word;
    int labels; /* in the order of the line */
    struct exposition_label {
        const char *name, *value;
    } label[EXPOSITION_LABELS];
    double value; /* may be NAN or infinite */
    double time;  /* seconds; NAN: none */
};

/* Reads a line, which is written on; texts point into it. False, with a constant `why`, where it is
 * none of these. */
bool exposition_read(char *line, struct exposition *out, const char **why);

/* A number as these files have it: decimal, NaN, +Inf or -Inf, the whole of `text`. */
bool exposition_number(const char *text, double *value);

/* Reads `NAME` or `NAME{label="value",...}`, as a query has it, into name and labels. */
bool exposition_selector(char *text, struct exposition *out, const char **why);

/* Whether a line looks as if it were from such a file, and from no other that is read here: TYPE or
 * UNIT of a metric, or a sample. The line is not kept. */
bool exposition_is_likely(char *line);

#endif
