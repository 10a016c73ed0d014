/*
 * The cliff: the value of a parameter beyond which the backlog has no limit.
 *
 * exact      where theory knows the load all along (load.h), its root: utilization is 1 there, to
 *            14 digits;
 * simulated  elsewhere, or on demand: the root of the load as measured, by Brent's method on common
 *            random numbers, with a 95 % interval: the spread of the load over replications, with
 *            Student's t, over the slope of the load at the root. More tasks are taken until the
 *            interval is CLIFF_PRECISION of the value, or four times thrice.
 *
 * A count is taken as a real number: utilization is, and what is measured at whole numbers is
 * interpolated between the two that the cliff lies between (capacity, which grows in proportion to
 * consumers).
 *
 * A closed system has no cliff: its backlog is never longer than its clients are many. In its place
 * stands the saturation point (cliff.saturates), at which they ask for as much as the consumers can
 * do: N* = c (Z + S) / S clients, where the bounds of throughput, N / (Z + S) and c / S, and those
 * of latency, S and N S / c - Z, cross (Muntz and Wong 1974; Denning and Buzen 1978, sec. 9).
 *
 * Where a buffer loses what does not fit, or tasks lose patience, there is no such value (status
 * CLIFF_LOSES): what is looked for in its place is where LOAD_LOSS of the tasks is lost; exactly
 * where theory knows the loss at both ends. Where a look would have to be longer than it can be,
 * beside the time scales of the input, `wanted` says how long, and the answer is no answer.
 */
#ifndef CLIFF_H
#define CLIFF_H

#include "load.h"

#define CLIFF_PRECISION 0.003 /* half-width of the interval over the value */

/* Where classes that lose patience stand beside others there is no answer, unless the buffer loses.
 */
struct cliff_question {
    const struct scenario *s; /* sound, with no sweep (cliff_today) */
    const char *parameter;    /* of a number that is set */
    double low, high;         /* searched; NAN: around today's, a thousandfold up and down */
    bool simulate;            /* even where theory knows */
};

enum cliff_status { CLIFF_FOUND, CLIFF_NONE, CLIFF_STOPPED };

struct cliff {
    enum cliff_status status;
    struct param_ref ref;
    double today; /* value of the parameter */
    double value; /* NAN: none */
    double low, high;
    double from, to; /* searched */
    double load;     /* today's */
    double edge;     /* the load at `from` */
    double
        wanted; /* tasks that a look at a value would take, where there are not so many; else 0 */
    bool simulated, loses, saturates, whole;
    bool stable_below; /* stable for values below it */
};

/* `s` without its sweep: a parameter that only the sweep gives has the sweep's first value. */
void cliff_today(const struct scenario *s, struct scenario *out);

/* `meter` has been through load_survey. */
void cliff_find(const struct cliff_question *question, const struct load_meter *meter,
                struct cliff *out);

/* The parameter that says how much traffic there is: arrivals.rate or what stands in its place,
 * arrivals.clients of a closed system; NULL where the process has its own. And the exponent of the
 * sizes' tail that is nearest to harm (tasks.size.alpha, or a class's); NULL: none. */
const char *cliff_traffic(const struct scenario *s);
const char *cliff_tail(const struct scenario *s);

#endif
