#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "scratch.h"
#include "utf16.h"

enum { CHUNK_BYTES = 1 << 18, PIECE_BYTES = 1 << 13 /* on the stack */ };

struct lines {
    int file;         /* -1: memory */
    off_t start;      /* where reading began */
    gzFile stream;    /* NULL: memory, or a file at its end */
    const char *text; /* in memory */
    size_t size, taken;
    bool begun, copied;
    struct utf16 utf16; /* of what kind the bytes are */
    const char *damage;
    long number;
    size_t from, to; /* what is in the buffer */
    char buffer[LINE_MOST + CHUNK_BYTES + 1];
};

/* ---- bytes ---- */

static void note_damage(struct lines *lines)
{
    int code;
    const char *what = gzerror(lines->stream, &code);
    if (code == Z_MEM_ERROR)
        out_of("out of memory", "to read a file");
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

/* Bytes as they are, at most `size`; 0 at the end. */
static size_t take_raw(struct lines *lines, char *out, size_t size)
{
    if (lines->file < 0) {
        size_t left = lines->size - lines->taken, got = left < size ? left : size;
        if (got > 0)
            memcpy(out, lines->text + lines->taken, got);
        lines->taken += got;
        return got;
    }
    if (!lines->stream)
        return 0;
    int n = gzread(lines->stream, out, (unsigned)size);
    if (n < 0)
        note_damage(lines);
    if (n <= 0)
        end_stream(lines);
    return n > 0 ? (size_t)n : 0;
}

/* More bytes into the buffer; false where there are none. Room: LINE_MOST bytes may be there. */
static bool more(struct lines *lines)
{
    memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    char *at = lines->buffer + lines->to, raw[PIECE_BYTES];
    if (lines->begun && lines->utf16.order == UTF16_NOT) {
        size_t got = take_raw(lines, at, CHUNK_BYTES);
        lines->to += got;
        return got > 0;
    }
    size_t got = take_raw(lines, raw, sizeof raw);
    size_t mark = lines->begun ? 0 : utf16_begin(&lines->utf16, raw, got);
    lines->begun = true;
    if (lines->utf16.order != UTF16_NOT) {
        lines->copied = true;
        lines->to += utf16_read(&lines->utf16, raw + mark, got - mark, at);
    } else {
        memcpy(at, raw + mark, got - mark);
        lines->to += got - mark;
    }
    return got > 0;
}

/* ---- opening ---- */

/* What the first bytes say of a file that is packed, but not by gzip; NULL: nothing. */
static const char *unpacker(const struct lines *lines)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *program;
    } kinds[] = {{"\x28\xb5\x2f\xfd", 4, "zstdcat"},
                 {"\xfd\x37zXZ", 5, "xzcat"},
                 {"BZh", 3, "bzcat"},
                 {"PK\x03\x04", 4, "unzip -p"},
                 {"\x04\x22\x4d\x18", 4, "lz4cat"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (lines->to - lines->from >= kinds[i].size &&
            memcmp(lines->buffer + lines->from, kinds[i].magic, kinds[i].size) == 0)
            return kinds[i].program;
    return NULL;
}

/* All that comes out of a pipe, into a file that can be read again; its descriptor, or -1. */
static int copy_of(int pipe, const char **why)
{
    char bytes[PIECE_BYTES];
    int file = scratch_open(why);
    for (ssize_t n = 1; file >= 0 && n != 0;) {
        n = read(pipe, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            *why = internf("cannot be read: %s", strerror(errno));
        else
            *why = scratch_write(file, bytes, (size_t)n);
        if (*why) {
            close(file);
            return -1;
        }
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

/* A descriptor that can be read again from `start`; -1 with an error. */
static int open_file(const char *name, bool *copied, off_t *start, struct place at,
                     struct errors *errors)
{
    const char *why = NULL;
    struct stat facts;
    int file = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0) {
        error_at(errors, at, "cannot be opened: %s", strerror(errno));
        if (file >= 0)
            close(file);
        return -1;
    }
    *start = S_ISREG(facts.st_mode) ? lseek(file, 0, SEEK_CUR) : -1;
    *copied = *start < 0 && !S_ISDIR(facts.st_mode);
    if (*copied) {
        int copy = copy_of(file, &why);
        close(file);
        file = copy;
        *start = 0;
    }
    if (file < 0)
        error_at(errors, at, "%s", why);
    return file;
}

static bool begin_stream(struct lines *lines)
{
    int file = dup(lines->file);
    lines->stream = file < 0 ? NULL : gzdopen(file, "rb");
    if (!lines->stream && file >= 0)
        out_of("out of memory", "to read a file");
    if (lines->stream)
        gzbuffer(lines->stream, CHUNK_BYTES);
    return lines->stream != NULL;
}

struct lines *lines_open(const char *file, struct place at, struct errors *errors)
{
    struct lines *lines = xcalloc(1, sizeof *lines);
    lines->file = open_file(file, &lines->copied, &lines->start, at, errors);
    bool good = lines->file >= 0;
    if (good && !begin_stream(lines))
        good = error_at(errors, at, "cannot be opened: %s", strerror(errno ? errno : ENOMEM));
    const char *program = good && more(lines) ? unpacker(lines) : NULL;
    if (program)
        good = error_at(errors, at,
                        "is packed, and not by gzip: unpack it on the way, as by `%s FILE | "
                        "queuescope fit -`",
                        program);
    if (good)
        return lines;
    lines_close(lines);
    return NULL;
}

struct lines *lines_of(const char *text, size_t size)
{
    struct lines *lines = xcalloc(1, sizeof *lines);
    lines->file = -1;
    lines->text = text;
    lines->size = size;
    return lines;
}

void lines_rewind(struct lines *lines)
{
    if (lines->stream)
        gzclose(lines->stream);
    lines->stream = NULL;
    lines->damage = NULL;
    lines->begun = false;
    lines->number = 0;
    lines->from = lines->to = lines->taken = 0;
    if (lines->file >= 0 &&
        (lseek(lines->file, lines->start, SEEK_SET) < 0 || !begin_stream(lines)))
        lines->damage = "it cannot be read again";
}

/* ---- lines ---- */

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
    return start;
}

size_t lines_bytes(struct lines *lines, char *out, size_t size)
{
    if (lines->from == lines->to && !more(lines))
        return 0;
    size_t n = lines->to - lines->from < size ? lines->to - lines->from : size;
    memcpy(out, lines->buffer + lines->from, n);
    lines->from += n;
    return n;
}

long lines_number(const struct lines *lines)
{
    return lines->number;
}

bool lines_are_copied(const struct lines *lines)
{
    return lines->copied;
}

const char *lines_damage(const struct lines *lines)
{
    return lines->damage;
}

void lines_close(struct lines *lines)
{
    if (lines && lines->stream)
        gzclose(lines->stream);
    if (lines && lines->file >= 0)
        close(lines->file);
    free(lines);
}
