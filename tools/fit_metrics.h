/*
 * `fit` of metrics as text: a histogram in place of a log of tasks.
 */
#ifndef FIT_METRICS_H
#define FIT_METRICS_H

#include "options.h"

/* Whether the first file is of metrics, by --format or by its content. */
bool fit_is_metrics(const struct options *o);

/* Whether what was asked for is all right for a log of tasks: one file, no options of metrics. */
bool fit_is_log(const struct options *o, struct errors *errors);

/* The command itself; its exit status. */
int fit_metrics(const struct options *o);

#endif
