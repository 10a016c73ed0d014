#include "observed.h"

#include <math.h>
#include <string.h>

#include "frame.h"
#include "palette.h"

const uint32_t observed_colour = 0x1f8a9c;

/* ---- brackets ---- */

struct bracket {
    double x, low, high; /* pixels: y of the lower and the upper end */
    bool open;           /* has no upper end: an arrow */
    uint32_t colour;
};

static void draw_stroke(struct canvas *canvas, const struct view *view, const double *x,
                        const double *y, size_t n, uint32_t colour)
{
    double s = view->look.scale;
    struct line_style under = {6 * s, 0xffffff, 1, NULL, 0},
                      edge = {4.6 * s, spectrogram_ink, 1, NULL, 0},
                      core = {2.2 * s, colour, 1, NULL, 0};
    canvas_line(canvas, view->plot, x, y, n, &under);
    canvas_line(canvas, view->plot, x, y, n, &edge);
    canvas_line(canvas, view->plot, x, y, n, &core);
}

static void draw_bracket(struct canvas *canvas, const struct view *view, const struct bracket *b)
{
    double w = 5 * view->look.scale, tip = b->open ? w : 0;
    double x[9] = {b->x - w, b->x + w, NAN, b->x, b->x, NAN, b->x - w, b->x, b->x + w};
    double y[9] = {b->low, b->low,        NAN,     b->low,       b->high,
                   NAN,    b->high + tip, b->high, b->high + tip};
    draw_stroke(canvas, view, x, y, 9, b->colour);
}

static struct bracket bracket_of(const struct view *view, int q, double middle)
{
    static const int line[OBSERVED_QUANTILES] = {0, -1, 1}; /* of the figure, whose colour it has */
    const struct bounds *at = &view->figure->observed->quantile[q];
    const struct box *cells = &view->cells;
    double s = view->look.scale, margin = 8 * s, top = cells->y + 3 * s;
    struct bracket b = {.open = isinf(at->high)};
    double first = view->plot.x + margin, last = view->plot.x + view->plot.w - margin;
    b.x = fmin(fmax(middle, first + 15 * s), last - 15 * s) + (q - 1) * 15 * s;
    b.low = at->low > 0 ? view_y(view, at->low) : cells->y + cells->h;
    b.high = b.open ? top : view_y(view, at->high);
    b.colour = line[q] < 0 ? 0xffffff : palette_line((int)view->figure->palette, line[q]);
    return b;
}

/* The names beside the brackets, those at the same height as one: "observed p50, p90". */
static void draw_names(struct canvas *canvas, struct view *view, const struct bracket *brackets)
{
    double s = view->look.scale, size = view->look.small, step = 1.25 * size, last = INFINITY;
    for (int q = 0; q < OBSERVED_QUANTILES; q++) {
        const char *name = observed_quantile_names[q];
        double y = (brackets[q].low + brackets[q].high) / 2;
        while (q + 1 < OBSERVED_QUANTILES &&
               fabs((brackets[q + 1].low + brackets[q + 1].high) / 2 - y) < step)
            name = internf("%s, %s", name, observed_quantile_names[++q]);
        y = fmin(y, last - step);
        last = y;
        double w = canvas_text_width(canvas, name, size, false);
        double right = brackets[OBSERVED_QUANTILES - 1].x + 10 * s;
        bool left = right + w > view->plot.x + view->plot.w - 4 * s;
        struct text_style style = {size, spectrogram_ink, false, false, left ? 1 : 0, false};
        double x = left ? brackets[0].x - 10 * s : right;
        frame_plate(canvas, &view->look,
                    (struct box){(int)(left ? x - w : x) - 1, (int)(y - 0.6 * size), (int)w + 3,
                                 (int)(1.15 * size)});
        canvas_text(canvas, x, y + 0.36 * size, name, &style);
        view_take(view, (struct box){(int)(left ? x - w : x), (int)(y - 0.7 * size), (int)w + 2,
                                     (int)(1.4 * size)});
    }
}

void observed_brackets(struct canvas *canvas, struct view *view)
{
    if (!view->figure->observed || view->panel->part)
        return;
    double middle = view_x(view, view_middle(view, view->figure->observed_column));
    struct bracket brackets[OBSERVED_QUANTILES];
    for (int q = 0; q < OBSERVED_QUANTILES; q++) {
        brackets[q] = bracket_of(view, q, middle);
        draw_bracket(canvas, view, &brackets[q]);
    }
    draw_names(canvas, view, brackets);
    view_take(view, (struct box){(int)(brackets[0].x - 8), (int)brackets[2].high,
                                 (int)(brackets[2].x - brackets[0].x) + 16,
                                 (int)(brackets[0].low - brackets[2].high)});
}

/* ---- the band ---- */

void observed_band(struct canvas *canvas, const struct view *view, struct box clip,
                   observed_across *across, const void *context)
{
    if (!view->figure->observed)
        return;
    const struct bins *bins = &view->figure->observed->scraped.bins;
    const struct box *cells = &view->cells;
    double below = 0;
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        double next = fmin(below + b->count / bins->total, 1);
        double x[2] = {across(context, 1 - below), across(context, 1 - next)};
        double lower = b->low > 0 ? view_y(view, b->low) : cells->y + cells->h,
               upper = isfinite(b->high) ? view_y(view, b->high) : cells->y;
        double lo[2] = {lower, lower}, hi[2] = {upper, upper};
        canvas_band(canvas, clip, x, lo, hi, 2, observed_colour, 0.3);
        double edge_x[5] = {x[0], x[1], x[1], x[0], x[0]},
               edge_y[5] = {lower, lower, upper, upper, lower};
        struct line_style thin = {1 * view->look.scale, observed_colour, 0.9, NULL, 0};
        if (b->count > 0)
            canvas_line(canvas, clip, edge_x, edge_y, 5, &thin);
        below = next;
    }
}

void observed_sample(struct canvas *canvas, struct box box, bool band)
{
    if (band) {
        canvas_fill(canvas, box, 0xbcdce1);
        canvas_frame(canvas, box, observed_colour);
        return;
    }
    int middle = box.x + box.w / 2;
    canvas_fill(canvas, (struct box){middle - 1, box.y - 1, 3, box.h + 2}, spectrogram_ink);
    canvas_fill(canvas, (struct box){middle - 5, box.y - 2, 11, 3}, spectrogram_ink);
    canvas_fill(canvas, (struct box){middle - 5, box.y + box.h - 1, 11, 3}, spectrogram_ink);
}
