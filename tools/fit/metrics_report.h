/*
 * What `fit` says of a histogram: where it is from, the bounds that its buckets leave, and the laws
 * that fit them, to `out`; what must not be overlooked to standard error.
 */
#ifndef METRICS_REPORT_H
#define METRICS_REPORT_H

#include <stdio.h>

#include "../../sim/fit/binned.h"
#include "../../sim/metrics/metrics.h"

enum metrics_kind { AS_UNSAID, AS_SIZE, AS_LATENCY };

struct metrics_fit {
    const char *file;     /* the first */
    const char *selector; /* what was chosen, as picture.observed_metric has it */
    int files;
    enum metrics_kind as;
    struct scraped scraped;
    struct binned binned;
    double rate;       /* tasks a second; NAN: not known */
    bool rate_is_told; /* by --rate */
};

void metrics_report(const struct metrics_fit *fit, FILE *out);
void metrics_warnings(const struct metrics_fit *fit);

#endif
