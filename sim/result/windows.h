/*
 * The figures of windows of time (run.windows; engine/timeline.h): what windows.csv, summary.json
 * and timeline.png have of each.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include "result.h"

/* Columns of windows.csv between `time` and `state`, in their order. */
enum window_figure {
    WINDOW_ARRIVALS,
    WINDOW_COMPLETIONS,
    WINDOW_LOSSES,
    WINDOW_RETRIES,
    WINDOW_QUEUE_MEAN,
    WINDOW_QUEUE_MAX,
    WINDOW_IN_SERVICE,
    WINDOW_CONSUMERS,
    WINDOW_UTILIZATION,
    WINDOW_WAIT_P50,
    WINDOW_WAIT_P99,
    WINDOW_LATENCY_P50,
    WINDOW_LATENCY_P99,
    WINDOW_LATENCY_MAX,
    WINDOW_GOODPUT,
    WINDOW_BYTES,
    WINDOW_FIGURES
};
extern const char *const window_figure_names[WINDOW_FIGURES];

/* A row: a place and a class (result_row_classes of them) in a window. What is not known, or not of
 * one class (all but counts and times), is NAN. */
struct window_at {
    uint32_t window, place, class;
};
void window_figures(const struct timeline *t, struct window_at at, double out[WINDOW_FIGURES]);
double window_figure(const struct timeline *t, struct window_at at, enum window_figure figure);

/* Of a place: bits of enum trouble. */
unsigned window_state(const struct timeline *t, struct window_at at);

/* A figure over windows of all replications that are as long as they should be: all of them, or
 * those that begin after the warm-up. A quantile is the smallest value that so many of the windows
 * do not exceed, so of counts it is one. NAN: no window has the figure. */
enum { WINDOW_QUANTILES = 5 };
extern const double window_quantile_p[WINDOW_QUANTILES]; /* 0.01 0.1 0.5 0.9 0.99 */
extern const char *const window_quantile_names[WINDOW_QUANTILES];
struct window_spread {
    uint64_t n; /* windows that have it */
    double mean, least, most, quantile[WINDOW_QUANTILES];
};
struct window_spread windows_spread(const struct result *result, uint32_t place, uint32_t class,
                                    enum window_figure figure, bool measured);

#endif
