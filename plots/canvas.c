#include "canvas.h"

#include <cairo-svg.h>
#include <cairo-tee.h>
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"
#include "widths.h"

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    unsigned char *pixels; /* of the surface */
    int width, height;
    ptrdiff_t stride; /* pixels from row to row */
    bool speechless;  /* fontconfig has found no font that has letters */
    struct errors *errors;
    struct widths widths;
    cairo_surface_t *lines; /* where SVG is wanted: all but what is filled; else NULL */
    unsigned char *under;   /* and the pixels without them */
};

/* Whether there is a font to write with. Where fontconfig finds none, cairo has letters of its own
 * (a "user" font), drawn with a few strokes: they lack half of what we write. */
static bool has_font(struct canvas *canvas, bool bold)
{
    bool letters = canvas_can_write(canvas, "Az09.", bold); /* chooses the font, too */
    cairo_scaled_font_t *font = cairo_get_scaled_font(canvas->cairo);
    return letters && cairo_scaled_font_get_type(font) != CAIRO_FONT_TYPE_USER;
}

static bool svg_wanted;
static cairo_t *record(struct canvas *canvas);

struct canvas *canvas_new(int width, int height, struct errors *errors)
{
    enum { MOST = 32767 }; /* cairo's own limit */
    bool possible = width > 0 && width <= MOST && height > 0 && height <= MOST;
    int stride = possible ? cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, width) : -1;
    unsigned char *pixels = possible ? xmalloc((size_t)height * (size_t)stride) : NULL;
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, width, height, stride);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        error_at(errors, (struct place){0}, "cannot draw a picture of %d x %d pixels: %s", width,
                 height, cairo_status_to_string(cairo_surface_status(surface)));
        cairo_surface_destroy(surface);
        free(pixels);
        return NULL;
    }
    struct canvas *canvas = xcalloc(1, sizeof *canvas);
    *canvas = (struct canvas){.surface = surface,
                              .cairo = cairo_create(surface),
                              .pixels = pixels,
                              .width = width,
                              .height = height,
                              .stride = stride / 4,
                              .errors = errors};
    if (svg_wanted) {
        cairo_destroy(canvas->cairo);
        canvas->cairo = record(canvas);
    }
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(canvas->cairo, options);
    cairo_font_options_destroy(options);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    canvas_fill(canvas, (struct box){0, 0, width, height}, 0xffffff);
    canvas->speechless = !has_font(canvas, false) || !has_font(canvas, true);
    return canvas;
}

void canvas_del(struct canvas *canvas)
{
    if (!canvas)
        return;
    cairo_destroy(canvas->cairo);
    if (canvas->lines)
        cairo_surface_destroy(canvas->lines);
    free(canvas->under);
    cairo_surface_destroy(canvas->surface);
    free(canvas->pixels);
    widths_free(&canvas->widths);
    free(canvas);
}

int canvas_width(const struct canvas *canvas)
{
    return canvas->width;
}

int canvas_height(const struct canvas *canvas)
{
    return canvas->height;
}

/* ---- whole pixels ---- */

static uint32_t *row_of(const struct canvas *canvas, unsigned char *pixels, int y)
{
    return (uint32_t *)(void *)pixels + (ptrdiff_t)y * canvas->stride;
}

static uint32_t *pixel_row(struct canvas *canvas, int y)
{
    return row_of(canvas, canvas->pixels, y);
}

static struct box clip_box(const struct canvas *canvas, struct box box)
{
    int left = box.x > 0 ? box.x : 0, top = box.y > 0 ? box.y : 0;
    int right = box.x + box.w < canvas->width ? box.x + box.w : canvas->width;
    int bottom = box.y + box.h < canvas->height ? box.y + box.h : canvas->height;
    return (struct box){left, top, right > left ? right - left : 0,
                        bottom > top ? bottom - top : 0};
}

/* Every step-th diagonal of a box; 1: all of it. */
static void paint(const struct canvas *canvas, unsigned char *pixels, struct box b, int step,
                  uint32_t colour)
{
    for (int y = b.y; y < b.y + b.h; y++) {
        uint32_t *row = row_of(canvas, pixels, y);
        for (int x = b.x; x < b.x + b.w && step == 1; x++)
            row[x] = colour;
        for (int x = b.x; x < b.x + b.w && step > 1; x++)
            if ((x + y) % step == 0)
                row[x] = colour;
    }
}

void canvas_hatch(struct canvas *canvas, struct box box, int step, uint32_t colour)
{
    struct box b = clip_box(canvas, box);
    cairo_surface_flush(canvas->surface);
    paint(canvas, canvas->pixels, b, step, colour);
    if (canvas->under)
        paint(canvas, canvas->under, b, step, colour);
    cairo_surface_mark_dirty(canvas->surface);
}

void canvas_fill(struct canvas *canvas, struct box box, uint32_t colour)
{
    canvas_hatch(canvas, box, 1, colour);
}

void canvas_frame(struct canvas *canvas, struct box box, uint32_t colour)
{
    canvas_fill(canvas, (struct box){box.x - 1, box.y - 1, box.w + 2, 1}, colour);
    canvas_fill(canvas, (struct box){box.x - 1, box.y + box.h, box.w + 2, 1}, colour);
    canvas_fill(canvas, (struct box){box.x - 1, box.y, 1, box.h}, colour);
    canvas_fill(canvas, (struct box){box.x + box.w, box.y, 1, box.h}, colour);
}

uint32_t canvas_pixel(struct canvas *canvas, int x, int y)
{
    cairo_surface_flush(canvas->surface);
    return pixel_row(canvas, y)[x] & 0xffffff;
}

/* ---- SVG ---- */

static struct bytes svg_kept; /* of the canvas that was finished last */

void canvas_keep_svg(void)
{
    svg_wanted = true;
}

bool canvas_take_svg(struct bytes *out)
{
    *out = svg_kept;
    svg_kept = (struct bytes){0};
    return out->size > 0;
}

static cairo_status_t keep(void *context, const unsigned char *data, unsigned n)
{
    struct bytes *bytes = context;
    bytes->data = xrealloc(bytes->data, bytes->size + n);
    memcpy(bytes->data + bytes->size, data, n);
    bytes->size += n;
    return CAIRO_STATUS_SUCCESS;
}

/* What is drawn from now on goes into a record, too. */
static cairo_t *record(struct canvas *canvas)
{
    const cairo_rectangle_t all = {0, 0, canvas->width, canvas->height};
    size_t size = (size_t)canvas->height * (size_t)canvas->stride * 4;
    canvas->lines = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &all);
    canvas->under = memset(xmalloc(size), 0xff, size);
    cairo_surface_t *both = cairo_tee_surface_create(canvas->surface);
    cairo_tee_surface_add(both, canvas->lines);
    cairo_t *cairo = cairo_create(both);
    cairo_surface_destroy(both);
    return cairo;
}

/* The pixels that were filled, and over them the record; cairo's status. */
static cairo_status_t write_svg(struct canvas *canvas)
{
    bytes_free(&svg_kept);
    cairo_surface_t *svg =
        cairo_svg_surface_create_for_stream(keep, &svg_kept, canvas->width, canvas->height);
    cairo_surface_t *under = cairo_image_surface_create_for_data(
        canvas->under, CAIRO_FORMAT_RGB24, canvas->width, canvas->height, (int)canvas->stride * 4);
    cairo_t *cairo = cairo_create(svg);
    cairo_set_source_surface(cairo, under, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_set_source_surface(cairo, canvas->lines, 0, 0);
    cairo_paint(cairo);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_destroy(under);
    cairo_surface_finish(svg);
    status = status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(svg);
    cairo_surface_destroy(svg);
    return status;
}

/* ---- the end ---- */

void canvas_finish(struct canvas *canvas, struct raster *out)
{
    cairo_surface_flush(canvas->surface);
    /* Both keep the first of their errors: whatever was not drawn is known here. */
    cairo_status_t of_lines = cairo_status(canvas->cairo);
    cairo_status_t of_surface = cairo_surface_status(canvas->surface);
    if (canvas->lines && of_lines == CAIRO_STATUS_SUCCESS)
        of_lines = write_svg(canvas);
    cairo_status_t status = of_lines != CAIRO_STATUS_SUCCESS ? of_lines : of_surface;
    const char *trouble = status != CAIRO_STATUS_SUCCESS ? cairo_status_to_string(status)
                          : canvas->speechless
                              ? "no font can be read (fontconfig finds none; DejaVu Sans is wanted)"
                              : NULL;
    if (trouble) {
        error_at(canvas->errors, (struct place){0}, "cannot draw the picture: %s", trouble);
        *out = (struct raster){0};
        canvas_del(canvas);
        return;
    }
    cairo_surface_finish(canvas->surface);
    out->width = (uint32_t)canvas->width;
    out->height = (uint32_t)canvas->height;
    unsigned char *to = canvas->pixels; /* never ahead of what is read */
    for (int y = 0; y < canvas->height; y++) {
        const uint32_t *row = pixel_row(canvas, y);
        for (int x = 0; x < canvas->width; x++) {
            uint32_t pixel = row[x];
            *to++ = (unsigned char)(pixel >> 16);
            *to++ = (unsigned char)(pixel >> 8);
            *to++ = (unsigned char)pixel;
        }
    }
    out->rgb =
        canvas->pixels; /* a quarter more than it needs, but of the size of the next canvas */
    canvas->pixels = NULL;
    canvas_del(canvas);
}

/* ---- lines ---- */

static void set_colour(struct canvas *canvas, uint32_t colour, double opacity)
{
    cairo_set_source_rgba(canvas->cairo, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
                          (colour & 255) / 255.0, opacity);
}

static void clip_to(struct canvas *canvas, struct box clip)
{
    cairo_save(canvas->cairo);
    cairo_rectangle(canvas->cairo, clip.x, clip.y, clip.w, clip.h);
    cairo_clip(canvas->cairo);
}

void canvas_line(struct canvas *canvas, struct box clip, const double *x, const double *y, size_t n,
                 const struct line_style *style)
{
    clip_to(canvas, clip);
    set_colour(canvas, style->colour, style->opacity);
    cairo_set_line_width(canvas->cairo, style->width);
    cairo_set_dash(canvas->cairo, style->dash, style->dash ? style->dashes : 0, 0);
    cairo_set_line_cap(canvas->cairo, style->dash ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    bool open = false;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i])) {
            open = false;
        } else if (open) {
            cairo_line_to(canvas->cairo, x[i], y[i]);
        } else {
            cairo_move_to(canvas->cairo, x[i], y[i]);
            /* A point without neighbours is a dot. */
            if (i + 1 == n || isnan(y[i + 1]))
                cairo_line_to(canvas->cairo, x[i], y[i]);
            open = true;
        }
    }
    cairo_stroke(canvas->cairo);
    cairo_restore(canvas->cairo);
}

void canvas_band(struct canvas *canvas, struct box clip, const double *x, const double *low,
                 const double *high, size_t n, uint32_t colour, double opacity)
{
    clip_to(canvas, clip);
    set_colour(canvas, colour, opacity);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && !isnan(low[end]) && !isnan(high[end]))
            end++;
        if (end > i) {
            cairo_move_to(canvas->cairo, x[i], high[i]);
            for (size_t k = i + 1; k < end; k++)
                cairo_line_to(canvas->cairo, x[k], high[k]);
            for (size_t k = end; k-- > i;)
                cairo_line_to(canvas->cairo, x[k], low[k]);
            cairo_close_path(canvas->cairo);
        }
        i = end + 1;
    }
    cairo_fill(canvas->cairo);
    cairo_restore(canvas->cairo);
}

void canvas_polygon(struct canvas *canvas, const double *x, const double *y, size_t n,
                    uint32_t colour)
{
    set_colour(canvas, colour, 1);
    for (size_t i = 0; i < n; i++)
        cairo_line_to(canvas->cairo, x[i], y[i]);
    cairo_fill(canvas->cairo);
}

/* ---- text ---- */

static void set_font(struct canvas *canvas, double size, bool bold)
{
    cairo_select_font_face(canvas->cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(canvas->cairo, size);
}

double canvas_text_width(struct canvas *canvas, const char *text, double size, bool bold)
{
    double known;
    if (widths_find(&canvas->widths, text, size, bold, &known))
        return known;
    char safe[4 * CANVAS_LINE_BYTES];
    printable(text, safe, sizeof safe);
    set_font(canvas, size, bold);
    cairo_text_extents_t extents;
    cairo_text_extents(canvas->cairo, safe, &extents);
    widths_keep(&canvas->widths, text, size, bold, extents.x_advance);
    return extents.x_advance;
}

bool canvas_can_write(struct canvas *canvas, const char *text, bool bold)
{
    enum { ABSENT = 0 }; /* the glyph in place of one that a font lacks */
    char safe[4 * CANVAS_LINE_BYTES];
    cairo_glyph_t *glyphs = NULL;
    int n = 0;
    printable(text, safe, sizeof safe);
    set_font(canvas, 12, bold);
    bool can =
        cairo_scaled_font_text_to_glyphs(cairo_get_scaled_font(canvas->cairo), 0, 0, safe, -1,
                                         &glyphs, &n, NULL, NULL, NULL) == CAIRO_STATUS_SUCCESS;
    for (int i = 0; i < n && can; i++)
        can = glyphs[i].index != ABSENT;
    cairo_glyph_free(glyphs);
    return can;
}

static void start_text(struct canvas *canvas, double x, double y, double shift, bool upwards)
{
    cairo_identity_matrix(canvas->cairo);
    cairo_translate(canvas->cairo, x, y);
    if (upwards)
        cairo_rotate(canvas->cairo, -M_PI / 2);
    cairo_move_to(canvas->cairo, -shift, 0);
}

void canvas_text(struct canvas *canvas, double x, double y, const char *text,
                 const struct text_style *style)
{
    char safe[CANVAS_LINE_BYTES];
    printable(text, safe, sizeof safe);
    double shift = 0;
    if (style->align != 0)
        shift = style->align * canvas_text_width(canvas, safe, style->size, style->bold);
    cairo_save(canvas->cairo);
    set_font(canvas, style->size, style->bold);
    start_text(canvas, x, y, shift, style->upwards);
    if (style->halo) {
        cairo_text_path(canvas->cairo, safe);
        set_colour(canvas, 0xffffff, 0.9);
        cairo_set_dash(canvas->cairo, NULL, 0, 0);
        cairo_set_line_width(canvas->cairo, style->size / 4);
        cairo_stroke(canvas->cairo);
        start_text(canvas, x, y, shift, style->upwards);
    }
    set_colour(canvas, style->colour, 1);
    cairo_show_text(canvas->cairo, safe);
    cairo_restore(canvas->cairo);
}

#ifdef __SANITIZE_ADDRESS__
/* The leak checker asks for this by name: fontconfig keeps its caches to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
#endif

const char *canvas_library(void)
{
    return cairo_version_string();
}
