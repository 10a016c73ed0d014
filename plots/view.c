#include "view.h"

#include <math.h>

/* By the area; but a page that is long and narrow cannot have as much text as a square one. */
#define OBLONG 1.4

struct look look_of(int width, int height, double text_scale)
{
    double side = fmin(width / 1440.0, height / 900.0);
    double s = fmin(sqrt(width / 1440.0 * height / 900.0), OBLONG * side);
    double t = text_scale > 0 ? text_scale : 1;
    if (s < 0.9) /* text stays legible; below 640 x 400 it has to shrink after all */
        s = 0.9 * fmin(1, fmin(width / 640.0, height / 400.0));
    s = fmax(s, 0.55);
    return (struct look){s, 13 * s * t, 12.5 * s * t, 14 * s * t, 21 * s * t};
}

/* ---- boxes ---- */

static int mark_height(const struct look *look)
{
    return (int)lround(15 * look->scale);
}

static int mark_gap(const struct look *look)
{
    return (int)lround(4 * look->scale) + 1;
}

int view_cells_height(const struct look *look, const bool mark[HEAT_MARKS], int plot_height)
{
    for (int m = 0; m < HEAT_MARKS; m++)
        if (mark[m])
            plot_height -= mark_height(look) + mark_gap(look);
    return plot_height > 1 ? plot_height : 1;
}

void view_divide(struct view *view, const struct heat_rows *rows)
{
    static const enum heat_mark above[] = {HEAT_UNFINISHED, HEAT_OVER},
                                below[] = {HEAT_ZERO, HEAT_UNDER};
    int height = mark_height(&view->look), step = height + mark_gap(&view->look);
    struct box cells = view->plot;
    for (int i = 0; i < 2; i++) {
        view->mark[above[i]] = (struct box){cells.x, cells.y, cells.w, 0};
        if (rows->mark[above[i]]) {
            view->mark[above[i]].h = height;
            cells.y += step;
            cells.h -= step;
        }
    }
    for (int i = 0; i < 2; i++) {
        view->mark[below[i]] = (struct box){cells.x, cells.y + cells.h, cells.w, 0};
        if (rows->mark[below[i]]) {
            view->mark[below[i]].y -= height;
            view->mark[below[i]].h = height;
            cells.h -= step;
        }
    }
    cells.h = cells.h > 1 ? cells.h : 1;
    view->cells = cells;
}

struct box view_column(const struct view *view, const struct box *in, size_t drawn)
{
    int64_t w = in->w, n = (int64_t)view->heat.columns, i = (int64_t)drawn;
    int left = (int)(i * w / n), right = (int)((i + 1) * w / n);
    return (struct box){in->x + left, in->y, right - left, in->h};
}

struct box view_cell(const struct view *view, size_t drawn, int row)
{
    struct box box = view_column(view, &view->cells, drawn);
    int n = view->heat.rows.n, h = view->cells.h;
    int low = (int)((int64_t)row * h / n), high = (int)((int64_t)(row + 1) * h / n);
    box.y = view->cells.y + h - high;
    box.h = high - low;
    return box;
}

/* ---- values to pixels ---- */

double view_x(const struct view *view, double place)
{
    return view->plot.x + place * view->plot.w;
}

static double middle_y(const struct box *box)
{
    return box->y + box->h / 2.0;
}

double view_y(const struct view *view, double latency)
{
    const struct heat_rows *rows = &view->heat.rows;
    if (isnan(latency))
        return NAN;
    if (latency <= 0)
        return rows->mark[HEAT_ZERO] ? middle_y(&view->mark[HEAT_ZERO])
                                     : view->cells.y + view->cells.h;
    if (latency < heat_edge(rows->low) && rows->mark[HEAT_UNDER])
        return middle_y(&view->mark[HEAT_UNDER]);
    if (latency >= heat_edge(rows->high) && rows->mark[HEAT_OVER])
        return middle_y(&view->mark[HEAT_OVER]);
    double t = (log10(latency) * HEAT_PER_DECADE - rows->low) / (rows->high - rows->low);
    return view->cells.y + view->cells.h * (1 - fmin(fmax(t, 0), 1));
}

double view_level(const struct view *view)
{
    double places = view->panel->places > 0 ? view->panel->places : NAN;
    return isnan(view->figure->objective) ? places : view->figure->objective;
}

double view_middle(const struct view *view, size_t column)
{
    return ((double)column + 0.5) / (double)view->figure->columns;
}

enum { STEPPED = 24 };

size_t view_steps(const struct view *view)
{
    return view->figure->columns <= STEPPED ? 2 : 1;
}

double view_step_x(const struct view *view, size_t i)
{
    size_t steps = view_steps(view);
    double half = 0.5 / (double)view->figure->columns;
    return view_x(view, view_middle(view, i / steps) + (steps == 1   ? 0
                                                        : i % 2 == 0 ? -half
                                                                     : half));
}

/* ---- free places ---- */

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static bool covers_line(const struct view *view, size_t column, struct box box)
{
    const struct figure_column *c = &view->panel->columns[column];
    for (int q = 0; q < FIGURE_LINES; q++) {
        double y = view_y(view, c->q[q]), low = view_y(view, c->low[q]),
               high = view_y(view, c->high[q]);
        double top = fmin(y, isnan(high) ? y : high), bottom = fmax(y, isnan(low) ? y : low);
        if (top < box.y + box.h && bottom > box.y)
            return true;
    }
    for (int i = 0; i < KNOWN_LINES && view->panel->known; i++) {
        double y = view_y(view, view->panel->known[column].latency[i]);
        if (y >= box.y && y < box.y + box.h)
            return true;
    }
    double y = view_y(view, c->max);
    return y >= box.y && y < box.y + box.h;
}

/* Whether a line goes through the box on its way from this column to the next. */
static bool covers_step(const struct view *view, size_t column, struct box box)
{
    const struct figure_column *a = &view->panel->columns[column], *b = a + 1;
    for (int q = 0; q < FIGURE_LINES && column + 1 < view->figure->columns; q++) {
        double from = view_y(view, a->q[q]), to = view_y(view, b->q[q]);
        if (fmin(from, to) < box.y + box.h && fmax(from, to) > box.y)
            return true;
    }
    const struct figure_known *known = view->panel->known;
    for (int i = 0; i < KNOWN_LINES && known && column + 1 < view->figure->columns; i++) {
        double from = view_y(view, known[column].latency[i]),
               to = view_y(view, known[column + 1].latency[i]);
        if (fmin(from, to) < box.y + box.h && fmax(from, to) > box.y)
            return true;
    }
    return false;
}

/* Whether no label and no line is in the box, nor, `data` false, a cell. */
static bool is_free(const struct view *view, struct box box, bool data)
{
    const struct box *plot = &view->cells;
    if (box.x < plot->x || box.y < plot->y || box.x + box.w > plot->x + plot->w ||
        box.y + box.h > plot->y + plot->h)
        return false;
    for (int i = 0; i < view->n_taken; i++)
        if (overlap(view->taken[i], box))
            return false;
    double objective = view_y(view, view_level(view));
    if (objective >= box.y && objective <= box.y + box.h)
        return false;
    size_t first = (size_t)((int64_t)(box.x - plot->x) * (int64_t)view->heat.columns / plot->w);
    int rows = view->heat.rows.n;
    int low = (int)((int64_t)(plot->y + plot->h - box.y - box.h) * rows / plot->h) - 1;
    int high = (int)((int64_t)(plot->y + plot->h - box.y) * rows / plot->h) + 1;
    for (size_t i = first; i < view->heat.columns; i++) {
        if (view_column(view, plot, i).x >= box.x + box.w)
            break;
        if (!data && view->heat.bare[i])
            return false; /* hatched */
        for (int row = low > 0 ? low : 0; row <= high && row < rows && !data; row++)
            if (view->heat.value[i * (size_t)rows + (size_t)row] > 0)
                return false;
        size_t c = heat_group(view->figure->columns, view->heat.columns, i);
        if (covers_line(view, c, box) || covers_step(view, c, box))
            return false;
    }
    return true;
}

bool view_is_free(const struct view *view, struct box box)
{
    return is_free(view, box, false);
}

bool view_is_clear(const struct view *view, struct box box)
{
    return is_free(view, box, true);
}

void view_take(struct view *view, struct box box)
{
    if (view->n_taken < VIEW_TAKEN)
        view->taken[view->n_taken++] = box;
}

bool view_find_free(const struct view *view, int w, int h, double x, double y, struct box *out)
{
    enum { STEPS = 40 };
    const struct box *in = &view->cells;
    double best = INFINITY;
    for (int i = 0; i <= STEPS; i++)
        for (int k = 0; k <= STEPS; k++) {
            struct box box = {in->x + (in->w - w) * i / STEPS, in->y + (in->h - h) * k / STEPS, w,
                              h};
            double distance = hypot(box.x + w / 2.0 - x, box.y + h / 2.0 - y);
            if (distance < best && view_is_free(view, box)) {
                best = distance;
                *out = box;
            }
        }
    return best < INFINITY;
}

/* So much farther, in widths of the plot, a free box may be than one over data. */
#define WORTH 0.06

bool view_find_near(const struct view *view, int w, int h, double x, double y, double reach,
                    struct box *out)
{
    enum { STEPS = 24 };
    double best = reach, fine = WORTH * view->plot.w;
    bool found = false;
    for (int i = -STEPS; i <= STEPS; i++)
        for (int k = -STEPS; k <= STEPS; k++) {
            double dx = reach * i / STEPS, dy = reach * k / STEPS, distance = hypot(dx, dy);
            struct box box = {(int)lround(x + dx - w / 2.0), (int)lround(y + dy - h / 2.0), w, h};
            if (distance - fine >= best || !view_is_clear(view, box))
                continue;
            double cost = distance - (view_is_free(view, box) ? fine : 0);
            if (cost < best) {
                best = cost;
                *out = box;
                found = true;
            }
        }
    return found;
}
