/*
 * A view: where a panel lies on the canvas, from values to pixels.
 *
 * The plot, from the top: the rows `unfinished` and `over` where there are any, the log grid of
 * latency, the rows `under` and `zero`; below it the strips where wanted.
 * Column i of n covers the pixels [i w/n, (i+1) w/n), row j of n of the grid, from the bottom,
 * [j h/n, (j+1) h/n), in whole numbers: every row and column is drawn and none overlap.
 */
#ifndef VIEW_H
#define VIEW_H

#include "canvas.h"
#include "heat.h"

/* Sizes that follow the picture's. */
struct look {
    double scale; /* 1 at 1440 x 900: of lines and gaps */
    double text, small, heading, headline;
};

/* Strips below the plot, from the top (strips.h). */
enum strip { STRIP_LOST, STRIP_THROUGHPUT, STRIP_WAITING, STRIP_TASKS, STRIP_WAY, STRIPS };

enum { VIEW_TAKEN = 16 };
struct view {
    const struct figure *figure;
    const struct figure_panel *panel;
    struct heat heat; /* owned */
    struct look look;
    struct box plot, cells, mark[HEAT_MARKS], strip[STRIPS]; /* h == 0: not there */
    double overhang; /* how far labels of ticks may stand out at the sides, in pixels */
    struct box taken[VIEW_TAKEN]; /* by labels on the plot */
    int n_taken;
};

/* Of a page of that size: by its area. All texts are as many times larger (picture.text_scale; 0:
 * 1).
 */
struct look look_of(int width, int height, double text_scale);

/* How the plot's height goes to marked rows: the boxes of a plot. Fills cells and mark. */
void view_divide(struct view *view, const struct heat_rows *rows);
/* The height that is left for the log grid. */
int view_cells_height(const struct look *look, const bool mark[HEAT_MARKS], int plot_height);

struct box view_column(const struct view *view, const struct box *in, size_t drawn);
struct box view_cell(const struct view *view, size_t drawn, int row);

double view_x(const struct view *view, double place); /* of a place on the axis */
double view_y(const struct view *view, double latency);
/* The level that has a line across the plot: the objective, or the places of the buffer; NAN. */
double view_level(const struct view *view);
/* Middle of column i of the figure, as a place on the axis. */
double view_middle(const struct view *view, size_t column);

/* Points that a line has in each column: 2, where columns are few and it is drawn as steps as wide
 * as they are; else 1. And, in pixels, where point i of a line stands. */
size_t view_steps(const struct view *view);
double view_step_x(const struct view *view, size_t i);

/* Whether nothing is drawn in the box: no filled cell, no line's point, no objective, no label. */
bool view_is_free(const struct view *view, struct box box);
/* The same, but cells and hatches may be there. */
bool view_is_clear(const struct view *view, struct box box);
void view_take(struct view *view, struct box box);

/* A clear box of w x h near (x, y), its middle within `reach` pixels across and down: the nearest,
 * or a free one that is not much farther; false, and `out` left as it was, if there is none. */
bool view_find_near(const struct view *view, int w, int h, double x, double y, double reach,
                    struct box *out);

/* The free box of w x h whose middle is nearest to (x, y); false if there is none. */
bool view_find_free(const struct view *view, int w, int h, double x, double y, struct box *out);

#endif
