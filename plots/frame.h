/*
 * What stands around and on a panel so that it can be read: axes with ticks and names, the strips'
 * own scales, the mark where utilization reaches 1, the objective, the colour bar, the legend.
 */
#ifndef FRAME_H
#define FRAME_H

#include "spectrogram.h"

/* An axis_width (axis.h): the context is a struct ruler. */
struct ruler {
    struct canvas *canvas;
    double size;
};
double frame_measure(void *ruler, const char *label);

/* The axis of latency, left of the plot, with the names of the marked rows and of the strips'
 * scales; `labels` false: ticks only (an inner panel). */
void frame_latency(struct canvas *canvas, const struct view *view, const struct shared *shared,
                   bool labels);
/* Width that its labels need. */
double frame_latency_width(struct canvas *canvas, const struct look *look,
                           const struct shared *shared, const struct heat_rows *rows);

/* Ticks of the swept parameter, below the lowest strip; columns with names have these below them,
 * in up to three lines. And how high their texts are, with `across` panels side by side. */
void frame_below(struct canvas *canvas, const struct view *view);
double frame_below_height(struct canvas *canvas, const struct look *look,
                          const struct figure *figure, size_t across);

/* Ticks of utilization and, in a drift, of time, above the plot; `names` writes what they are in
 * the left margin, from `left` on. Returns how high they stand. */
double frame_above(struct canvas *canvas, const struct view *view, bool names, double left);
double frame_above_height(const struct look *look, const struct figure *figure);

/* The line where offered utilization is 1 (or what figure->cliff_name says it is), named; today's
 * setting, where it is told; and what p99 is a little before the cliff. */
void frame_cliff(struct canvas *canvas, struct view *view);
void frame_today(struct canvas *canvas, struct view *view);
void frame_warning(struct canvas *canvas, struct view *view);

/* A ground, next to white, on which text can be read over data and lines. */
void frame_plate(struct canvas *canvas, const struct look *look, struct box box);

/* In the middle of a box: that no task was completed, and what became of them. For where there is
 * no latency to have an axis of. */
void frame_nothing(struct canvas *canvas, const struct look *look, struct box box,
                   const struct figure *figure, const struct figure_panel *panel);

/* The line of the objective, with its name: where there is room, clear of all else. And the line
 * alone, across a box. Nothing where there is no objective. */
void frame_objective(struct canvas *canvas, struct view *view);
void frame_objective_line(struct canvas *canvas, const struct view *view, struct box across);

/* The colour bar: `bar` is its strip of colours; ticks and name stand right of it. */
void frame_colours(struct canvas *canvas, const struct look *look, struct box bar,
                   const struct figure *figure, const struct heat_scale *scale,
                   const struct heat_rows *rows);
double frame_colours_width(struct canvas *canvas, const struct look *look,
                           const struct figure *figure);

/* Samples with their names, from x on, in lines that are up to `room` wide (INFINITY: one line), of
 * what the views show and does not say itself what it is: lines have labels at their ends where a
 * panel stands alone, and a single column says more in words. `draw` false: only measures. */
struct legend_size {
    double width; /* of the longest line */
    int lines;
};
enum legend_kind { LEGEND_PANELS, LEGEND_ALONE, LEGEND_SINGLE };
struct legend_size frame_legend(struct canvas *canvas, const struct look *look,
                                const struct view *views, size_t n, double x, double y, double room,
                                enum legend_kind kind, bool draw);

#endif
