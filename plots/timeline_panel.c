#include "timeline_panel.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "axis.h"

static const uint32_t grid_colour = 0xe4e4e4, warm_colour = 0xd5d5d5, shade = 0xf9dcdc;
static const uint32_t trouble_colour[TROUBLES] = {0xc8372d, 0x7b2d26, 0xb7791f};

/* ---- from values to pixels ---- */

static double x_of(const struct timeline_page *page, size_t i)
{
    return page->left + page->view.x[i] * (page->right - page->left);
}

static double y_of(const struct timeline_panel *panel, const struct box *plot, double value)
{
    double place = panel->log ? log(value / panel->from) / log(panel->to / panel->from)
                              : (value - panel->from) / (panel->to - panel->from);
    return isnan(value) ? NAN : plot->y + (1 - fmin(fmax(place, 0), 1)) * plot->h;
}

/* The pixels of a point, from its first window to its last. */
static struct box box_of(const struct timeline_page *page, size_t i, struct box rows)
{
    double each = (double)page->view.group * page->view.width / page->view.length;
    double w = page->right - page->left;
    int from = page->left + (int)lround(fmin((double)i * each, 1) * w);
    int to = page->left + (int)lround(fmin((double)(i + 1) * each, 1) * w);
    return (struct box){from, rows.y, to > from ? to - from : 1, rows.h};
}

/* ---- what lies behind the lines ---- */

static uint32_t mix(uint32_t colour, double share)
{
    uint32_t out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double c = (double)(colour >> shift & 255u);
        out |= (uint32_t)lround(255 + (c - 255) * share) << shift;
    }
    return out;
}

static void draw_ground(const struct timeline_page *page, const struct box *plot)
{
    const struct timeline_view *v = &page->view;
    for (size_t i = 0; i < v->n; i++)
        if (v->wrong[i] > 0)
            canvas_fill(page->canvas, box_of(page, i, *plot), mix(shade, 0.4 + 0.6 * v->wrong[i]));
    double warm = fmin(v->warm_up / v->length, 1) * (page->right - page->left);
    if (warm >= 1)
        canvas_hatch(page->canvas, (struct box){plot->x, plot->y, (int)lround(warm), plot->h}, 6,
                     warm_colour);
}

/* ---- axes ---- */

static double label_height(void *context, const char *label)
{
    (void)label;
    return *(const double *)context;
}

/* Ticks of a panel's axis of y, `place` from its lower end. */
static void ticks_of(const struct timeline_page *page, const struct timeline_panel *panel,
                     const struct box *plot, struct ticks *out)
{
    double height = page->look.small;
    if (panel->log) {
        axis_latency_ticks(log10(panel->from), log10(panel->to), plot->h, 1.5 * height, out);
        return;
    }
    struct axis axis = {.layout = AXIS_SLICES,
                        .unit = panel->unit,
                        .whole = panel->unit == UNIT_COUNT && panel->to >= 2,
                        .from = panel->from,
                        .to = panel->to,
                        .columns = 1};
    axis_ticks(&axis, plot->h, 0.9 * height, label_height, &height, out);
}

double timeline_labels_width(const struct timeline_page *page, const struct timeline_panel *panel,
                             const struct box *plot)
{
    struct ticks ticks;
    double widest = 0;
    ticks_of(page, panel, plot, &ticks);
    for (size_t i = 0; i < ticks.n; i++)
        widest = fmax(
            widest, canvas_text_width(page->canvas, ticks.tick[i].label, page->look.small, false));
    return widest;
}

static void draw_axis(const struct timeline_page *page, const struct timeline_panel *panel,
                      const struct box *plot)
{
    const struct look *look = &page->look;
    struct text_style style = {look->small, spectrogram_ink, false, false, 1, false};
    struct ticks ticks;
    int length = (int)lround(5 * look->scale);
    ticks_of(page, panel, plot, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        bool minor = ticks.tick[i].label[0] == '\0';
        int y = (int)lround(plot->y + (1 - ticks.tick[i].place) * plot->h);
        int mark = minor ? length / 2 : length;
        if (!minor)
            canvas_fill(page->canvas, (struct box){plot->x, y, plot->w, 1}, grid_colour);
        canvas_fill(page->canvas, (struct box){plot->x - 1 - mark, y, mark, 1}, spectrogram_ink);
        canvas_text(page->canvas, plot->x - length - 0.5 * look->small, y + 0.36 * look->small,
                    ticks.tick[i].label, &style);
    }
}

/* What a panel is of: along its axis, or, where that is too short, in its corner. */
static void name_panel(const struct timeline_page *page, const struct timeline_panel *panel,
                       const struct box *plot)
{
    const double size = page->look.text, small = page->look.small;
    const char *name = panel->more ? internf("%s (%s)", panel->name, panel->more) : panel->name;
    double wide = canvas_text_width(page->canvas, name, 1, false);
    struct text_style along = {size, spectrogram_ink, false, false, 0.5, true};
    struct text_style corner = {small, spectrogram_ink, false, true, 0, false};
    along.size = fmin(size, 1.1 * plot->h / wide);
    if (along.size < 0.8 * size)
        canvas_text(page->canvas, plot->x + 5, plot->y + 1.1 * small, name, &corner);
    else
        canvas_text(page->canvas, page->margin + size, plot->y + plot->h / 2.0, name, &along);
}

/* Ticks of time below the lowest panel, and lines up through all of them. */
void timeline_draw_time(const struct timeline_page *page, struct box lowest)
{
    const struct look *look = &page->look;
    struct ruler ruler = {page->canvas, look->text};
    struct text_style style = {look->text, spectrogram_ink, false, false, 0.5, false};
    struct ticks ticks;
    int y = lowest.y + lowest.h, length = (int)lround(5 * look->scale);
    axis_time_ticks(page->view.length, page->right - page->left, 40 * look->scale, frame_measure,
                    &ruler, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        double x = page->left + ticks.tick[i].place * (page->right - page->left);
        canvas_fill(page->canvas, (struct box){(int)lround(x), y + 1, 1, length}, spectrogram_ink);
        canvas_text(page->canvas, x, y + length + 1.15 * look->text, ticks.tick[i].label, &style);
    }
    canvas_text(page->canvas, (page->left + page->right) / 2.0, y + length + 2.6 * look->text,
                "simulated time", &style);
}

/* ---- lines ---- */

/* A point with gaps on both sides, which no line goes to. */
static bool stands_alone(const double *y, size_t i, size_t n)
{
    return !isnan(y[i]) && (i == 0 || isnan(y[i - 1])) && (i + 1 == n || isnan(y[i + 1]));
}

static void draw_line(const struct timeline_page *page, const struct timeline_panel *panel,
                      const struct box *plot, const struct timeline_line *line)
{
    size_t n = page->view.n;
    double *x = xmalloc(4 * n * sizeof *x), *mid = x + n, *low = x + 2 * n, *high = x + 3 * n;
    for (size_t i = 0; i < n; i++) {
        x[i] = x_of(page, i);
        mid[i] = y_of(panel, plot, line->mid[i]);
        low[i] = y_of(panel, plot, line->low[i]);
        high[i] = y_of(panel, plot, line->high[i]);
    }
    struct box clip = {plot->x, plot->y - 1, plot->w, plot->h + 2};
    int dot = (int)lround(3 * page->look.scale);
    for (size_t i = 0; i < n; i++)
        if (line->most ? !isnan(mid[i]) : stands_alone(mid, i, n))
            canvas_fill(page->canvas,
                        (struct box){(int)lround(x[i] - dot / 2.0), (int)lround(mid[i] - dot / 2.0),
                                     dot, dot},
                        line->colour);
    if (!line->most) {
        struct line_style style = {1.7 * page->look.scale, line->colour, 1, NULL, 0};
        double opacity = panel->n > 3 ? 0.12 : 0.22; /* where several lie on each other */
        canvas_band(page->canvas, clip, x, low, high, n, line->colour, opacity);
        canvas_line(page->canvas, clip, x, mid, n, &style);
    }
    free(x);
}

/* The name of the hatched part, where there is room for it. */
static void name_warm_up(const struct timeline_page *page, const struct box *plot)
{
    const struct timeline_view *v = &page->view;
    static const char words[] = "warm-up";
    struct text_style style = {page->look.small, spectrogram_soft, false, true, 0, false};
    double warm = fmin(v->warm_up / v->length, 1) * plot->w;
    if (canvas_text_width(page->canvas, words, style.size, false) + 10 < warm)
        canvas_text(page->canvas, plot->x + 5, plot->y + 1.2 * style.size, words, &style);
}

static void draw_objective(const struct timeline_page *page, const struct timeline_panel *panel,
                           const struct box *plot)
{
    double objective = page->view.result->scenario.picture.objective;
    if (!(objective >= panel->from && objective <= panel->to))
        return;
    static const double dash[] = {7, 5};
    double y = y_of(panel, plot, objective), xs[] = {plot->x, plot->x + plot->w}, ys[] = {y, y};
    struct line_style style = {1.3 * page->look.scale, spectrogram_cliff_colour, 1, dash, 2};
    struct text_style text = {page->look.small, spectrogram_cliff_colour, false, true, 1, false};
    char words[64];
    unit_human(UNIT_DURATION, objective, 3, words, sizeof words);
    canvas_line(page->canvas, *plot, xs, ys, 2, &style);
    canvas_text(page->canvas, plot->x + plot->w - 6, y - 0.4 * page->look.small,
                internf("objective %s", words), &text);
}

/* ---- names at the ends of the lines ---- */

struct end {
    const char *name;
    uint32_t colour;
    double y;
};

static int by_height(const void *a, const void *b)
{
    double x = ((const struct end *)a)->y, y = ((const struct end *)b)->y;
    return (x > y) - (x < y);
}

/* Apart from each other by `gap`, and between the ends. */
static void push_apart(struct end *ends, size_t n, double gap, double top, double bottom)
{
    qsort(ends, n, sizeof *ends, by_height);
    for (size_t i = 0; i < n; i++)
        ends[i].y = fmax(ends[i].y, i == 0 ? top : ends[i - 1].y + gap);
    for (size_t i = n; i-- > 0;)
        ends[i].y = fmin(ends[i].y, i + 1 == n ? bottom : ends[i + 1].y - gap);
}

static double last_of(const double *values, size_t n)
{
    while (n > 0 && isnan(values[n - 1]))
        n--;
    return n > 0 ? values[n - 1] : NAN;
}

static void draw_names(const struct timeline_page *page, const struct timeline_panel *panel,
                       const struct box *plot)
{
    struct end ends[TIMELINE_LINES];
    double size = page->look.small;
    for (size_t i = 0; i < panel->n; i++) {
        const struct timeline_line *line = &panel->line[i];
        double y = y_of(panel, plot, last_of(line->mid, page->view.n));
        ends[i] = (struct end){line->name, line->colour, y + 0.36 * size};
    }
    push_apart(ends, panel->n, 1.15 * size, plot->y + 0.7 * size, plot->y + plot->h + 0.3 * size);
    for (size_t i = 0; i < panel->n; i++) {
        struct text_style style = {size, ends[i].colour, false, false, 0, false};
        canvas_text(page->canvas, page->right + 0.6 * size, ends[i].y, ends[i].name, &style);
    }
}

/* ---- what was wrong ---- */

void timeline_draw_troubles(const struct timeline_page *page)
{
    const struct timeline_view *v = &page->view;
    const struct look *look = &page->look;
    struct box all = page->troubles;
    for (size_t k = 0; k < v->troubles; k++) {
        struct box row = {all.x, all.y + (int)k * all.h / (int)v->troubles, all.w,
                          all.h / (int)v->troubles - 2};
        const char *words = "";
        for (int kind = 0; kind < TROUBLES; kind++) {
            bool seen = false;
            for (size_t i = 0; i < v->n; i++) {
                double share = v->trouble[k].share[kind][i];
                seen = seen || share > 0;
                if (share > 0)
                    canvas_fill(page->canvas, box_of(page, i, row),
                                mix(trouble_colour[kind], 0.35 + 0.65 * share));
            }
            if (seen)
                words = internf("%s%s%s", words, *words ? ", " : "", trouble_names[kind]);
        }
        double y = row.y + row.h / 2.0 + 0.36 * look->small;
        struct text_style left = {look->small, spectrogram_ink, false, false, 1, false};
        struct text_style right = {look->small, trouble_colour[0], false, false, 0, false};
        const char *name = v->result->places == 1 ? "state" : v->trouble[k].name;
        canvas_text(page->canvas, all.x - 0.6 * look->small, y, name, &left);
        canvas_text(page->canvas, page->right + 0.6 * look->small, y, words, &right);
    }
    if (v->troubles > 0)
        canvas_frame(page->canvas, all, spectrogram_ink);
}

/* ---- panels ---- */

void timeline_draw_panel(const struct timeline_page *page, enum timeline_panel_kind kind)
{
    const struct timeline_panel *panel = &page->view.panel[kind];
    const struct box *plot = &page->plot[kind];
    draw_ground(page, plot);
    draw_axis(page, panel, plot);
    for (size_t i = 0; i < panel->n; i++)
        draw_line(page, panel, plot, &panel->line[i]);
    if (kind == PANEL_LATENCY) {
        draw_objective(page, panel, plot);
        name_warm_up(page, plot);
    }
    canvas_frame(page->canvas, *plot, spectrogram_ink);
    name_panel(page, panel, plot);
    draw_names(page, panel, plot);
}
