/*
 * The sweep: which value the swept parameter has in each column, and the scenario of a column.
 *
 * Independent: value i of n goes from `from` to `to` inclusive, linearly or in equal ratios, or is
 * values[i]; a count parameter is rounded to whole numbers. One column: `from`.
 * Drift: the parameter at time t of run.duration T is the same interpolation at t/T; column i of n
 * is the slice [i, i+1) T/n and its value is the one at the slice's middle. Listed values hold for
 * one slice each.
 * Time: nothing is swept; the columns are such slices of one run, and the value of a column is the
 * time at which its slice begins, from the end of the warm-up.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "scenario.h"

/* Whether the columns are slices of one run: mode drift or time. And whether of mode time. */
bool sweep_drifts(const struct scenario *s);
bool sweep_is_time(const struct scenario *s);

/* What tells the columns apart, the path of the parameter or "time", and the unit of its values;
 * NULL: there is one column. */
const char *sweep_name(const struct scenario *s);
enum unit sweep_unit(const struct scenario *s);

uint32_t sweep_columns(const struct scenario *s);
double sweep_value(const struct scenario *s, uint32_t column);

/* The value at fraction x (0 to 1) of the way. */
double sweep_at(const struct scenario *s, double x);

/* `s` with the swept parameter set. */
void sweep_scenario(const struct scenario *s, uint32_t column, struct scenario *out);
void sweep_scenario_at(const struct scenario *s, double x, struct scenario *out);

/* The ref of the swept parameter; false without one. */
bool sweep_ref(const struct scenario *s, struct param_ref *ref);

/* sweep_at, given that ref: for those who follow a drift through thousands of values. */
double sweep_value_at(const struct scenario *s, const struct param_ref *ref, double x);

/* The first value of the swept parameter, in sweep order, at which the offered utilization is 1
 * (Brent 1973, chapter 4, by GSL), within the swept range; NAN where it does not reach 1 there or
 * cannot be known. A count parameter is taken as a real number here: 3.2 consumers says that the
 * crossing lies between 3 and 4. */
double sweep_cliff(const struct scenario *s);

/* The same of any other utilization (offered_cliff in sim/network/ has that of networks); NAN from
 * it: unknown. */
double sweep_crossing(const struct scenario *s, double (*utilization)(const struct scenario *s));

#endif
