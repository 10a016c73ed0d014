/*
 * A span: the values that one key of a scenario may take, in order.
 *
 *   LOW..HIGH    of a count: every whole number; of any other number: steps of a quarter of its
 *                resolution, which is a fiftieth of the range, rounded down to 1, 2 or 5 times a
 *                power of ten
 *   V1,V2,...    just these, put in order
 *
 * Values are numbered from 0, upwards.
 */
#ifndef SPAN_H
#define SPAN_H

#include "../scenario/scenario.h"

/* Steps in a resolution: with four, wherever the truth lies, there are two values no further apart
 * than the resolution and both at least three eighths of it away from the truth. */
enum { SPAN_STEPS = 4 };

struct span {
    const char *path; /* interned */
    struct param_ref ref;
    enum unit unit;
    size_t n;
    double *values; /* a list, in order; NULL: a range */
    double low, high, step;
    double resolution; /* aimed at (search.c); 0: every value there is is tried */
    double cost;       /* of one unit of it */
};

/* Reads the values, for span_free; the key in `s` is left at the lowest. */
bool span_parse(struct scenario *s, const char *path, const char *text, struct place at,
                struct span *out, struct errors *errors);
void span_free(struct span *span);

double span_value(const struct span *span, size_t i);
void span_put(const struct span *span, size_t i, struct scenario *s);

/* The value for people, "8" or "43.5 /s"; interned. */
const char *span_text(const struct span *span, double value);

#endif
