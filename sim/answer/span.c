#include "span.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

enum { STEPS = 50, MOST_VALUES = 512 };
#define MOST_WHOLE 1e6 /* whole numbers in a range */

static bool take(struct scenario *s, struct span *out, const char *text, struct place at,
                 double *value, struct errors *errors)
{
    if (!param_set(s, out->path, text, at, errors))
        return false;
    *value = param_get(s, &out->ref);
    if (isnan(*value))
        return error_at(errors, at, "%s: no value", out->path);
    return param_in_range(&out->ref, *value) ||
           error_at(errors, at, "%s: %s is nothing that can be looked for", out->path, text);
}

/* The largest of 1, 2, 5 times a power of ten that is not above x. */
static double round_down(double x)
{
    double decade = pow(10, floor(log10(x)));
    return x >= 5 * decade ? 5 * decade : x >= 2 * decade ? 2 * decade : decade;
}

static bool take_range(struct scenario *s, const char *text, const char *dots, struct place at,
                       struct span *out, struct errors *errors)
{
    const char *low = internf("%.*s", (int)(dots - text), text);
    if (!take(s, out, dots + 2, at, &out->high, errors) ||
        !take(s, out, low, at, &out->low, errors))
        return false;
    if (!(out->low < out->high))
        return error_at(errors, at, "%s: LOW..HIGH goes upwards", text);
    if (isinf(out->high))
        return error_at(errors, at, "a range has an end: give a number in place of 'unbounded'");
    out->step = 1;
    if (out->ref.kind != PARAM_COUNT) {
        out->resolution = round_down((out->high - out->low) / STEPS);
        out->step = out->resolution / SPAN_STEPS;
    }
    double steps = ceil((out->high - out->low) / out->step - 1e-9);
    if (steps >= MOST_WHOLE)
        return error_at(errors, at, "%.0f values: at most a million can be searched", steps + 1);
    out->n = (size_t)steps + 1;
    return true;
}

static int upwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool take_list(struct scenario *s, const char *text, struct place at, struct span *out,
                      struct errors *errors)
{
    double *values = xmalloc(MOST_VALUES * sizeof *values);
    for (const char *end; text; text = end ? end + 1 : NULL) {
        end = strchr(text, ',');
        if (out->n == MOST_VALUES ||
            !take(s, out, internf("%.*s", end ? (int)(end - text) : (int)strlen(text), text), at,
                  &values[out->n], errors)) {
            bool many = out->n == MOST_VALUES;
            free(values);
            return many && error_at(errors, at, "more than %d values", MOST_VALUES);
        }
        out->n++;
    }
    qsort(values, out->n, sizeof *values, upwards);
    size_t n = 1;
    for (size_t i = 1; i < out->n; i++)
        if (values[i] != values[n - 1])
            values[n++] = values[i];
    out->n = n;
    out->low = values[0];
    out->high = values[n - 1];
    out->values = values;
    param_put(s, &out->ref, out->low);
    return true;
}

bool span_parse(struct scenario *s, const char *path, const char *text, struct place at,
                struct span *out, struct errors *errors)
{
    *out = (struct span){.path = path};
    if (!param_find(s, path, at, &out->ref, errors))
        return false;
    if (!param_is_numeric(&out->ref) || out->ref.kind == PARAM_FLAG)
        return error_at(errors, at, "'%s' is not a number: it has no smallest value to look for",
                        path);
    out->unit = param_unit(&out->ref);
    const char *dots = strstr(text, "..");
    if (!dots && !strchr(text, ','))
        return error_at(errors, at,
                        "'%s' is one value: plan takes PATH=LOW..HIGH or PATH=V1,V2,..., such as "
                        "consumers.count=1..64",
                        text);
    return dots ? take_range(s, text, dots, at, out, errors) : take_list(s, text, at, out, errors);
}

void span_free(struct span *span)
{
    free(span->values);
    span->values = NULL;
}

double span_value(const struct span *span, size_t i)
{
    if (span->values)
        return span->values[i];
    return i + 1 == span->n ? span->high : span->low + (double)i * span->step;
}

void span_put(const struct span *span, size_t i, struct scenario *s)
{
    param_put(s, &span->ref, span_value(span, i));
}

const char *span_text(const struct span *span, double value)
{
    char text[64];
    unit_human(span->unit, value, 5, text, sizeof text);
    return intern(text);
}
