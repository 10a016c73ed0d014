#include "known.h"

#include <math.h>
#include <stdlib.h>

const uint32_t known_colour = 0x1f3fd0;

void known_line(struct canvas *canvas, const struct look *look, struct box clip, bool approximate,
                const double *x, const double *y, size_t n)
{
    double s = look->scale;
    double dash[2][2] = {{7 * s, 4 * s}, {2 * s, 2.5 * s}};
    struct line_style under = {3.6 * s, 0xffffff, 0.9, NULL, 0},
                      over = {2 * s, known_colour, 1, dash[approximate], 2};
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
                      whisker = {1.4 * s, known_colour, 1, NULL, 0},
                      under = {2 * r + 2 * s, 0xffffff, 0.9, NULL, 0},
                      over = {2 * r, known_colour, 1, NULL, 0};
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
    known_line(canvas, &view->look, view->plot, approximate, x, y, n);
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

void known_draw_across(struct canvas *canvas, const struct view *view, struct box across)
{
    const struct figure_known *known = view->panel->known;
    const struct look *look = &view->look;
    double x[2] = {across.x, across.x + across.w};
    for (int line = 0; known && line < KNOWN_LINES; line++) {
        double y = view_y(view, known->latency[line]);
        double level[2] = {y, y};
        if (!isnan(y))
            known_line(canvas, look, across, known->approximate, x, level, 2);
    }
    if (!known || isnan(known->latency[KNOWN_MEAN]))
        return;
    double y = view_y(view, known->latency[KNOWN_MEAN]);
    const struct figure_column *column = view->panel->columns;
    if (column->mean > 0)
        known_point(canvas, look, across, across.x + 12 * look->scale, view_y(view, column->mean),
                    view_y(view, column->mean - column->mean_half),
                    view_y(view, column->mean + column->mean_half));
    char value[AXIS_LABEL], measured[AXIS_LABEL];
    unit_human(UNIT_DURATION, known->latency[KNOWN_MEAN], 3, value, sizeof value);
    unit_human(UNIT_DURATION, column->mean, 3, measured, sizeof measured);
    struct text_style style = {look->text, known_colour, false, true, 1, false};
    canvas_text(canvas, across.x + across.w - 6 * look->scale, y - 0.4 * look->text,
                internf("mean by theory  %s, simulated  %s", value, measured), &style);
}
