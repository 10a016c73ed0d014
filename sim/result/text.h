/*
 * Text that grows at its end, for files of many short pieces: stdio locks, looks at formats and
 * buffers once more for each of them. The zeroed value is empty; `bytes` is the holder's to free.
 */
#ifndef TEXT_H
#define TEXT_H

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct text {
    char *bytes;
    size_t n, capacity;
};

/* Room for so many more bytes, and where they go; the caller adds to `n` what it writes there. */
char *text_room(struct text *text, size_t more);

/* So many pieces of text one after the other into a file: made by up to `threads` threads, in any
 * order, and written in theirs. */
void text_parts(FILE *file, unsigned threads, size_t n,
                void (*part)(struct text *text, const void *context, size_t i),
                const void *context);

enum { COUNT_TEXT = 20 }; /* digits of a 64-bit number */

/* Writes the digits and returns what follows them. */
static inline char *text_digits(char *to, uint64_t n)
{
    char digits[COUNT_TEXT];
    size_t i = COUNT_TEXT;
    do
        digits[--i] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    memcpy(to, digits + i, COUNT_TEXT - i);
    return to + (COUNT_TEXT - i);
}

static inline void text_add(struct text *text, const char *bytes, size_t n)
{
    memcpy(text_room(text, n), bytes, n);
    text->n += n;
}

static inline void text_put(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

static inline void text_char(struct text *text, char c)
{
    text_add(text, &c, 1);
}

static inline void text_count(struct text *text, uint64_t n)
{
    char *to = text_room(text, COUNT_TEXT);
    text->n += (size_t)(text_digits(to, n) - to);
}

#endif
