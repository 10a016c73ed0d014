/*
 * A leaf: what pictures other than spectrograms have in common. Sentences at the head and foot, as
 * wide as the page, and the file that a canvas becomes, with the scenario in it.
 */
#ifndef LEAF_H
#define LEAF_H

#include "canvas.h"
#include "png.h"

struct scenario;

struct leaf_text {
    double margin; /* left and right */
    int most;      /* lines; what is more is set smaller, then cut (canvas_wrap) */
    double size;
    uint32_t colour;
    bool bold;
};

/* Writes from y on, downwards; returns the last baseline. */
double leaf_write(struct canvas *canvas, const struct leaf_text *style, const char *text, double y);

/* The picture of a scenario, as what `command` draws; the canvas is gone. */
bool leaf_png(struct canvas *canvas, const struct scenario *s, const char *title,
              const char *command, unsigned threads, struct bytes *png, struct errors *errors);

#endif
