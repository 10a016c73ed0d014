#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK_BYTES = 1 << 18 };

struct lines {
    gzFile stream;    /* NULL: memory, or a file at its end */
    const char *text; /* what is left in memory */
    size_t left;
    const char *damage;
    long number;
    size_t from, to; /* what is in the buffer */
    char buffer[LINE_MOST + CHUNK_BYTES + 1];
};

struct lines *lines_open(const char *file, struct place at, struct errors *errors)
{
    errno = 0;
    gzFile stream = gzopen(file, "rb");
    if (!stream) {
        error_at(errors, at, "cannot be opened: %s", strerror(errno ? errno : ENOMEM));
        return NULL;
    }
    gzbuffer(stream, CHUNK_BYTES);
    struct lines *lines = xcalloc(1, sizeof *lines);
    lines->stream = stream;
    return lines;
}

struct lines *lines_of(const char *text, size_t size)
{
    struct lines *lines = xcalloc(1, sizeof *lines);
    lines->text = text;
    lines->left = size;
    return lines;
}

static void note_damage(struct lines *lines)
{
    int code;
    const char *what = gzerror(lines->stream, &code);
    if (code == Z_ERRNO)
        what = strerror(errno);
    else if (code == Z_BUF_ERROR)
        what = "it ends in the middle of compressed data";
    lines->damage = intern(code == Z_OK || !*what ? "it cannot be read" : what);
}

static void end_stream(struct lines *lines)
{
    /* zlib tells of a file that was cut off only when it is closed. */
    if (gzclose(lines->stream) != Z_OK && !lines->damage)
        lines->damage = "it ends in the middle of compressed data";
    lines->stream = NULL;
}

/* More bytes into the buffer; false where there are none. Room: LINE_MOST bytes may be there. */
static bool more(struct lines *lines)
{
    memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    size_t got = 0;
    if (lines->stream) {
        int n = gzread(lines->stream, lines->buffer + lines->to, CHUNK_BYTES);
        if (n < 0)
            note_damage(lines);
        if (n <= 0)
            end_stream(lines);
        got = n > 0 ? (size_t)n : 0;
    } else if (lines->left > 0) {
        got = lines->left < CHUNK_BYTES ? lines->left : CHUNK_BYTES;
        memcpy(lines->buffer + lines->to, lines->text, got);
        lines->text += got;
        lines->left -= got;
    }
    lines->to += got;
    return got > 0;
}

/* Goes behind the end of a line that is too long. */
static void skip(struct lines *lines)
{
    for (;;) {
        char *start = lines->buffer + lines->from;
        char *end = memchr(start, '\n', lines->to - lines->from);
        lines->from = end ? (size_t)(end + 1 - lines->buffer) : lines->to;
        if (end || !more(lines))
            return;
    }
}

char *lines_next(struct lines *lines, const char **why)
{
    char *end;
    size_t seen = 0;
    *why = NULL;
    while (
        !(end = memchr(lines->buffer + lines->from + seen, '\n', lines->to - lines->from - seen))) {
        seen = lines->to - lines->from;
        if (seen > LINE_MOST || !more(lines))
            break;
    }
    char *start = lines->buffer + lines->from;
    size_t length = end ? (size_t)(end - start) : lines->to - lines->from;
    if (!end && length == 0)
        return NULL;
    lines->number++;
    if (length > LINE_MOST) {
        skip(lines);
        *why = "the line is longer than 65536 characters";
        lines->buffer[sizeof lines->buffer - 1] = '\0';
        return lines->buffer + sizeof lines->buffer - 1;
    }
    lines->from += length + (end ? 1 : 0);
    start[length] = '\0';
    if (memchr(start, '\0', length)) {
        *why = "the line holds a NUL byte";
        *start = '\0';
        return start;
    }
    while (length > 0 && start[length - 1] == '\r')
        start[--length] = '\0';
    return lines->number == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0 ? start + 3 : start;
}

long lines_number(const struct lines *lines)
{
    return lines->number;
}

const char *lines_damage(const struct lines *lines)
{
    return lines->damage;
}

void lines_close(struct lines *lines)
{
    if (lines && lines->stream)
        gzclose(lines->stream);
    free(lines);
}
