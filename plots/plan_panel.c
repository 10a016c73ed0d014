#include "plan_panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "describe.h"
#include "plan_words.h"

static const uint32_t met_colour = 0x0a7a3b, unmet_colour = 0xc62828, doubt_colour = 0x777777,
                      limit_colour = 0x1c1c1c, chosen_colour = 0x2f5fb3;

#define WIDE 20.0 /* values that span more than this factor stand on a log axis */

struct text_style plan_style(const struct look *look, uint32_t colour, double align)
{
    return (struct text_style){look->text, colour, false, false, align, false};
}

static bool shown(const struct plan_page *sheet, const struct point *point)
{
    size_t i = point->index[sheet->answer->longest];
    return answer_on_line(sheet->answer, sheet->line, point) && i >= sheet->first &&
           i <= sheet->last;
}

static double x_of(const struct plan_panel *p, double value)
{
    return p->plot.x + axis_place(&p->sheet->x, value) * p->plot.w;
}

/* NAN where there is no value; what lies beyond the axis stands at its end. */
static double y_of(const struct plan_panel *p, double value)
{
    if (isnan(value))
        return NAN;
    double place = axis_place(&p->y, fmin(fmax(value, p->y.from), p->y.to));
    return p->plot.y + p->plot.h * (1 - place);
}

/* ---- axes ---- */

static size_t index_of(const struct plan_page *sheet, const struct point *point)
{
    return point->index[sheet->answer->longest];
}

/* The stretch of the range in which the decision is: what is known to meet the objectives, what is
 * known not to, and so much on both sides; all of it where it does not go one way. */
void plan_window(struct plan_page *sheet)
{
    enum { TIMES = 4, MORE = 4, FEW = 40 };
    const struct answer *answer = sheet->answer;
    const struct span *span = &answer->question.spans[answer->longest];
    const struct line *line = sheet->line;
    const struct point *one = line->best ? line->best : line->beside,
                       *other = line->beside ? line->beside : one;
    sheet->first = 0;
    sheet->last = span->n - 1;
    if (one && !line->stretched) {
        size_t i = index_of(sheet, one), k = index_of(sheet, other), from = i < k ? i : k,
               to = i < k ? k : i, reach = TIMES * (to - from) + MORE;
        sheet->first = from > reach ? from - reach : 0;
        sheet->last = to + reach < span->n ? to + reach : span->n - 1;
    }
    double low = span_value(span, sheet->first), high = span_value(span, sheet->last);
    if (isinf(high) && sheet->last > 0)
        high = 1.25 * span_value(span, sheet->last - 1); /* unbounded, beyond the last number */
    bool whole = span->ref.kind == PARAM_COUNT;
    bool log = low > 0 && high / low >= 8 && !(whole && high - low <= FEW);
    double pad = 0.03 * (high > low ? high - low : 1);
    sheet->x = (struct axis){.layout = AXIS_SLICES,
                             .log = log,
                             .whole = whole,
                             .unit = span->unit,
                             .from = log ? low * pow(high / low, -0.03) : low - pad,
                             .to = log ? high * pow(high / low, 0.03) : high + pad,
                             .columns = 1};
    axis_widen(&sheet->x);
}

/* What is shown of a panel's objective within a factor of its limit: the least above 0 and the most
 * of values and ends of intervals. False: nothing is. */
static bool heights_near(const struct plan_panel *p, double factor, double *least, double *most)
{
    const struct answer *answer = p->sheet->answer;
    double limit = answer->question.objectives[p->objective].limit;
    bool any = false;
    *least = limit > 0 ? limit : INFINITY;
    *most = limit;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct estimate *e = &answer->points[k]->estimates[p->objective];
        const double ends[3] = {e->value, e->low, e->high};
        bool near = e->value >= limit / factor && e->value <= limit * factor;
        if (!shown(p->sheet, answer->points[k]) || !near)
            continue;
        for (int i = 0; i < 3; i++)
            if (isfinite(ends[i]) && ends[i] <= limit * factor * factor) {
                *most = fmax(*most, ends[i]);
                *least = ends[i] > 0 ? fmin(*least, ends[i]) : *least;
                any = true;
            }
    }
    return any;
}

/* As far as the points go that lie near the limit, or nearest to it (rare figures of neighbours are
 * ten times apart); others are arrows. Where there is no nearness, all. The limit is there. */
static void choose_heights(struct plan_panel *p)
{
    static const double near[] = {4, 32, 1e3}, anywhere = 1e150;
    const struct objective *objective = &p->sheet->answer->question.objectives[p->objective];
    double least, most;
    bool found = false;
    for (size_t i = 0; i < sizeof near / sizeof *near && objective->limit > 0 && !found; i++)
        found = heights_near(p, near[i], &least, &most);
    if (!found)
        heights_near(p, anywhere, &least, &most);
    least = fmax(least, most / 1e5);
    if (objective->limit > 0)
        least = fmin(least, objective->limit);
    bool log = most > WIDE * least && most > 0;
    double pad = 0.15 * (most - least), from = least - pad > 0.4 * most ? least - pad : 0;
    p->y = (struct axis){.layout = AXIS_SLICES,
                         .log = log,
                         .unit = objective->unit,
                         .from = log ? least / 1.3 : from,
                         .to = log        ? most * 1.6
                               : from > 0 ? most + pad
                               : most > 0 ? 1.15 * most
                                          : 1,
                         .columns = 1};
    if (objective->unit == UNIT_SHARE && !log)
        p->y.to = fmin(p->y.to, 1.05);
    axis_widen(&p->y);
}

/* Labels of a vertical axis need height, not width. */
static double label_height(void *context, const char *label)
{
    (void)label;
    return *(const double *)context;
}

/* "latency p99", "gold.wait mean" */
static const char *measure_name(const struct objective *objective)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(objective->text, " "), objective->text);
    for (char *c = name; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return intern(name);
}

static void draw_y_axis(const struct plan_panel *p)
{
    const struct plan_page *sheet = p->sheet;
    const struct look *look = &sheet->look;
    double height = look->text;
    struct ticks ticks;
    axis_ticks(&p->y, p->plot.h, 0.8 * look->text, label_height, &height, &ticks);
    struct text_style style = plan_style(look, spectrogram_ink, 1);
    int length = (int)lround(5 * look->scale);
    for (size_t i = 0; i < ticks.n; i++) {
        double y = y_of(p, ticks.tick[i].value);
        canvas_fill(sheet->canvas, (struct box){p->plot.x, (int)lround(y), p->plot.w, 1}, 0xe4e4e4);
        canvas_fill(sheet->canvas, (struct box){p->plot.x - 1 - length, (int)lround(y), length, 1},
                    spectrogram_ink);
        canvas_text(sheet->canvas, p->plot.x - length - 0.5 * look->text, y + 0.36 * look->text,
                    ticks.tick[i].label, &style);
    }
    style = plan_style(look, spectrogram_ink, 0.5);
    style.upwards = true;
    struct paragraph name;
    canvas_wrap(sheet->canvas, measure_name(&sheet->answer->question.objectives[p->objective]), " ",
                p->plot.h + look->text, 1, style.size, 0.6 * style.size, false, &name);
    style.size = name.size;
    canvas_text(sheet->canvas, sheet->margin + look->text, p->plot.y + p->plot.h / 2.0,
                name.line[0], &style);
}

/* "consumers.count, with 20 waiting places": the key that is drawn, and where the others stand. */
static const char *x_name(const struct plan_page *sheet)
{
    const struct question *q = &sheet->answer->question;
    size_t longest = sheet->answer->longest;
    const char *name = q->spans[longest].path;
    struct scenario *s = xmalloc(sizeof *s);
    *s = *q->scenario;
    for (size_t i = 0, n = 0; i < q->n_spans; i++) {
        if (i == longest)
            continue;
        size_t at = sheet->line->index[i];
        span_put(&q->spans[i], at, s);
        const char *text = span_text(&q->spans[i], span_value(&q->spans[i], at));
        name = internf("%s, %s%s", name, n++ ? "" : "with ",
                       describe_varied(s, q->spans[i].path, text));
    }
    free(s);
    return name;
}

static void draw_x_axis(const struct plan_panel *p, bool labels)
{
    const struct plan_page *sheet = p->sheet;
    const struct look *look = &sheet->look;
    struct ruler ruler = {sheet->canvas, look->text};
    struct ticks ticks;
    axis_ticks(&sheet->x, p->plot.w, 20 * look->scale, frame_measure, &ruler, &ticks);
    struct text_style style = plan_style(look, spectrogram_ink, 0.5);
    int y = p->plot.y + p->plot.h, length = (int)lround(5 * look->scale);
    for (size_t i = 0; i < ticks.n; i++) {
        double x = x_of(p, ticks.tick[i].value);
        canvas_fill(sheet->canvas, (struct box){(int)lround(x), y + 1, 1, length}, spectrogram_ink);
        if (labels)
            canvas_text(sheet->canvas, x, y + length + 1.15 * look->text, ticks.tick[i].label,
                        &style);
    }
    if (labels)
        canvas_text(sheet->canvas, p->plot.x + p->plot.w / 2.0, y + 3.2 * look->text, x_name(sheet),
                    &style);
}

/* ---- marks ---- */

static uint32_t colour_of(enum finding finding)
{
    return finding == FINDING_MET     ? met_colour
           : finding == FINDING_UNMET ? unmet_colour
                                      : doubt_colour;
}

/* Met: a full square; unmet: a cross; undecided: an empty square. */
void plan_mark(struct canvas *canvas, double scale, double x, double y, enum finding finding)
{
    int r = (int)lround(4.5 * scale), cx = (int)lround(x), cy = (int)lround(y);
    struct box all = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    if (finding == FINDING_UNMET) {
        double across[2] = {x - r, x + r}, down[2] = {y - r, y + r}, up[2] = {y + r, y - r};
        struct line_style line = {2.4 * scale, unmet_colour, 1, NULL, 0};
        canvas_line(canvas, all, across, down, 2, &line);
        canvas_line(canvas, all, across, up, 2, &line);
        return;
    }
    canvas_fill(canvas, (struct box){cx - r, cy - r, 2 * r + 1, 2 * r + 1}, colour_of(finding));
    if (finding == FINDING_UNDECIDED)
        canvas_fill(canvas, (struct box){cx - r + 2, cy - r + 2, 2 * r - 3, 2 * r - 3}, 0xffffff);
}

/* What is off the scale. */
static void draw_arrow(const struct plan_panel *p, double x, bool up, const struct line_style *line)
{
    double s = p->sheet->look.scale, back = up ? s : -s;
    double end = up ? p->plot.y + 3 * s : p->plot.y + p->plot.h - 3 * s;
    double side[3] = {x - 5 * s, x, x + 5 * s}, stem[2] = {x, x};
    double tip[3] = {end + 7 * back, end, end + 7 * back}, reach[2] = {end + 21 * back, end};
    canvas_line(p->sheet->canvas, p->plot, side, tip, 3, line);
    canvas_line(p->sheet->canvas, p->plot, stem, reach, 2, line);
}

/* An interval, with caps at the ends that are on the scale. */
static void draw_bar(const struct plan_panel *p, double x, const struct estimate *e,
                     const struct line_style *line)
{
    double s = p->sheet->look.scale, low = y_of(p, e->low), high = y_of(p, e->high);
    double across[2] = {x, x}, up[2] = {low, high}, cap[2] = {x - 5 * s, x + 5 * s};
    double bottom[2] = {low, low}, top[2] = {high, high};
    if (isnan(low) || isnan(high))
        return;
    canvas_line(p->sheet->canvas, p->plot, across, up, 2, line);
    if (e->low >= p->y.from)
        canvas_line(p->sheet->canvas, p->plot, cap, bottom, 2, line);
    if (e->high <= p->y.to)
        canvas_line(p->sheet->canvas, p->plot, cap, top, 2, line);
}

static void draw_point(const struct plan_panel *p, const struct point *point)
{
    const struct plan_page *sheet = p->sheet;
    const struct estimate *e = &point->estimates[p->objective];
    enum finding finding = point->findings[p->objective];
    double value = point->value[sheet->answer->longest];
    double x = x_of(p, isinf(value) ? sheet->x.to : value);
    struct line_style line = {2 * sheet->look.scale, colour_of(finding), 1, NULL, 0};
    bool bound = isnan(e->value) && e->high <= p->y.to; /* no more than that is known */
    double least = bound ? e->high : e->value;
    if (isnan(least))
        return;
    if (least > p->y.to || least < p->y.from) {
        draw_arrow(p, x, least > p->y.to, &line);
        return;
    }
    draw_bar(p, x, e, &line);
    if (!bound)
        plan_mark(sheet->canvas, sheet->look.scale, x, y_of(p, e->value), finding);
}

/* The limit, its name, and a tint on the side that meets it. */
static void draw_limit(const struct plan_panel *p)
{
    const struct plan_page *sheet = p->sheet;
    const struct look *look = &sheet->look;
    const struct objective *objective = &sheet->answer->question.objectives[p->objective];
    double y = y_of(p, objective->limit), dash[2] = {7 * look->scale, 4 * look->scale};
    double x[2] = {p->plot.x, p->plot.x + p->plot.w}, level[2] = {y, y};
    double top[2] = {p->plot.y, p->plot.y},
           bottom[2] = {p->plot.y + p->plot.h, p->plot.y + p->plot.h};
    canvas_band(sheet->canvas, p->plot, x, objective->at_least ? level : bottom,
                objective->at_least ? top : level, 2, met_colour, 0.08);
    struct line_style line = {2 * look->scale, limit_colour, 1, dash, 2};
    canvas_line(sheet->canvas, p->plot, x, level, 2, &line);
}

/* Points whose intervals reach the limit in a stretch of the plot: its name keeps clear of them. */
static int in_the_way(const struct plan_panel *p, double from, double to)
{
    const struct answer *answer = p->sheet->answer;
    double limit = answer->question.objectives[p->objective].limit;
    int n = 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        const struct estimate *e = &point->estimates[p->objective];
        if (!shown(p->sheet, point) || !(e->low < 1.1 * limit && e->high > 0.9 * limit))
            continue;
        double place = axis_place(&p->sheet->x, point->value[answer->longest]);
        n += place >= from && place <= to;
    }
    return n;
}

static void name_limit(const struct plan_panel *p)
{
    const struct plan_page *sheet = p->sheet;
    const struct look *look = &sheet->look;
    const struct objective *objective = &sheet->answer->question.objectives[p->objective];
    double y = y_of(p, objective->limit), gap = 8 * look->scale;
    bool below = y - p->plot.y < 2 * look->text;
    bool left = in_the_way(p, 0.85, 1) > in_the_way(p, 0, 0.15);
    struct text_style style = plan_style(look, limit_colour, left ? 0 : 1);
    style.bold = style.halo = true;
    canvas_text(sheet->canvas, left ? p->plot.x + gap : p->plot.x + p->plot.w - gap,
                below ? y + 1.2 * look->text : y - 0.45 * look->text,
                internf("limit: %s", plan_objective(objective)), &style);
}

static void draw_chosen(const struct plan_panel *p, bool name)
{
    const struct plan_page *sheet = p->sheet;
    const struct point *best = sheet->line->best;
    if (!best)
        return;
    double value = best->value[sheet->answer->longest];
    double x = x_of(p, isinf(value) ? sheet->x.to : value), half = 8 * sheet->look.scale;
    double across[2] = {x - half, x + half}, top[2] = {p->plot.y, p->plot.y};
    double bottom[2] = {p->plot.y + p->plot.h, p->plot.y + p->plot.h};
    canvas_band(sheet->canvas, p->plot, across, bottom, top, 2, chosen_colour, 0.2);
    if (!name)
        return;
    struct text_style style = plan_style(&sheet->look, chosen_colour, 0.5);
    style.bold = true;
    const char *text = plan_point(sheet->answer, best);
    double reach = canvas_text_width(sheet->canvas, text, style.size, true) / 2;
    double middle = fmin(fmax(x, p->plot.x + reach), p->plot.x + p->plot.w - reach);
    canvas_text(sheet->canvas, middle, p->plot.y - 0.5 * sheet->look.text, text, &style);
}

void plan_panel_draw(struct plan_panel *p, bool first, bool last)
{
    const struct plan_page *sheet = p->sheet;
    const struct answer *answer = sheet->answer;
    choose_heights(p);
    draw_y_axis(p);
    draw_limit(p);
    draw_chosen(p, first);
    draw_x_axis(p, last);
    for (size_t k = 0; k < answer->n_points; k++)
        if (shown(sheet, answer->points[k]))
            draw_point(p, answer->points[k]);
    name_limit(p);
    canvas_frame(sheet->canvas, p->plot, spectrogram_ink);
}
