/*
 * How long a queue takes to forget: the time in which what is left of a disturbance (a start from
 * empty, a burst) falls to 1/e, in tasks that arrive meanwhile. A run that is not many times as
 * long has seen too little of the queue to know it, and no test on the run itself can tell.
 *
 * From the scenario alone, by the diffusion limit of the backlog (reflected Brownian motion): with
 * utilization rho and v = ca2 + cs2, the asymptotic index of dispersion of the arrivals plus the
 * squared coefficient of variation of the sizes,
 *
 *     U = rho v / (1 - rho)^2,    relaxation = 1 / (1 / (2 U) + pi^2 v / (2 B^2))
 *
 * The unit U of time and the factor 2: Whitt 1989, "Planning queueing simulations", Management
 * Science 35, sections 2 to 4; Abate and Whitt 1987, "Transient behavior of regulated Brownian
 * motion, I", Adv. Appl. Prob. 19. M/M/c has rho / (1 - sqrt rho)^2 (Blanc and van Doorn 1984,
 * "Relaxation times for queueing systems"), which is 4 rho / (1 - rho)^2 = 2 U in the limit. The
 * second term is for a waiting room of B tasks (with the ones in service) that turns away what does
 * not fit: motion between two barriers (Cox and Miller, The Theory of Stochastic Processes, 1965,
 * section 5.7). Where all tasks lose patience, after a time of mean T and squared coefficient of
 * variation ct2, a third term is the larger of two: min(1, ct2) / (lambda T), for patience that
 * varies draws the backlog back the more the longer it is (an Ornstein-Uhlenbeck process: Garnett,
 * Mandelbaum and Reiman 2002, "Designing a call center with impatient customers", Manuf. Serv.
 * Oper. Manag. 4, section 4), and that of a barrier at B = lambda T, which patience that does not
 * vary is.
 *
 * A queue follows a modulated rate, however soon it forgets by itself: it takes at least the
 * relaxation time of the modulation (process.h: cycle).
 *
 * The mean wait and the tails of the latency need about as many tasks as one relaxation time for
 * what one independent task would tell (2 U for the mean, Whitt 1989; measured: 0.6 U at p50, 1.5 U
 * at p90, 2 U at p99 and p99.9; tests/survey/coverage.c).
 */
#ifndef RELAXATION_H
#define RELAXATION_H

#include "../scenario/scenario.h"

/* Relaxation times that one replication should at least measure, so that neither its start nor its
 * luck with a few busy spells decides what it shows; and below which it tells nothing. */
enum { RELAXATION_WANTED = 10, RELAXATION_NEEDED = 3 };

/* Relaxation times after which of a start from empty less than a hundredth is left (exp(-5)). */
enum { RELAXATION_FORGOTTEN = 5 };

/* And those that a warm-up must last which is a tenth of the run: of twenty that are measured, what
 * is left of the start (a seventh, exp(-2)) makes less than a hundredth of the mean, and less than
 * a tenth of what luck does to it. */
enum { RELAXATION_PILOT = 2 };

/* In tasks, at least 1. INFINITY: no limit (rho = 1, sizes of infinite variance). NAN: unknown
 * (arrivals whose dispersion is not known, a recorded trace, a backlog that has no limit). Of a
 * network: of its slowest stage (facts.h), in requests. */
double relaxation_tasks(const struct scenario *column);

/* The longest that any rate makes it where tasks that find no room are turned away, in tasks: at
 * the load of 1 the walls alone end the memory, of Poisson arrivals; and a full room of tasks,
 * which sizes that vary much do not make shorter. INFINITY where none are. */
double relaxation_longest(const struct scenario *column);

#endif
