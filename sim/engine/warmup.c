#include "warmup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "recorder.h"

static void series_halve(struct series *series)
{
    for (size_t i = 0; i < series->n / 2; i++)
        series->mean[i] = (series->mean[2 * i] + series->mean[2 * i + 1]) / 2;
    series->n /= 2;
    series->per_batch *= 2;
}

uint64_t series_missing(struct series *series)
{
    if (series->per_batch == 0) {
        series->per_batch = SERIES_BATCH;
        series->mean = xmalloc(SERIES_LIMIT * sizeof *series->mean);
    }
    return series->per_batch - series->in_open;
}

void series_go_on(struct series *series, double sum, uint64_t n)
{
    series->open_sum = sum;
    series->in_open += n;
    if (series->in_open < series->per_batch)
        return;
    series->mean[series->n++] = sum / (double)series->per_batch;
    series->open_sum = 0;
    series->in_open = 0;
    if (series->n == SERIES_LIMIT)
        series_halve(series);
}

void series_extend(struct series *series, const double *values, size_t n)
{
    while (n > 0) {
        uint64_t missing = series_missing(series);
        size_t now = n < missing ? n : (size_t)missing;
        double sum = series->open_sum;
        for (size_t i = 0; i < now; i++)
            sum += values[i];
        series_go_on(series, sum, now);
        values += now;
        n -= now;
    }
}

void series_add(struct series *series, double value)
{
    series_extend(series, &value, 1);
}

void series_take(struct series *series, uint32_t label, double value)
{
    if (label == UINT32_MAX || (series->spare > 0 && label >= series->spare)) /* UNMEASURED */
        series_add(series, value);
}

void series_take_at(struct series *series, uint32_t place, uint32_t label, double value)
{
    series_take(&series[place], label, value);
}

void series_free(struct series *series)
{
    free(series->mean);
    memset(series, 0, sizeof *series);
}

size_t warmup_truncation(const double *y, size_t n)
{
    if (n < 2 * WARMUP_TAIL)
        return n;
    size_t best_at = n;
    double best = INFINITY, mean = 0, squares = 0;
    for (size_t kept = 1; kept <= n; kept++) {
        double x = y[n - kept], from_mean = x - mean;
        mean += from_mean / (double)kept;
        squares += from_mean * (x - mean);
        if (kept <= WARMUP_TAIL)
            continue;
        double score = squares / ((double)kept * (double)kept);
        if (score <= best) {
            best = score;
            best_at = n - kept;
        }
    }
    return best_at;
}

int warmup_settled(const struct series *series)
{
    return series->n >= 2 * WARMUP_TAIL &&
           warmup_truncation(series->mean, series->n) <= series->n / 2;
}
