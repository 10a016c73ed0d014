#include "tournament_plot.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "axis.h"
#include "describe.h"
#include "frame.h"
#include "leaf.h"

static const uint32_t grid_colour = 0xe4e4e4, front_colour = 0x1f5fbf, other_colour = 0x8a8a86;
static const uint32_t waiting_colour[WAITINGS] = {0x3b528b, 0x21918c, 0xd9922e, 0xb0352b};
static const char *const waiting_words[WAITINGS] = {"in the buffer", "with the producer",
                                                    "in retries", "spared by losses"};

enum { PLACED = 80 };

struct tournament_page {
    struct canvas *canvas;
    struct look look;
    double margin;
    const struct scenario *s;
    const struct contestant *items;
    size_t n;
    double limit;
    struct box plot, bars;
    struct axis x, y;
    struct box placed[PLACED]; /* names and points */
    size_t n_placed;
};

static double x_of(const struct tournament_page *page, double p99)
{
    return page->plot.x + axis_place(&page->x, p99) * page->plot.w;
}

static double y_of(const struct tournament_page *page, double goodput)
{
    double low = page->y.from, high = page->y.to;
    return page->plot.y + (1 - axis_place(&page->y, fmin(fmax(goodput, low), high))) * page->plot.h;
}

static const char *human(enum unit unit, double x)
{
    char text[64];
    unit_human(unit, x, 3, text, sizeof text);
    return intern(text);
}

/* A name, cut where it is wider than that. */
static const char *cut(const struct tournament_page *page, const char *name, double width,
                       double size, bool bold)
{
    struct paragraph line;
    canvas_wrap(page->canvas, name, " ", width, 1, size, size, bold, &line);
    return line.n > 0 ? intern(line.line[0]) : "";
}

/* ---- axes ---- */

static void range(const struct tournament_page *page, bool p99, double *low, double *high)
{
    *low = INFINITY;
    *high = 0;
    for (size_t i = 0; i < page->n; i++) {
        const struct contestant *c = &page->items[i];
        double half = isnan(c->goodput_half) ? 0 : c->goodput_half;
        double a = p99 ? (isnan(c->p99_low) ? c->p99 : c->p99_low) : c->goodput - half;
        double b = p99 ? (isnan(c->p99_high) ? c->p99 : c->p99_high) : c->goodput + half;
        *low = a > 0 && a < *low ? a : *low; /* not of NAN */
        *high = b > *high ? b : *high;
    }
}

/* Goodputs that are far apart go on a log axis: on another the best would lie on each other. */
#define FAR 2

static void make_axes(struct tournament_page *page)
{
    double low, high;
    range(page, true, &low, &high);
    bool any = high > 0;
    page->x = (struct axis){.layout = AXIS_SLICES,
                            .log = true,
                            .unit = UNIT_DURATION,
                            .from = any ? low / 1.35 : 0.1,
                            .to = any ? high * 1.35 : 1,
                            .columns = 1};
    range(page, false, &low, &high);
    bool far = high > FAR * low && low > 0;
    double pad = isfinite(low) ? fmax(0.12 * (high - low), 0.01 * high) : 1;
    page->y = (struct axis){.layout = AXIS_SLICES,
                            .log = far,
                            .unit = UNIT_RATE,
                            .from = far ? low / 1.15 : fmax((isfinite(low) ? low : 0) - pad, 0),
                            .to = far ? high * 1.15 : high + pad,
                            .columns = 1};
    axis_widen(&page->x);
    axis_widen(&page->y);
}

static double label_height(void *context, const char *label)
{
    (void)label;
    return *(const double *)context;
}

static void y_ticks(const struct tournament_page *page, struct ticks *out)
{
    double height = page->look.text;
    axis_ticks(&page->y, page->plot.h, 0.9 * height, label_height, &height, out);
}

static void draw_axes(const struct tournament_page *page)
{
    const struct look *look = &page->look;
    const struct box *plot = &page->plot;
    struct ruler ruler = {page->canvas, look->text};
    struct text_style style = {look->text, spectrogram_ink, false, false, 1, false};
    struct ticks ticks;
    int length = (int)lround(5 * look->scale);
    y_ticks(page, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        int y = (int)lround(plot->y + (1 - ticks.tick[i].place) * plot->h);
        if (ticks.tick[i].label[0])
            canvas_fill(page->canvas, (struct box){plot->x, y, plot->w, 1}, grid_colour);
        canvas_fill(page->canvas, (struct box){plot->x - 1 - length, y, length, 1},
                    spectrogram_ink);
        canvas_text(page->canvas, plot->x - length - 0.5 * look->text, y + 0.36 * look->text,
                    ticks.tick[i].label, &style);
    }
    style.align = 0.5;
    axis_ticks(&page->x, plot->w, 30 * look->scale, frame_measure, &ruler, &ticks);
    for (size_t i = 0; i < ticks.n; i++) {
        int x = (int)lround(plot->x + ticks.tick[i].place * plot->w), y = plot->y + plot->h;
        if (ticks.tick[i].label[0])
            canvas_fill(page->canvas, (struct box){x, plot->y, 1, plot->h}, grid_colour);
        canvas_fill(page->canvas, (struct box){x, y + 1, 1, length}, spectrogram_ink);
        canvas_text(page->canvas, x, y + length + 1.15 * look->text, ticks.tick[i].label, &style);
    }
    canvas_text(page->canvas, plot->x + plot->w / 2.0, plot->y + plot->h + 3.1 * look->text,
                "p99 of what is served (less is better)", &style);
    style.upwards = true;
    canvas_text(page->canvas, page->margin + look->text, plot->y + plot->h / 2.0,
                isinf(page->limit) ? "served (more is better)"
                                   : internf("served within %s (more is better)",
                                             human(UNIT_DURATION, page->limit)),
                &style);
}

/* ---- points ---- */

static bool touches(struct box a, struct box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static bool is_free(const struct tournament_page *page, struct box box)
{
    const struct box *plot = &page->plot;
    if (box.x < plot->x + 3 || box.x + box.w > plot->x + plot->w - 3 || box.y < plot->y + 3 ||
        box.y + box.h > plot->y + plot->h - 3)
        return false;
    for (size_t i = 0; i < page->n_placed; i++)
        if (touches(box, page->placed[i]))
            return false;
    return true;
}

static void take(struct tournament_page *page, struct box box)
{
    if (page->n_placed < PLACED)
        page->placed[page->n_placed++] = box;
}

/* A place for a name near its point: beside it, or as near as there is room. */
static struct box find_place(const struct tournament_page *page, double x, double y, int w, int h)
{
    static const double turns[] = {
        0, M_PI, M_PI / 4, -M_PI / 4, 3 * M_PI / 4, -3 * M_PI / 4, M_PI / 2, -M_PI / 2};
    for (double reach = 9 * page->look.scale; reach < page->plot.w; reach *= 1.4)
        for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
            double dx = cos(turns[i]) * (reach + w / 2.0), dy = sin(turns[i]) * (reach + h / 2.0);
            struct box box = {(int)lround(x + dx - w / 2.0), (int)lround(y + dy - h / 2.0), w, h};
            if (is_free(page, box))
                return box;
        }
    return (struct box){(int)x, (int)y, w, h};
}

static void draw_whiskers(const struct tournament_page *page, const struct contestant *c,
                          uint32_t colour)
{
    double x = x_of(page, c->p99), y = y_of(page, c->goodput);
    struct line_style style = {1.4 * page->look.scale, colour, 0.8, NULL, 0};
    if (!isnan(c->p99_low) && !isnan(c->p99_high)) {
        double xs[] = {x_of(page, c->p99_low), x_of(page, c->p99_high)}, ys[] = {y, y};
        canvas_line(page->canvas, page->plot, xs, ys, 2, &style);
    }
    if (!isnan(c->goodput_half)) {
        double xs[] = {x, x}, ys[] = {y_of(page, c->goodput - c->goodput_half),
                                      y_of(page, c->goodput + c->goodput_half)};
        canvas_line(page->canvas, page->plot, xs, ys, 2, &style);
    }
}

static void draw_point(struct tournament_page *page, const struct contestant *c)
{
    enum { CORNERS = 24 };
    double x[CORNERS], y[CORNERS], r = 5 * page->look.scale;
    for (int i = 0; i < CORNERS; i++) {
        x[i] = x_of(page, c->p99) + r * cos(2 * M_PI * i / CORNERS);
        y[i] = y_of(page, c->goodput) + r * sin(2 * M_PI * i / CORNERS);
    }
    draw_whiskers(page, c, c->front ? front_colour : other_colour);
    canvas_polygon(page->canvas, x, y, CORNERS, c->front ? front_colour : other_colour);
    take(page, (struct box){(int)(x_of(page, c->p99) - r), (int)(y_of(page, c->goodput) - r),
                            (int)(2 * r) + 1, (int)(2 * r) + 1});
}

static void draw_name(struct tournament_page *page, const struct contestant *c)
{
    double size = page->look.text, x = x_of(page, c->p99), y = y_of(page, c->goodput);
    const char *name = cut(page, c->name, 0.3 * page->plot.w, size, c->front);
    name = c->grows ? internf("%s (grows)", name) : name;
    struct text_style style = {size, c->front ? front_colour : 0x5f5f5b, c->front, true, 0, false};
    int w = (int)ceil(canvas_text_width(page->canvas, name, size, c->front)), h = (int)(1.2 * size);
    struct box box = find_place(page, x, y, w, h);
    double middle_x = fmin(fmax(x, box.x), box.x + box.w), middle_y = box.y + h / 2.0;
    if (hypot(middle_x - x, middle_y - y) > 1.8 * size + 6 * page->look.scale) {
        double xs[] = {x, middle_x}, ys[] = {y, middle_y};
        struct line_style line = {1, other_colour, 0.8, NULL, 0};
        canvas_line(page->canvas, page->plot, xs, ys, 2, &line);
    }
    canvas_text(page->canvas, box.x, box.y + 0.9 * size, name, &style);
    take(page, box);
}

/* Steps along the front, from the fastest to the one with the most. */
static void draw_front(const struct tournament_page *page)
{
    double x[2 * PLACED], y[2 * PLACED], last = 0;
    static const double dash[] = {2, 4};
    size_t n = 0;
    for (;;) {
        const struct contestant *next = NULL;
        for (size_t i = 0; i < page->n; i++)
            if (page->items[i].front && page->items[i].p99 > last &&
                (!next || page->items[i].p99 < next->p99))
                next = &page->items[i];
        if (!next || n + 2 > sizeof x / sizeof *x)
            break;
        if (n > 0) {
            x[n] = x_of(page, next->p99);
            y[n] = y[n - 1];
            n++;
        }
        x[n] = x_of(page, next->p99);
        y[n++] = y_of(page, next->goodput);
        last = next->p99;
    }
    struct line_style style = {1.3 * page->look.scale, front_colour, 1, dash, 2};
    canvas_line(page->canvas, page->plot, x, y, n, &style);
}

static void draw_points(struct tournament_page *page)
{
    draw_front(page);
    for (size_t i = 0; i < page->n; i++)
        if (!isnan(page->items[i].p99))
            draw_point(page, &page->items[i]);
    for (int front = 1; front >= 0; front--) /* these have the first choice of a place */
        for (size_t i = 0; i < page->n; i++)
            if (!isnan(page->items[i].p99) && page->items[i].front == front)
                draw_name(page, &page->items[i]);
}

/* ---- bars ---- */

static void draw_bar(const struct tournament_page *page, const struct contestant *c, struct box row,
                     double longest)
{
    double sum = 0, x = row.x;
    for (int k = 0; k < WAITINGS; k++) {
        double w = longest > 0 ? c->waiting[k] / longest * row.w : 0;
        int from = (int)lround(x), to = (int)lround(x + w);
        canvas_fill(page->canvas, (struct box){from, row.y, to - from, row.h}, waiting_colour[k]);
        x += w;
        sum += c->waiting[k];
    }
    double size = page->look.small, y = row.y + row.h / 2.0 + 0.36 * size;
    struct text_style name = {size, c->front ? front_colour : spectrogram_ink, c->front, false, 1,
                              false};
    struct text_style total = {size, spectrogram_soft, false, false, 0, false};
    double room = row.x - page->plot.x - page->plot.w - 1.5 * size;
    canvas_text(page->canvas, row.x - 0.6 * size, y, cut(page, c->name, room, size, c->front),
                &name);
    canvas_text(page->canvas, x + 0.5 * size, y, human(UNIT_DURATION, sum), &total);
}

static void draw_bars(const struct tournament_page *page)
{
    const struct look *look = &page->look;
    struct box all = page->bars;
    double longest = 0, x = all.x, line = all.y - 2.6 * look->small;
    bool shown[WAITINGS] = {false};
    for (size_t i = 0; i < page->n; i++) {
        double sum = 0;
        for (int k = 0; k < WAITINGS; k++) {
            sum += page->items[i].waiting[k];
            shown[k] = shown[k] || page->items[i].waiting[k] > 0;
        }
        longest = fmax(longest, sum);
    }
    struct text_style heading = {look->text, spectrogram_ink, false, false, 0, false};
    canvas_text(page->canvas, all.x, line - 1.5 * look->text, "where the waiting of a task went",
                &heading);
    for (int k = 0; k < WAITINGS; k++) {
        struct text_style style = {look->small, spectrogram_ink, false, false, 0, false};
        int side = (int)lround(0.8 * look->small);
        double w = canvas_text_width(page->canvas, waiting_words[k], look->small, false);
        if (!shown[k])
            continue;
        if (x > all.x && x + 1.4 * side + w > all.x + all.w) {
            x = all.x;
            line += 1.4 * look->small;
        }
        canvas_fill(page->canvas, (struct box){(int)x, (int)(line - side) + 1, side, side},
                    waiting_colour[k]);
        canvas_text(page->canvas, x + 1.4 * side, line, waiting_words[k], &style);
        x += 1.4 * side + 1.2 * look->small + w;
    }
    int room = all.h / (int)page->n, h = (int)(0.66 * room);
    h = h < (int)(2.6 * look->text) ? h : (int)(2.6 * look->text);
    double after = canvas_text_width(page->canvas, "999 min", look->small, false) + look->small;
    for (size_t i = 0; i < page->n; i++)
        draw_bar(page, &page->items[i],
                 (struct box){all.x, all.y + (int)i * room + (room - h) / 2, all.w - (int)after, h},
                 longest);
}

/* ---- the page ---- */

static double write_text(const struct tournament_page *page, const char *text, double y, int most,
                         double size, uint32_t colour, bool bold)
{
    const struct leaf_text style = {page->margin, most, size, colour, bold};
    return leaf_write(page->canvas, &style, text, y);
}

static double widest_name(const struct tournament_page *page)
{
    double widest = 0;
    for (size_t i = 0; i < page->n; i++)
        widest = fmax(widest,
                      canvas_text_width(page->canvas, page->items[i].name, page->look.small, true));
    return widest;
}

static double tick_width(const struct tournament_page *page)
{
    struct ticks ticks;
    double widest = 0;
    y_ticks(page, &ticks);
    for (size_t i = 0; i < ticks.n; i++)
        widest = fmax(widest,
                      canvas_text_width(page->canvas, ticks.tick[i].label, page->look.text, false));
    return widest;
}

static void draw_page(struct tournament_page *page)
{
    const struct look *look = &page->look;
    const struct result *result = page->items[0].result;
    int width = canvas_width(page->canvas), height = canvas_height(page->canvas);
    double y = write_text(page, tournament_sentence(page->items, page->n, page->limit),
                          page->margin, 2, look->headline, spectrogram_ink, true);
    y = write_text(page,
                   "the same tasks through every policy \xc2\xb7 blue: on the front (none has both "
                   "more and a smaller p99) \xc2\xb7 bars at points: 95 %",
                   y + 0.6 * look->heading, 2, look->heading, spectrogram_soft, false);
    write_text(page,
               internf("%s \xc2\xb7 %s \xc2\xb7 seed %.0f \xc2\xb7 scenario %s \xc2\xb7 queuescope "
                       "%s",
                       describe_title(page->s), describe_tasks(&result, 1), page->s->seed,
                       describe_hash(page->s), queuescope_version),
               height - page->margin - look->small, 1, look->small, spectrogram_soft, false);
    int top = (int)(y + 1.6 * look->text);
    int bottom = (int)(height - page->margin - 6.2 * look->text);
    bottom = bottom > top + 16 ? bottom : top + 16;
    page->plot = (struct box){0, top, 100, bottom - top};
    make_axes(page);
    int left = (int)(page->margin + 2.4 * look->text + tick_width(page) + 5 * look->scale);
    double names = widest_name(page) + 0.8 * look->small;
    int split = (int)((width - 2 * page->margin) * 0.56);
    page->plot.x = left;
    page->plot.w = split - left > 16 ? split - left : 16;
    int from = (int)(split + 2 * page->margin + fmin(names, 0.18 * width));
    int bars = (int)(width - page->margin) - from, head = (int)(4.4 * look->text);
    page->bars = (struct box){from, top + head, bars > 16 ? bars : 16,
                              bottom - top - head > 16 ? bottom - top - head : 16};
    draw_axes(page);
    draw_points(page);
    canvas_frame(page->canvas, page->plot, spectrogram_ink);
    draw_bars(page);
}

bool plot_tournament(const struct scenario *s, const struct contestant *contestants, size_t n,
                     double limit, struct bytes *png, struct errors *errors)
{
    int width = (int)s->picture.width, height = (int)s->picture.height;
    struct tournament_page page = {.s = s, .items = contestants, .n = n, .limit = limit};
    page.look = look_of(width, height, s->picture.text_scale);
    page.canvas = canvas_new(width, height, errors);
    if (!page.canvas)
        return false;
    page.margin = 18 * page.look.scale;
    draw_page(&page);
    return leaf_png(page.canvas, s, tournament_sentence(contestants, n, limit), "tournament",
                    contestants[0].result->threads, png, errors);
}
