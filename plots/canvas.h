/*
 * A canvas: pixels, lines and text (cairo; the only file that knows it).
 *
 * Pixels count from the top left; colours are 0xRRGGBB. Rectangles, hatches and the cells of a heat
 * map are whole pixels written as they are, so that they can be read back; lines and text are
 * antialiased. Text is DejaVu Sans, unhinted, without subpixels; what is not UTF-8 and what would
 * break a line is replaced, never passed on.
 *
 * A canvas starts white. The same calls give the same pixels.
 */
#ifndef CANVAS_H
#define CANVAS_H

#include "png.h"

struct canvas;

struct box {
    int x, y, w, h;
};

struct text_style {
    double size; /* pixels of the em: capitals are 0.73 of it */
    uint32_t colour;
    bool bold;
    bool halo;    /* a white outline, for text over data */
    double align; /* 0: (x, y) is the start of the baseline; 0.5: its middle; 1: its end */
    bool upwards; /* turned by a quarter to the left */
};

struct line_style {
    double width;
    uint32_t colour;
    double opacity;
    const double *dash; /* lengths of ink and gap, in pixels; NULL: solid */
    int dashes;
};

/* NULL, with an error, where no surface of that size can be made. */
struct canvas *canvas_new(int width, int height, struct errors *errors);
void canvas_del(struct canvas *canvas);
int canvas_width(const struct canvas *canvas);
int canvas_height(const struct canvas *canvas);

/* Whole pixels; what lies outside the canvas is left out. */
void canvas_fill(struct canvas *canvas, struct box box, uint32_t colour);
void canvas_frame(struct canvas *canvas, struct box box, uint32_t colour); /* around, outside */
/* Slanting lines, one pixel thick, `step` apart. */
void canvas_hatch(struct canvas *canvas, struct box box, int step, uint32_t colour);
/* The colour of one pixel. */
uint32_t canvas_pixel(struct canvas *canvas, int x, int y);

/* A line through the points; NAN breaks it. Nothing is drawn outside `clip`. */
void canvas_line(struct canvas *canvas, struct box clip, const double *x, const double *y, size_t n,
                 const struct line_style *style);

/* The area between two lines over the same x; NAN in either breaks it. */
void canvas_band(struct canvas *canvas, struct box clip, const double *x, const double *low,
                 const double *high, size_t n, uint32_t colour, double opacity);

/* The area inside the points. */
void canvas_polygon(struct canvas *canvas, const double *x, const double *y, size_t n,
                    uint32_t colour);

void canvas_text(struct canvas *canvas, double x, double y, const char *text,
                 const struct text_style *style);
double canvas_text_width(struct canvas *canvas, const char *text, double size, bool bold);
/* Whether the font has all characters of a text. */
bool canvas_can_write(struct canvas *canvas, const char *text, bool bold);

/* Text in lines of at most `width` pixels, broken at `separator` where that does (" · "), else at
 * spaces, else anywhere. Where it does not fit in `most` lines, it is set smaller, down to `least`;
 * then what is too much gives way to an ellipsis. Returns the number of lines; size is what was
 * needed. */
enum { CANVAS_LINES = 8, CANVAS_LINE_BYTES = 1024 };
struct paragraph {
    int n;
    double size;
    char line[CANVAS_LINES][CANVAS_LINE_BYTES];
};
void canvas_wrap(struct canvas *canvas, const char *text, const char *separator, double width,
                 int most, double size, double least, bool bold, struct paragraph *out);

/* The pixels, in the memory that they are in; the canvas is gone. Where something could not be
 * drawn (memory, descriptors, a font) there are none, with an error in what canvas_new was given,
 * and png_encode fails: a picture that lacks its letters or half of its lines is none. */
void canvas_finish(struct canvas *canvas, struct raster *out);

/* For pictures in SVG beside those in PNG: from now on, of every canvas that is finished, its lines
 * and letters are kept as such over its pixels (whatever is filled, heat maps above all, stays
 * pixels). Those of the one that was finished last: false where there is none; the caller's to
 * bytes_free. Not for several threads. */
void canvas_keep_svg(void);
bool canvas_take_svg(struct bytes *out);

/* The version of cairo that is used. */
const char *canvas_library(void);

#endif
