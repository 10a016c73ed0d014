/* The small pictures of sizes. */
#include <math.h>
#include <stdlib.h>

#include "fit_panel.h"

enum { STEPS = 240 };

/* The sizes that are shown: what lies below the smallest thousandth is left out where it is far
 * down, and so are sizes of 0, which have no place on a log axis. */
struct extent {
    double low, high;
};

static struct extent extent_of(const struct sample *sample)
{
    double low = fmax(sample->min, sample_quantile(sample, 0.001) / 3), high = sample->max;
    for (double p = 0.002; !(low > 0) && p < 1; p *= 2)
        low = sample_quantile(sample, p) / 3;
    struct axis axis = fit_axis(UNIT_DURATION, true, low, high);
    low = axis.from;
    high = axis.to;
    if (high / low < 1.5) {
        double middle = sqrt(high * low);
        return (struct extent){middle / 1.5, middle * 1.5};
    }
    double room = pow(high / low, 0.02);
    return (struct extent){low / room, high * room};
}

/* ---- density ---- */

enum { BARS = 56 };

static double law_density(const struct law *law, double x, double step)
{
    const struct distribution *model = law_model(law);
    double half = sqrt(step);
    return (model->cdf(law->params, x * half) - model->cdf(law->params, x / half)) / log10(step);
}

/* Shares of the bars, per decade; the highest. */
static double take_bars(const struct sample *sample, const struct extent *e, double bars[BARS])
{
    double step = pow(e->high / e->low, 1.0 / BARS), most = 0,
           beyond = sample_beyond(sample, e->low);
    for (int i = 0; i < BARS; i++) { /* one bar ends where the next begins: none is lost between */
        double after = sample_beyond(sample, e->low * pow(step, i + 1));
        bars[i] = (beyond - after) / log10(step);
        beyond = after;
        most = fmax(most, bars[i]);
    }
    return most;
}

static void draw_bars(const struct fit_panel *panel, const double bars[BARS])
{
    const struct box *box = &panel->box;
    int bottom = box->y + box->h;
    for (int i = 0; i < BARS; i++) {
        int from = box->x + i * box->w / BARS, to = box->x + (i + 1) * box->w / BARS;
        int top = (int)lround(fmax(fit_panel_y(panel, bars[i]), box->y));
        if (bars[i] > 0)
            canvas_fill(panel->canvas, (struct box){from, top, to - from - 1, bottom - top},
                        fit_data);
    }
}

/* Names of the laws, in the half of the plot where there is more room. */
void fit_draw_names(const struct fit_panel *panel, const struct laws *laws, bool left)
{
    int drawn[FIT_DRAWN], n = fit_drawn(laws, drawn);
    for (int i = 0; i < n; i++) {
        const struct fitted *f = &laws->fitted[drawn[i]];
        struct line_style style = fit_law_style(i);
        double down = 0.02 + 0.07 * i, y = panel->box.y + down * panel->box.h + 0.65 * FIT_SMALL;
        double x = panel->box.x + (left ? 0.02 : 0.98) * panel->box.w;
        double px[2] = {left ? x : x - 24, left ? x + 24 : x}, py[2] = {y, y};
        canvas_line(panel->canvas, panel->box, px, py, 2, &style);
        fit_panel_word(panel, left ? 0.02 + 30.0 / panel->box.w : 0.98 - 30.0 / panel->box.w, down,
                       i == 0 ? internf("%s: chosen", f->law.model->name) : f->law.model->name,
                       fit_ink, left ? 0 : 1);
    }
}

void fit_draw_density(struct canvas *canvas, struct box box, const struct fit *fit)
{
    struct extent e = extent_of(&fit->sizes);
    double bars[BARS], most = take_bars(&fit->sizes, &e, bars), x[STEPS], y[STEPS];
    int drawn[FIT_DRAWN], n = fit_drawn(&fit->size_laws, drawn);
    double step = pow(e.high / e.low, 1.0 / STEPS), left = 0, right = 0;
    struct fit_panel panel = {canvas, box, fit_axis(UNIT_DURATION, true, e.low, e.high),
                              fit_axis(UNIT_NUMBER, false, 0, 1.25 * most), false};
    fit_panel_open(&panel, "Sizes: how many tasks, per decade of size", "size");
    draw_bars(&panel, bars);
    for (int i = n - 1; i >= 0; i--) {
        struct line_style style = fit_law_style(i);
        for (int k = 0; k < STEPS; k++) {
            x[k] = e.low * pow(step, k + 0.5);
            y[k] = law_density(&fit->size_laws.fitted[drawn[i]].law, x[k], step);
        }
        fit_panel_line(&panel, x, y, STEPS, &style);
    }
    for (int i = 0; i < BARS; i++)
        *(i < BARS / 2 ? &left : &right) += bars[i];
    fit_draw_names(&panel, &fit->size_laws, left < right);
}

/* ---- share beyond ---- */

void fit_draw_beyond(struct canvas *canvas, struct box box, const struct fit *fit)
{
    struct extent e = extent_of(&fit->sizes);
    double x[STEPS], y[STEPS], least = 0.5 / fit->sizes.n;
    int drawn[FIT_DRAWN], n = fit_drawn(&fit->size_laws, drawn);
    struct fit_panel panel = {canvas, box, fit_axis(UNIT_DURATION, true, e.low, e.high),
                              fit_axis(UNIT_NUMBER, true, least, 1.5), false};
    struct line_style data = {6, fit_data, 1, NULL, 0};
    fit_panel_open(&panel, "Sizes: the share of tasks that is larger", "size");
    for (int k = 0; k < STEPS; k++) {
        x[k] = e.low * pow(e.high / e.low, (double)k / (STEPS - 1));
        double share = sample_beyond(&fit->sizes, x[k]);
        y[k] = share > 0 ? share : NAN;
    }
    fit_panel_line(&panel, x, y, STEPS, &data);
    for (int i = n - 1; i >= 0; i--) {
        const struct law *law = &fit->size_laws.fitted[drawn[i]].law;
        struct line_style style = fit_law_style(i);
        for (int k = 0; k < STEPS; k++)
            y[k] = 1 - law_model(law)->cdf(law->params, x[k]);
        fit_panel_line(&panel, x, y, STEPS, &style);
    }
    fit_panel_word(&panel, 0.03, 0.82, "grey: the log", fit_soft, 0);
    fit_panel_word(&panel, 0.03, 0.89, "lines: as on the left", fit_soft, 0);
}

/* ---- quantiles ---- */

/* Probabilities close together at both ends. */
static double grid_probability(int k, double n)
{
    double t = ((double)k + 0.5) / STEPS * 2 - 1, far = log(2 * n);
    double logit = t * far;
    return 1 / (1 + exp(-logit));
}

void fit_draw_quantiles(struct canvas *canvas, struct box box, const struct fit *fit)
{
    struct extent e = extent_of(&fit->sizes);
    double ends[2] = {e.low, e.high}, x[STEPS], y[STEPS];
    struct fit_panel panel = {canvas, box, fit_axis(UNIT_DURATION, true, e.low, e.high),
                              fit_axis(UNIT_DURATION, true, e.low, e.high), false};
    struct line_style diagonal = {1, fit_soft, 1, NULL, 0}, data = fit_law_style(0);
    const struct laws *laws = &fit->size_laws;
    fit_panel_open(&panel, "Sizes: quantiles, the log's against the law's",
                   laws->n > 0 ? internf("size of the same rank in the chosen law (%s)",
                                         laws->fitted[laws->best].law.model->name)
                               : "no law");
    fit_panel_line(&panel, ends, ends, 2, &diagonal);
    if (laws->n == 0)
        return;
    for (int k = 0; k < STEPS; k++) {
        double p = grid_probability(k, fit->sizes.n);
        x[k] = law_quantile(&laws->fitted[laws->best].law, p);
        y[k] = sample_quantile(&fit->sizes, p);
    }
    fit_panel_line(&panel, x, y, STEPS, &data);
    fit_panel_word(&panel, 0.03, 0.02, "above the diagonal: the log's are larger", fit_soft, 0);
}
