#include "png.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "deflate.h"

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void raster_free(struct raster *raster)
{
    free(raster->rgb);
    *raster = (struct raster){0};
}

/* libpng reports through a jump; the sentence is kept for the caller. */
struct trouble {
    jmp_buf back;
    char text[160];
};

static void fail(png_structp png, png_const_charp why)
{
    struct trouble *trouble = png_get_error_ptr(png);
    strncpy(trouble->text, why, sizeof trouble->text - 1);
    longjmp(trouble->back, 1);
}

static void ignore(png_structp png, png_const_charp why)
{
    (void)png;
    (void)why;
}

/* ---- encoding ---- */

struct sink {
    struct bytes out;
    size_t capacity;
};

static void sink_write(png_structp png, png_bytep data, png_size_t n)
{
    struct sink *sink = png_get_io_ptr(png);
    if (sink->capacity - sink->out.size < n) {
        sink->capacity = 2 * (sink->capacity + n);
        sink->out.data = xrealloc(sink->out.data, sink->capacity);
    }
    memcpy(sink->out.data + sink->out.size, data, n);
    sink->out.size += n;
}

static void sink_flush(png_structp png)
{
    (void)png;
}

/* The colours of a raster, in order of first appearance, and the index of every pixel; false when
 * there are more than 256. Open addressing, 1024 slots. */
struct indexed {
    png_color colours[256];
    int n;
    unsigned char *index; /* one per pixel */
};

static bool index_colours(const struct raster *raster, struct indexed *out)
{
    enum { SLOTS = 1024 };
    uint32_t key[SLOTS];
    int value[SLOTS];
    memset(value, -1, sizeof value);
    size_t pixels = (size_t)raster->width * raster->height;
    out->n = 0;
    out->index = xmalloc(pixels ? pixels : 1);
    for (size_t i = 0; i < pixels; i++) {
        const unsigned char *p = raster->rgb + 3 * i;
        uint32_t colour = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        uint32_t slot = (colour * 2654435761u) >> 22;
        while (value[slot] >= 0 && key[slot] != colour)
            slot = (slot + 1) % SLOTS;
        if (value[slot] < 0) {
            if (out->n == 256) {
                free(out->index);
                return false;
            }
            key[slot] = colour;
            value[slot] = out->n;
            out->colours[out->n++] = (png_color){p[0], p[1], p[2]};
        }
        out->index[i] = (unsigned char)value[slot];
    }
    return true;
}

/* What libpng is told of a picture before its pixels. */
static void write_head(png_structp png, png_infop info, const struct raster *raster,
                       const struct indexed *indexed, const struct png_chunk *chunks, size_t n)
{
    png_set_IHDR(png, info, raster->width, raster->height, 8,
                 indexed ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (indexed)
        png_set_PLTE(png, info, indexed->colours, indexed->n);
    for (size_t i = 0; i < n; i++) {
        png_text text = {.compression = PNG_ITXT_COMPRESSION_NONE,
                         .key = (char *)(uintptr_t)chunks[i].key,
                         .text = (char *)(uintptr_t)chunks[i].text,
                         .itxt_length = strlen(chunks[i].text)};
        png_set_text(png, info, &text, 1);
    }
    png_write_info(png, info);
}

bool png_encode(const struct raster *raster, const struct png_chunk *chunks, size_t n,
                unsigned threads, struct bytes *out, struct errors *errors)
{
    if (!raster->rgb) {
        *out = (struct bytes){0};
        return false;
    }
    struct trouble trouble = {.text = ""};
    struct indexed *indexed = xcalloc(1, sizeof *indexed);
    struct sink *sink = xcalloc(1, sizeof *sink);
    bool few = index_colours(raster, indexed);
    struct bytes pixels;
    bool deflated =
        few ? deflate_rows(indexed->index, raster->width, raster->height, threads, &pixels)
            : deflate_rows(raster->rgb, 3 * (size_t)raster->width, raster->height, threads,
                           &pixels);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &trouble, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool written = false;
    if (deflated && info && setjmp(trouble.back) == 0) {
        png_set_write_fn(png, sink, sink_write, sink_flush);
        write_head(png, info, raster, few ? indexed : NULL, chunks, n);
        png_write_chunk(png, (png_const_bytep) "IDAT", pixels.data, pixels.size);
        png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
        written = true;
    }
    png_destroy_write_struct(&png, &info);
    bytes_free(&pixels);
    if (few)
        free(indexed->index);
    free(indexed);
    *out = sink->out;
    free(sink);
    if (!written) {
        bytes_free(out);
        return error_at(errors, (struct place){0}, "cannot encode the picture: %s",
                        trouble.text[0] ? trouble.text : "zlib or libpng does not start");
    }
    return true;
}

/* ---- decoding ---- */

struct spring {
    const unsigned char *bytes;
    size_t left;
};

static void spring_read(png_structp png, png_bytep out, png_size_t n)
{
    struct spring *spring = png_get_io_ptr(png);
    if (n > spring->left)
        png_error(png, "cut short");
    memcpy(out, spring->bytes, n);
    spring->bytes += n;
    spring->left -= n;
}

bool png_is(const unsigned char *bytes, size_t length)
{
    return length >= 8 && png_sig_cmp(bytes, 0, 8) == 0;
}

/* Whether the chunks fit into the bytes and the last is IEND. libpng takes a chunk's length on
 * trust and asks for that much memory. */
static bool is_whole(const unsigned char *bytes, size_t length)
{
    if (!png_is(bytes, length))
        return false;
    size_t at = 8;
    while (length - at >= 12) {
        uint32_t size = png_get_uint_32(bytes + at);
        if (size > length - at - 12)
            return false;
        if (memcmp(bytes + at + 4, "IEND", 4) == 0)
            return true;
        at += 12 + (size_t)size;
    }
    return false;
}

static png_structp open_bytes(struct spring *spring, struct trouble *trouble, png_infop *info)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, trouble, fail, ignore);
    *info = png ? png_create_info_struct(png) : NULL;
    if (!*info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return NULL;
    }
    png_set_read_fn(png, spring, spring_read);
    png_set_user_limits(png, PNG_SIDE_LIMIT, PNG_SIDE_LIMIT);
    png_set_chunk_malloc_max(png, PNG_TEXT_LIMIT);
    png_set_chunk_cache_max(png, 256);
    return png;
}

/* Asks libpng for 8-bit RGB over white, whatever the format of the file. */
static void expand(png_structp png, png_infop info)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_color_16 white = {.red = 255, .green = 255, .blue = 255, .gray = 255};
    png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

bool png_decode(const unsigned char *bytes, size_t length, struct raster *out)
{
    *out = (struct raster){0};
    if (!is_whole(bytes, length))
        return false;
    struct trouble trouble = {.text = ""};
    struct spring spring = {bytes, length};
    png_infop info;
    png_structp png = open_bytes(&spring, &trouble, &info);
    if (!png)
        return false;
    /* On the heap, so that they keep their values over the jump. */
    struct raster *raster = xcalloc(1, sizeof *raster);
    png_bytep **rows = xcalloc(1, sizeof *rows);
    bool ok = setjmp(trouble.back) == 0;
    if (ok) {
        png_read_info(png, info);
        /* Deflate cannot shrink to less than 1/1032: fewer bytes than that hold no such picture. */
        if ((uint64_t)png_get_rowbytes(png, info) * png_get_image_height(png, info) / 1100 > length)
            png_error(png, "cut short");
        expand(png, info);
        raster->width = png_get_image_width(png, info);
        raster->height = png_get_image_height(png, info);
        if ((uint64_t)raster->width * raster->height > PNG_PIXEL_LIMIT)
            png_error(png, "too large");
        if (png_get_rowbytes(png, info) != 3 * (size_t)raster->width)
            png_error(png, "unknown format");
        raster->rgb = xcalloc((size_t)raster->width * raster->height, 3);
        *rows = xcalloc(raster->height, sizeof **rows);
        for (uint32_t y = 0; y < raster->height; y++)
            (*rows)[y] = raster->rgb + 3 * (size_t)raster->width * y;
        png_read_image(png, *rows);
        png_read_end(png, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    free(*rows);
    free(rows);
    if (ok)
        *out = *raster;
    else
        free(raster->rgb);
    free(raster);
    return ok;
}

char *png_note(const unsigned char *bytes, size_t length, const char *key)
{
    if (!is_whole(bytes, length))
        return NULL;
    struct trouble trouble = {.text = ""};
    struct spring spring = {bytes, length};
    png_infop info;
    png_structp png = open_bytes(&spring, &trouble, &info);
    if (!png)
        return NULL;
    char **found = xcalloc(1, sizeof *found);
    if (setjmp(trouble.back) == 0) {
        png_read_info(png, info);
        png_textp texts;
        int n =
            png_get_text(png, info, &texts, NULL) > 0 ? png_get_text(png, info, &texts, NULL) : 0;
        for (int i = 0; i < n && !*found; i++)
            if (texts[i].key && strcmp(texts[i].key, key) == 0 && texts[i].text) {
                size_t size = strlen(texts[i].text) + 1;
                *found = memcpy(xmalloc(size), texts[i].text, size);
            }
    }
    png_destroy_read_struct(&png, &info, NULL);
    char *text = *found;
    free(found);
    return text;
}

char *png_scenario(const char *file, const unsigned char *bytes, size_t length)
{
    (void)file;
    return png_note(bytes, length, "queuescope:scenario");
}

const char *png_library(void)
{
    return png_get_libpng_ver(NULL);
}
