/*
 * MAP/PH/c/K: at most K inside, who comes upon a full house is lost; and, if they are impatient,
 * who waits leaves at `theta` per second. As a finite Markov chain: the number inside, how many
 * consumers are busy with each phase of a service, and the phase of the arrivals. Any utilization.
 *
 * Arrivals with phases (a Markovian arrival process: Lucantoni 1991, "New results on the single
 * server queue with a batch Markovian arrival process", Stochastic Models 7) are Poisson ones,
 * those of an MMPP, and independent gaps that are Erlang or hyperexponential; services with phases
 * (Neuts, Matrix-Geometric Solutions in Stochastic Models, 1981, ch. 2) exponential, Erlang and
 * hyperexponential ones.
 *
 * Solved by eliminating states from the last to the first (Grassmann, Taksar and Heyman 1985,
 * "Regenerative analysis and steady state distributions for Markov chains", Oper. Res. 33), which
 * subtracts nothing: every probability has its relative accuracy, however rare the state and
 * however far the rates are apart. The states are numbered level by level, so that the matrix is a
 * band and stays one.
 */
#ifndef FINITE_H
#define FINITE_H

#include <stdbool.h>
#include <stddef.h>

#include "service.h"

enum { FINITE_PHASES = 64 }; /* of arrivals; of a service 8 */
enum { FINITE_STAGES = 8 };

/* States times the square of their band: how much a chain costs; 1e9 takes about a second. */
#define FINITE_MOST  1e9
#define FINITE_QUICK 1e7 /* for one of many columns */

struct finite_queue {
    size_t n; /* phases of the arrivals; rates per second, by row: [from * n + to] */
    double move[FINITE_PHASES * FINITE_PHASES];   /* without an arrival; the diagonal is not read */
    double arrive[FINITE_PHASES * FINITE_PHASES]; /* with one */
    size_t m;                                     /* phases of a service */
    double begin[FINITE_STAGES], rate[FINITE_STAGES];
    bool in_series; /* each phase leads on to the next, else to the end */
    double c, most; /* 1 <= c <= most */
    double theta;   /* 0: they wait as long as it takes */
};

/* Sets the arrivals: Poisson ones; of a rate that goes through n states in a cycle; of independent
 * gaps, and the services: false of laws that have no such phases. */
void finite_poisson(struct finite_queue *q, double lambda);
void finite_modulated(struct finite_queue *q, size_t n, const double *rate, const double *stay);
bool finite_renewal(struct finite_queue *q, const struct service *gap);
bool finite_service(struct finite_queue *q, const struct service *service);

double finite_cost(const struct finite_queue *q);

struct finite_solution;
struct finite_solution *finite_solve(const struct finite_queue *q);
void finite_free(struct finite_solution *solution);

/* Share of the tasks that is lost, at the door or to impatience; at the door alone. */
double finite_loss(const struct finite_solution *solution);
double finite_blocked(const struct finite_solution *solution);

/* Of those that get in, where nobody is impatient: share that waits, mean wait. */
double finite_wait_probability(const struct finite_solution *solution);
double finite_wait(const struct finite_solution *solution);

/* The same, exponential sizes, first come first served: who finds c + k inside waits for k + 1 ends
 * of services. */
double finite_queue_wait_quantile(const struct finite_solution *solution, double p);
double finite_queue_latency_quantile(const struct finite_solution *solution, double p);

#endif
