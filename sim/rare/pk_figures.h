/*
 * Quantiles of the latency and of the wait of M/G/1 (pk.h), known without simulating the queue: for
 * those who ask whether a run can know them. The sizes may have any law; where its tail is heavy, a
 * run of a length that anybody waits for has not met the sizes that make p99.
 *
 * PK_FIGURE_REPLICATIONS replications of PK_FIGURE_SUMS sums each, half a second of one
 * core; on streams of their own (pk.h), which no run draws from. The same figures each time.
 */
#ifndef PK_FIGURES_H
#define PK_FIGURES_H

#include "tail.h"

struct scenario;

enum { PK_FIGURE_REPLICATIONS = 16, PK_FIGURE_SUMS = 2000 };

/* Whether the column is one: a single class, Poisson arrivals at a constant rate, one consumer, in
 * order of arrival, no limit to the buffer, nobody loses patience, a utilization below 1. */
bool pk_knows(const struct scenario *column);

/* Quantiles at p[0] .. p[n - 1], each below 1, of the latency, or of the wait; with intervals of
 * 95 %. `sums`: of a replication; PK_FIGURE_SUMS for what people wait for. */
void pk_quantiles(const struct scenario *column, bool latency, uint64_t sums, const double *p,
                  size_t n, struct tail_figure *out);

#endif
