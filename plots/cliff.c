/* The cliff, today's setting and the warning of frame.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "measure.h"

/* A free box for a label of two lines, as near to (x, y) as there is one. */
static bool find_label(struct canvas *canvas, const struct view *view, const char *first,
                       const char *second, double x, double y, struct box *out)
{
    double size = view->look.text, pad = 4 * view->look.scale;
    double w = fmax(canvas_text_width(canvas, first, size, false),
                    canvas_text_width(canvas, second, size, false));
    int width = (int)ceil(w + 2 * pad), height = (int)ceil(2.6 * size + pad);
    /* Near what it is of, over data if need be, goes before free and far away. */
    return view_find_near(view, width, height, x, y, fmax(0.12 * view->plot.w, 1.1 * width), out) ||
           view_find_free(view, width, height, x, y, out);
}

static void write_label(struct canvas *canvas, struct view *view, const char *first,
                        const char *second, uint32_t colour, struct box box)
{
    double size = view->look.text, x = box.x + 4 * view->look.scale;
    struct text_style style = {size, colour, false, false, 0, false};
    frame_plate(canvas, &view->look, box);
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

/* A line from top to bottom, kept clear of labels. */
static void upright(struct canvas *canvas, struct view *view, double x, uint32_t colour,
                    const double dash[2])
{
    double s = view->look.scale;
    double lx[2] = {x, x}, ly[2] = {view->plot.y, view->plot.y + view->plot.h};
    struct line_style under = {3.6 * s, 0xffffff, 0.75, NULL, 0},
                      over = {2 * s, colour, 1, dash, 2};
    canvas_line(canvas, view->plot, lx, ly, 2, &under);
    canvas_line(canvas, view->plot, lx, ly, 2, &over);
    int half = (int)lround(4 * s);
    view_take(view, (struct box){(int)x - half, view->plot.y, 2 * half, view->plot.h});
}

/* What encloses a cliff that is not known exactly. */
static void enclose(struct canvas *canvas, const struct view *view)
{
    const struct axis *axis = &view->figure->x;
    double low = axis_place(axis, view->panel->cliff_low),
           high = axis_place(axis, view->panel->cliff_high);
    double x[2] = {view_x(view, low), view_x(view, high)}, top[2] = {view->plot.y, view->plot.y};
    double bottom[2] = {view->plot.y + view->plot.h, view->plot.y + view->plot.h};
    if (!isnan(low) && !isnan(high) && low != high)
        canvas_band(canvas, view->plot, x, bottom, top, 2, spectrogram_cliff_colour, 0.25);
}

void frame_today(struct canvas *canvas, struct view *view)
{
    double place = axis_place(&view->figure->x, view->figure->today);
    if (isnan(place) || !view->figure->cliff_name)
        return;
    double s = view->look.scale, x = floor(view_x(view, place)) + 0.5, dash[2] = {2 * s, 3 * s};
    upright(canvas, view, x, spectrogram_ink, dash);
    char value[AXIS_LABEL];
    unit_human(view->figure->x.unit, view->figure->today, 4, value, sizeof value);
    const char *text = cliff_words(view->figure, value);
    double w = canvas_text_width(canvas, text, view->look.text, false);
    struct box box;
    if (find_label(canvas, view, "today", text, x + 0.55 * w, view->cells.y + 5 * view->look.text,
                   &box))
        write_label(canvas, view, "today", text, spectrogram_ink, box);
}

void frame_cliff(struct canvas *canvas, struct view *view)
{
    double place = axis_place(&view->figure->x, view->panel->cliff);
    if (isnan(place))
        return;
    double s = view->look.scale, x = floor(view_x(view, place)) + 0.5, dash[2] = {8 * s, 5 * s};
    const char *name = view->figure->cliff_name ? view->figure->cliff_name : "utilization 1";
    enclose(canvas, view);
    upright(canvas, view, x, spectrogram_cliff_colour, dash);
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
    if (find_label(canvas, view, name, text, x - 0.55 * w - 8 * s, top, &box)) {
        write_label(canvas, view, name, text, spectrogram_cliff_colour, box);
    } else if (view->figure->n_panels == 1) {
        bool left = x - w - 10 * s > view->plot.x;
        struct text_style style = {
            view->look.text, spectrogram_cliff_colour, false, true, left ? 1 : 0, false};
        double at = left ? x - 6 * s : x + 6 * s;
        canvas_text(canvas, at, view->cells.y + 1.2 * view->look.text, name, &style);
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
    if (column == view->figure->columns || isnan(view->panel->columns[column].low[P99]) ||
        fabs(view->panel->columns[column].utilization - level) > 0.02)
        return;
    double x = view_x(view, view_middle(view, column));
    double y = view_y(view, view->panel->columns[column].q[P99]);
    char at[AXIS_LABEL], first[160], second[160];
    const char *p99 = measure_value(view->figure->measure, view->panel->columns[column].q[P99], 3);
    unit_human(UNIT_NUMBER, view->panel->columns[column].utilization, 2, at, sizeof at);
    snprintf(first, sizeof first, "p99 is %s", p99);
    snprintf(second, sizeof second, "at utilization %s", at);
    draw_warning(canvas, view, first, second, x, y);
}
