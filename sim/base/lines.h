/*
 * Lines of a file, plain or .gz (zlib), or of text in memory; one at a time, in constant memory.
 *
 * Files come from anywhere: a line that cannot be used (over LINE_MOST bytes, a NUL byte) is given
 * with a word on why, and reading goes on behind it. A byte order mark and the ends of lines (LF,
 * CR LF) are taken away.
 */
#ifndef LINES_H
#define LINES_H

#include "err.h"

enum { LINE_MOST = 65536 };

struct lines;

/* NULL, with an error at `at`, where the file cannot be opened. */
struct lines *lines_open(const char *file, struct place at, struct errors *errors);

/* Of a text, which is borrowed. */
struct lines *lines_of(const char *text, size_t size);

/* The next line, NUL-terminated, to be written on; it lives until the next call. NULL at the end.
 * `why` is NULL, or what is wrong with it: it is then empty. */
char *lines_next(struct lines *lines, const char **why);

/* Number of the line that lines_next gave last, from 1. */
long lines_number(const struct lines *lines);

/* What stopped the reading before the end of the file (damaged data, a failing disk), else NULL. */
const char *lines_damage(const struct lines *lines);

void lines_close(struct lines *lines);

#endif
