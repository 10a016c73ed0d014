/*
 * A run that goes on until a figure is known well enough (run.precision).
 *
 * Rounds: first run.replications in every column, then, in those columns where the figure is not
 * known yet, as many again as there are: 8, 16, 32, ... So the effort goes where the doubt is.
 * Replications are added, and not made longer: replication i of a column is then the same run
 * whatever the precision, on the same tasks as in every other column, and what a run does depends
 * on the scenario alone (not on threads, or on an interruption). run.tasks is the length of one; it
 * must be long enough for the start from empty not to matter (short-run), which no number of
 * replications makes up for.
 *
 * Stopping at the first look at which an interval happens to be short makes it hold the truth less
 * often than it says (Law and Kelton 1982, "Confidence intervals for steady-state simulations, II",
 * Management Science 30; Glynn and Whitt 1992, "The asymptotic validity of sequential stopping
 * rules for stochastic simulations", Ann. Appl. Prob. 2, who show that it is right in the limit of
 * small errors). Here looks are few, since effort doubles (Law and Carson 1979, Operations Research
 * 27), and each spends a part of what may be missed (Lan and DeMets 1983, Biometrika 70): of alpha
 * = 1 - confidence, look k spends alpha / (k (k + 1)), which sums to alpha over any number of them
 * (Bonferroni). A look judges by the interval that the row states (result.h), widened from 95 % by
 * Student's factors; of quantiles of the wait, which have none there, by an estimate (estimate.h).
 *
 * Reached: the half-width h is at most the absolute error asked for; or, relative to the figure f,
 * h / |f| is at most g / (1 + g), so that the error relative to the truth is at most g (Law 2015,
 * 9.4.1). A look reports what it has reached by that measure: h, or r / (1 - r) with r = h / |f|.
 */
#ifndef PRECISION_H
#define PRECISION_H

#include "quantity.h"
#include "run.h"

enum precision_state {
    PRECISION_NONE,    /* not asked for, or not yet looked at (interrupted) */
    PRECISION_REACHED, /* the figure is known as well as asked */
    PRECISION_ENDED,   /* run.max_tasks came first */
    PRECISION_CRAMPED, /* more replications than can be kept apart came first */
    PRECISION_NEVER    /* no number of replications gives the figure an interval */
};
extern const char *const precision_names[]; /* for files: "", "yes", "no", ... */

/* The figure of columns.csv that a scenario wants to be known. */
enum quantity precision_quantity(const struct scenario *s);

/* As run_scenario, of a scenario that seeks precision. */
struct result *precision_run(const struct scenario *s, const struct run_options *options);

#endif
