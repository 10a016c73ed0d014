#include "spectrogram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "observed.h"
#include "palette.h"
#include "quantiles.h"
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
        if (heat->bare[i])
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

/* ---- points and bars ---- */

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
    quantiles_draw(canvas, view);
    observed_brackets(canvas, view);
    known_draw(canvas, view);
    strips_draw(canvas, view, shared);
    draw_unstable(canvas, view);
    canvas_frame(canvas, view->plot, spectrogram_ink);
}

/* ---- labels ---- */

/* Where a line ends: its last point; false where it has none. */
static bool end_of(const struct view *view, int line, double *x, double *y)
{
    struct line_path path = quantiles_path(view, line);
    size_t n = path.n;
    while (n > 0 && isnan(path.y[n - 1]))
        n--;
    if (n > 0) {
        *x = path.x[n - 1];
        *y = path.y[n - 1];
    }
    free(path.x);
    return n > 0;
}

/* The name of a line that ends before the plot does: where there is room, near its end. */
static void name_at_end(struct canvas *canvas, struct view *view, int line, double x, double y)
{
    const char *name = figure_line_names[line];
    double size = view->look.text, w = canvas_text_width(canvas, name, size, false);
    double pad = 3 * view->look.scale;
    int width = (int)ceil(w + 2 * pad), height = (int)ceil(1.25 * size);
    struct box box = {(int)(x + 2 * pad), (int)(y - 0.5 * height), width, height};
    view_find_near(view, width, height, x + 0.7 * width, y, 8 * size, &box);
    frame_plate(canvas, &view->look, box);
    struct text_style style = {size, spectrogram_ink, false, false, 0, false};
    canvas_text(canvas, box.x + pad, box.y + 0.98 * size, name, &style);
    view_take(view, box);
}

void spectrogram_end_labels(struct canvas *canvas, struct view *view)
{
    double at[FIGURE_LINES], y[FIGURE_LINES], gap = 1.35 * view->look.text;
    int order[FIGURE_LINES], n = 0;
    double half =
               (double)view->plot.w / (double)view->figure->columns * (double)quantiles_group(view),
           right = view->plot.x + view->plot.w;
    for (int q = FIGURE_LINES - 1; q >= 0; q--) { /* from the top */
        double end;
        if (!end_of(view, q, &end, &at[n]))
            continue;
        if (end + 1.01 * half < right)
            name_at_end(canvas, view, q, end, at[n]);
        else
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
    double s = view->look.scale;
    struct box everywhere = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    for (int i = 0; i < n; i++) {
        struct text_style style = {view->look.text, spectrogram_ink, false, false, 0, false};
        double lx[3] = {right + 1, right + 9 * s, right + 26 * s}, ly[3] = {at[i], y[i], y[i]};
        spectrogram_line(canvas, &view->look, (int)view->figure->palette, order[i], everywhere, lx,
                         ly, 3);
        canvas_text(canvas, right + 31 * s, y[i] + 0.36 * view->look.text,
                    figure_line_names[order[i]], &style);
    }
}
