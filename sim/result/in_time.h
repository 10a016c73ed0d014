/*
 * Goodput: tasks a second that were done within a limit of latency.
 */
#ifndef IN_TIME_H
#define IN_TIME_H

#include "result.h"

/* Tasks of all classes that arrived in the first column's window and whose latency was at most
 * `limit` (INFINITY: all that were completed), per second of the window: of all replications
 * together, with the standard error over them (stats_ratio; NAN with one). At a place (trial.h).
 * Buckets are cut linearly (histogram_rank). */
struct in_time {
    double rate, error;
    double share; /* of the tasks that arrived */
};
struct in_time result_in_time(const struct result *result, uint32_t place, double limit);

#endif
