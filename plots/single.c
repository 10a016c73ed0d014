#include "single.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bars.h"
#include "frame.h"
#include "known.h"
#include "measure.h"
#include "observed.h"
#include "page.h"

/* The two plots and what they share. */
struct pair {
    struct canvas *canvas;
    struct view bars;  /* left; its heat is the column's */
    struct box beyond; /* right */
    struct shared shared;
    double most; /* longest bar, as a share */
    int decades; /* of the right plot: from 1 to 10^-decades */
};

static struct text_style ink(const struct pair *pair, double align)
{
    return (struct text_style){pair->bars.look.text, spectrogram_ink, false, false, align, false};
}

/* ---- the distribution ---- */

static void draw_bars(struct pair *pair)
{
    const struct view *view = &pair->bars;
    bars_draw(pair->canvas, view, view->plot, view->heat.value, view->heat.mark[0], pair->most);
    if (figure_is_bare(view->figure, view->panel->columns))
        canvas_hatch(pair->canvas, view->cells, (int)lround(7 * view->look.scale),
                     spectrogram_hatch);
}

/* Share of the tasks that took longer than x; unfinished ones did, as far as is known. Of the time
 * with more waiting than the number that x rounds to. */
static double share_beyond(const struct figure *figure, const struct figure_column *column,
                           double x)
{
    if (figure->measure == PICTURE_QUEUE) {
        double time = (double)histogram_total(&column->latency);
        return (time - histogram_rank(&column->latency, floor(x + 0.5) + 0.5)) / time;
    }
    double all = (double)column->completed + (double)column->unfinished;
    return all > 0 ? (all - histogram_rank(&column->latency, x)) / all : 0;
}

static double beyond_x(const struct pair *pair, double share)
{
    double t = share > 0 ? -log10(share) / pair->decades : 1;
    return pair->beyond.x + fmin(fmax(t, 0), 1) * pair->beyond.w;
}

static double observed_x(const void *pair, double share)
{
    return beyond_x(pair, share);
}

static void draw_beyond(struct pair *pair)
{
    const struct view *view = &pair->bars;
    const struct figure_column *column = view->panel->columns;
    int n = view->cells.h + 1;
    double *x = xcalloc(2 * (size_t)n, sizeof *x), *y = x + n;
    const struct heat_rows *rows = &view->heat.rows;
    for (int i = 0; i < n; i++) {
        double k = rows->low + (double)(rows->high - rows->low) * i / (n - 1);
        double share = share_beyond(view->figure, column, pow(10, k / HEAT_PER_DECADE));
        y[i] = view->cells.y + view->cells.h - (double)i / (n - 1) * view->cells.h;
        x[i] = share > 0 ? beyond_x(pair, share) : NAN;
    }
    struct line_style style = {2.4 * view->look.scale, spectrogram_ink, 1, NULL, 0};
    canvas_line(pair->canvas, pair->beyond, x, y, (size_t)n, &style);
    free(x);
}

/* ---- quantiles across both ---- */

static void draw_quantiles(struct pair *pair)
{
    const struct view *view = &pair->bars;
    const struct figure_column *column = view->panel->columns;
    struct box across = {view->plot.x, view->plot.y, pair->beyond.x + pair->beyond.w - view->plot.x,
                         view->plot.h};
    double dash[2] = {6 * view->look.scale, 4 * view->look.scale};
    double right = across.x + across.w, gap = 1.35 * view->look.text, floor_y = -INFINITY;
    for (int q = FIGURE_LINES - 1; q >= 0; q--) {
        double y = view_y(view, column->q[q]);
        if (isnan(y))
            continue;
        double x[3] = {right + 1, right + 9 * view->look.scale, right + 26 * view->look.scale};
        double ends[2] = {across.x, right}, level[2] = {y, y};
        double low[2] = {view_y(view, column->low[q]), view_y(view, column->low[q])},
               high[2] = {view_y(view, column->high[q]), view_y(view, column->high[q])};
        canvas_band(pair->canvas, across, ends, low, high, 2, spectrogram_ink, 0.15);
        struct line_style thin = {1.2 * view->look.scale, spectrogram_ink, 0.7, dash, 2};
        canvas_line(pair->canvas, across, ends, level, 2, &thin);
        double label = fmax(y, floor_y + gap);
        floor_y = label;
        double ly[3] = {y, label, label};
        struct box everywhere = {0, 0, canvas_width(pair->canvas), canvas_height(pair->canvas)};
        spectrogram_line(pair->canvas, &view->look, (int)view->figure->palette, q, everywhere, x,
                         ly, 3);
        const char *text = internf("%s  %s", figure_line_names[q],
                                   measure_value(view->figure->measure, column->q[q], 3));
        struct text_style style = ink(pair, 0);
        canvas_text(pair->canvas, right + 31 * view->look.scale, label + 0.36 * view->look.text,
                    text, &style);
    }
    double y = view_y(view, column->max);
    if (column->completed > 0 && column->max > 0) {
        const char *text = internf("%s  %s", measure_largest(view->figure->measure),
                                   measure_value(view->figure->measure, column->max, 3));
        int x = across.x + across.w, w = (int)lround(26 * view->look.scale);
        canvas_fill(pair->canvas, (struct box){x, (int)lround(y), w, 1}, spectrogram_max);
        struct text_style style = ink(pair, 1);
        canvas_text(pair->canvas, pair->beyond.x + pair->beyond.w - 6 * view->look.scale,
                    y - 0.4 * view->look.text, text, &style);
    }
}

/* ---- axes ---- */

static void tick_below(const struct pair *pair, double x, const char *label)
{
    const struct look *look = &pair->bars.look;
    struct text_style style = ink(pair, 0.5);
    int y = pair->bars.plot.y + pair->bars.plot.h, length = (int)lround(5 * look->scale);
    canvas_fill(pair->canvas, (struct box){(int)lround(x), y + 1, 1, length}, spectrogram_ink);
    canvas_text(pair->canvas, x, y + length + 1.15 * look->text, label, &style);
}

static void draw_axes(struct pair *pair, double margin)
{
    const struct view *view = &pair->bars;
    const struct look *look = &view->look;
    char label[AXIS_LABEL];
    frame_latency(pair->canvas, view, &pair->shared, true);
    struct axis shares = {
        .layout = AXIS_SLICES, .unit = UNIT_SHARE, .from = 0, .to = pair->most, .columns = 1};
    struct ruler ruler = {pair->canvas, look->text};
    struct ticks ticks;
    axis_ticks(&shares, view->plot.w, 36 * look->scale, frame_measure, &ruler, &ticks);
    for (size_t i = 0; i < ticks.n; i++)
        tick_below(pair, view_x(view, ticks.tick[i].place), ticks.tick[i].label);
    for (int d = 0; d <= pair->decades; d++) {
        unit_human(UNIT_SHARE, pow(10, -d), 3, label, sizeof label);
        if (pair->decades <= 6 || d % 2 == 0)
            tick_below(pair, fmin(beyond_x(pair, pow(10, -d)), pair->beyond.x + pair->beyond.w - 1),
                       label);
    }
    canvas_frame(pair->canvas, view->plot, spectrogram_ink);
    canvas_frame(pair->canvas, pair->beyond, spectrogram_ink);
    struct text_style style = ink(pair, 0.5);
    double y = view->plot.y + view->plot.h + 3.2 * look->text;
    enum picture_measure measure = view->figure->measure;
    const char *brief = internf("share of the %s", measure_row(measure)),
               *whole = internf("%s (%s)", brief, measure_width(&view->heat.rows));
    bool fits = canvas_text_width(pair->canvas, whole, 0.6 * look->text, false) <= view->plot.w;
    const char *names[2] = {fits ? whole : brief,
                            internf("share of the %s", measure_beyond(measure))};
    const struct box *boxes[2] = {&view->plot, &pair->beyond};
    for (int i = 0; i < 2; i++) {
        struct paragraph text;
        canvas_wrap(pair->canvas, names[i], " ", boxes[i]->w, 1, look->text, 0.6 * look->text,
                    false, &text);
        style.size = text.size;
        canvas_text(pair->canvas, boxes[i]->x + boxes[i]->w / 2.0, y, text.line[0], &style);
    }
    style.size = look->text;
    style.upwards = true;
    canvas_text(pair->canvas, margin + look->text, view->plot.y + view->plot.h / 2.0,
                measure_axis(view->figure->measure), &style);
}

/* ---- the whole ---- */

static void measure_shares(struct pair *pair)
{
    const struct heat *heat = &pair->bars.heat;
    const struct figure_column *column = pair->bars.panel->columns;
    pair->most = bars_end(&heat->rows, heat->value, heat->mark[0]);
    double tasks = (double)column->completed + (double)column->unfinished;
    pair->decades = tasks > 10 ? (int)ceil(log10(tasks)) : 1;
}

void single_draw(struct canvas *canvas, const struct figure *figure, const struct look *look,
                 double margin, double top, double bottom)
{
    double s = look->scale;
    struct figure density = *figure;
    density.colour = COLOUR_DENSITY;
    struct pair pair = {.canvas = canvas};
    struct view *view = &pair.bars;
    view->figure = &density;
    view->panel = figure->panels;
    view->look = *look;

    bool legend =
        frame_legend(canvas, look, view, 1, margin, 0, INFINITY, LEGEND_SINGLE, false).width > 0;
    if (legend && figure->height >= SMALLEST_PAGE) {
        frame_legend(canvas, look, view, 1, margin, top + look->small, INFINITY, LEGEND_SINGLE,
                     true);
        top += 1.3 * look->small;
    }
    top += 0.8 * look->text;
    int height = (int)(bottom - 3.6 * look->text - top);
    height = height > 8 ? height : 8;
    struct heat_rows rows = heat_rows_of(&density, height);
    int cells = view_cells_height(look, rows.mark, height);
    rows = heat_rows_of(&density, cells);
    measure_ticks(&rows, cells, 1.7 * look->text, &pair.shared.latency);
    double left =
        margin + 1.5 * look->text + frame_latency_width(canvas, look, &pair.shared, &rows);
    double right = canvas_width(canvas) - margin - 34 * s -
                   canvas_text_width(canvas, "p99.9  1.23 min", look->text, false);
    double gap = 64 * s, width = fmax((right - left - gap) / 2, 8);
    view->plot = (struct box){(int)lround(left), (int)lround(top), (int)width, height};
    pair.beyond = view->plot;
    pair.beyond.x += (int)lround(width + gap);
    view_divide(view, &rows);
    view->heat = heat_of(&density, view->panel, &rows, view->cells.w);

    if (rows.empty) {
        view->plot.w += pair.beyond.x + pair.beyond.w - (view->plot.x + view->plot.w);
        canvas_hatch(canvas, view->plot, (int)lround(7 * s), spectrogram_hatch);
        frame_nothing(canvas, look, view->plot, figure, view->panel);
        canvas_frame(canvas, view->plot, spectrogram_ink);
        heat_free(&view->heat);
        return;
    }
    measure_shares(&pair);
    spectrogram_grid(canvas, view, &pair.shared.latency, view->plot);
    spectrogram_grid(canvas, view, &pair.shared.latency, pair.beyond);
    draw_bars(&pair);
    observed_band(canvas, view, pair.beyond, observed_x, &pair);
    draw_beyond(&pair);
    draw_quantiles(&pair);
    struct box across = view->plot;
    across.w = pair.beyond.x + pair.beyond.w - across.x;
    frame_objective_line(canvas, view, pair.beyond);
    known_draw_across(canvas, view, across);
    frame_objective(canvas, view);
    draw_axes(&pair, margin);
    heat_free(&view->heat);
}
