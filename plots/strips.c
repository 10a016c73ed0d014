#include "strips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "way.h"

const uint32_t strips_colour[STRIPS] = {0xb5473c, 0x5b7fa6, 0x7d6aa8, 0x8899aa, 0x9a9a92};
static const char *const names[STRIPS] = {"lost", "throughput", "waiting", "tasks",
                                          "time by stage"};

/* ---- scales ---- */

/* A round number with a little room above x > 0. */
static double round_top(double x)
{
    static const double digits[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double decade = pow(10, floor(log10(1.04 * x)));
    size_t i = 0;
    while (digits[i] < 10 && digits[i] * decade < 1.04 * x)
        i++;
    return digits[i] * decade;
}

static double rate_top(const struct figure *figure)
{
    double top = 0;
    bool differ = false;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            if (column->source.class != FIGURE_WHOLE && isnan(column->throughput))
                return 0; /* known of all classes together alone */
            if (isnan(column->arrival_rate) || isnan(column->throughput))
                continue;
            top = fmax(top, fmax(column->arrival_rate, column->throughput));
            differ |= (column->lost > 0 || column->unstable) &&
                      column->throughput < 0.99 * column->arrival_rate;
        }
    bool drift = !isnan(figure->time);
    differ |= figure->by_time;
    return differ && !drift && top > 0 ? round_top(top) : 0;
}

/* The most that wait in any column. */
static double waiting_top(const struct figure *figure)
{
    double top = 0;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++)
            top = fmax(top, figure->panels[p].columns[c].waiting);
    return figure->by_time && top > 0 ? round_top(top) : 0;
}

void strips_share(const struct figure *figure, struct shared *shared)
{
    double lost = 0;
    uint64_t top = 0;
    bool vary = false;
    for (size_t p = 0; p < figure->n_panels; p++) {
        uint64_t most = 0, least = UINT64_MAX;
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            if (column->offered > 0)
                lost = fmax(lost, (double)column->lost / (double)column->offered);
            most = column->offered > most ? column->offered : most;
            least = column->offered < least ? column->offered : least;
        }
        top = most > top ? most : top;
        /* Only where columns differ by more than chance and rounding make them. */
        vary |= (double)least < 0.8 * (double)most;
    }
    shared->strip_top[STRIP_LOST] = lost > 0 ? fmin(axis_round_up(lost), 1) : 0;
    shared->strip_top[STRIP_THROUGHPUT] = rate_top(figure);
    shared->strip_top[STRIP_WAITING] = waiting_top(figure);
    shared->strip_top[STRIP_TASKS] =
        figure->columns > 1 && vary && !figure->by_time ? (double)top : 0;
    shared->strip_top[STRIP_WAY] = figure->ways > 0 ? 1 : 0;
}

/* ---- boxes ---- */

static int gap_of(const struct look *look)
{
    return (int)lround(9 * look->scale);
}

static int height_of(const struct look *look, const struct shared *shared, int strip)
{
    static const double heights[STRIPS][STRIP_SIZES] = {
        {48, 34, 20}, {48, 34, 20}, {48, 34, 20}, {24, 24, 16}, {48, 34, 20}};
    return (int)lround(heights[strip][shared->strip_size] * look->scale);
}

int strips_height(const struct look *look, const struct shared *shared)
{
    int height = 0;
    for (int i = 0; i < STRIPS; i++)
        if (shared->strip_top[i] > 0)
            height += gap_of(look) + height_of(look, shared, i);
    return height;
}

void strips_fit(const struct look *look, bool alone, int room, struct shared *shared)
{
    enum { LITTLE = 180 };
    shared->strip_size = room < LITTLE * look->scale ? STRIP_LOW : alone ? STRIP_HIGH : STRIP_HALF;
    for (int i = STRIPS - 1; i >= 0; i--) {
        int height = strips_height(look, shared);
        if (height > 0 && room - height < (i == STRIP_LOST ? 1 : 2) * height)
            shared->strip_top[i] = 0;
    }
}

void strips_place(struct view *view, const struct shared *shared)
{
    struct box box = {view->plot.x, view->plot.y + view->plot.h, view->plot.w, 0};
    for (int i = 0; i < STRIPS; i++) {
        view->strip[i] = box;
        if (!(shared->strip_top[i] > 0))
            continue;
        view->strip[i].y += gap_of(&view->look);
        view->strip[i].h = height_of(&view->look, shared, i);
        box.y = view->strip[i].y + view->strip[i].h;
    }
}

int strips_bottom(const struct view *view)
{
    int bottom = view->plot.y + view->plot.h;
    for (int i = 0; i < STRIPS; i++)
        if (view->strip[i].h > 0)
            bottom = view->strip[i].y + view->strip[i].h;
    return bottom;
}

/* ---- drawing ---- */

/* What strips show of a drawn column: the share of all that was offered, means of the rest. */
struct values {
    double value[STRIPS];
    double arrivals; /* the mean arrival rate */
};

static struct values values_of(const struct view *view, size_t drawn)
{
    const struct figure *figure = view->figure;
    size_t from = heat_group(figure->columns, view->heat.columns, drawn),
           to = heat_group(figure->columns, view->heat.columns, drawn + 1);
    struct values shown = {0};
    double offered = 0, lost = 0, n = (double)(to - from);
    for (size_t c = from; c < to; c++) {
        const struct figure_column *column = &view->panel->columns[c];
        offered += (double)column->offered;
        lost += (double)column->lost;
        shown.value[STRIP_THROUGHPUT] += column->throughput / n;
        shown.value[STRIP_WAITING] += column->waiting / n;
        shown.arrivals += column->arrival_rate / n;
    }
    shown.value[STRIP_LOST] = offered > 0 ? lost / offered : 0;
    shown.value[STRIP_TASKS] = offered / n;
    return shown;
}

struct line_style strips_reference(const struct look *look)
{
    return (struct line_style){1.4 * look->scale, spectrogram_ink, 1, NULL, 0};
}

/* The arrival rate above every column. */
static void draw_reference(struct canvas *canvas, const struct view *view, double top)
{
    const struct box *box = &view->strip[STRIP_THROUGHPUT];
    size_t n = view->heat.columns;
    double *x = xcalloc(4 * n, sizeof *x), *y = x + 2 * n;
    for (size_t i = 0; i < n; i++) {
        struct box column = view_column(view, box, i);
        double share = values_of(view, i).arrivals / top;
        x[2 * i] = column.x;
        x[2 * i + 1] = column.x + column.w;
        y[2 * i] = y[2 * i + 1] = box->y + box->h * (1 - share);
    }
    struct line_style style = strips_reference(&view->look);
    canvas_line(canvas, *box, x, y, 2 * n, &style);
    free(x);
}

/* Parts on one another, the first at the bottom. */
static void draw_way(struct canvas *canvas, const struct view *view, size_t drawn)
{
    const struct figure *figure = view->figure;
    size_t from = heat_group(figure->columns, view->heat.columns, drawn),
           to = heat_group(figure->columns, view->heat.columns, drawn + 1);
    struct box box = view_column(view, &view->strip[STRIP_WAY], drawn);
    double below = 0;
    for (size_t part = 0; part < figure->ways; part++) {
        double share = 0;
        for (size_t c = from; c < to; c++)
            share += view->panel->way[c * figure->ways + part] / (double)(to - from);
        int low = (int)lround(box.h * below), high = (int)lround(box.h * (below + share));
        canvas_fill(canvas, (struct box){box.x, box.y + box.h - high, box.w, high - low},
                    way_colour(part, figure->ways));
        below += share;
    }
}

void strips_draw(struct canvas *canvas, const struct view *view, const struct shared *shared)
{
    for (size_t i = 0; i < view->heat.columns && view->strip[STRIP_WAY].h > 0; i++)
        draw_way(canvas, view, i);
    for (size_t i = 0; i < view->heat.columns; i++) {
        struct values shown = values_of(view, i);
        for (int k = 0; k < STRIPS; k++) {
            if (view->strip[k].h == 0 || !(shown.value[k] > 0))
                continue;
            struct box box = view_column(view, &view->strip[k], i);
            double share = fmin(shown.value[k] / shared->strip_top[k], 1);
            int h = (int)fmax(1, round(share * box.h));
            box.y += box.h - h;
            box.h = h;
            canvas_fill(canvas, box, strips_colour[k]);
        }
    }
    if (view->strip[STRIP_THROUGHPUT].h > 0)
        draw_reference(canvas, view, shared->strip_top[STRIP_THROUGHPUT]);
    for (int k = 0; k < STRIPS; k++)
        if (view->strip[k].h > 0)
            canvas_frame(canvas, view->strip[k], spectrogram_ink);
}

/* ---- labels ---- */

/* The upper end of a scale in words; "" where the name says enough. */
static const char *top_label(const struct shared *shared, int strip)
{
    char text[AXIS_LABEL];
    if (strip == STRIP_TASKS)
        return "";
    unit_human(strip == STRIP_LOST || strip == STRIP_WAY ? UNIT_SHARE
               : strip == STRIP_WAITING                  ? UNIT_COUNT
                                                         : UNIT_RATE,
               shared->strip_top[strip], 3, text, sizeof text);
    return intern(text);
}

double strips_label_width(struct canvas *canvas, const struct look *look,
                          const struct shared *shared)
{
    double most = 0;
    for (int i = 0; i < STRIPS; i++)
        if (shared->strip_top[i] > 0)
            most =
                fmax(most, canvas_text_width(canvas, names[i], look->text, false) +
                               canvas_text_width(canvas, top_label(shared, i), look->small, false));
    return most + 14 * look->scale;
}

void strips_label(struct canvas *canvas, const struct view *view, const struct shared *shared)
{
    const struct look *look = &view->look;
    double x = view->plot.x - 8 * look->scale, rise = 0.36 * look->text;
    struct text_style style = {look->text, spectrogram_ink, false, false, 1, false},
                      little = {look->small, spectrogram_soft, false, false, 1, false};
    for (int i = 0; i < STRIPS; i++) {
        const struct box *box = &view->strip[i];
        if (box->h == 0)
            continue;
        const char *top = top_label(shared, i);
        double left = x;
        if (*top) {
            canvas_text(canvas, x, box->y + 2.2 * rise, top, &little);
            if (box->h > 2.2 * look->small)
                canvas_text(canvas, x, box->y + box->h, "0", &little);
            left -= canvas_text_width(canvas, top, look->small, false) + 5 * look->scale;
        }
        canvas_text(canvas, left, box->y + box->h / 2.0 + rise, names[i], &style);
    }
}
