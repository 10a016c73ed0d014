/*
 * The slowest time scale of the input: how long it takes until what decides a column has come
 * again. A run that has not met it many times agrees with itself, replication by replication, and
 * is wrong: nothing in it shows what it has not seen. So this is asked of the scenario alone.
 *
 * Of all that the input does again and again, the slowest counts (in tasks):
 *   - the cycle of a modulated rate, in which its rarest state returns, or its relaxation time
 *     where that is longer; the period of a timetable (process.h: cycle);
 *   - the return of sizes (of all classes together), gaps and batches like the largest ones in
 *     which TIMESCALE_SHARE of the work, the time and the tasks lies (rarity.h): what is seldomer
 *     moves utilization, losses and the share of tasks that meet it by no more than that. What
 *     returns within TIMESCALE_ORDINARY draws is no time scale of its own.
 *
 * Of a network likewise, in requests: what each of its sources does, and the sizes at each of its
 * stages, which come as often as the stage is visited (traffic.h); nothing where that is not known
 * beforehand (closed sources).
 *
 * How many cycles a run has met is counted in measured tasks over all replications, since each
 * begins in a stationary phase of its arrivals. Below a number of them nothing that it shows has an
 * interval. That is TIMESCALE_CYCLES: of ten the number alone is off by a third (the standard
 * deviation of a Poisson count). Of the states of a modulated rate it is TIMESCALE_STATES: of fewer
 * the spread is so skewed that of the figures which rest on the storms only runs with too few of
 * them state intervals, and these lie too low (measured: docs/statistics.md). The slowest is the
 * one of which enough takes the most tasks.
 *
 * Figures and their intervals (a run, a measured load, a cliff) take that (timescale_wanted). A
 * verdict on one sample, which nobody looks at again (plan, theory's comparison), takes
 * TIMESCALE_VERDICT cycles of whatever is slowest (timescale_tasks); of a timetable, whose periods
 * are all alike, TIMESCALE_CYCLES.
 */
#ifndef TIMESCALE_H
#define TIMESCALE_H

#include "../scenario/scenario.h"

enum { TIMESCALE_CYCLES = 10, TIMESCALE_STATES = 50 };
#define TIMESCALE_VERDICT  50.0
#define TIMESCALE_SHARE    0.01
#define TIMESCALE_ORDINARY 100

struct timescale {
    double tasks;     /* from one return to the next, on average; INFINITY: never twice */
    double seconds;   /* likewise, at the rate that is likely (scenario_likely_rate) */
    const char *what; /* a sentence part without its end: "the state of 100 /s returns", interned */
    bool by_clock;    /* no matter of chance: a timetable */
    int cycles;       /* that an interval takes */
    double of_chance; /* `tasks` of the slowest that is a matter of chance; 0: none is */
};

/* The slowest; false: the input has none, and none counts. */
bool timescale_find(const struct scenario *column, struct timescale *out);

/* The same of a network whose facts are known already. */
struct network_facts;
bool timescale_of_network(const struct network_facts *facts, struct timescale *out);

/* "the state of 100 /s returns every 10.2 h on average", interned. */
const char *timescale_words(const struct timescale *scale);

/* Measured tasks of all replications together that would do for intervals; 0: any number. */
double timescale_wanted(const struct scenario *column);

/* Measured tasks that meet each time scale at least so many times on average, a timetable's period
 * TIMESCALE_CYCLES times at most; 0: there is none. */
double timescale_tasks(const struct scenario *column, double cycles);

/* The same where more or less than TIMESCALE_SHARE of the work and of the tasks matters: what
 * decides a loss of 1e-6 may be sizes that carry a millionth of the work. */
double timescale_tasks_of(const struct scenario *column, double cycles, double share);

#endif
