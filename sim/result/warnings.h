/*
 * Warnings of several results, those alike said once; and what a warning says without its advice.
 *
 * A warning is a line of result_warnings: what is the matter, where it speaks of columns " in 12 of
 * 200 columns (PARAMETER 1.99 to 1.5)", and behind a colon, a semicolon or a comma what to do about
 * it. Two are alike where they differ in columns and numbers only.
 */
#ifndef WARNINGS_H
#define WARNINGS_H

#include "result.h"

struct warning {
    const char *text; /* that of one result: the one with it in the most columns; interned */
    size_t from;      /* which one that is */
    size_t n;         /* results that have one like it */
    size_t *in;       /* which, in their order; owned */
    bool same;        /* word for word in all of these */
};

/* In the order in which they come; *n of them, to be given to warnings_free. */
struct warning *warnings_of(const struct result *const *results, size_t count, size_t *n);
void warnings_free(struct warning *warnings, size_t n);

/* "unstable in 12 of 200 columns"; and without the columns: "unstable". Interned. */
const char *warning_brief(const char *text);
const char *warning_kind(const char *text);

#endif
