#include "spectrogram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "observed.h"
#include "palette.h"
#include "strips.h"

const uint32_t spectrogram_cliff_colour = 0x0a7a3b, spectrogram_ink = 0x1c1c1c,
               spectrogram_soft = 0x555555, spectrogram_hatch = 0xa8a8a8,
               spectrogram_unfinished = 0x333333, spectrogram_max = 0x444444,
               spectrogram_unstable = 0xd8322a;
static const uint32_t grid_colour = 0xe6e6e6;

/* ---- cells ---- */

void spectrogram_grid(struct canvas *canvas, const struct view *view, const struct ticks *ticks,
                      struct box across)
{
    for (size_t i = 0; i < ticks->n; i++) {
        if (!ticks->tick[i].label[0])
            continue;
        int y = (int)lround(view->cells.y + view->cells.h * (1 - ticks->tick[i].place));
        canvas_fill(canvas, (struct box){across.x, y, across.w, 1}, grid_colour);
    }
}

static uint32_t colour_of(const struct view *view, const struct heat_scale *scale, double value)
{
    return palette_entry((int)view->figure->palette, palette_index(heat_scale_place(scale, value)));
}

static void draw_marks(struct canvas *canvas, const struct view *view,
                       const struct heat_scale *scale, size_t i)
{
    int hatch = (int)lround(5 * view->look.scale);
    size_t from = heat_group(view->figure->columns, view->heat.columns, i),
           to = heat_group(view->figure->columns, view->heat.columns, i + 1);
    for (int m = 0; m < HEAT_MARKS; m++) {
        if (!view->heat.rows.mark[m])
            continue;
        struct box box = view_column(view, &view->mark[m], i);
        double value = view->heat.mark[i][m];
        if (value > 0)
            canvas_fill(canvas, box, colour_of(view, scale, value));
        bool unfinished = false;
        for (size_t c = from; c < to && m == HEAT_UNFINISHED; c++)
            unfinished |= view->panel->columns[c].unfinished > 0;
        if (unfinished) {
            bool dark = value > 0 && heat_scale_place(scale, value) > 0.5;
            canvas_hatch(canvas, box, hatch, dark ? 0xffffff : spectrogram_unfinished);
        }
    }
}

static void draw_cells(struct canvas *canvas, const struct view *view,
                       const struct heat_scale *scale)
{
    const struct heat *heat = &view->heat;
    int hatch = (int)lround(7 * view->look.scale);
    for (size_t i = 0; i < heat->columns; i++) {
        if (heat->completed[i] == 0)
            canvas_hatch(canvas, view_column(view, &view->cells, i), hatch, spectrogram_hatch);
        for (int row = 0; row < heat->rows.n; row++) {
            double value = heat->value[i * (size_t)heat->rows.n + (size_t)row];
            if (value > 0)
                canvas_fill(canvas, view_cell(view, i, row), colour_of(view, scale, value));
        }
        draw_marks(canvas, view, scale, i);
    }
    for (int m = 0; m < HEAT_MARKS; m++) /* rules between the marked rows and the grid */
        if (heat->rows.mark[m]) {
            const struct box *box = &view->mark[m];
            bool above = m == HEAT_OVER || m == HEAT_UNFINISHED;
            int gap = (int)lround(4 * view->look.scale) + 1;
            int y = above ? box->y + box->h : box->y - gap;
            canvas_fill(canvas, (struct box){box->x, y, box->w, gap}, 0xffffff);
            canvas_fill(canvas, (struct box){box->x, y + gap / 2, box->w, 1}, 0x888888);
        }
}

/* ---- lines ---- */

struct path {
    double *x, *y, *low, *high;
    size_t n;
};

static struct path path_of(const struct view *view, int q)
{
    size_t steps = view_steps(view);
    struct path path = {.n = view->figure->columns * steps};
    path.x = xcalloc(path.n * 4, sizeof(double));
    path.y = path.x + path.n;
    path.low = path.y + path.n;
    path.high = path.low + path.n;
    for (size_t i = 0; i < path.n; i++) {
        const struct figure_column *c = &view->panel->columns[i / steps];
        path.x[i] = view_step_x(view, i);
        path.y[i] = view_y(view, c->q[q]);
        path.low[i] = view_y(view, c->low[q]);
        path.high[i] = view_y(view, c->high[q]);
    }
    return path;
}

void spectrogram_line(struct canvas *canvas, const struct look *look, int palette, int line,
                      struct box clip, const double *x, const double *y, size_t n)
{
    double s = look->scale;
    static const double width[FIGURE_LINES] = {2.6, 2.0, 2.0};
    double dash[2] = {7 * s, 4 * s};
    struct line_style outline = {(width[line] + 2.4) * s, spectrogram_ink, 1, NULL, 0};
    struct line_style core = {width[line] * s, palette_line(palette, line), 1, NULL, 0};
    if (line == 2) {
        core.dash = dash;
        core.dashes = 2;
    }
    canvas_line(canvas, clip, x, y, n, &outline);
    canvas_line(canvas, clip, x, y, n, &core);
}

static void draw_lines(struct canvas *canvas, const struct view *view)
{
    int palette = (int)view->figure->palette;
    for (int q = FIGURE_LINES - 1; q >= 0; q--) {
        struct path path = path_of(view, q);
        struct line_style edge = {0.8 * view->look.scale, spectrogram_ink, 0.55, NULL, 0};
        canvas_band(canvas, view->plot, path.x, path.low, path.high, path.n,
                    palette_line(palette, q), 0.32);
        canvas_line(canvas, view->plot, path.x, path.low, path.n, &edge);
        canvas_line(canvas, view->plot, path.x, path.high, path.n, &edge);
        free(path.x);
    }
    for (int q = FIGURE_LINES - 1; q >= 0; q--) {
        struct path path = path_of(view, q);
        spectrogram_line(canvas, &view->look, palette, q, view->plot, path.x, path.y, path.n);
        free(path.x);
    }
}

/* Whether what is drawn there is too dark for dark ink. */
static bool dark_at(struct canvas *canvas, int x, int y)
{
    if (x < 0 || y < 0 || x >= canvas_width(canvas) || y >= canvas_height(canvas))
        return false;
    uint32_t c = canvas_pixel(canvas, x, y);
    return 0.3 * (c >> 16 & 255) + 0.6 * (c >> 8 & 255) + 0.1 * (c & 255) < 110;
}

static void draw_slowest(struct canvas *canvas, const struct view *view)
{
    int h = (int)fmax(1, round(1.5 * view->look.scale));
    for (size_t i = 0; i < view->heat.columns; i++) {
        double max = 0;
        size_t end = heat_group(view->figure->columns, view->heat.columns, i + 1);
        for (size_t c = heat_group(view->figure->columns, view->heat.columns, i); c < end; c++)
            max = fmax(max, view->panel->columns[c].max);
        if (!(max > 0))
            continue;
        struct box box = view_column(view, &view->cells, i);
        int w = (int)fmin(box.w, fmin(fmax(3, 0.6 * box.w), 36 * view->look.scale));
        struct box mark = {box.x + (box.w - w) / 2, (int)lround(view_y(view, max)) - h / 2, w, h};
        canvas_fill(canvas, mark,
                    dark_at(canvas, mark.x + w / 2, mark.y) ? 0xffffff : spectrogram_max);
    }
}

/* A bar along the top of the plot over columns that are not stable. */
static void draw_unstable(struct canvas *canvas, const struct view *view)
{
    for (size_t i = 0; i < view->heat.columns; i++) {
        bool unstable = false;
        size_t end = heat_group(view->figure->columns, view->heat.columns, i + 1);
        for (size_t c = heat_group(view->figure->columns, view->heat.columns, i); c < end; c++)
            unstable |= view->panel->columns[c].unstable;
        struct box box = view_column(view, &view->plot, i);
        box.h = (int)lround(4 * view->look.scale);
        if (unstable)
            canvas_fill(canvas, box, spectrogram_unstable);
    }
}

void spectrogram_draw(struct canvas *canvas, struct view *view, const struct shared *shared)
{
    spectrogram_grid(canvas, view, &shared->latency, view->cells);
    draw_cells(canvas, view, &shared->scale);
    draw_slowest(canvas, view);
    draw_lines(canvas, view);
    observed_brackets(canvas, view);
    known_draw(canvas, view);
    strips_draw(canvas, view, shared);
    draw_unstable(canvas, view);
    canvas_frame(canvas, view->plot, spectrogram_ink);
}

/* ---- labels in the margin ---- */

void spectrogram_end_labels(struct canvas *canvas, const struct view *view)
{
    double at[FIGURE_LINES], y[FIGURE_LINES], gap = 1.35 * view->look.text;
    size_t last[FIGURE_LINES];
    int order[FIGURE_LINES], n = 0;
    for (int q = FIGURE_LINES - 1; q >= 0; q--) { /* from the top */
        size_t i = view->figure->columns;
        while (i > 0 && isnan(view->panel->columns[i - 1].q[q]))
            i--;
        if (i == 0)
            continue;
        last[n] = i - 1;
        at[n] = view_y(view, view->panel->columns[i - 1].q[q]);
        order[n++] = q;
    }
    for (int i = 0; i < n; i++) { /* downwards, then up again from the plot's end */
        y[i] = fmax(at[i], view->plot.y + gap / 2);
        if (i > 0)
            y[i] = fmax(y[i], y[i - 1] + gap);
    }
    double limit = view->plot.y + view->plot.h - gap / 2;
    for (int i = n - 1; i >= 0; i--) {
        y[i] = fmin(y[i], limit);
        limit = y[i] - gap;
    }
    double s = view->look.scale, right = view->plot.x + view->plot.w;
    struct box everywhere = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    for (int i = 0; i < n; i++) {
        struct text_style style = {view->look.text, spectrogram_ink, false, false, 0, false};
        const char *name = figure_line_names[order[i]];
        double rise = 0.36 * view->look.text;
        if (last[i] + 1 < view->figure->columns) { /* the line ends before the plot does */
            double end = view_x(view, view_middle(view, last[i]));
            style.halo = true;
            canvas_text(canvas, end + 0.5 * view->plot.w / (double)view->figure->columns + 6 * s,
                        at[i] + rise, name, &style);
            continue;
        }
        double lx[3] = {right + 1, right + 9 * s, right + 26 * s}, ly[3] = {at[i], y[i], y[i]};
        spectrogram_line(canvas, &view->look, (int)view->figure->palette, order[i], everywhere, lx,
                         ly, 3);
        canvas_text(canvas, right + 31 * s, y[i] + rise, name, &style);
    }
}
