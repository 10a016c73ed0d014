#include "timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "axis.h"
#include "describe.h"
#include "frame.h"
#include "timeline_lines.h"

static const uint32_t grid_colour = 0xe4e4e4, warm_colour = 0xd5d5d5, shade = 0xf9dcdc;
static const uint32_t trouble_colour[TROUBLES] = {0xc8372d, 0x7b2d26, 0xb7791f};

/* How high panels are, one beside another. */
static const double weight[TIMELINE_PANELS] = {3.2, 1.7, 1.7, 1.2, 1.1, 1.2};

struct timeline_page {
    struct canvas *canvas;
    struct look look;
    double margin;
    struct timeline_view view;
    struct box plot[TIMELINE_PANELS], troubles; /* h == 0: not there */
    int left, right;
};

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

static double labels_width(const struct timeline_page *page, const struct timeline_panel *panel,
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
        int y = (int)lround(plot->y + (1 - ticks.tick[i].place) * plot->h), mark = length;
        mark = minor ? length / 2 : length;
        if (!minor)
            canvas_fill(page->canvas, (struct box){plot->x, y, plot->w, 1}, grid_colour);
        canvas_fill(page->canvas, (struct box){plot->x - 1 - mark, y, mark, 1}, spectrogram_ink);
        canvas_text(page->canvas, plot->x - length - 0.5 * look->small, y + 0.36 * look->small,
                    ticks.tick[i].label, &style);
    }
    style = (struct text_style){look->text, spectrogram_ink, false, false, 0.5, true};
    const char *name = panel->more ? internf("%s (%s)", panel->name, panel->more) : panel->name;
    if (canvas_text_width(page->canvas, name, look->text, false) > 1.1 * plot->h)
        style.size = look->text * 0.85;
    canvas_text(page->canvas, page->margin + look->text, plot->y + plot->h / 2.0, name, &style);
}

/* Ticks of time below the lowest panel, and lines up through all of them. */
static void draw_time(const struct timeline_page *page, struct box lowest)
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
    int dot = (int)lround((line->most ? 2 : 3) * page->look.scale);
    for (size_t i = 0; i < n; i++)
        if (line->most ? !isnan(mid[i]) : stands_alone(mid, i, n))
            canvas_fill(page->canvas,
                        (struct box){(int)lround(x[i] - dot / 2.0), (int)lround(mid[i] - dot / 2.0),
                                     dot, dot},
                        line->colour);
    if (!line->most) {
        struct line_style style = {1.7 * page->look.scale, line->colour, 1, NULL, 0};
        canvas_band(page->canvas, clip, x, low, high, n, line->colour, 0.22);
        canvas_line(page->canvas, clip, x, mid, n, &style);
    }
    free(x);
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

static void draw_troubles(const struct timeline_page *page)
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

/* ---- the page ---- */

static double write_text(const struct timeline_page *page, const char *text, double y, int most,
                         double size, uint32_t colour, bool bold)
{
    struct paragraph lines;
    double width = canvas_width(page->canvas) - 2 * page->margin;
    canvas_wrap(page->canvas, text, " ", width, most, size, 0.6 * size, bold, &lines);
    struct text_style style = {lines.size, colour, bold, false, 0, false};
    for (int i = 0; i < lines.n; i++) {
        y += (i == 0 ? 1.0 : 1.3) * lines.size;
        canvas_text(page->canvas, page->margin, y, lines.line[i], &style);
    }
    return y;
}

static const char *footer(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    return internf("%s \xc2\xb7 %s \xc2\xb7 seed %.0f \xc2\xb7 scenario %s \xc2\xb7 queuescope %s",
                   describe_title(s), describe_tasks(&result, 1), s->seed, describe_hash(s),
                   queuescope_version);
}

/* Shares the height out; the plots' left and right ends follow from what stands beside them. */
static void place(struct timeline_page *page, int top, int bottom)
{
    struct timeline_view *v = &page->view;
    const struct look *look = &page->look;
    int gap = (int)lround(12 * look->scale), row = (int)lround(1.35 * look->small);
    int troubles = (int)v->troubles * row, room = bottom - top - (troubles ? troubles + gap : 0);
    double weights = 0, y = top, names = 0, labels = 0;
    for (int i = 0; i < TIMELINE_PANELS; i++)
        if (v->panel[i].drawn) {
            weights += weight[i];
            room -= weights > weight[i] ? gap : 0;
        }
    for (int i = 0; i < TIMELINE_PANELS; i++) {
        struct timeline_panel *panel = &v->panel[i];
        if (!panel->drawn)
            continue;
        int h = (int)floor(room * weight[i] / weights);
        page->plot[i] = (struct box){0, (int)lround(y), 100, h > 8 ? h : 8};
        y += h + gap;
        labels = fmax(labels, labels_width(page, panel, &page->plot[i]));
        for (size_t k = 0; k < panel->n; k++)
            names = fmax(names,
                         canvas_text_width(page->canvas, panel->line[k].name, look->small, false));
    }
    for (size_t k = 0; k < v->troubles; k++)
        labels =
            fmax(labels, canvas_text_width(page->canvas, v->trouble[k].name, look->small, false) -
                             look->text);
    page->left =
        (int)lround(page->margin + 2.2 * look->text + labels + 0.5 * look->small + 5 * look->scale);
    page->right =
        (int)lround(canvas_width(page->canvas) - page->margin - names - 0.8 * look->small);
    page->right = page->right > page->left + 16 ? page->right : page->left + 16;
    for (int i = 0; i < TIMELINE_PANELS; i++) {
        page->plot[i].x = page->left;
        page->plot[i].w = page->right - page->left;
    }
    page->troubles = (struct box){page->left, (int)lround(y), page->right - page->left, troubles};
}

static void draw_panel(const struct timeline_page *page, enum timeline_panel_kind kind)
{
    const struct timeline_panel *panel = &page->view.panel[kind];
    const struct box *plot = &page->plot[kind];
    draw_ground(page, plot);
    draw_axis(page, panel, plot);
    for (size_t i = 0; i < panel->n; i++)
        draw_line(page, panel, plot, &panel->line[i]);
    if (kind == PANEL_LATENCY)
        draw_objective(page, panel, plot);
    canvas_frame(page->canvas, *plot, spectrogram_ink);
    draw_names(page, panel, plot);
}

static void draw_page(struct timeline_page *page)
{
    const struct look *look = &page->look;
    const struct timeline_view *v = &page->view;
    double y = write_text(page, timeline_sentence(v), page->margin, 2, look->headline,
                          spectrogram_ink, true);
    y = write_text(page, timeline_remarks(v), y + 0.6 * look->heading, 1, look->heading,
                   spectrogram_soft, false);
    double bottom = canvas_height(page->canvas) - page->margin;
    write_text(page, footer(v->result), bottom - look->small, 1, look->small, spectrogram_soft,
               false);
    place(page, (int)lround(y + 1.2 * look->text), (int)lround(bottom - 5.6 * look->text));
    struct box lowest = {0};
    for (int i = 0; i < TIMELINE_PANELS; i++)
        if (v->panel[i].drawn) {
            draw_panel(page, (enum timeline_panel_kind)i);
            lowest = page->plot[i];
        }
    draw_troubles(page);
    draw_time(page, v->troubles > 0 ? page->troubles : lowest);
}

static bool encode(struct timeline_page *page, struct bytes *png, struct errors *errors)
{
    const struct result *result = page->view.result;
    char *text = config_text(&result->scenario);
    const struct png_chunk chunks[] = {
        {"Title", timeline_sentence(&page->view)},
        {"Software", internf("queuescope %s", queuescope_version)},
        {"queuescope:scenario", text},
        {"queuescope:seed", internf("%.0f", result->scenario.seed)},
        {"queuescope:version", queuescope_version},
        {"queuescope:command", "run"},
    };
    struct raster raster;
    canvas_finish(page->canvas, &raster);
    bool ok =
        png_encode(&raster, chunks, sizeof chunks / sizeof *chunks, result->threads, png, errors);
    raster_free(&raster);
    free(text);
    return ok;
}

bool plot_timeline(const struct result *result, struct bytes *png, struct errors *errors)
{
    const struct picture *picture = &result->scenario.picture;
    int width = (int)picture->width, height = (int)picture->height;
    struct timeline_page page = {.look = look_of(width, height, picture->text_scale)};
    page.canvas = canvas_new(width, height, errors);
    if (!page.canvas)
        return false;
    page.margin = 18 * page.look.scale;
    timeline_view_make(result, (size_t)width / 3, &page.view);
    draw_page(&page);
    bool ok = encode(&page, png, errors);
    timeline_view_free(&page.view);
    return ok;
}
