#include "known.h"

#include <math.h>
#include <stdlib.h>

#include "measure.h"

const uint32_t known_colours[KNOWN_LINES] = {0x006d6d, 0x8a3c00, 0x9a0a5a, 0x1f3fd0};
const char *const known_names[KNOWN_LINES] = {"p50", "p99", "p99.9", "mean"};

void known_line(struct canvas *canvas, const struct look *look, struct box clip, int line,
                bool approximate, const double *x, const double *y, size_t n)
{
    double s = look->scale;
    double dash[2][2] = {{7 * s, 4 * s}, {2 * s, 2.5 * s}};
    struct line_style under = {3.6 * s, 0xffffff, 0.9, NULL, 0},
                      over = {2 * s, known_colours[line], 1, dash[approximate], 2};
    canvas_line(canvas, clip, x, y, n, &under);
    canvas_line(canvas, clip, x, y, n, &over);
}

void known_point(struct canvas *canvas, const struct look *look, struct box clip, double x,
                 double y, double low, double high)
{
    double s = look->scale, r = 2.4 * s;
    double across[2] = {x - r, x + r}, level[2] = {y, y};
    double at[2] = {x, x}, ends[2] = {fmax(low, high) + 1, fmin(low, high) - 1};
    struct line_style halo = {3.4 * s, 0xffffff, 0.9, NULL, 0},
                      whisker = {1.4 * s, known_colours[KNOWN_MEAN], 1, NULL, 0},
                      under = {2 * r + 2 * s, 0xffffff, 0.9, NULL, 0},
                      over = {2 * r, known_colours[KNOWN_MEAN], 1, NULL, 0};
    if (!isnan(low) && !isnan(high)) {
        canvas_line(canvas, clip, at, ends, 2, &halo);
        canvas_line(canvas, clip, at, ends, 2, &whisker);
    }
    double wider[2] = {x - r - s, x + r + s};
    canvas_line(canvas, clip, wider, level, 2, &under);
    canvas_line(canvas, clip, across, level, 2, &over);
}

/* One of the lines, as far as it is approximate or exact. */
static void draw_line(struct canvas *canvas, const struct view *view, int line, bool approximate)
{
    const struct figure_known *known = view->panel->known;
    size_t steps = view_steps(view), n = steps * view->figure->columns;
    double *x = xcalloc(2 * n, sizeof *x), *y = x + n;
    for (size_t i = 0; i < n; i++) {
        const struct figure_known *column = &known[i / steps];
        x[i] = view_step_x(view, i);
        y[i] = column->approximate == approximate ? view_y(view, column->latency[line]) : NAN;
    }
    known_line(canvas, &view->look, view->plot, line, approximate, x, y, n);
    free(x);
}

/* The line has to be seen between them: in narrow columns, only some have one. */
static void draw_means(struct canvas *canvas, const struct view *view)
{
    size_t columns = view->figure->columns;
    double apart = 40 * view->look.scale * (double)columns / view->plot.w;
    size_t every = apart > 1 ? (size_t)ceil(apart) : 1;
    for (size_t c = every / 2; c < columns; c += every) {
        const struct figure_column *column = &view->panel->columns[c];
        if (isnan(view->panel->known[c].latency[KNOWN_MEAN]) || !(column->mean > 0))
            continue;
        known_point(canvas, &view->look, view->plot, view_x(view, view_middle(view, c)),
                    view_y(view, column->mean), view_y(view, column->mean - column->mean_half),
                    view_y(view, column->mean + column->mean_half));
    }
}

void known_draw(struct canvas *canvas, const struct view *view)
{
    if (!view->panel->known)
        return;
    for (int line = 0; line < KNOWN_LINES; line++)
        for (int approximate = 0; approximate < 2; approximate++)
            draw_line(canvas, view, line, approximate);
    draw_means(canvas, view);
}

void known_label(struct canvas *canvas, struct view *view)
{
    const struct figure_known *known = view->panel->known;
    double size = view->look.small, pad = 3 * view->look.scale;
    for (int line = 0; known && line < KNOWN_MEAN; line++) {
        size_t c = 0;
        while (c < view->figure->columns && isnan(known[c].latency[line]))
            c++;
        if (c == view->figure->columns)
            continue;
        const char *name = internf("%s by theory", known_names[line]);
        int w = (int)ceil(canvas_text_width(canvas, name, size, false) + 2 * pad),
            h = (int)ceil(1.25 * size);
        struct box box;
        double x = view_x(view, view_middle(view, c)) + 0.6 * w,
               y = view_y(view, known[c].latency[line]);
        if (!view_find_near(view, w, h, x, y, 12 * size, &box))
            continue;
        struct text_style style = {size, known_colours[line], false, false, 0, false};
        frame_plate(canvas, &view->look, box);
        canvas_text(canvas, box.x + pad, box.y + 0.98 * size, name, &style);
        view_take(view, box);
    }
}

/* What a line across is of, and its value, at the right above it and below the one before. */
static void label_across(struct canvas *canvas, const struct view *view, struct box across,
                         int line, double *above)
{
    const struct look *look = &view->look;
    double latency = view->panel->known->latency[line];
    enum picture_measure measure = view->figure->measure;
    const char *value = measure_value(measure, latency, 3),
               *measured = measure_value(measure, view->panel->columns->mean, 3);
    const char *text =
        internf("%s by theory  %s%s%s", known_names[line], value,
                line == KNOWN_MEAN ? ", simulated  " : "", line == KNOWN_MEAN ? measured : "");
    double at = view_y(view, latency), objective = view_y(view, view_level(view));
    if (objective < at && objective > at - 1.6 * look->text) /* its line is there: below */
        at += 1.6 * look->text;
    double w = canvas_text_width(canvas, text, look->text, false), right = across.x + across.w,
           y = fmax(at - 0.4 * look->text, *above + 1.3 * look->text);
    right -= 6 * look->scale;
    frame_plate(
        canvas, look,
        (struct box){(int)(right - w), (int)(y - look->text), (int)w, (int)(1.2 * look->text)});
    struct text_style style = {look->text, known_colours[line], false, false, 1, false};
    canvas_text(canvas, right, y, text, &style);
    *above = y;
}

void known_draw_across(struct canvas *canvas, const struct view *view, struct box across)
{
    static const int downwards[KNOWN_LINES] = {2, 1, KNOWN_MEAN, 0};
    const struct figure_known *known = view->panel->known;
    const struct look *look = &view->look;
    double x[2] = {across.x, across.x + across.w}, above = -INFINITY;
    for (int line = 0; known && line < KNOWN_LINES; line++) {
        double y = view_y(view, known->latency[line]);
        double level[2] = {y, y};
        if (!isnan(y))
            known_line(canvas, look, across, line, known->approximate, x, level, 2);
    }
    if (!known)
        return;
    const struct figure_column *column = view->panel->columns;
    if (column->mean > 0 && !isnan(known->latency[KNOWN_MEAN]))
        known_point(canvas, look, across, across.x + 12 * look->scale, view_y(view, column->mean),
                    view_y(view, column->mean - column->mean_half),
                    view_y(view, column->mean + column->mean_half));
    for (int i = 0; i < KNOWN_LINES; i++)
        if (!isnan(known->latency[downwards[i]]))
            label_across(canvas, view, across, downwards[i], &above);
}
