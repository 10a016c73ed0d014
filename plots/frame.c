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

void frame_plate(struct canvas *canvas, const struct look *look, struct box box)
{
    int pad = (int)lround(2 * look->scale);
    box = (struct box){box.x - pad, box.y, box.w + 2 * pad, box.h + pad};
    double x[2] = {box.x, box.x + box.w}, low[2] = {box.y + box.h, box.y + box.h},
           high[2] = {box.y, box.y};
    canvas_band(canvas, box, x, low, high, 2, 0xffffff, 0.86);
}

void frame_nothing(struct canvas *canvas, const struct look *look, struct box box,
                   const struct figure *figure, const struct figure_panel *panel)
{
    double offered = 0, lost = 0;
    char tasks[AXIS_LABEL];
    for (size_t c = 0; c < figure->columns; c++) {
        offered += (double)panel->columns[c].offered;
        lost += (double)panel->columns[c].lost;
    }
    unit_human(UNIT_COUNT, offered, 4, tasks, sizeof tasks);
    const char *what = offered == 0 ? "No task arrived."
                       : lost == offered
                           ? internf("No task was completed: all %s were lost.", tasks)
                           : internf("No task of %s was completed.", tasks);
    struct paragraph text;
    canvas_wrap(canvas, what, " ", 0.9 * box.w, 2, 1.3 * look->text, 0.7 * look->text, false,
                &text);
    double width = 0, y = box.y + box.h / 2.0 - 0.65 * text.size * (text.n - 1);
    for (int i = 0; i < text.n; i++)
        width = fmax(width, canvas_text_width(canvas, text.line[i], text.size, false));
    frame_plate(canvas, look,
                (struct box){(int)(box.x + (box.w - width) / 2 - text.size),
                             (int)(y - 1.6 * text.size), (int)(width + 2 * text.size),
                             (int)(text.size * (1.3 * text.n + 1.2))});
    struct text_style style = {text.size, spectrogram_ink, false, false, 0.5, false};
    for (int i = 0; i < text.n; i++)
        canvas_text(canvas, box.x + box.w / 2.0, y + 1.3 * text.size * i, text.line[i], &style);
}

/* ---- latency ---- */

/* Names of the marked rows: of those beyond the grid by its edge. */
static const char *mark_name(int mark, const struct heat_rows *rows)
{
    char edge[AXIS_LABEL];
    double end =
        mark == HEAT_UNDER ? fmax(heat_edge(rows->low), histogram_low(0)) : heat_edge(rows->high);
    if (mark == HEAT_OVER && end >= histogram_high(HIST_BUCKETS - 1))
        return "> 544 y";
    unit_human(UNIT_DURATION, end, 2, edge, sizeof edge);
    return mark == HEAT_ZERO         ? "0"
           : mark == HEAT_UNFINISHED ? "unfinished"
                                     : internf(mark == HEAT_UNDER ? "< %s" : "> %s", edge);
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

/* Lines of a column's name. */
enum { NAME_LINES = 3 };

static struct paragraph name_of(struct canvas *canvas, const struct look *look, const char *name,
                                double width)
{
    struct paragraph text;
    canvas_wrap(canvas, name, " ", fmax(width - 10 * look->scale, 1), NAME_LINES, look->text,
                0.7 * look->text, false, &text);
    return text;
}

double frame_below_height(struct canvas *canvas, const struct look *look,
                          const struct figure *figure, size_t across)
{
    /* A little less than the columns will have. */
    double width = 0.72 * canvas_width(canvas) / (double)across / (double)figure->columns;
    int lines = 1;
    for (size_t i = 0; i < figure->columns && figure->x.labels; i++) {
        struct paragraph text = name_of(canvas, look, figure->x.labels[i], width);
        lines = text.n > lines ? text.n : lines;
    }
    return look->text * (1 + 1.25 * (lines - 1));
}

static void name_columns(struct canvas *canvas, const struct view *view, double y)
{
    const struct figure *figure = view->figure;
    double width = (double)view->plot.w / (double)figure->columns;
    for (size_t i = 0; i < figure->columns; i++) {
        struct paragraph text = name_of(canvas, &view->look, figure->x.labels[i], width);
        struct text_style style = ink(&view->look, 0.5);
        style.size = text.size;
        for (int k = 0; k < text.n; k++)
            canvas_text(canvas, view_x(view, view_middle(view, i)), y + 1.25 * text.size * k,
                        text.line[k], &style);
    }
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
        if (!view->figure->x.labels)
            label_tick(canvas, view, x, y + length + 1.15 * view->look.text, ticks.tick[i].label);
    }
    for (size_t i = 0; i < view->figure->columns && view->figure->x.labels; i++) {
        int x = (int)floor(view_x(view, view_middle(view, i)));
        canvas_fill(canvas, (struct box){x, y + 1, 1, length}, spectrogram_ink);
    }
    if (view->figure->x.labels)
        name_columns(canvas, view, y + length + 1.15 * view->look.text);
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
