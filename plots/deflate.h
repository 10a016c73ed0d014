/*
 * The pixels of a PNG as its IDAT holds them: rows filtered and compressed (zlib), by several
 * threads.
 *
 * Every row has the filter "up" (its difference to the row above; PNG 1.2, section 6.4): much of a
 * picture repeats downwards, and what is left is quickly compressed at a low level. The rows are
 * cut into pieces of about DEFLATE_PIECE bytes; each is compressed for itself, with the end of the
 * one before as its dictionary, and the pieces make up one stream (as in Adler's pigz). Where the
 * cuts are depends on the size of the picture alone, so the bytes do not depend on the number of
 * threads.
 */
#ifndef DEFLATE_H
#define DEFLATE_H

#include <stdbool.h>

#include "png.h"

enum { DEFLATE_PIECE = 1 << 19 };

/* `height` rows of `stride` bytes each. False only where zlib cannot be had
 * (no memory). `out` is the caller's to bytes_free. */
bool deflate_rows(const unsigned char *rows, size_t stride, size_t height, unsigned threads,
                  struct bytes *out);

/* The version of zlib that is used. */
const char *deflate_library(void);

#endif
