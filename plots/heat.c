#include "heat_queue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double heat_edge(int k)
{
    return pow(10, (double)k / HEAT_PER_DECADE);
}

/* The fine row that x > 0 lies in. */
static int row_of(double x)
{
    int k = (int)floor(log10(x) * HEAT_PER_DECADE);
    while (heat_edge(k) > x)
        k--;
    while (heat_edge(k + 1) <= x)
        k++;
    return k;
}

/* ---- the rows of a picture ---- */

static void occupied(const struct histogram *h, int *low, int *high)
{
    for (int i = 0; i < HIST_BUCKETS; i++) {
        const uint64_t *page = h->page[i / HIST_SUB];
        if (!page) {
            i += HIST_SUB - 1;
        } else if (page[i % HIST_SUB] > 0) {
            *low = i < *low ? i : *low;
            *high = i > *high ? i : *high;
        }
    }
}

/* Room around the data, and the least height of an axis: 0.7 decades. */
enum { ROOM_BELOW = 2, ROOM_ABOVE = 5, LEAST_ROWS = 28 };

/* The bucket below which no column has more than one task in 200. */
static int rarely_below(const struct figure *figure)
{
    int cut = HIST_BUCKETS;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            uint64_t seen = 0;
            for (int i = 0; i < cut; i++) {
                const uint64_t *page = column->latency.page[i / HIST_SUB];
                if (!page)
                    i += HIST_SUB - 1;
                else if ((seen += page[i % HIST_SUB]) * 200 > column->completed)
                    cut = i;
            }
        }
    return cut;
}

/* Where many rows at the lower end would hold next to nothing, they become one: the lowest fine row
 * that is drawn then starts at 1, 2 or 5 times a power of ten (to 0.3 %). */
static int cut_below(const struct figure *figure, int low)
{
    static const int round_rows[] = {28, 12, 0};
    enum { WORTH_IT = 20 };
    int bucket = rarely_below(figure);
    if (bucket == HIST_BUCKETS)
        return low;
    int row = row_of(histogram_low(bucket));
    if (!isnan(figure->objective) && row_of(figure->objective) - ROOM_BELOW < row)
        row = row_of(figure->objective) - ROOM_BELOW;
    int decade = row - (row % 40 + 40) % 40, cut = decade;
    for (int i = 2; i >= 0; i--)
        if (decade + round_rows[i] <= row)
            cut = decade + round_rows[i];
    return cut - low >= WORTH_IT ? cut : low;
}

/* A latency has its row too; NAN for none, and what is beyond all buckets has none. */
static void take_in(struct heat_rows *rows, double latency)
{
    if (!(latency >= histogram_low(0) && latency < histogram_high(HIST_BUCKETS - 1)))
        return;
    int row = row_of(latency);
    rows->low = row - ROOM_BELOW < rows->low ? row - ROOM_BELOW : rows->low;
    rows->high = row + 1 + ROOM_ABOVE > rows->high ? row + 1 + ROOM_ABOVE : rows->high;
}

/* What is drawn over the data: objective, theory, and what was observed. */
static void take_in_all(const struct figure *figure, struct heat_rows *rows)
{
    take_in(rows, figure->objective);
    for (size_t p = 0; p < figure->n_panels; p++) {
        take_in(rows, figure->panels[p].places > 0 ? figure->panels[p].places : NAN);
        for (size_t c = 0; c < figure->columns && figure->panels[p].known; c++)
            for (int i = 0; i < KNOWN_LINES; i++)
                take_in(rows, figure->panels[p].known[c].latency[i]);
    }
    for (int q = 0; figure->observed && q < OBSERVED_QUANTILES; q++) {
        const struct bounds *at = &figure->observed->quantile[q];
        take_in(rows, at->low > 0 ? at->low : NAN);
        take_in(rows, isfinite(at->high) && at->high > 0 ? at->high : NAN);
    }
    int lack = LEAST_ROWS - (rows->high - rows->low);
    if (lack > 0) {
        bool begins = rows->mark[HEAT_UNDER] || rows->measure == PICTURE_QUEUE;
        rows->low -= begins ? 0 : lack / 2;
        rows->high += begins ? lack : lack - lack / 2;
    }
}

static void set_rows(struct heat_rows *rows, int step)
{
    rows->step = step;
    rows->low = (int)floor((double)rows->low / step) * step;
    rows->high = (int)ceil((double)rows->high / step) * step;
    rows->n = (rows->high - rows->low) / step;
}

/* The rows that the figure fixes, and what then lies beyond them. */
static void fix_rows(const struct figure *figure, int lowest, int highest, struct heat_rows *rows)
{
    rows->low = (int)floor(log10(figure->latency_low) * HEAT_PER_DECADE + 1e-6);
    rows->high = (int)ceil(log10(figure->latency_high) * HEAT_PER_DECADE - 1e-6);
    rows->high = rows->high > rows->low ? rows->high : rows->low + 1;
    rows->mark[HEAT_UNDER] |= lowest < rows->low;
    rows->mark[HEAT_OVER] |= highest >= rows->high;
}

/* Room around the data, and for what is drawn over them. */
static void find_rows(const struct figure *figure, int lowest, int highest, struct heat_rows *rows)
{
    rows->low = cut_below(figure, lowest);
    rows->mark[HEAT_UNDER] |= rows->low > lowest;
    if (rows->low == lowest)
        rows->low -= ROOM_BELOW;
    rows->high = highest + 1 + ROOM_ABOVE;
}

static void find_all_rows(const struct figure *figure, struct heat_rows *rows)
{
    bool fixed = figure->latency_high > figure->latency_low;
    int low = HIST_BUCKETS, high = -1;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            occupied(&column->latency, &low, &high);
            rows->mark[HEAT_ZERO] |= column->latency.zero > 0;
            rows->mark[HEAT_UNDER] |= column->latency.under > 0;
            rows->mark[HEAT_OVER] |= column->latency.over > 0;
            rows->mark[HEAT_UNFINISHED] |= column->unfinished > 0;
        }
    rows->empty = high < 0 && !fixed;
    for (int m = 0; m < HEAT_MARKS; m++)
        rows->empty = rows->empty && !rows->mark[m];
    int lowest = high < 0 ? 0 : row_of(histogram_low(low)),
        highest = high < 0 ? -1 : row_of(histogram_high(high));
    if (fixed)
        fix_rows(figure, lowest, highest, rows);
    else if (high < 0) /* nothing on the grid: it begins at a second, for what else there is */
        rows->high = 1;
    else
        find_rows(figure, lowest, highest, rows);
}

struct heat_rows heat_rows_of(const struct figure *figure, int pixels)
{
    struct heat_rows rows = {.step = 1, .measure = figure->measure};
    if (rows.measure == PICTURE_QUEUE)
        heat_queue_rows(figure, &rows);
    else
        find_all_rows(figure, &rows);
    if (!(figure->latency_high > figure->latency_low))
        take_in_all(figure, &rows);
    int step = figure->rows_per_decade > 0 ? HEAT_PER_DECADE / figure->rows_per_decade : 1;
    for (int first = step; step == first || rows.n > (pixels > 1 ? pixels : 1); step *= 2)
        set_rows(&rows, step);
    return rows;
}
/* ---- the heat of a panel ---- */

size_t heat_group(size_t columns, size_t drawn, size_t i)
{
    return i * columns / drawn;
}

/* Where the buckets of a histogram lie among the fine rows, an octave at a time when it is first
 * asked for: columns have them in common, and logarithms and powers are slow. */
struct cuts {
    bool known[HIST_OCTAVES];
    int row[HIST_BUCKETS];         /* of the lower edge */
    double edge[HIST_BUCKETS + 1]; /* the lower edge; of the last bucket the upper one too */
    double above[HIST_BUCKETS];    /* the upper edge of that row */
};

static void know(struct cuts *cuts, int octave)
{
    if (cuts->known[octave])
        return;
    for (int i = octave * HIST_SUB; i < (octave + 1) * HIST_SUB; i++) {
        cuts->edge[i] = histogram_low(i);
        cuts->edge[i + 1] = histogram_high(i);
        cuts->row[i] = row_of(cuts->edge[i]);
        cuts->above[i] = heat_edge(cuts->row[i] + 1);
    }
    cuts->known[octave] = true;
}

/* What a column adds to the heat of its drawn column. */
struct sharing {
    const struct histogram *histogram;
    const struct heat_rows *rows;
    bool by_time; /* each task times its latency */
    double max;   /* the largest of the column; 0: not known */
    struct cuts *cuts;
    double *value, *mark;
};

static double count_of(const struct histogram *h, int bucket)
{
    const uint64_t *page = bucket >= 0 && bucket < HIST_BUCKETS ? h->page[bucket / HIST_SUB] : NULL;
    return page ? (double)page[bucket % HIST_SUB] : 0;
}

static void add_to_row(const struct sharing *to, int row, double weight)
{
    if (row < to->rows->low)
        to->mark[HEAT_UNDER] += weight;
    else if (row >= to->rows->high)
        to->mark[HEAT_OVER] += weight;
    else
        to->value[(row - to->rows->low) / to->rows->step] += weight;
}

/* A bucket whose neighbours are empty holds one value, and so do two on both sides of an edge that
 * is the largest there is, to the rounding of the clock: the row of that value has them all. How
 * many buckets that took. */
static int add_value(const struct sharing *to, int i)
{
    const struct histogram *h = to->histogram;
    double low = to->cuts->edge[i], high = to->cuts->edge[i + 1], next = count_of(h, i + 1);
    bool pair = next > 0 && count_of(h, i + 2) == 0 && fabs(to->max / high - 1) < 1e-6;
    if (count_of(h, i - 1) > 0 || (next > 0 && !pair))
        return 0;
    bool known = to->max >= low && to->max < high * (1 + 1e-6);
    double value = known ? to->max * (1 + 1e-9) : (low + high) / 2;
    add_to_row(to, row_of(value), (count_of(h, i) + (pair ? next : 0)) * (to->by_time ? value : 1));
    return pair ? 2 : 1;
}

/* Adds the count of a bucket to the rows that it overlaps: whole tasks, so that no cell shows less
 * than one. */
static void add_bucket(const struct sharing *to, int i)
{
    double low = to->cuts->edge[i], high = to->cuts->edge[i + 1], above = to->cuts->above[i];
    double count = count_of(to->histogram, i), given = 0;
    double weight = to->by_time ? (low + high) / 2 : 1;
    for (int k = to->cuts->row[i]; given < count; k++) {
        if (k > to->cuts->row[i])
            above = heat_edge(k + 1);
        double upto = round(count * (fmin(above, high) - low) / (high - low));
        if (upto > given)
            add_to_row(to, k, (upto - given) * weight);
        given = upto;
    }
}

static void share_out(const struct sharing *to)
{
    for (int i = 0; i < HIST_BUCKETS; i++) {
        const uint64_t *page = to->histogram->page[i / HIST_SUB];
        if (!page) {
            i += HIST_SUB - 1;
            continue;
        }
        if (page[i % HIST_SUB] == 0)
            continue;
        know(to->cuts, i / HIST_SUB);
        int taken = add_value(to, i);
        if (taken == 0)
            add_bucket(to, i);
        i += taken > 1;
    }
}

/* Weights of one drawn column become what its colour stands for. `sum`: of all its weights; 0:
 * those of its rows and marks. */
static void normalise(enum picture_colour colour, double sum, double *value, size_t n, double *mark)
{
    double most = 0, added = 0;
    for (size_t i = 0; i < n; i++) {
        added += value[i];
        most = fmax(most, value[i]);
    }
    for (size_t i = 0; i < HEAT_MARKS; i++) {
        added += mark[i];
        most = fmax(most, mark[i]);
    }
    double divisor = colour == COLOUR_LOG_COUNT    ? 1
                     : colour == COLOUR_COLUMN_MAX ? most
                     : sum > 0                     ? sum
                                                   : added;
    if (!(divisor > 0))
        return;
    for (size_t i = 0; i < n; i++)
        value[i] /= divisor;
    for (size_t i = 0; i < HEAT_MARKS; i++)
        mark[i] /= divisor;
}

struct heat heat_of(const struct figure *figure, const struct figure_panel *panel,
                    const struct heat_rows *rows, int pixels)
{
    size_t drawn = figure->columns;
    if (pixels > 0 && drawn > (size_t)pixels)
        drawn = (size_t)pixels;
    size_t n = (size_t)rows->n;
    struct heat heat = {.columns = drawn, .rows = *rows};
    heat.value = xcalloc(drawn * n, sizeof *heat.value);
    heat.mark = xcalloc(drawn, sizeof *heat.mark);
    heat.bare = xcalloc(drawn, sizeof *heat.bare);
    enum picture_colour colour = (enum picture_colour)figure->colour;
    bool by_time = colour == COLOUR_INTENSITY;
    struct cuts *cuts = xcalloc(1, sizeof *cuts);
    for (size_t i = 0; i < drawn; i++) {
        double *mark = heat.mark[i];
        size_t end = heat_group(figure->columns, drawn, i + 1);
        double sum = 0; /* of the number waiting */
        heat.bare[i] = true;
        for (size_t c = heat_group(figure->columns, drawn, i); c < end; c++) {
            const struct figure_column *column = &panel->columns[c];
            heat.bare[i] = heat.bare[i] && figure_is_bare(figure, column);
            if (rows->measure == PICTURE_QUEUE) {
                heat_queue_share(&column->latency, rows, heat.value + i * n);
                mark[HEAT_ZERO] += (double)column->latency.zero;
                sum += (double)histogram_total(&column->latency);
                continue;
            }
            share_out(&(struct sharing){&column->latency, rows, by_time, column->max, cuts,
                                        heat.value + i * n, mark});
            /* Time spent: under and over by the edge of the range; of the unfinished it is not
             * known. */
            mark[HEAT_ZERO] += by_time ? 0 : (double)column->latency.zero;
            mark[HEAT_UNDER] += (double)column->latency.under * (by_time ? histogram_low(0) : 1);
            mark[HEAT_OVER] +=
                (double)column->latency.over * (by_time ? histogram_high(HIST_BUCKETS - 1) : 1);
            mark[HEAT_UNFINISHED] += by_time ? 0 : (double)column->unfinished;
        }
        normalise(colour, sum, heat.value + i * n, n, mark);
    }
    free(cuts);
    return heat;
}

void heat_free(struct heat *heat)
{
    free(heat->value);
    free(heat->mark);
    free(heat->bare);
    *heat = (struct heat){0};
}
