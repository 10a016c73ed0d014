/*
 * A small picture of fit.png: a box with an axis of x and one of y, and lines in it.
 */
#ifndef FIT_PANEL_H
#define FIT_PANEL_H

#include "../sim/fit/fit.h"
#include "axis.h"
#include "canvas.h"

/* Sizes in pixels of the page. */
enum { FIT_TEXT = 13, FIT_SMALL = 12 };

struct fit_panel {
    struct canvas *canvas;
    struct box box; /* the plot itself */
    struct axis x, y;
    bool bare; /* the axis of x has no labels: the panel below has them */
};

/* An axis from `from` to `to`, which may be the same, or none at all (axis_widen). */
struct axis fit_axis(enum unit unit, bool log, double from, double to);

/* White ground, frame, ticks and heading; names may be NULL. */
void fit_panel_open(const struct fit_panel *panel, const char *heading, const char *x_name);

/* Pixels of a value, also outside the box. */
double fit_panel_x(const struct fit_panel *panel, double value);
double fit_panel_y(const struct fit_panel *panel, double value);

/* A line through points in values; NAN breaks it. */
void fit_panel_line(const struct fit_panel *panel, const double *x, const double *y, size_t n,
                    const struct line_style *style);

/* A word in the plot: at a share of its width and height from the top left. */
void fit_panel_word(const struct fit_panel *panel, double across, double down, const char *text,
                    uint32_t colour, double align);

/* The laws that are drawn: the chosen one first, then the nearest. */
enum { FIT_DRAWN = 4 };
int fit_drawn(const struct laws *laws, int drawn[FIT_DRAWN]);
struct line_style fit_law_style(int i);

/* Their names with samples of their lines, from the top left or right of the plot. */
void fit_draw_names(const struct fit_panel *panel, const struct laws *laws, bool left);

/* The small pictures, each in its box. Of sizes (fit_sizes.c): */
void fit_draw_density(struct canvas *canvas, struct box box, const struct fit *fit);
void fit_draw_beyond(struct canvas *canvas, struct box box, const struct fit *fit);
void fit_draw_quantiles(struct canvas *canvas, struct box box, const struct fit *fit);
/* And of arrivals and tail (fit_course.c): */
void fit_draw_course(struct canvas *canvas, struct box box, const struct fit *fit);
void fit_draw_gaps(struct canvas *canvas, struct box box, const struct fit *fit);
void fit_draw_hill(struct canvas *canvas, struct box box, const struct fit *fit);

extern const uint32_t fit_ink, fit_soft, fit_data;

#endif
