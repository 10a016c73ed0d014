#include "fit_panel.h"

#include <math.h>
#include <stdlib.h>

const uint32_t fit_ink = 0x222222, fit_soft = 0x6a6a6a, fit_data = 0x8fa3b8;

struct axis fit_axis(enum unit unit, bool log, double from, double to)
{
    struct axis axis = {
        .layout = AXIS_SLICES, .log = log, .unit = unit, .from = from, .to = to, .columns = 1};
    axis_widen(&axis);
    return axis;
}

static double along(const struct axis *axis, double value)
{
    if (!axis->log)
        return (value - axis->from) / (axis->to - axis->from);
    return value > 0 ? log(value / axis->from) / log(axis->to / axis->from) : -1;
}

double fit_panel_x(const struct fit_panel *panel, double value)
{
    return panel->box.x + fmin(fmax(along(&panel->x, value), -1), 2) * panel->box.w;
}

double fit_panel_y(const struct fit_panel *panel, double value)
{
    return panel->box.y + (1 - fmin(fmax(along(&panel->y, value), -1), 2)) * panel->box.h;
}

static double width_of(void *context, const char *label)
{
    return canvas_text_width(context, label, FIT_SMALL, false);
}

static double height_of(void *context, const char *label)
{
    (void)context;
    (void)label;
    return FIT_SMALL;
}

static void draw_ticks(const struct fit_panel *panel)
{
    const struct box *box = &panel->box;
    struct text_style style = {FIT_SMALL, fit_ink, false, false, 0.5, false};
    struct ticks ticks;
    axis_ticks(&panel->x, box->w, 14, width_of, panel->canvas, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        int x = (int)lround(box->x + ticks.tick[i].place * box->w);
        canvas_fill(panel->canvas, (struct box){x, box->y, 1, box->h}, 0xececec);
        canvas_fill(panel->canvas, (struct box){x, box->y + box->h, 1, 4}, fit_ink);
        if (!panel->bare)
            canvas_text(panel->canvas, x, box->y + box->h + 5 + FIT_SMALL, ticks.tick[i].label,
                        &style);
    }
    style.align = 1;
    axis_ticks(&panel->y, box->h, 8, height_of, NULL, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        int y = (int)lround(box->y + (1 - ticks.tick[i].place) * box->h);
        canvas_fill(panel->canvas, (struct box){box->x, y, box->w, 1}, 0xececec);
        canvas_fill(panel->canvas, (struct box){box->x - 4, y, 4, 1}, fit_ink);
        canvas_text(panel->canvas, box->x - 7, y + 0.36 * FIT_SMALL, ticks.tick[i].label, &style);
    }
}

void fit_panel_open(const struct fit_panel *panel, const char *heading, const char *x_name)
{
    const struct box *box = &panel->box;
    struct text_style bold = {FIT_TEXT, fit_ink, true, false, 0, false},
                      name = {FIT_SMALL, fit_soft, false, false, 0.5, false};
    draw_ticks(panel);
    canvas_frame(panel->canvas, *box, fit_ink);
    if (heading)
        canvas_text(panel->canvas, box->x, box->y - 9, heading, &bold);
    if (x_name)
        canvas_text(panel->canvas, box->x + box->w / 2.0, box->y + box->h + 8 + 2.3 * FIT_SMALL,
                    x_name, &name);
}

void fit_panel_line(const struct fit_panel *panel, const double *x, const double *y, size_t n,
                    const struct line_style *style)
{
    double *px = xmalloc(2 * (n + 1) * sizeof *px), *py = px + n;
    for (size_t i = 0; i < n; i++) {
        bool there = isfinite(x[i]) && isfinite(y[i]);
        px[i] = there ? fit_panel_x(panel, x[i]) : NAN;
        py[i] = there ? fit_panel_y(panel, y[i]) : NAN;
    }
    canvas_line(panel->canvas, panel->box, px, py, n, style);
    free(px);
}

void fit_panel_word(const struct fit_panel *panel, double across, double down, const char *text,
                    uint32_t colour, double align)
{
    struct text_style style = {FIT_SMALL, colour, false, true, align, false};
    canvas_text(panel->canvas, panel->box.x + across * panel->box.w,
                panel->box.y + down * panel->box.h + FIT_SMALL, text, &style);
}

int fit_drawn(const struct laws *laws, int drawn[FIT_DRAWN])
{
    int n = 0;
    if (laws->n > 0)
        drawn[n++] = laws->best;
    for (int i = 0; i < laws->n && n < FIT_DRAWN; i++)
        if (i != laws->best)
            drawn[n++] = i;
    return n;
}

struct line_style fit_law_style(int i)
{
    static const uint32_t colours[FIT_DRAWN] = {0xc0392b, 0x2471a3, 0x1e8449, 0x9a7d0a};
    static const double dash[2] = {6, 3};
    return (struct line_style){i == 0 ? 2.4 : 1.4, colours[i], 1, i == 0 ? NULL : dash,
                               i == 0 ? 0 : 2};
}
