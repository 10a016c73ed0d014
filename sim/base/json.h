/*
 * JSON: over jansson, which nobody else includes.
 *
 * As our files have it: numbers that are whole are written as such (8, not 8.0), others with 15
 * digits; what is not known, or has no limit, is null. Objects are filled in the order in which
 * they are to be read.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static inline void json_put_count(json_t *object, const char *key, uint64_t n)
{
    json_object_set_new(object, key, json_integer((json_int_t)n));
}

static inline void json_put_number(json_t *object, const char *key, double x)
{
    bool whole = fabs(x) < 0x1p53 && x == floor(x);
    json_object_set_new(object, key,
                        !isfinite(x) ? json_null()
                        : whole      ? json_integer((json_int_t)x)
                                     : json_real(x));
}

static inline void json_put_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

/* Frees `root`; its text is the caller's, NULL where memory is out. */
static inline char *json_finish(json_t *root)
{
    enum { DIGITS = 15 };
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
    json_decref(root);
    return text;
}

#endif
