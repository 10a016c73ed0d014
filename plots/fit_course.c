/* The small pictures of arrivals, and of the tail index. */
#include <math.h>
#include <stdlib.h>

#include "fit_panel.h"

static const uint32_t red = 0xc0392b;

/* ---- rate and size through time ---- */

/* One value for each coarse window, as steps. */
static void draw_steps(const struct fit_panel *panel, const double *values, size_t n, double width)
{
    double *x = xmalloc(4 * (n + 1) * sizeof *x), *y = x + 2 * n;
    struct line_style style = {1.8, 0x34495e, 1, NULL, 0};
    for (size_t i = 0; i < n; i++) {
        x[2 * i] = width * (double)i;
        x[2 * i + 1] = width * (double)(i + 1);
        y[2 * i] = y[2 * i + 1] = values[i];
    }
    fit_panel_line(panel, x, y, 2 * n, &style);
    free(x);
}

static double largest(const double *values, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, values[i]);
    return most > 0 ? most : 1;
}

/* The level that has about a hundred windows, or what the log allows. */
static int drawn_level(const struct fit *fit)
{
    enum { WINDOWS = 80 };
    int level = course_level(&fit->course, WINDOWS), few = course_level_with(&fit->course, 5);
    return few > level ? few : level;
}

void fit_draw_course(struct canvas *canvas, struct box box, const struct fit *fit)
{
    int level = drawn_level(fit), gap = 30;
    size_t n = course_count(&fit->course, level);
    double width = course_width(&fit->course, level), mean[2];
    double *rate = xcalloc(2 * n + 2, sizeof *rate), *size = rate + n + 1;
    for (size_t i = 0; i < n; i++) {
        struct course_window w = course_at(&fit->course, level, i);
        rate[i] = w.tasks / width;
        size[i] = w.tasks > 0 ? w.work / w.tasks : NAN;
    }
    struct box half[2] = {box, box};
    half[0].h = half[1].h = (box.h - gap) / 2;
    half[1].y = box.y + box.h - half[1].h;
    struct axis time = fit_axis(UNIT_DURATION, false, 0, fit->span);
    struct fit_panel above = {canvas, half[0], time,
                              fit_axis(UNIT_RATE, false, 0, 1.15 * largest(rate, n)), true},
                     below = {canvas, half[1], time,
                              fit_axis(UNIT_DURATION, false, 0, 1.15 * largest(size, n)), false};
    struct line_style dashed = {1, red, 1, (double[]){5, 4}, 2};
    double ends[2] = {0, fit->span};
    fit_panel_open(&above, "Through time: rate", NULL);
    draw_steps(&above, rate, n, width);
    mean[0] = mean[1] = fit->rate;
    fit_panel_line(&above, ends, mean, 2, &dashed);
    const char *correlation = isnan(fit->correlation)
                                  ? "Through time: mean size"
                                  : internf("Through time: mean size (rank correlation with rate "
                                            "%+.2f)",
                                            fit->correlation);
    fit_panel_open(&below, correlation, "time from the first arrival");
    draw_steps(&below, size, n, width);
    mean[0] = mean[1] = fit->mean;
    fit_panel_line(&below, ends, mean, 2, &dashed);
    free(rate);
}

/* ---- gaps ---- */

void fit_draw_gaps(struct canvas *canvas, struct box box, const struct fit *fit)
{
    enum { STEPS = 240 };
    const struct sample *gaps = &fit->gaps.sample;
    double mean = fit->span / fit->gaps.n, x[STEPS], data[STEPS], law[STEPS];
    struct fit_panel panel = {
        canvas, box, fit_axis(UNIT_DURATION, true, mean / 100, fmax(gaps->max, 8 * mean) * 1.3),
        fit_axis(UNIT_NUMBER, true, 0.5 / fit->gaps.n, 1.5), false};
    double low = panel.x.from, high = panel.x.to;
    struct line_style grey = {6, fit_data, 1, NULL, 0}, line = {2.4, red, 1, NULL, 0};
    fit_panel_open(&panel, "Gaps between arrivals: the share that is longer", "gap");
    for (int k = 0; k < STEPS; k++) {
        x[k] = low * pow(high / low, (double)k / (STEPS - 1));
        double share = gaps->n > 0 ? sample_beyond(gaps, x[k]) * gaps->n / fit->gaps.n : 0;
        data[k] = share > 0 ? share : NAN;
        law[k] = exp(-x[k] / mean);
    }
    fit_panel_line(&panel, x, data, STEPS, &grey);
    fit_panel_line(&panel, x, law, STEPS, &line);
    fit_panel_word(&panel, 0.03, 0.82, "grey: the log", fit_soft, 0);
    fit_panel_word(&panel, 0.03, 0.89, "red: Poisson arrivals of the same rate", fit_soft, 0);
}

/* ---- tail index ---- */

static void draw_region(const struct fit_panel *panel, const struct hill *h)
{
    const struct box *box = &panel->box;
    int from = (int)lround(fit_panel_x(panel, h->k[h->from])),
        to = (int)lround(fit_panel_x(panel, h->k[h->to]));
    canvas_fill(panel->canvas, (struct box){from, box->y, to - from, box->h}, 0xfdf1d6);
}

static void draw_level(const struct fit_panel *panel, double value, const char *word)
{
    struct line_style dashed = {1, fit_soft, 1, (double[]){5, 4}, 2};
    double x[2] = {panel->x.from, panel->x.to}, y[2] = {value, value};
    fit_panel_line(panel, x, y, 2, &dashed);
    if (panel->box.h * 1.3 / panel->y.to < FIT_SMALL && value < 2)
        return; /* no room for two words */
    double down = (fit_panel_y(panel, value) - panel->box.y - 1.2 * FIT_SMALL) / panel->box.h;
    fit_panel_word(panel, 0.98, down, word, fit_soft, 1);
}

void fit_draw_hill(struct canvas *canvas, struct box box, const struct fit *fit)
{
    const struct hill *h = &fit->hill;
    double top = 0, low[HILL_POINTS], high[HILL_POINTS], px[HILL_POINTS];
    for (size_t i = 0; i < h->n; i++)
        top = fmax(top, h->alpha[i]);
    top = fmax(fmin(1.3 * top, 2.5 * h->chosen), 2.6);
    struct fit_panel panel = {
        canvas, box,
        fit_axis(UNIT_NUMBER, true, h->n > 1 ? h->k[0] : 10, h->n > 1 ? h->k[h->n - 1] : 100),
        fit_axis(UNIT_NUMBER, false, 0, h->n > 0 ? top : 4), false};
    struct line_style line = {2, 0x34495e, 1, NULL, 0};
    if (h->n > 0)
        draw_region(&panel, h);
    fit_panel_open(&panel, "Tail index of sizes (Hill), from the k largest", "k");
    if (h->n == 0) {
        fit_panel_word(&panel, 0.5, 0.4, "too few tasks", fit_soft, 0.5);
        return;
    }
    for (size_t i = 0; i < h->n; i++) {
        px[i] = fit_panel_x(&panel, h->k[i]);
        low[i] = fit_panel_y(&panel, h->alpha[i] * (1 - 1.96 / sqrt(h->k[i])));
        high[i] = fit_panel_y(&panel, h->alpha[i] * (1 + 1.96 / sqrt(h->k[i])));
    }
    canvas_band(canvas, box, px, low, high, h->n, fit_data, 0.4);
    fit_panel_line(&panel, h->k, h->alpha, h->n, &line);
    draw_level(&panel, 2, "below 2: no finite variance");
    draw_level(&panel, 1, "below 1: no finite mean");
    fit_panel_word(&panel, 0.02, 0.02,
                   internf("stable (shaded): %.2f, 95 %% %.2f to %.2f%s", h->chosen, h->low,
                           h->high, h->p < 0.01 ? "; no power law" : ""),
                   fit_ink, 0);
}
