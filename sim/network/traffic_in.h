/* Between the parts of the traffic equations: visits (traffic.c), what they ask of consumers
 * (traffic_load.c), and whether these keep up (traffic_stable.c). */
#ifndef TRAFFIC_IN_H
#define TRAFFIC_IN_H

#include "traffic.h"

/* Visits that are made of an offer to a stage: copies of `balancer: all`, else 1. */
double traffic_copies(const struct network_stage *stage);

/* Adds to `out` [from * stages + to], times weight[from] (NULL: 1), the visits of each stage that
 * come of a visit of each other one, of a class; `carry`: only those that come with the size of
 * that visit (a join begins a task anew). */
void traffic_add_flow(const struct network *n, uint32_t class, const double *weight, bool carry,
                      double *out);

/* x_j = outside_j + sum_i x_i flow[i * n + j], for those j that are not `fixed` (NULL: all); of
 * these x_j = outside_j. NAN where there is no solution. */
struct traffic_equations;
struct traffic_equations *traffic_factor(uint32_t n, const double *flow, const bool *fixed);
void traffic_solve(const struct traffic_equations *e, const double *outside, double *x);
void traffic_unfactor(struct traffic_equations *e);

/* Fills in what is left. `mix`: by_class is of one request, and its rate unknown. */
void traffic_loads(struct traffic *t, bool mix, const struct responses *responses);

/* Utilization of a pool at so many visits per second that hold a consumer for so long. */
double traffic_fullness(const struct network *n, uint32_t pool, double rate, double holding);

/* Fills in fullness, bounded, unsure and less. `flow`: visits per second of [to] that come of
 * [from]. */
void traffic_bound(struct traffic *t, const double *flow);

/* Whether some of what waits at a stage loses patience. */
bool traffic_impatient(const struct traffic *t, uint32_t stage);

/* Fills in done, at_most, stable and feeds_forward. */
void traffic_judge(struct traffic *t);

#endif
