#include "blocks.h"

#include <pthread.h>
#include <stdlib.h>

#include "../sim/base/vmath.h"

double blocks_gap(const struct recording *recording)
{
    const struct table *table = recording->table;
    const struct table_column *time = &table->column[recording->time];
    return table->rows > 1 ? (time->last - time->first) / (double)(table->rows - 1) : time->last;
}

/* ---- the rule ---- */

/* Work less what is done on average, or, where no sizes are recorded, gaps, summed over groups of
 * `each` tasks; less their mean. */
static void netput(const struct recording *r, size_t each, size_t groups, double *out)
{
    const struct table *table = r->table;
    const double gap = blocks_gap(r);
    double load = r->size >= 0 && gap > 0 ? table->column[r->size].mean / gap : 0, sum = 0;
    double time[BLOCK], size[BLOCK] = {0}, last = table->column[r->time].first - gap;
    for (size_t g = 0; g < groups; g++)
        out[g] = 0;
    for (size_t first = 0, n; first < each * groups; first += n) {
        n = each * groups - first < BLOCK ? each * groups - first : BLOCK;
        recording_read(r, NULL, first, n, time, r->size >= 0 ? size : NULL, NULL);
        for (size_t i = 0; i < n; i++) {
            double came = time[i] - last;
            out[(first + i) / each] += load > 0 ? size[i] - load * came : came;
            last = time[i];
        }
    }
    for (size_t g = 0; g < groups; g++)
        sum += out[g];
    for (size_t g = 0; g < groups; g++)
        out[g] -= sum / (double)groups;
}

static double covariance(const double *x, size_t n, size_t lag)
{
    double sum = 0;
    for (size_t i = lag; i < n; i++)
        sum += x[i] * x[i - lag];
    return sum / (double)n;
}

/* The lag from which on so many correlations in a row are none (Politis and White 2004, section
 * 3.2, with their constants). */
static size_t last_lag(const double *x, size_t n)
{
    const double bound = 2 * sqrt(log10((double)n) / (double)n) * covariance(x, n, 0);
    size_t in_row = (size_t)fmax(5, ceil(sqrt(log10((double)n))));
    size_t most = (size_t)ceil(sqrt((double)n)) + in_row, small = 0;
    for (size_t lag = 1; lag < n && lag <= most; lag++) {
        small = fabs(covariance(x, n, lag)) < bound ? small + 1 : 0;
        if (small == in_row)
            return lag - in_row;
    }
    return most;
}

/* Flat in the middle, then falling to 0 at 1. */
static double lag_window(double t)
{
    return t <= 0.5 ? 1 : 2 * (1 - t);
}

/* The best length of blocks of a series; 0 where it does not vary. */
static double best_length(const double *x, size_t n, enum blocks_method method)
{
    if (n < 8 || !(covariance(x, n, 0) > 0))
        return 0;
    double count = (double)n, most = ceil(fmin(3 * sqrt(count), count / 3));
    size_t lags = 2 * last_lag(x, n);
    lags = lags < 2 ? 2 : lags < n ? lags : n - 1;
    double spectrum = covariance(x, n, 0), slope = 0;
    for (size_t k = 1; k <= lags; k++) {
        double r = 2 * lag_window((double)k / (double)lags) * covariance(x, n, k);
        spectrum += r;
        slope += (double)k * r;
    }
    double d = (method == BLOCKS_STATIONARY ? 2 : 4.0 / 3) * spectrum * spectrum;
    double length = d > 0 ? cbrt(2 * slope * slope / d * count) : most;
    return fmin(BLOCKS_LONGER * length, most);
}

static double find_length(const struct recording *r, enum blocks_method method)
{
    size_t rows = r->table->rows, each = (rows + BLOCKS_GROUPS - 1) / BLOCKS_GROUPS;
    size_t groups = rows / each;
    double *x = xmalloc(groups * sizeof *x);
    netput(r, each, groups, x);
    double best = best_length(x, groups, method) * (double)each;
    free(x);
    return fmin(ceil(fmax(fmax(best, (double)each), cbrt((double)rows))), (double)rows);
}

/* What was found: a list that grows at its head. */
struct found {
    const struct table *table;
    enum blocks_method method;
    double length;
    struct found *next;
};
static struct found *found;
static pthread_mutex_t finding = PTHREAD_MUTEX_INITIALIZER;

static double rule(const struct recording *r, enum blocks_method method)
{
    pthread_mutex_lock(&finding);
    struct found *f = found;
    while (f && (f->table != r->table || f->method != method))
        f = f->next;
    if (!f) {
        f = xmalloc(sizeof *f);
        *f = (struct found){r->table, method, find_length(r, method), found};
        found = f;
    }
    double length = f->length;
    pthread_mutex_unlock(&finding);
    return length;
}

double blocks_length(const struct recording *recording, enum blocks_method method,
                     const struct amount *asked)
{
    double rows = (double)recording->table->rows, length = 0;
    switch (isnan(asked->kind) ? AMOUNT_AUTO : (enum amount_kind)asked->kind) {
    case AMOUNT_AUTO:
        return rule(recording, method);
    case AMOUNT_COUNT:
        length = asked->value;
        break;
    case AMOUNT_DURATION:
        length = asked->value / blocks_gap(recording);
        break;
    case AMOUNT_SHARE:
        length = asked->value * rows;
        break;
    }
    return length >= 1 ? fmin(ceil(length), rows) : 1; /* NAN: all tasks at once */
}

/* ---- drawing ---- */

static void next_block(const struct blocks *blocks, double rows, const struct stream *stream,
                       struct blocks_place *place)
{
    uint64_t number = (uint64_t)place->block++;
    double choices = blocks->method == BLOCKS_MOVING ? rows - blocks->length + 1 : rows;
    place->next = floor(stream_uniform(stream, 0, number) * choices);
    place->left = blocks->length;
    if (blocks->method == BLOCKS_STATIONARY && blocks->length > 1)
        place->left = 1 + floor(vmath_log(stream_uniform(stream, 1, number)) /
                                vmath_log(1 - 1 / blocks->length));
}

size_t blocks_take(const struct blocks *blocks, const struct recording *recording,
                   const struct scenario *s, const struct stream *stream,
                   struct blocks_place *place, size_t n, double *gap, double *size, uint16_t *class)
{
    size_t rows = recording->table->rows;
    if (place->left < 1)
        next_block(blocks, (double)rows, stream, place);
    size_t next = (size_t)place->next;
    n = (double)n < place->left ? n : (size_t)place->left;
    n = n < rows - next ? n : rows - next;
    double last =
        next > 0 ? 0 : recording->table->column[recording->time].first - blocks_gap(recording);
    if (next > 0)
        recording_read(recording, s, next - 1, 1, &last, NULL, NULL);
    recording_read(recording, s, next, n, gap, size, class);
    for (size_t i = 0; i < n; i++) {
        double time = gap[i];
        gap[i] = time - last;
        last = time;
    }
    place->left -= (double)n;
    place->next = next + n < rows ? (double)(next + n) : 0;
    return n;
}
