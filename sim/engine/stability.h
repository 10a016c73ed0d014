/*
 * Stability: does the backlog of a column have a limit?
 *
 * First by theory, from the column's own scenario (in a drift: the parameter at the middle of the
 * slice):
 *   no       the waiting room is unbounded (an unbounded buffer, or a full one that pauses) and the
 *            offered utilization, of the classes that do not lose patience alone, is 1 or more, or
 *            their mean task size is infinite.
 *   yes      the buffer is bounded and what does not fit is lost: the backlog cannot grow;
 *   yes      the system is closed: there are no more tasks than clients (but where the run hit
 *            run.max_backlog: unknown, below);
 *   yes      all tasks lose patience, and do so after a finite time on average, or are served in
 *            order of arrival: the wait that is offered to a task has a limiting law under any load
 *            (Baccelli and Hebuterne 1981, "On queues with impatient customers", Performance '81,
 *            sec. 2), and in any order no more wait than patience alone lets stay (M/G/infinity);
 *            not so where services are interrupted, or shared from an unbounded buffer: what has
 *            begun loses no patience;
 *   yes      the offered utilization is below 1, arrivals are stationary, and no consumer waits
 *            while a task does (Loynes 1962 for one consumer, Brandt, Franken and Lisek 1990,
 *            ch. 5, for several); or arrivals repeat a timetable in whose whole periods it is below
 *            1 (Lemoine 1981, "On queues with periodic Poisson input", J. Appl. Prob. 18).
 * By measurement where theory is silent (back-pressure with a resume_delay, classes that lose
 * patience beside classes that do not and more than all consumers can do, patience beside
 * interruptions, arrivals that move with time and do not repeat, an unknown rate), from the mean
 * number of tasks in the system in the first and in the last third of each replication's window, G
 * = last - first (where arrivals repeat a timetable, only of thirds that are whole periods):
 *   no       G > 0 in a one-sided t-test over replications at 99.9 %, and materially: the mean of G
 *            is above STABILITY_GROWTH of the tasks that arrived between the thirds' middles; or
 *            the run hit run.max_backlog. With one replication the growth must be ten times that.
 *   yes      the upper end of the 99.9 % interval of G is below that same threshold: if the backlog
 *            grows at all, it keeps less than that share of what arrives;
 *   unknown  otherwise. Unknown, too, where a column that is stable by theory hit run.max_backlog
 *            or, in independent mode and open, measures as growing.
 */
#ifndef STABILITY_H
#define STABILITY_H

#include "trial.h"

struct network_facts;

#define STABILITY_GROWTH 0.01

enum verdict_stable { STABLE_NO, STABLE_YES, STABLE_UNKNOWN };

/* By theory alone. `column` is the scenario with the column's value in place. Of a network: by the
 * traffic equations, the worst of its stages. */
enum verdict_stable stability_theory(const struct scenario *column);

/* By theory and by the windows of n replications with the union of their notes. */
enum verdict_stable stability_judge(const struct scenario *column, const struct window *windows,
                                    size_t n, unsigned notes);

/* Of a stage of a network (a place; trial.h), by the traffic equations (traffic.h) in place of what
 * theory says above, and by the windows of n replications, of the tasks at that stage; `full`: one
 * of them hit run.max_backlog there. `yes`, too, where a full buffer turns away what does not fit,
 * where those before it hold back what comes (`bounded`), where all sources are closed, and where
 * nothing came and nothing has changed. What theory does not know of a network (loops, calls of
 * stages whose wait is not known, blocking) is left to what was measured. */
enum verdict_stable stability_of_stage(const struct scenario *column,
                                       const struct network_facts *facts, uint32_t stage,
                                       const struct window *windows, size_t n, bool full);

/* Tasks in the system on average between two flows; NAN if no time lies between, or so little (as a
 * fraction of what has passed) that the difference of their sums is rounding. */
#define FLOW_TELLS 1e-9
double flow_mean_inside(const struct flow *from, const struct flow *to);

/* Whether tasks are turned away, or leave, however many come: so that there is no load under which
 * the backlog has no limit. */
bool stability_loses(const struct scenario *column);

/* Whether the buffer turns tasks away rather than keep every one of them somewhere. */
bool stability_turns_away(const struct scenario *column);

/* Whether any task can be lost. */
bool stability_can_lose(const struct scenario *column);

/* No consumer waits while a task does: all but a producer that takes its time to resume. */
bool stability_conserves_work(const struct scenario *column);

#endif
