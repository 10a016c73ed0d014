/*
 * Lines: stations one behind the other with finite buffers, exponential or Erlang sizes, as one
 * finite Markov chain (markov.h). Hunt, "Sequential arrays of waiting lines", Oper. Res. 4, 1956;
 * Hillier and Boling, "Finite queues in series with exponential or Erlang service times", Oper.
 * Res. 15, 1967; Perros, Queueing Networks with Blocking, 1994, ch. 1 (blocking after service: what
 * is done stays on its consumer until the next station has room; before service: a service does not
 * begin until it has).
 *
 * The first station is fed by Poisson arrivals, which find it full and are lost, or (room INFINITY)
 * wait without limit; or by a supply that never ends (lambda INFINITY): then it always works or is
 * blocked, and `throughput` is the most that the line can do, so that with Poisson arrivals to an
 * unbounded first station the line keeps up if and only if lambda is below it (Lavenberg,
 * "Stability and maximum departure rate of certain open queueing networks having finite capacity
 * constraints", RAIRO 12, 1978).
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_STATIONS = 7 };

/* Multiplications of a chain that is solved at once, and in a second or two. */
#define LINE_QUICK 2e8
#define LINE_MOST  2e9

struct line_station {
    double mu;       /* per second of a consumer */
    int consumers;   /* 1 where sizes have phases, or with blocking before service */
    int phases;      /* of an Erlang size; 1: exponential */
    double room;     /* places and consumers; INFINITY: the first alone */
    bool before;     /* blocked before service, not after */
    bool loses_next; /* what finds the next station full is lost there: nobody is blocked */
};

struct line {
    double lambda; /* per second; INFINITY: a supply without end */
    size_t n;
    struct line_station station[LINE_STATIONS];
};

struct line_means {
    double throughput;             /* that leaves the last station */
    double loss;                   /* of the arrivals, at the first */
    double inside;                 /* of all that is in the line */
    double response;               /* of those that get in, to their end; NAN of an endless supply,
                                      and where some are lost on the way */
    double number[LINE_STATIONS];  /* in each, with those blocked there */
    double working[LINE_STATIONS]; /* consumers at work */
    double blocked[LINE_STATIONS]; /* consumers held */
    double lost[LINE_STATIONS];    /* of those offered to it */
    double rate[LINE_STATIONS];    /* that leave it */
};

/* False where the line does not keep up, or is too long. */
bool line_solve(const struct line *line, double most_cost, struct line_means *out);

/* The most that the line can do per second, whatever comes; NAN where it is too long. */
double line_capacity(const struct line *line, double most_cost);

#endif
