/*
 * Errors as sentences with a place.
 *
 * A function that can fail takes a `struct errors *`, adds what is wrong to it and returns false.
 * An error carries where (file, line, column; or the option that brought the text), what is wrong,
 * and, where one is known, what would be right. Bugs are `assert`; running out of memory ends the
 * program. Only tools/ prints.
 *
 * Invariants: `n` counts every error added; the first ERRORS_KEPT are kept as text.
 */
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ERRORS_KEPT = 20, ERROR_TEXT = 512, PLACE_SOURCE = 200 /* bytes shown of a source */ };

/* Where a text came from. `source` is a file name, or an option such as "--set"; line and column
 * count from 1; line 0 means that the source has no lines. The zeroed value is "nowhere". */
struct place {
    const char *source;
    int line, column;
};

struct errors {
    size_t n;
    char text[ERRORS_KEPT][ERROR_TEXT];
};

/* Adds "source:line:column: error: ..." (printf style). Always returns false, so that a failing
 * function can end with `return error_at(...)`. */
bool error_at(struct errors *errors, struct place at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether all of it is UTF-8 without control characters and line separators: messages quote what
 * others wrote, and must not steer a terminal. */
bool text_is_clean(const char *text);

/* The string kept for the life of the program, equal strings as one pointer. Scenario values hold
 * their texts this way, so that they can be copied with `=`. */
const char *intern(const char *text);

/* printf into an interned string. */
/* FNV-1a of a text (Fowler, Noll, Vo 1991). */
uint32_t hash_name(const char *name);

const char *internf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The handler of the GSL's errors is set before main, by err.c, to one that returns: whoever calls
 * the GSL looks at what comes back (a status other than GSL_SUCCESS, NAN). */

/* Ends the program with a sentence, where something that everything rests on has failed and there
 * is nobody to return to: memory, the disk. */
_Noreturn void out_of(const char *what, const char *why);

/* malloc, calloc and realloc that end the program with a sentence when memory is out. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xaligned(size_t size); /* zeroed, on a cache line of its own; plain free() */
void *xrealloc(void *old, size_t size);

/* A text that is written piece by piece. xstream_end gives it: the *text (free()) and *size of
 * xstream. Both end the program with a sentence when memory is out. */
FILE *xstream(char **text, size_t *size);
char *xstream_end(FILE *stream, char *const *text);

/* The entry of `names` (NULL ends it) nearest to `word` by Damerau-Levenshtein distance (Damerau
 * 1964), or NULL where none is near enough to be worth suggesting. */
const char *nearest(const char *word, const char *const *names);

#endif
