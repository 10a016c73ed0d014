#include "deflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../sim/result/crew.h"

enum { LEVEL = 3, WINDOW_BITS = 15, WINDOW = 1 << WINDOW_BITS, MEMORY_LEVEL = 9, FILTER_UP = 2 };

/* Consecutive rows of the picture. */
struct piece {
    unsigned char *bytes; /* compressed */
    size_t size;
    size_t raw; /* bytes before */
    uLong sum;  /* Adler-32 of those */
    bool good;
};

struct work {
    const unsigned char *rows;
    size_t stride, height;
    size_t each; /* rows of a piece */
    size_t n;    /* pieces */
    struct piece *pieces;
};

/* Rows from `first` on, each behind the number of its filter. */
static void filter(const struct work *work, size_t first, size_t n, unsigned char *to)
{
    const size_t stride = work->stride; /* a store of bytes might change the one in memory */
    for (size_t y = first; y < first + n; y++) {
        const unsigned char *row = work->rows + y * stride, *above = row - stride;
        *to++ = FILTER_UP;
        if (y == 0)
            memcpy(to, row, stride);
        else
            for (size_t x = 0; x < stride; x++)
                to[x] = (unsigned char)(row[x] - above[x]);
        to += stride;
    }
}

static bool compress_piece(const unsigned char *dictionary, size_t known, const unsigned char *raw,
                           bool last, struct piece *piece)
{
    z_stream z = {0};
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    enum { MARK = 16 }; /* what a flush adds at the most */
    size_t room = deflateBound(&z, piece->raw) + MARK;
    piece->bytes = xmalloc(room);
    if (known > 0)
        deflateSetDictionary(&z, dictionary, (uInt)known);
    z.next_in = (unsigned char *)(uintptr_t)raw; /* zlib only reads it */
    z.avail_in = (uInt)piece->raw;
    z.next_out = piece->bytes;
    z.avail_out = (uInt)room;
    int status = deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH);
    piece->size = room - z.avail_out;
    deflateEnd(&z);
    return status == (last ? Z_STREAM_END : Z_OK) && z.avail_in == 0;
}

static void compress_turn(void *context, size_t i)
{
    const struct work *work = context;
    struct piece *piece = &work->pieces[i];
    size_t line = work->stride + 1, first = i * work->each;
    size_t rows = work->height - first < work->each ? work->height - first : work->each;
    size_t before = (WINDOW + line - 1) / line; /* rows that the window reaches back to */
    before = before < first ? before : first;
    unsigned char *raw = xmalloc((before + rows) * line);
    filter(work, first - before, before + rows, raw);
    const unsigned char *begin = raw + before * line;
    size_t known = before * line < WINDOW ? before * line : WINDOW;
    piece->raw = rows * line;
    piece->sum = adler32(adler32(0, NULL, 0), begin, (uInt)piece->raw);
    piece->good = compress_piece(begin - known, known, begin, i + 1 == work->n, piece);
    free(raw);
}

/* Head of the stream (RFC 1950: deflate, window of 32 kB), pieces, checksum. */
static bool join(const struct work *work, struct bytes *out)
{
    enum { HEAD = 2, SUM = 4 };
    size_t size = HEAD + SUM;
    bool good = true;
    for (size_t i = 0; i < work->n; i++) {
        size += work->pieces[i].size;
        good = good && work->pieces[i].good;
    }
    if (!good)
        return false;
    out->size = size;
    unsigned char *at = out->data = xmalloc(size);
    *at++ = 0x78;
    *at++ = 0x5e;
    uLong sum = adler32(0, NULL, 0);
    for (size_t i = 0; i < work->n; i++) {
        const struct piece *piece = &work->pieces[i];
        memcpy(at, piece->bytes, piece->size);
        at += piece->size;
        sum = adler32_combine(sum, piece->sum, (z_off_t)piece->raw);
    }
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (unsigned char)(sum >> shift);
    return true;
}

bool deflate_rows(const unsigned char *rows, size_t stride, size_t height, unsigned threads,
                  struct bytes *out)
{
    size_t each = DEFLATE_PIECE / (stride + 1);
    struct work work = {rows, stride, height, each > 0 ? each : 1, 0, NULL};
    work.n = (height + work.each - 1) / work.each;
    work.pieces = xcalloc(work.n, sizeof *work.pieces);
    *out = (struct bytes){0};
    crew_each(threads, work.n, compress_turn, &work);
    bool good = join(&work, out);
    for (size_t i = 0; i < work.n; i++)
        free(work.pieces[i].bytes);
    free(work.pieces);
    return good;
}

const char *deflate_library(void)
{
    return zlibVersion();
}
