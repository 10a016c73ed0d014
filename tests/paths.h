/*
 * Models that are not at rest: many independent paths of the engine from an empty system, looked
 * at at given times. A measure is a mean over paths.
 *
 *   M/M/1-transient, M(t)/M/c   mean_number_at_t: tasks inside at time t
 *   M/M/1-transient             growth_rate: of the tasks inside, between PATHS_FROM and PATHS_TO;
 *                               asymptotic_offset: E[L(t)] - (lambda - mu) t = mu E[idle time],
 *                               since departures less mu times busy time is a martingale
 *   M/G/c-overload              growth_rate and throughput (departures) between the same times
 */
#ifndef PATHS_H
#define PATHS_H

#include "experiment.h"

#define PATHS_FROM 2000.0
#define PATHS_TO   6000.0

/* False: not such a model or measure. `paths` replications are run. */
bool paths_score(const char *model, const char *params, const char *measure, double exact,
                 uint32_t paths, struct score *out);

#endif
