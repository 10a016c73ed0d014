/*
 * Empirical: the values of a file, each as likely as any other (drawn with replacement). The file
 * is one column of seconds (table.h), plain or .gz.
 *
 * The values are drawn from their falling order, so that a small uniform is a large value.
 */
#include <assert.h>

#include "../sim/scenario/table.h"
#include "law.h"

struct empirical {
    const char *file;
    double scale;
};
LAW_FITS(struct empirical);

static const struct param rows[] = {{.name = "file",
                                     .kind = PARAM_FILE,
                                     .offset = offsetof(struct empirical, file),
                                     .help = "file with one column of values, in seconds (or "
                                             "counts); .gz too; each is drawn alike",
                                     .flags = PARAM_REQUIRED},
                                    {.name = "scale",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct empirical, scale),
                                     .high = 1e12,
                                     .preset = "1",
                                     .help = "multiplies every value",
                                     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},
                                    {0}};

/* NULL where the file could not be read: check() has said so, and nothing is drawn. */
static const struct table *values_of(const struct empirical *p)
{
    return p->file ? table_find(p->file) : NULL;
}

VECTOR_LOOP(empirical_of,
            (const double *values, double count, double scale, size_t n, double *restrict x),
            (values, count, scale, n, x))
{
    for (size_t i = 0; i < n; i++)
        x[i] = scale * values[(size_t)(x[i] * count)];
}

static void of(const void *params, size_t n, double *x)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    assert(table);
    empirical_of(table_sorted(table), (double)table->rows, p->scale, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static size_t values_above(const struct table *table, double scale, double x)
{
    const double *values = table_sorted(table);
    size_t above = 0, end = table->rows; /* the first of the values <= x is in above .. end */
    while (above < end) {
        size_t middle = above + (end - above) / 2;
        if (scale * values[middle] > x)
            above = middle + 1;
        else
            end = middle;
    }
    return above;
}

static double cdf(const void *params, double x)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    if (!table)
        return NAN;
    return (double)(table->rows - values_above(table, p->scale, x)) / (double)table->rows;
}

static double mean(const void *params)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    return table ? p->scale * table->column[0].mean : NAN;
}

static double second(const void *params)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    return table ? p->scale * p->scale * table->column[0].second : NAN;
}

static double mean_above(const void *params, double x)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    if (!table)
        return NAN;
    return p->scale * table_largest(table, values_above(table, p->scale, x)) / (double)table->rows;
}

static void scale(void *params, double factor)
{
    struct empirical *p = params;
    p->scale *= factor;
}

static bool counts(const void *params)
{
    const struct empirical *p = params;
    const struct table *table = values_of(p);
    if (!table || p->scale == 1)
        return table && table->column[0].counts;
    const double *values = table_sorted(table);
    for (size_t i = 0; i < table->rows; i++) {
        double value = p->scale * values[i];
        if (value < 1 || value != floor(value))
            return false;
    }
    return true;
}

static bool check(const void *params, const char *path, const struct places *places,
                  struct errors *errors)
{
    const struct empirical *p = params;
    if (!p->file)
        return true; /* its row is required */
    struct place at = law_place(places, path, "file");
    const struct table *table = table_load(p->file, at, errors);
    if (!table)
        return false;
    if (table->columns != 1)
        return error_at(errors, at, "%s has %d columns; %s needs one column of values", p->file,
                        table->columns, path);
    if (table->words_count > 0)
        return error_at(errors, at, "%s holds classes, not values", p->file);
    return true;
}

const struct distribution distribution_empirical = {
    .model = {"empirical", "measured values from a file, each as likely as any other", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .counts = counts,
    .check = check,
    .atoms = true,
};
