/*
 * The plot of rare.png (rare_plot.h says what is on it).
 */
#ifndef RARE_PANEL_H
#define RARE_PANEL_H

#include "../sim/rare/rare.h"
#include "axis.h"
#include "frame.h"

struct rare_page {
    struct canvas *canvas;
    const struct rare *rare;
    struct look look;
    struct box plot;
    struct axis x, y;
    double margin;
};

/* The tail of the only column. */
void rare_draw_tail(struct rare_page *page);

/* The figures of all columns against the swept key. */
void rare_draw_sweep(struct rare_page *page);

/* Axes, grid and names; `decades`: the axis of y is of probabilities. And the frame. */
void rare_axes(const struct rare_page *page, const char *x_name, const char *y_name, bool decades);

/* Pixels of values; what lies beyond an axis stands at its end. NAN of NAN. */
double rare_x(const struct rare_page *page, double value);
double rare_y(const struct rare_page *page, double value);

extern const uint32_t rare_curve_colour, rare_mark_colour;

#endif
