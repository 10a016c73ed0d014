#include "frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strips.h"

static struct text_style ink(const struct look *look, double align)
{
    return (struct text_style){look->text, spectrogram_ink, false, false, align, false};
}

double frame_measure(void *context, const char *label)
{
    struct ruler *ruler = context;
    return canvas_text_width(ruler->canvas, label, ruler->size, false);
}

/* ---- latency ---- */

/* Names of the marked rows; `under` by the edge of the grid above it. */
static const char *mark_name(int mark, const struct heat_rows *rows)
{
    static const char *const names[HEAT_MARKS] = {"0", NULL, "> 544 y", "unfinished"};
    if (names[mark])
        return names[mark];
    char edge[AXIS_LABEL];
    unit_human(UNIT_DURATION, fmax(heat_edge(rows->low), histogram_low(0)), 2, edge, sizeof edge);
    return internf("< %s", edge);
}

double frame_latency_width(struct canvas *canvas, const struct look *look,
                           const struct shared *shared, const struct heat_rows *rows)
{
    double most = 0;
    for (size_t i = 0; i < shared->latency.n; i++)
        most = fmax(most, canvas_text_width(canvas, shared->latency.tick[i].label, look->text, 0));
    for (int m = 0; m < HEAT_MARKS; m++)
        if (rows->mark[m])
            most = fmax(most, canvas_text_width(canvas, mark_name(m, rows), look->text, false));
    return fmax(most + 9 * look->scale, strips_label_width(canvas, look, shared));
}

static void tick_left(struct canvas *canvas, const struct view *view, double y, double length)
{
    int w = (int)lround(length * view->look.scale);
    canvas_fill(canvas, (struct box){view->plot.x - 1 - w, (int)lround(y), w, 1}, spectrogram_ink);
}

/* Whether the label of a tick would touch that of the marked row beyond the grid's end. */
static bool crowded(const struct view *view, double y)
{
    const bool *mark = view->heat.rows.mark;
    double room = 1.15 * view->look.text;
    for (int m = 0; m < HEAT_MARKS; m++)
        if (mark[m] && fabs(view->mark[m].y + view->mark[m].h / 2.0 - y) < room)
            return true;
    return false;
}

void frame_latency(struct canvas *canvas, const struct view *view, const struct shared *shared,
                   bool labels)
{
    double x = view->plot.x - 8 * view->look.scale, rise = 0.36 * view->look.text;
    struct text_style style = ink(&view->look, 1);
    for (size_t i = 0; i < shared->latency.n; i++) {
        const struct tick *tick = &shared->latency.tick[i];
        double y = view->cells.y + view->cells.h * (1 - tick->place);
        tick_left(canvas, view, y, tick->label[0] ? 5 : 3);
        if (labels && !crowded(view, y))
            canvas_text(canvas, x, y + rise, tick->label, &style);
    }
    for (int m = 0; m < HEAT_MARKS && labels; m++)
        if (view->heat.rows.mark[m])
            canvas_text(canvas, x, view->mark[m].y + view->mark[m].h / 2.0 + rise,
                        mark_name(m, &view->heat.rows), &style);
    if (labels)
        strips_label(canvas, view, shared);
}

/* ---- across ---- */

/* Writes the label of a tick at x, moved inwards where it would stand out too far. */
static void label_tick(struct canvas *canvas, const struct view *view, double x, double y,
                       const char *label)
{
    struct text_style style = ink(&view->look, 0.5);
    double half = canvas_text_width(canvas, label, style.size, false) / 2 - view->overhang;
    x = fmax(fmin(x, view->plot.x + view->plot.w - half), view->plot.x + half);
    canvas_text(canvas, x, y, label, &style);
}

void frame_below(struct canvas *canvas, const struct view *view)
{
    struct ruler ruler = {canvas, view->look.text};
    struct ticks ticks;
    bool list = view->figure->x.layout == AXIS_LIST;
    axis_ticks(&view->figure->x, view->plot.w, (list ? 12 : 36) * view->look.scale, frame_measure,
               &ruler, &ticks);
    int y = strips_bottom(view), length = (int)lround(5 * view->look.scale);
    for (size_t i = 0; i < ticks.n; i++) {
        double x = view_x(view, ticks.tick[i].place);
        int left = (int)fmin(floor(x), view->plot.x + view->plot.w - 1);
        canvas_fill(canvas, (struct box){left, y + 1, 1, length}, spectrogram_ink);
        label_tick(canvas, view, x, y + length + 1.15 * view->look.text, ticks.tick[i].label);
    }
}

static void ticks_above(struct canvas *canvas, const struct view *view, const struct ticks *ticks,
                        double y, const char *name, double left, bool rule)
{
    int length = (int)lround(5 * view->look.scale);
    for (size_t i = 0; i < ticks->n; i++) {
        double x = view_x(view, ticks->tick[i].place);
        int at = (int)fmin(floor(x), view->plot.x + view->plot.w - 1);
        canvas_fill(canvas, (struct box){at, (int)lround(y) - length, 1, length}, spectrogram_ink);
        label_tick(canvas, view, x, y - length - 0.3 * view->look.text, ticks->tick[i].label);
    }
    if (rule)
        canvas_fill(canvas, (struct box){view->plot.x, (int)lround(y), view->plot.w, 1},
                    spectrogram_ink);
    if (name) {
        struct text_style style = ink(&view->look, 0);
        canvas_text(canvas, left, y - length - 0.3 * view->look.text, name, &style);
    }
}

/* Known, and not the same everywhere (gather.c then says it in words). */
static bool utilization_varies(const struct figure *figure)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++)
            if (isfinite(figure->panels[p].columns[c].utilization)) {
                low = fmin(low, figure->panels[p].columns[c].utilization);
                high = fmax(high, figure->panels[p].columns[c].utilization);
            }
    return high - low > 1e-9 * high;
}

double frame_above_height(const struct look *look, const struct figure *figure)
{
    double row = 1.3 * look->text + 6 * look->scale;
    return (utilization_varies(figure) ? row : 0) +
           (isnan(figure->time) ? 0 : row + 3 * look->scale);
}

static void utilization_ticks(struct canvas *canvas, const struct view *view, struct ticks *ticks)
{
    struct ruler ruler = {canvas, view->look.text};
    const struct figure *figure = view->figure;
    double *places = xcalloc(2 * figure->columns, sizeof(double));
    double *points = places + figure->columns;
    for (size_t i = 0; i < figure->columns; i++) {
        places[i] = view_middle(view, i);
        points[i] = view->panel->columns[i].utilization;
    }
    if (figure->columns <= 16) { /* one for each column, as below */
        struct axis list = {
            .layout = AXIS_LIST, .unit = UNIT_NUMBER, .columns = figure->columns, .values = points};
        axis_ticks(&list, view->plot.w, 12 * view->look.scale, frame_measure, &ruler, ticks);
        size_t kept = 0;
        for (size_t i = 0; i < ticks->n; i++)
            if (isfinite(ticks->tick[i].value))
                ticks->tick[kept++] = ticks->tick[i];
        ticks->n = kept;
    } else {
        axis_curve_ticks(places, points, figure->columns, view->plot.w, 24 * view->look.scale,
                         frame_measure, &ruler, ticks);
    }
    free(places);
}

double frame_above(struct canvas *canvas, const struct view *view, bool names, double left)
{
    struct ruler ruler = {canvas, view->look.text};
    struct ticks ticks;
    double row = 1.3 * view->look.text + 6 * view->look.scale, y = view->plot.y - 1;
    if (utilization_varies(view->figure)) {
        utilization_ticks(canvas, view, &ticks);
        ticks_above(canvas, view, &ticks, y, names ? "utilization" : NULL, left, false);
        y -= row + 3 * view->look.scale;
    }
    if (!isnan(view->figure->time)) {
        axis_time_ticks(view->figure->time, view->plot.w, 44 * view->look.scale, frame_measure,
                        &ruler, &ticks);
        ticks_above(canvas, view, &ticks, y, names ? "time" : NULL, left, y < view->plot.y - 2);
    }
    return frame_above_height(&view->look, view->figure);
}

/* ---- the cliff ---- */

/* A free box for a label of two lines, as near to (x, y) as there is one. */
static bool find_label(struct canvas *canvas, const struct view *view, const char *first,
                       const char *second, double x, double y, struct box *out)
{
    double size = view->look.text, pad = 4 * view->look.scale;
    double w = fmax(canvas_text_width(canvas, first, size, false),
                    canvas_text_width(canvas, second, size, false));
    return view_find_free(view, (int)ceil(w + 2 * pad), (int)ceil(2.6 * size + pad), x, y, out);
}

static void write_label(struct canvas *canvas, struct view *view, const char *first,
                        const char *second, uint32_t colour, struct box box)
{
    double size = view->look.text, x = box.x + 4 * view->look.scale;
    struct text_style style = {size, colour, false, true, 0, false};
    canvas_text(canvas, x, box.y + 1.1 * size, first, &style);
    canvas_text(canvas, x, box.y + 2.35 * size, second, &style);
    view_take(view, box);
}

/* "at alpha 1.99", "at 6 consumers" (what is counted has a plural), "at 100 %" of itself. */
static const char *cliff_words(const struct figure *figure, const char *value)
{
    const char *name = figure->x_short;
    size_t n = strlen(name);
    if (strcmp(name, "utilization") == 0)
        return internf("at %s", value);
    if (figure->x.whole && n > 0 && name[n - 1] == 's')
        return internf("at %s %s", value, name);
    return internf("at %s %s", name, value);
}

void frame_cliff(struct canvas *canvas, struct view *view)
{
    double place = axis_place(&view->figure->x, view->panel->cliff);
    if (isnan(place))
        return;
    double s = view->look.scale, x = floor(view_x(view, place)) + 0.5;
    double lx[2] = {x, x}, ly[2] = {view->plot.y, view->plot.y + view->plot.h};
    double dash[2] = {8 * s, 5 * s};
    struct line_style under = {3.6 * s, 0xffffff, 0.75, NULL, 0},
                      over = {2 * s, spectrogram_cliff_colour, 1, dash, 2};
    canvas_line(canvas, view->plot, lx, ly, 2, &under);
    canvas_line(canvas, view->plot, lx, ly, 2, &over);
    int half = (int)lround(4 * s);
    view_take(view, (struct box){(int)x - half, view->plot.y, 2 * half, view->plot.h});

    char value[AXIS_LABEL];
    unit_human(view->figure->x.unit, view->panel->cliff, 4, value, sizeof value);
    struct paragraph line;
    canvas_wrap(canvas, cliff_words(view->figure, value), " ", 0.45 * view->plot.w, 1,
                view->look.text, view->look.text, false, &line);
    const char *text = line.line[0];
    double w = canvas_text_width(canvas, text, view->look.text, false);
    struct box box;
    /* High up and close to the line, on the healthy side if there is room; where there is none, the
     * line is left to the legend or, on a panel by itself, named all the same. */
    double top = view->cells.y + 2.2 * view->look.text;
    if (find_label(canvas, view, "utilization 1", text, x - 0.55 * w - 8 * s, top, &box)) {
        write_label(canvas, view, "utilization 1", text, spectrogram_cliff_colour, box);
    } else if (view->figure->n_panels == 1) {
        bool left = x - w - 10 * s > view->plot.x;
        struct text_style style = {
            view->look.text, spectrogram_cliff_colour, false, true, left ? 1 : 0, false};
        double at = left ? x - 6 * s : x + 6 * s;
        canvas_text(canvas, at, view->cells.y + 1.2 * view->look.text, "utilization 1", &style);
        canvas_text(canvas, at, view->cells.y + 2.45 * view->look.text, text, &style);
    }
}

/* Column in which the offered utilization last reaches `level` on the way to the cliff. */
static size_t column_before(const struct view *view, double level)
{
    size_t n = view->figure->columns;
    for (size_t i = 0; i + 1 < n; i++) {
        double a = view->panel->columns[i].utilization, b = view->panel->columns[i + 1].utilization;
        if (a < level && b >= level)
            return level - a < b - level ? i : i + 1;
        if (a >= level && b < level)
            return a - level < level - b ? i : i + 1;
    }
    return n;
}

/* From the label's corner to the point, clear of other labels? */
static bool leader_is_free(const struct view *view, double x0, double y0, double x1, double y1)
{
    enum { STEPS = 48 };
    for (int i = 1; i < STEPS; i++) {
        double x = x0 + (x1 - x0) * i / STEPS, y = y0 + (y1 - y0) * i / STEPS;
        for (int k = 0; k < view->n_taken; k++) {
            const struct box *box = &view->taken[k];
            if (x >= box->x && x < box->x + box->w && y >= box->y && y < box->y + box->h)
                return false;
        }
    }
    return true;
}

/* A label near (x, y), tied to that point by a line; left out where there is no room for it. */
static void draw_warning(struct canvas *canvas, struct view *view, const char *first,
                         const char *second, double x, double y)
{
    static const int wishes[][2] = {{-110, -120}, {-200, -90}, {-60, -190}, {-260, -190}, {90, 60}};
    double s = view->look.scale;
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        struct box box;
        double from, edge;
        if (!find_label(canvas, view, first, second, x + wishes[i][0] * s, y + wishes[i][1] * s,
                        &box))
            return;
        from = box.x + box.w / 2.0 < x ? box.x + box.w : box.x;
        edge = box.y + box.h / 2.0 < y ? box.y + box.h : box.y;
        if (!leader_is_free(view, from, edge, x, y))
            continue;
        double lx[2] = {from, x}, ly[2] = {edge, y};
        struct line_style halo = {3 * s, 0xffffff, 0.8, NULL, 0},
                          thin = {1.1 * s, spectrogram_ink, 1, NULL, 0},
                          ring = {7.5 * s, spectrogram_ink, 1, NULL, 0},
                          dot = {4.5 * s, 0xffffff, 1, NULL, 0};
        canvas_line(canvas, view->plot, lx, ly, 2, &halo);
        canvas_line(canvas, view->plot, lx, ly, 2, &thin);
        canvas_line(canvas, view->plot, &x, &y, 1, &ring);
        canvas_line(canvas, view->plot, &x, &y, 1, &dot);
        write_label(canvas, view, first, second, spectrogram_ink, box);
        return;
    }
}

void frame_warning(struct canvas *canvas, struct view *view)
{
    static const double level = 0.95;
    enum { P99 = 1 };
    bool room = view->cells.h >= 200 * view->look.scale && view->cells.w >= 280 * view->look.scale;
    if (!room || isnan(axis_place(&view->figure->x, view->panel->cliff)))
        return;
    size_t column = column_before(view, level);
    if (column == view->figure->columns || isnan(view->panel->columns[column].q[P99]) ||
        fabs(view->panel->columns[column].utilization - level) > 0.02)
        return;
    double x = view_x(view, view_middle(view, column));
    double y = view_y(view, view->panel->columns[column].q[P99]);
    char p99[AXIS_LABEL], at[AXIS_LABEL], first[160], second[160];
    unit_human(UNIT_DURATION, view->panel->columns[column].q[P99], 3, p99, sizeof p99);
    unit_human(UNIT_NUMBER, view->panel->columns[column].utilization, 2, at, sizeof at);
    snprintf(first, sizeof first, "p99 is %s", p99);
    snprintf(second, sizeof second, "at utilization %s", at);
    draw_warning(canvas, view, first, second, x, y);
}
