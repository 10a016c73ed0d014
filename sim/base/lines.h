/*
 * Lines of a file, plain or .gz (zlib), of a pipe, or of text in memory; one at a time, in constant
 * memory, and again from the beginning as often as is wanted.
 *
 * A file is opened once. What cannot be read twice (standard input, called "-"; a pipe; /dev/fd/63)
 * is copied to a scratch file first, so that it gives what a file of the same bytes does.
 *
 * Files come from anywhere: a line that cannot be used (over LINE_MOST bytes, a NUL byte) is given
 * with a word on why, and reading goes on behind it. A byte order mark and the ends of lines (LF,
 * CR LF) are taken away; UTF-16, known by its mark or by the zeros of its first two letters, is
 * read as UTF-8.
 */
#ifndef LINES_H
#define LINES_H

#include "err.h"

enum { LINE_MOST = 65536 };

struct lines;

/* NULL, with an error at `at`, where the file cannot be opened, or is packed otherwise than by
 * gzip. */
struct lines *lines_open(const char *file, struct place at, struct errors *errors);

/* Of a text, which is borrowed. */
struct lines *lines_of(const char *text, size_t size);

/* The next line, NUL-terminated, to be written on; it lives until the next call. NULL at the end.
 * `why` is NULL, or what is wrong with it: it is then empty. */
char *lines_next(struct lines *lines, const char **why);

/* The next bytes, at most `size` of them and across lines; 0 at the end. */
size_t lines_bytes(struct lines *lines, char *out, size_t size);

/* Back to the first line. */
void lines_rewind(struct lines *lines);

/* Number of the line that lines_next gave last, from 1. */
long lines_number(const struct lines *lines);

/* Whether the bytes are not those of the file as it is: they were UTF-16, or a pipe's. */
bool lines_are_copied(const struct lines *lines);

/* What stopped the reading before the end of the file (damaged data, a failing disk), else NULL. */
const char *lines_damage(const struct lines *lines);

void lines_close(struct lines *lines);

#endif
