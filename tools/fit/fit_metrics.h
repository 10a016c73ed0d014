/*
 * `fit` of metrics as text: a histogram in place of a log of tasks.
 */
#ifndef FIT_METRICS_H
#define FIT_METRICS_H

#include "../../sim/base/lines.h"
#include "../shell/options.h"

/* The command itself, of files that were opened; its exit status. */
int fit_metrics(const struct options *o, struct lines *const *lines);

#endif
