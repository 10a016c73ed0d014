/*
 * fit.png of a histogram of metrics: what its buckets leave open as a band, the laws over it.
 *
 * Left the share of values up to a size, right the share above it on two log axes. A box of the
 * band is a bucket: the function goes through its two corners and anywhere between them; only at
 * the bounds (dots) is it known.
 */
#ifndef METRICS_PLOT_H
#define METRICS_PLOT_H

#include "../sim/fit/binned.h"
#include "../sim/metrics/metrics.h"
#include "png.h"

struct metrics_picture {
    const char *file;
    const struct scraped *scraped;
    const struct binned *binned;
    const char *what;     /* "size" or "latency" */
    const char *scenario; /* for the text chunk; NULL: none */
};

/* False with an error where there can be no picture; `png` is the caller's to bytes_free. */
bool metrics_plot(const struct metrics_picture *picture, struct bytes *png, struct errors *errors);

#endif
