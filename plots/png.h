/*
 * PNG in and out (libpng; the only file that knows it; deflate.h packs the pixels).
 *
 * Encoding is deterministic: fixed filter, zlib level and pieces, no time stamp. Decoding takes
 * bytes that nobody vouches for: anything that is not a sound PNG is refused, never a crash, and
 * never more memory than PNG_TEXT_LIMIT per chunk and PNG_PIXEL_LIMIT pixels ask for.
 */
#ifndef PNG_H_QUEUESCOPE
#define PNG_H_QUEUESCOPE

#include "../sim/base/err.h"

enum { PNG_TEXT_LIMIT = 4 << 20, PNG_SIDE_LIMIT = 20000, PNG_PIXEL_LIMIT = 1 << 26 };

/* Bytes that the holder owns. The zeroed value is empty. */
struct bytes {
    unsigned char *data;
    size_t size;
};
void bytes_free(struct bytes *bytes); /* leaves it empty */

/* A raster of RGB pixels, 8 bits a channel, rows from the top, no padding. */
struct raster {
    uint32_t width, height;
    unsigned char *rgb; /* 3 * width * height; NULL: it could not be drawn (canvas.h) */
};
void raster_free(struct raster *raster);

/* A text chunk: keyword of 1 to 79 Latin-1 characters, UTF-8 text. */
struct png_chunk {
    const char *key, *text;
};

/* Encodes, on at most `threads` threads (0: one); at most 256 different colours are written as a
 * palette image, more as RGB. False without pixels: whoever has none has said why. */
bool png_encode(const struct raster *raster, const struct png_chunk *chunks, size_t n,
                unsigned threads, struct bytes *out, struct errors *errors);

/* The pixels of any PNG, alpha over white; false if it is not one. */
bool png_decode(const unsigned char *bytes, size_t length, struct raster *out);

/* The text of the first chunk with this keyword (tEXt, zTXt or iTXt), xmalloc'ed; NULL if it is
 * not a PNG or has no such chunk. */
char *png_note(const unsigned char *bytes, size_t length, const char *key);

/* Whether the bytes begin as a PNG file does. */
bool png_is(const unsigned char *bytes, size_t length);

/* The scenario that a picture was made from (a config_extract, sim/scenario/config.h). `file` is
 * unused. */
char *png_scenario(const char *file, const unsigned char *bytes, size_t length);

/* The version of libpng that is used. */
const char *png_library(void);

#endif
