#include "rare_panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/scenario/sweep.h"
#include "describe.h"
#include "rare_words.h"

const uint32_t rare_curve_colour = 0x2f5fb3, rare_mark_colour = 0xc62828;
static const uint32_t grid_colour = 0xe4e4e4, level_colour = 0xc9b98a;

static struct text_style style_of(const struct rare_page *page, uint32_t colour, double align)
{
    return (struct text_style){page->look.text, colour, false, false, align, false};
}

static double within(const struct axis *axis, double value)
{
    double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
    return axis_place(axis, fmin(fmax(value, low), high));
}

double rare_x(const struct rare_page *page, double value)
{
    return isnan(value) ? NAN : page->plot.x + within(&page->x, value) * page->plot.w;
}

double rare_y(const struct rare_page *page, double value)
{
    return isnan(value) ? NAN : page->plot.y + (1 - within(&page->y, value)) * page->plot.h;
}

/* ---- axes ---- */

static void tick_y(const struct rare_page *page, double value, const char *label)
{
    const struct look *look = &page->look;
    struct text_style style = style_of(page, spectrogram_ink, 1);
    int y = (int)lround(rare_y(page, value)), length = (int)lround(5 * look->scale);
    canvas_fill(page->canvas, (struct box){page->plot.x, y, page->plot.w, 1}, grid_colour);
    canvas_fill(page->canvas, (struct box){page->plot.x - 1 - length, y, length, 1},
                spectrogram_ink);
    canvas_text(page->canvas, page->plot.x - length - 0.5 * look->text, y + 0.36 * look->text,
                label, &style);
}

/* "1", "10^-3" with its exponent set high: all powers alike. */
static const char *power_label(int power)
{
    static const char *const digits[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    const char *text = power < 0 ? "10\xe2\x81\xbb" : "10";
    char plain[16];
    if (power == 0)
        return "1";
    snprintf(plain, sizeof plain, "%d", abs(power));
    for (const char *c = plain; *c; c++)
        text = internf("%s%s", text, digits[*c - '0']);
    return text;
}

/* Powers of ten, as many of them as have room. */
static void ticks_of_decades(const struct rare_page *page)
{
    int low = (int)ceil(log10(page->y.from) - 1e-9), high = (int)floor(log10(page->y.to) + 1e-9);
    double each = page->plot.h / fmax(log10(page->y.to / page->y.from), 1e-9);
    int step = (int)fmax(1, ceil(1.8 * page->look.text / each));
    for (int power = high; power >= low; power -= step)
        tick_y(page, pow(10, power), power_label(power));
}

static double label_height(void *context, const char *label)
{
    (void)label;
    return *(const double *)context;
}

static void ticks_of_values(const struct rare_page *page)
{
    struct ticks ticks;
    double height = page->look.text;
    axis_ticks(&page->y, page->plot.h, 0.8 * height, label_height, &height, &ticks);
    for (size_t i = 0; i < ticks.n; i++)
        tick_y(page, ticks.tick[i].value, ticks.tick[i].label);
}

static void ticks_below(const struct rare_page *page)
{
    const struct look *look = &page->look;
    struct ruler ruler = {page->canvas, look->text};
    struct text_style style = style_of(page, spectrogram_ink, 0.5);
    struct ticks ticks;
    axis_ticks(&page->x, page->plot.w, 36 * look->scale, frame_measure, &ruler, &ticks);
    int y = page->plot.y + page->plot.h, length = (int)lround(5 * look->scale);
    for (size_t i = 0; i < ticks.n; i++) {
        double x = page->plot.x + ticks.tick[i].place * page->plot.w;
        canvas_fill(page->canvas, (struct box){(int)lround(x), y + 1, 1, length}, spectrogram_ink);
        canvas_text(page->canvas, x, y + length + 1.15 * look->text, ticks.tick[i].label, &style);
    }
}

void rare_axes(const struct rare_page *page, const char *x_name, const char *y_name, bool decades)
{
    const struct look *look = &page->look;
    if (decades)
        ticks_of_decades(page);
    else
        ticks_of_values(page);
    ticks_below(page);
    struct text_style style = style_of(page, spectrogram_ink, 0.5);
    canvas_text(page->canvas, page->plot.x + page->plot.w / 2.0,
                page->plot.y + page->plot.h + 3.4 * look->text, x_name, &style);
    style.upwards = true;
    canvas_text(page->canvas, page->margin + look->text, page->plot.y + page->plot.h / 2.0, y_name,
                &style);
    canvas_frame(page->canvas, page->plot, spectrogram_ink);
}

/* ---- the tail ---- */

/* The stretch of the tail that is drawn: down to RARE_SHOWN, or as far as anything was met. */
static size_t shown(const struct rare_column *column, struct tail_figure *at, double risk)
{
    size_t n = 0;
    for (; column->tail.replications > 1 && n < column->tail.n; n++) {
        at[n] = tail_at(&column->tail, n, risk);
        if (!(at[n].value >= RARE_SHOWN))
            break;
    }
    return n;
}

static void draw_levels(const struct rare_page *page)
{
    const struct split_levels *levels = &page->rare->column[0].levels;
    const struct look *look = &page->look;
    double y[2] = {page->plot.y, page->plot.y + page->plot.h}, dash[2] = {3, 3};
    struct line_style line = {look->scale, level_colour, 1, dash, 2};
    bool any = false;
    for (size_t i = 0; i < levels->n; i++) {
        if (levels->at[i] > page->x.to)
            break;
        double x[2] = {rare_x(page, levels->at[i]), rare_x(page, levels->at[i])};
        canvas_line(page->canvas, page->plot, x, y, 2, &line);
        any = true;
    }
    if (!any)
        return;
    struct text_style style = style_of(page, 0x8a7433, 1);
    canvas_text(page->canvas, page->plot.x + page->plot.w, page->plot.y - 0.5 * look->text,
                page->rare->question.measure == RARE_LATENCY
                    ? "dashed: levels of the splitting (of waits)"
                    : "dashed: levels of the splitting",
                &style);
}

/* A dot with its name at the right. */
static void draw_mark(const struct rare_page *page, double x, double y, const char *name)
{
    const struct look *look = &page->look;
    int r = (int)lround(4 * look->scale), cx = (int)lround(x), cy = (int)lround(y);
    canvas_fill(page->canvas, (struct box){cx - r, cy - r, 2 * r + 1, 2 * r + 1}, rare_mark_colour);
    bool left = x > page->plot.x + 0.8 * page->plot.w;
    bool low = y > page->plot.y + page->plot.h - 1.6 * look->text;
    struct text_style style = style_of(page, rare_mark_colour, left ? 1 : 0);
    style.halo = true;
    canvas_text(page->canvas, left ? x - 10 * look->scale : x + 10 * look->scale,
                low || left ? y + (low ? -0.4 : 1.4) * look->text : y - 0.4 * look->text, name,
                &style);
}

static void draw_bar(const struct rare_page *page, const double x[2], const double y[2])
{
    struct line_style line = {2 * page->look.scale, rare_mark_colour, 1, NULL, 0};
    canvas_line(page->canvas, page->plot, x, y, 2, &line);
}

static void draw_marks(const struct rare_page *page)
{
    const struct rare *rare = page->rare;
    const struct rare_column *column = &rare->column[0];
    bool loss = rare->question.measure == RARE_LOSS;
    for (size_t i = 0; i < column->n; i++) {
        const struct tail_figure *f = &column->figure[i];
        double value = loss ? page->x.to : f->value, q = loss ? f->value : rare_q[i];
        if (isnan(value) || !(q >= page->y.from))
            continue;
        double x = rare_x(page, loss ? column->tail.x[column->tail.n - 1] : value);
        double y = rare_y(page, q);
        if (loss)
            draw_bar(page, (double[2]){x, x},
                     (double[2]){rare_y(page, f->low), rare_y(page, f->high)});
        else
            draw_bar(page, (double[2]){rare_x(page, f->low), rare_x(page, f->high)},
                     (double[2]){y, y});
        draw_mark(page, x, y,
                  internf("%s %s", loss ? "loss" : rare_names[i], rare_value(rare, f->value)));
    }
}

static void draw_curve(const struct rare_page *page, const struct tail_figure *at, size_t n)
{
    const struct tail *tail = &page->rare->column[0].tail;
    double x[TAIL_POINTS], y[TAIL_POINTS], low[TAIL_POINTS], high[TAIL_POINTS];
    for (size_t i = 0; i < n; i++) {
        x[i] = tail->x[i] > 0 || !page->x.log ? rare_x(page, tail->x[i]) : NAN;
        y[i] = rare_y(page, at[i].value);
        low[i] = rare_y(page, at[i].low);
        high[i] = rare_y(page, at[i].high);
    }
    struct line_style line = {2 * page->look.scale, rare_curve_colour, 1, NULL, 0};
    canvas_band(page->canvas, page->plot, x, low, high, n, rare_curve_colour, 0.28);
    canvas_line(page->canvas, page->plot, x, y, n, &line);
}

void rare_draw_tail(struct rare_page *page)
{
    static const char *const y_names[] = {"share of tasks that find so many or more",
                                          "share of tasks with a longer latency",
                                          "share of tasks with a longer wait"};
    const struct rare *rare = page->rare;
    const struct rare_column *column = &rare->column[0];
    struct tail_figure at[TAIL_POINTS];
    bool loss = rare->question.measure == RARE_LOSS, log = column->tail.log;
    size_t n = shown(column, at, 1 - rare->question.confidence);
    double far = n > 1 ? column->tail.x[n - 1] : 1, least = n > 0 ? at[n - 1].value : RARE_SHOWN;
    page->x = (struct axis){.layout = AXIS_SLICES,
                            .log = log,
                            .whole = loss,
                            .unit = loss ? UNIT_COUNT : UNIT_DURATION,
                            .from = log && n > 1 ? column->tail.x[1] : 0,
                            .to = log ? 1.2 * far : 1.04 * far,
                            .columns = 1};
    page->y = (struct axis){.layout = AXIS_SLICES,
                            .log = true,
                            .from = pow(10, floor(log10(least * 0.8))),
                            .to = 1,
                            .columns = 1};
    axis_widen(&page->x);
    axis_widen(&page->y);
    rare_axes(page, loss ? "tasks inside at an arrival" : rare_measures[rare->question.measure],
              y_names[rare->question.measure], true);
    draw_levels(page);
    draw_curve(page, at, n);
    draw_marks(page);
}

/* ---- a sweep ---- */

/* Values from the least to the most of all intervals. */
static void heights(struct rare_page *page)
{
    const struct rare *rare = page->rare;
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < rare->columns; i++)
        for (size_t k = 0; k < rare->column[i].n; k++) {
            const struct tail_figure *f = &rare->column[i].figure[k];
            const double ends[3] = {f->value, f->low, f->high};
            for (int e = 0; e < 3; e++)
                if (ends[e] > 0 && isfinite(ends[e])) {
                    least = fmin(least, ends[e]);
                    most = fmax(most, ends[e]);
                }
        }
    bool loss = rare->question.measure == RARE_LOSS;
    if (!(most > 0))
        least = RARE_SHOWN, most = 1;
    page->y = (struct axis){.layout = AXIS_SLICES,
                            .log = true,
                            .unit = loss ? UNIT_NUMBER : UNIT_DURATION,
                            .from = loss ? pow(10, floor(log10(least))) : least / 1.2,
                            .to = loss ? pow(10, ceil(log10(most))) : most * 1.2,
                            .columns = 1};
    if (loss && !(page->y.to > page->y.from)) /* one value, and that a power of ten */
        page->y.from /= 10;
    axis_widen(&page->y);
}

/* Pixels that the names of quantiles take behind the last column. */
static double names_width(const struct rare_page *page)
{
    double most = 0;
    for (size_t k = 0; k < RARE_FIGURES; k++)
        most = fmax(most, canvas_text_width(page->canvas, rare_names[k], page->look.text, false));
    return page->rare->question.measure == RARE_LOSS ? 0 : most + 20 * page->look.scale;
}

/* From the smallest to the largest value: where it is unbounded it has no place. */
static void widths(struct rare_page *page)
{
    const struct rare *rare = page->rare;
    struct param_ref ref;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < rare->columns; i++)
        if (isfinite(rare->column[i].value)) {
            low = fmin(low, rare->column[i].value);
            high = fmax(high, rare->column[i].value);
        }
    bool known = sweep_ref(rare->question.s, &ref), any = low <= high;
    low = any ? low : 0;
    high = any ? high : 1;
    bool log = low > 0 && rare->question.s->sweep.scale == SCALE_LOG;
    double pad = high > low ? 0.04 * (high - low) : 0.5;
    page->x = (struct axis){.layout = AXIS_SLICES,
                            .log = log,
                            .whole = known && ref.kind == PARAM_COUNT,
                            .unit = known ? param_unit(&ref) : UNIT_NUMBER,
                            .from = log ? low * pow(high / low, -0.04) / 1.01 : low - pad,
                            .to = log ? high * pow(high / low, 0.04) * 1.01 : high + pad,
                            .columns = 1};
    axis_widen(&page->x);
    double share = fmin(names_width(page) / page->plot.w, 0.5), more = share / (1 - share);
    if (log)
        page->x.to *= pow(page->x.to / page->x.from, more);
    else
        page->x.to += more * (page->x.to - page->x.from);
}

/* One quantile of all columns. Its name, if any, stands behind the last of them, and at least a
 * line below `above`, the name before it, which is moved down to it. */
static void draw_series(const struct rare_page *page, size_t k, const char *name, double *above)
{
    const struct rare *rare = page->rare;
    double *x = xmalloc(2 * rare->columns * sizeof *x), *y = x + rare->columns,
           s = page->look.scale;
    size_t last = rare->columns;
    struct line_style line = {1.6 * s, rare_curve_colour, 0.6, NULL, 0};
    for (size_t i = 0; i < rare->columns; i++) {
        const struct rare_column *column = &rare->column[i];
        bool there = k < column->n && isfinite(column->value) && column->figure[k].value > 0;
        x[i] = there ? rare_x(page, column->value) : NAN;
        y[i] = there ? rare_y(page, column->figure[k].value) : NAN;
        last = there ? i : last;
    }
    canvas_line(page->canvas, page->plot, x, y, rare->columns, &line);
    for (size_t i = 0; i < rare->columns; i++) {
        if (isnan(x[i]))
            continue;
        const struct tail_figure *f = &rare->column[i].figure[k];
        int r = (int)lround(3.5 * s);
        draw_bar(page, (double[2]){x[i], x[i]},
                 (double[2]){rare_y(page, f->low), rare_y(page, f->high)});
        canvas_fill(
            page->canvas,
            (struct box){(int)lround(x[i]) - r, (int)lround(y[i]) - r, 2 * r + 1, 2 * r + 1},
            rare_mark_colour);
    }
    if (name && last < rare->columns) {
        struct text_style style = style_of(page, rare_curve_colour, 0);
        style.halo = true;
        *above = fmax(y[last] + 0.36 * page->look.text, *above + 1.15 * page->look.text);
        canvas_text(page->canvas, x[last] + 10 * s, *above, name, &style);
    }
    free(x);
}

void rare_draw_sweep(struct rare_page *page)
{
    const struct rare *rare = page->rare;
    bool loss = rare->question.measure == RARE_LOSS;
    heights(page);
    widths(page);
    rare_axes(page, describe_axis(rare->question.s),
              loss ? "share of tasks lost" : rare_measures[rare->question.measure], loss);
    double above = -INFINITY;
    for (size_t k = loss ? 1 : RARE_FIGURES; k > 0; k--) /* the largest first: from the top */
        draw_series(page, k - 1, loss ? NULL : rare_names[k - 1], &above);
}
