#include "metrics_plot.h"

#include <math.h>

#include "../sim/result/save.h"
#include "fit_panel.h"

enum { WIDTH = 1560, HEIGHT = 620, LEFT = 78, RIGHT = 20, TOP = 106, BELOW = 56, STEPS = 400 };

static struct box place(int column)
{
    int w = WIDTH / 2;
    return (struct box){column * w + LEFT, TOP, w - LEFT - RIGHT, HEIGHT - TOP - BELOW};
}

/* Room below the first bound and above the last, where there is no other end. */
static void extent(const struct bins *bins, double *low, double *high)
{
    const struct bin *first = &bins->bin[0], *last = &bins->bin[bins->n - 1];
    double largest = bins_largest(bins);
    while (!(first->high > 0) && first < last)
        first++;
    *low = first->low > 0 ? first->low / 1.5 : fmin(first->high, 1e300) / 8;
    double end = isfinite(last->high) ? last->high : last->low;
    *high = isfinite(last->high) ? 1.5 * end : end * 6;
    if (!isfinite(last->high) && isfinite(largest))
        *high = fmin(fmax(largest * 1.3, end * 2), end * 100);
    if (!(*low > 0) || !isfinite(*low))
        *low = *high > 0 ? *high / 1000 : 1e-3;
    if (!(*high > *low * 2))
        *high = *low * 100;
}

/* The band of shares of values up to x, or beyond: a box for each bucket, a dot at each bound. */
static void draw_band(const struct fit_panel *panel, const struct bins *bins, bool beyond)
{
    const uint32_t ink = 0x34495e;
    double below = 0, bottom = panel->y.from, top = panel->y.to;
    double largest = bins_largest(bins);
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        double next = fmin(below + b->count / bins->total, 1);
        double low = beyond ? 1 - next : below, high = beyond ? 1 - below : next;
        double end = isfinite(b->high) ? b->high : largest;
        double x[2] = {fit_panel_x(panel, fmax(b->low, panel->x.from)),
                       fit_panel_x(panel, fmin(end, panel->x.to))};
        double lower = fit_panel_y(panel, fmax(low, bottom)),
               upper = fit_panel_y(panel, fmin(high, top));
        if (i + 1 == bins->n)
            lower = beyond ? panel->box.y + panel->box.h : lower;
        double lo[2] = {lower, lower}, hi[2] = {upper, upper};
        canvas_band(panel->canvas, panel->box, x, lo, hi, 2, fit_data, 0.55);
        double y = fit_panel_y(panel, beyond ? 1 - next : next);
        if (isfinite(b->high) && b->high > 0 && (!beyond || 1 - next > bottom))
            canvas_fill(panel->canvas,
                        (struct box){(int)lround(x[1]) - 2, (int)lround(y) - 2, 5, 5}, ink);
        below = next;
    }
}

static void draw_laws(const struct fit_panel *panel, const struct binned *binned, bool beyond)
{
    double x[STEPS], y[STEPS];
    int drawn[FIT_DRAWN], laws = fit_drawn(&binned->laws, drawn);
    for (int i = laws - 1; i >= 0; i--) {
        const struct law *law = &binned->laws.fitted[drawn[i]].law;
        struct line_style style = fit_law_style(i);
        for (int k = 0; k < STEPS; k++) {
            x[k] = panel->x.from * pow(panel->x.to / panel->x.from, (double)k / (STEPS - 1));
            double share = law_model(law)->cdf(law->params, x[k]);
            y[k] = beyond ? (share < 1 ? 1 - share : NAN) : share;
        }
        fit_panel_line(panel, x, y, STEPS, &style);
    }
}

static void draw_head(struct canvas *canvas, const struct metrics_picture *p)
{
    const struct bins *bins = &p->scraped->bins;
    char total[64], mean[64] = "not known", last[64];
    struct bounds m = bins_mean(bins);
    struct text_style line = {14, fit_soft, false, false, 0, false};
    struct paragraph name;
    unit_human(UNIT_COUNT, bins->total, 4, total, sizeof total);
    if (m.low == m.high)
        unit_human(UNIT_DURATION, m.low, 3, mean, sizeof mean);
    unit_human(UNIT_DURATION, bins->bin[bins->n - 1].low, 3, last, sizeof last);
    const char *open = bins_open_share(bins) > 0 ? internf("; %.2g %% are above the last bound, %s",
                                                           100 * bins_open_share(bins), last)
                                                 : "";
    canvas_wrap(canvas, internf("%s: %s", p->file, p->scraped->metric), "/", WIDTH - 40, 1, 22, 12,
                true, &name);
    struct text_style title = {name.size, fit_ink, true, false, 0, false};
    canvas_text(canvas, 20, 32, name.line[0], &title);
    canvas_text(
        canvas, 20, 56,
        internf("%s values in %.0f buckets; mean %s%s", total, p->scraped->edges, mean, open),
        &line);
}

static void draw(struct canvas *canvas, const struct metrics_picture *p)
{
    const struct bins *bins = &p->scraped->bins;
    double low, high, least = fmax(0.5 / bins->total, 1e-9);
    extent(bins, &low, &high);
    draw_head(canvas, p);
    struct axis x = fit_axis(UNIT_DURATION, true, low, high);
    struct fit_panel shares = {canvas, place(0), x, fit_axis(UNIT_NUMBER, false, 0, 1.02), false},
                     beyond = {canvas, place(1), x, fit_axis(UNIT_NUMBER, true, least, 1.5), false};
    fit_panel_open(&shares, internf("The share of values up to a %s", p->what), p->what);
    draw_band(&shares, bins, false);
    draw_laws(&shares, p->binned, false);
    fit_draw_names(&shares, &p->binned->laws, true);
    fit_panel_open(&beyond, internf("The share of values above a %s", p->what), p->what);
    draw_band(&beyond, bins, true);
    draw_laws(&beyond, p->binned, true);
    fit_panel_word(&beyond, 0.03, 0.86, "grey: where the buckets let it be", fit_soft, 0);
    fit_panel_word(&beyond, 0.03, 0.92, "dots: where it is known", fit_soft, 0);
}

bool metrics_plot(const struct metrics_picture *picture, struct bytes *png, struct errors *errors)
{
    struct canvas *canvas = canvas_new(WIDTH, HEIGHT, errors);
    if (!canvas)
        return false;
    draw(canvas, picture);
    struct raster raster;
    canvas_finish(canvas, &raster);
    const struct png_chunk chunks[] = {{"Software", internf("queuescope %s", queuescope_version)},
                                       {"queuescope:version", queuescope_version},
                                       {"queuescope:command", "fit"},
                                       {"queuescope:scenario", picture->scenario}};
    bool good = png_encode(&raster, chunks, picture->scenario ? 4 : 3, 1, png, errors);
    raster_free(&raster);
    return good;
}
