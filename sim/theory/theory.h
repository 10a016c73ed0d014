/*
 * What theory says of a scenario at rest: exact where a formula covers it, else approximate, each
 * figure with its source.
 *
 * Covered exactly: M/M/c, M/G/1, M/D/c, M/E2/c and M/H2/c with any discipline blind to size that
 * does not interrupt (quantiles: first come, first served); M/G/1 by shortest job, shortest
 * remaining and last come first, preemptive; M/G/1, and M/M/c with classes of one law, by priority
 * with and without interruptions; M/G/c that shares, and M/G/c/K; GI/M/c; MMPP/M/c; batches to one
 * consumer, and of exponential sizes to several; M/M/c/K, M/G/1/K, GI/M/1/K and M/G/c/c that lose;
 * M/M/c+G, whose tasks lose patience after any law but a measured one, in order of arrival (Erlang
 * A, also bounded: the loss in any order blind to size); closed systems with exponential sizes, and
 * any in which nobody waits. As finite Markov chains (finite.h), losses and, of who is not
 * impatient, delays: Poisson, MMPP, Erlang and hyperexponential arrivals, exponential, Erlang and
 * hyperexponential sizes, several consumers, a buffer with an end, or exponential patience. Two
 * classes of exponential sizes are one of hyperexponential ones. Approximately: GI/G/c in order of
 * arrival, and correlated arrivals by their index of dispersion.
 */
#ifndef THEORY_H
#define THEORY_H

#include "../scenario/scenario.h"

enum theory_measure {
    THEORY_WAIT_PROBABILITY,
    THEORY_WAIT_MEAN,
    THEORY_LATENCY_MEAN,
    THEORY_WAIT_QUANTILE, /* at p */
    THEORY_LATENCY_QUANTILE,
    THEORY_LOSS,
    THEORY_THROUGHPUT, /* per second */
    THEORY_UTILIZATION
};

enum { THEORY_ALL = -1, THEORY_FIGURES = 192 };

struct theory_figure {
    enum theory_measure measure;
    int class; /* or THEORY_ALL */
    double p;
    double value; /* seconds, a rate or a fraction; may be INFINITY */
    bool approximate;
    const char *source; /* author, year, equation */
    int place;          /* of a network, as in results (trial.h): its stages in order, then all; of
                           a stage in the short form 0 */
};

struct theory {
    const char *model; /* "M/M/c"; NULL where theory is silent */
    const char *why;   /* it is silent: a sentence */
    size_t n;
    struct theory_figure figure[THEORY_FIGURES];
};

/* `column`: a sound scenario, the swept parameter in place. */
void theory_of(const struct scenario *column, struct theory *out);

/* The same with quantiles at n other points than p50, p90, p99 and p99.9; at most THEORY_ASKED. */
enum { THEORY_ASKED = 16 };
void theory_at(const struct scenario *column, const double *p, size_t n, struct theory *out);

/* The same without quantiles of the wait, some of which take up to a second: for many columns. */
void theory_latency(const struct scenario *column, struct theory *out);

/* Of a network, likewise (theory_network.h); quantiles of stages, too, where `of_stages`. */
struct network;
void theory_of_network(const struct network *network, const double *points, size_t n_points,
                       bool of_stages, double most_cost, struct theory *out);

#endif
