/*
 * Poisson arrivals to several stations side by side, exponential sizes, each task sent to one by a
 * rule that looks at how many are there.
 *
 * Exact, by the chain of the numbers at each (sorted where all stations are alike: of like ones it
 * does not matter which is which), cut off where nothing is left: the shortest queue (Haight 1958;
 * Adan, Wessels and Zijm, "Analysis of the symmetric shortest queue problem", Stoch. Models 6,
 * 1990; ties even), the shortest of d drawn (Mitzenmacher 1996), an idle one if there is any, else
 * any one (join the idle queue: Lu et al., Perf. Eval. 68, 2011).
 */
#ifndef PARALLEL_H
#define PARALLEL_H

#include <stdbool.h>

enum { PARALLEL_STATIONS = 6 };

enum parallel_rule {
    PARALLEL_SHORTEST, /* of `drawn` different ones */
    PARALLEL_IDLE      /* an idle one, else any */
};

struct parallel {
    enum parallel_rule rule;
    double lambda;
    int n, drawn;                 /* drawn n: of all */
    int consumers;                /* of each station */
    double mu[PARALLEL_STATIONS]; /* of a consumer */
};

struct parallel_means {
    double probability; /* that a task waits */
    double inside, response;
};

/* False where it takes more than so many multiplications (line.h: LINE_QUICK, LINE_MOST), or does
 * not keep up. */
bool parallel_solve(const struct parallel *p, double most_cost, struct parallel_means *out);

/* Round robin: each station is GI/M/c with gaps that are sums of n exponentials. Mean wait and
 * probability of a wait. Kendall 1953; Takacs 1962 (gimc.h). */
double round_robin_wait(double lambda, double mu, int n, double consumers, double *probability);

#endif
