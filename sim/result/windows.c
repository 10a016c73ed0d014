#include "windows.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

const char *const window_figure_names[WINDOW_FIGURES] = {
    "arrivals",        "completions", "losses",      "retries",  "queue_mean", "queue_max",
    "in_service_mean", "consumers",   "utilization", "wait_p50", "wait_p99",   "latency_p50",
    "latency_p99",     "latency_max", "goodput",     "bytes"};

const double window_quantile_p[WINDOW_QUANTILES] = {0.01, 0.1, 0.5, 0.9, 0.99};
const char *const window_quantile_names[WINDOW_QUANTILES] = {"p01", "p10", "p50", "p90", "p99"};

void window_figures(const struct timeline *t, struct window_at at, double out[WINDOW_FIGURES])
{
    size_t i = (size_t)at.window * t->places + at.place;
    const struct window_tasks *tasks = &t->tasks[i * t->rows + at.class];
    const struct window_place *place = &t->place[i];
    const double known = at.class + 1 == t->rows ? 0 : NAN; /* of all classes together alone */
    out[WINDOW_ARRIVALS] = (double)tasks->arrivals;
    out[WINDOW_COMPLETIONS] = (double)tasks->completions;
    out[WINDOW_LOSSES] = (double)tasks->losses;
    out[WINDOW_WAIT_P50] = tasks->wait_p50;
    out[WINDOW_WAIT_P99] = tasks->wait_p99;
    out[WINDOW_LATENCY_P50] = tasks->latency_p50;
    out[WINDOW_LATENCY_P99] = tasks->latency_p99;
    out[WINDOW_LATENCY_MAX] = tasks->latency_max;
    out[WINDOW_RETRIES] = place->retries + known;
    out[WINDOW_QUEUE_MEAN] = place->queue_mean + known;
    out[WINDOW_QUEUE_MAX] = place->queue_max + known;
    out[WINDOW_IN_SERVICE] = place->in_service_mean + known;
    out[WINDOW_CONSUMERS] = place->consumers + known;
    out[WINDOW_UTILIZATION] = place->utilization + known;
    out[WINDOW_GOODPUT] = place->goodput + known;
    out[WINDOW_BYTES] = place->bytes + known;
}

double window_figure(const struct timeline *t, struct window_at at, enum window_figure figure)
{
    double figures[WINDOW_FIGURES];
    window_figures(t, at, figures);
    return figures[figure];
}

unsigned window_state(const struct timeline *t, struct window_at at)
{
    return t->place[(size_t)at.window * t->places + at.place].state;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The values that windows have, in any order; how many. */
static size_t collect(const struct result *result, struct window_at at, enum window_figure figure,
                      bool measured, double *values)
{
    size_t n = 0;
    for (uint32_t r = 0; r < result->replications; r++) {
        const struct timeline *t = result_timeline(result, r);
        double since = t && measured ? result_warm_up(result, r) : 0;
        for (at.window = 0; t && at.window < t->n - timeline_ends_short(t); at.window++) {
            double x = window_figure(t, at, figure);
            if (!isnan(x) && at.window * t->width >= since)
                values[n++] = x;
        }
    }
    return n;
}

struct window_spread windows_spread(const struct result *result, uint32_t place, uint32_t class,
                                    enum window_figure figure, bool measured)
{
    struct window_spread spread = {.mean = NAN, .least = NAN, .most = NAN};
    size_t all = 0;
    for (uint32_t r = 0; r < result->replications; r++)
        all += result_timeline(result, r) ? result_timeline(result, r)->n : 0;
    double *values = xmalloc((all + 1) * sizeof *values), sum = 0;
    struct window_at at = {.place = place, .class = class};
    size_t n = collect(result, at, figure, measured, values);
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    qsort(values, n, sizeof *values, by_size);
    for (int i = 0; i < WINDOW_QUANTILES; i++) {
        double rank = ceil(window_quantile_p[i] * (double)n);
        spread.quantile[i] = n > 0 ? values[(size_t)fmax(rank, 1) - 1] : NAN;
    }
    spread.n = n;
    if (n > 0) {
        spread.mean = sum / (double)n;
        spread.least = values[0];
        spread.most = values[n - 1];
    }
    free(values);
    return spread;
}
