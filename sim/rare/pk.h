/*
 * Tails of M/G/1 by conditional Monte Carlo on the Pollaczek-Khinchine formula: for sizes whose
 * tail is heavier than any exponential one, where a single task jumps over every level of a
 * splitting.
 *
 * One consumer, Poisson arrivals of rate l, sizes S (seconds of service), rho = l E[S] < 1, order
 * of arrival, no limit to the buffer. The wait in steady state is a sum of N independent Y, where
 * P(N = n) = (1 - rho) rho^n and P(Y > y) = integral of P(S > u) du from y on, over E[S] (Asmussen,
 * Applied Probability and Queues, 2003, VIII.5). Of a sum of n terms, P(sum > x) is n times the
 * chance that it is more than x and the last term is the largest; given the others, with sum s and
 * largest m, that is n P(Y > max(m, x - s)): unbiased, and with a bounded relative error for
 * regularly varying tails (Asmussen and Kroese 2006, "Improved algorithms for rare event simulation
 * with heavy tails", Adv. Appl. Prob. 38; with random N Hartinger and Kortschak 2009, Blaetter der
 * DGVFM 30). The latency has one more term, the task's own size, whose law is S's: the chance that
 * it is the largest is added.
 *
 * P(Y > y) is integrated once (GSL's adaptive rules) at PK_TABLE points; between them its logarithm
 * is linear in that of y, in draws and in tails alike.
 */
#ifndef PK_H
#define PK_H

#include "../scenario/distribution.h"
#include "tail.h"

enum { PK_TABLE = 16384 };

struct pk {
    const struct law *size;
    double rho, speed;
    bool latency; /* else the wait */
    size_t n;
    double log_y[PK_TABLE], log_above[PK_TABLE]; /* of Y, seconds of service */
    struct tail *tail;                           /* whose points are looked at */
};

/* `column` is an M/G/1 as above. Tails below 1e-13 take a law that has `above` (distribution.h). */
void pk_init(struct pk *pk, const struct scenario *column, bool latency);

/* P(Y > y). */
double pk_above(const struct pk *pk, double y);

/* Points for the tail, from a twentieth of the mean size to where P(X > x) is about `rarest`. */
void pk_points(const struct pk *pk, uint64_t seed, double rarest, struct tail *tail);

/* A few points for one quantile, P(X > x) = q: around where a pilot of so many sums finds it, and
 * `limit`, so that what is to be told from it is not a matter of interpolation. */
void pk_points_around(const struct pk *pk, uint64_t seed, uint64_t sums, double q, double limit,
                      struct tail *tail);

/* A replication of so many sums: fills `above`, `total` and `steps` (terms drawn) of a tail. */
void pk_run(const struct pk *pk, uint64_t seed, uint32_t replication, uint64_t sums,
            struct tail *tail, size_t index);

#endif
