#include "quantiles.h"

#include <math.h>
#include <stdlib.h>

#include "palette.h"

/* Columns narrower than this are taken together, until a point of a line has twice as much. */
#define NARROW 2.5

size_t quantiles_group(const struct view *view)
{
    double column = (double)view->plot.w / (double)view->figure->columns / view->look.scale;
    return column < NARROW ? (size_t)ceil(2 * NARROW / column) : 1;
}

static struct line_path path_new(size_t n)
{
    struct line_path path = {.n = n};
    path.x = xcalloc(n * 4 + 1, sizeof(double));
    path.y = path.x + n;
    path.low = path.y + n;
    path.high = path.low + n;
    return path;
}

/* The quantile of columns from .. end - 1 together; NAN where that is of fewer than ten tasks. */
static double quantile_of(const struct figure_column *columns, size_t from, size_t end, double p,
                          bool whole)
{
    enum { BEYOND = 10 };
    struct histogram all = {0};
    double tasks = 0, max = 0;
    for (size_t c = from; c < end; c++) {
        histogram_merge(&all, &columns[c].latency);
        tasks += (double)columns[c].completed;
        max = fmax(max, columns[c].max);
    }
    double value = NAN;
    if (tasks * (1 - p) >= BEYOND)
        value = histogram_quantile(&all, p, 0, max > 0 ? max : INFINITY);
    if (whole) /* numbers of tasks */
        value = floor(value);
    histogram_free(&all);
    return value;
}

static struct line_path grouped_path(const struct view *view, int line, size_t group)
{
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    size_t columns = view->figure->columns, n = (columns + group - 1) / group;
    bool whole = view->figure->measure == PICTURE_QUEUE;
    struct line_path path = path_new(n);
    for (size_t i = 0; i < n; i++) {
        size_t from = i * group, end = from + group < columns ? from + group : columns;
        path.x[i] = view_x(view, (double)(from + end) / 2 / (double)columns);
        path.y[i] = view_y(view, quantile_of(view->panel->columns, from, end, p[line], whole));
        path.low[i] = path.high[i] = NAN;
    }
    return path;
}

struct line_path quantiles_path(const struct view *view, int line)
{
    size_t group = quantiles_group(view), steps = view_steps(view);
    if (group > 1)
        return grouped_path(view, line, group);
    struct line_path path = path_new(view->figure->columns * steps);
    for (size_t i = 0; i < path.n; i++) {
        const struct figure_column *c = &view->panel->columns[i / steps];
        path.x[i] = view_step_x(view, i);
        path.y[i] = view_y(view, c->q[line]);
        path.low[i] = view_y(view, c->low[line]);
        path.high[i] = view_y(view, c->high[line]);
    }
    return path;
}

/* Thin lines, where three of them lie within so many pixels. */
#define CLOSE 26

/* Which points lie so close to those of the other lines that these must be thin. */
static bool *where_thin(const struct view *view, const struct line_path paths[FIGURE_LINES])
{
    bool *thin = xcalloc(paths[0].n + 1, sizeof *thin);
    for (size_t i = 0; i < paths[0].n; i++) {
        double top = INFINITY, bottom = -INFINITY;
        int known = 0;
        for (int q = 0; q < FIGURE_LINES; q++) {
            known += !isnan(paths[q].y[i]);
            top = fmin(top, paths[q].y[i]);
            bottom = fmax(bottom, paths[q].y[i]);
        }
        thin[i] = known > 1 && bottom - top < CLOSE * view->look.scale;
    }
    return thin;
}

static void draw_line(struct canvas *canvas, const struct look *look, int palette, int line,
                      bool thin, struct box clip, const double *x, const double *y, size_t n)
{
    double s = look->scale;
    static const double width[FIGURE_LINES] = {2.6, 2.0, 2.0};
    double core_width = (thin ? 1.2 : width[line]) * s, edge = (thin ? 1.0 : 2.4) * s;
    double dash[2] = {(thin ? 5 : 7) * s, (thin ? 3 : 4) * s};
    struct line_style outline = {core_width + edge, spectrogram_ink, 1, NULL, 0};
    struct line_style core = {core_width, palette_line(palette, line), 1, NULL, 0};
    if (line == 2) {
        core.dash = dash;
        core.dashes = 2;
    }
    canvas_line(canvas, clip, x, y, n, &outline);
    canvas_line(canvas, clip, x, y, n, &core);
}

void spectrogram_line(struct canvas *canvas, const struct look *look, int palette, int line,
                      struct box clip, const double *x, const double *y, size_t n)
{
    draw_line(canvas, look, palette, line, false, clip, x, y, n);
}

/* A line, stretch by stretch; stretches have the point between them in common. */
static void draw_stretches(struct canvas *canvas, const struct view *view, int line,
                           const struct line_path *path, const bool *thin)
{
    for (size_t from = 0; from < path->n;) {
        size_t end = from + 1;
        while (end < path->n && thin[end] == thin[from])
            end++;
        size_t last = end < path->n ? end + 1 : end;
        draw_line(canvas, &view->look, (int)view->figure->palette, line, thin[from], view->plot,
                  path->x + from, path->y + from, last - from);
        from = end;
    }
}

void quantiles_draw(struct canvas *canvas, const struct view *view)
{
    struct line_path paths[FIGURE_LINES];
    for (int q = 0; q < FIGURE_LINES; q++)
        paths[q] = quantiles_path(view, q);
    bool *thin = where_thin(view, paths);
    for (int q = FIGURE_LINES - 1; q >= 0; q--) {
        const struct line_path *path = &paths[q];
        struct line_style edge = {0.8 * view->look.scale, spectrogram_ink, 0.55, NULL, 0};
        canvas_band(canvas, view->plot, path->x, path->low, path->high, path->n,
                    palette_line((int)view->figure->palette, q), 0.32);
        canvas_line(canvas, view->plot, path->x, path->low, path->n, &edge);
        canvas_line(canvas, view->plot, path->x, path->high, path->n, &edge);
    }
    for (int q = FIGURE_LINES - 1; q >= 0; q--)
        draw_stretches(canvas, view, q, &paths[q], thin);
    for (int q = 0; q < FIGURE_LINES; q++)
        free(paths[q].x);
    free(thin);
}
