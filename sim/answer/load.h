/*
 * The load of a scenario: its traffic over its capacity. The backlog of an open system has a
 * limit where the load is below 1, and none above.
 *
 * By theory: the offered utilization, where nothing but work keeps consumers from working.
 *
 * By simulation: the capacity is the rate at which tasks leave while there are always some left to
 * be taken (the saturation rule: Baccelli and Foss 1995, "On the saturation rule for the stability
 * of queues", J. Appl. Prob. 32). So it is measured as throughput under LOAD_OFFERED times as much
 * Poisson traffic as the consumers can do, after a warm-up in which a backlog builds up. A recorded
 * trace brings its sizes and is kept: there consumers and the wake-up of the producer are made
 * slower, all by one factor, and the throughput times that factor is the capacity. Each replication
 * gives an estimate of its own; draws are keyed by task, so that estimates at two values of a
 * parameter differ by what the parameter does, not by luck. Where the rate of the traffic is not
 * known either, it is measured as well, over the run that the scenario asks for.
 *
 * A closed system has no such limit either, for there are no more tasks than clients. Its traffic
 * is what they would ask for if nobody had to wait, and its load the demand (scenario_demand):
 * where it is 1, waits begin to be what holds them back (the saturation point).
 *
 * A buffer that loses, or tasks that lose patience, have no such limit; their measure is the
 * fraction lost, over LOAD_LOSS: by theory where that is exact (exact.h), else over runs of whole
 * periods that cover the time scales of the input (timescale.h), as far as LOAD_MOST allows.
 *
 * Of arrivals that move with time and do not repeat, the load is that of the last rate, which goes
 * on for ever.
 */
#ifndef LOAD_H
#define LOAD_H

#include "../result/run.h"

enum { LOAD_REPLICATIONS = 16 };
#define LOAD_OFFERED       2.0
#define LOAD_OFFERED_TRACE 4.0  /* it has lulls */
#define LOAD_MOST          2e6  /* tasks of a replication */
#define LOAD_LOSS          0.01 /* of the tasks: what a buffer that loses should lose at the most */

struct load {
    double value; /* of all replications together; may be INFINITY */
    double each[LOAD_REPLICATIONS];
    size_t n; /* of each; 0: by theory, or INFINITY */
};

/* How to run, and what is known of a recorded trace (load_survey). */
struct load_meter {
    struct run_options run; /* engine and journal are not looked at */
    double rate, size;      /* tasks per second, mean seconds of work; NAN: not a trace */
    struct arrivals of;     /* the trace that they are of, as it was scaled */
};

/* `s` with what goes on for ever in place of arrivals that move with time and do not repeat. */
void load_lasting(struct scenario *s);

/* Sets the length of `replications` runs: about so many tasks each, or as many as the time scales
 * of the input take, at most `most`; in whole periods, behind one that is not measured, where there
 * are periods. */
void load_run(struct scenario *s, double tasks, double most, int replications);

/* The fraction lost over LOAD_LOSS, exactly; NAN where theory does not know it. */
double load_loss_by_theory(const struct scenario *at);

/* Whether tasks can be lost whatever the load, so that the backlog has no edge, or (of a network)
 * can be lost at all. */
bool load_loses(const struct scenario *s);

/* NAN where theory does not know: an unknown rate, a producer that takes its time to resume, tasks
 * that lose patience. */
double load_by_theory(const struct scenario *at);

/* Fills in rate and size from a run of `s`, if that is a trace. False if stopped. */
bool load_survey(struct load_meter *meter, const struct scenario *s);

/* Tasks that the time scales of its input take until losses can be measured, where these are more
 * than there can be; else 0. */
double load_wanted(const struct scenario *at);

/* The load of `at`, measured with so many tasks a replication (of arrivals whose rate is not known:
 * as the scenario's own `run` has it); or, where its buffer loses, the fraction lost over
 * LOAD_LOSS. False if stopped. */
bool load_measure(const struct load_meter *meter, const struct scenario *at, double tasks,
                  struct load *out);

#endif
