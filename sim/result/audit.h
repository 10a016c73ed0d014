/*
 * The audit: laws that every run must obey, whatever was simulated. A broken one is a bug in the
 * program, never a property of the scenario.
 *
 *   conservation   per cell and per trial: offered = completed + lost + unfinished; each histogram
 *                  holds the completed tasks; arrived = completed + lost + inside; the tasks
 * counted in a column are those that arrived in its window; unfinished tasks are those that the
 * recorder still misses. Little's law   (Little 1961; here as the identity it is on every path,
 * Stidham 1974): tasks in the system integrated over time = time spent in the system summed over
 * tasks. utilization    busy consumers integrated over time = service time summed over tasks. work
 * no consumer idles beside a task in the buffer. PASTA          Poisson arrivals see time averages
 * (Wolff 1982): in each replication what arrivals find (tasks in the system, or the wait ahead;
 * engine.h), summed, minus rate x the same integrated over time is a martingale, so its mean is 0.
 * Student's t over replications, per stable column of a Poisson process at rest, at least
 * PASTA_NEEDS replications; the smallest p-value times the number of columns (Bonferroni) must not
 * fall below 1e-6.
 *
 * Where the distribution over time of the number waiting is recorded (queue_time.h) its time is
 * that of the window, to the tick (conservation), and its mean is the number waiting integrated
 * over time (Little's law): within the rounding to ticks, and between the ends of buckets of
 * several numbers.
 *
 * Of a network (trial.h) these hold at every stage, of its visits, and of the requests as a whole:
 * alive = arrived - completed - lost, and so up to the answer (`client`); Little's law of requests
 * alive. utilization: busy consumers integrated over time = service time summed over visits +
 * consumers held (blocked, or waiting for an answer) integrated. Tasks waiting, and service, of all
 * stages add up to those of the whole. Where no request is alive nothing is inside anywhere; where
 * no measured request is, no visit of one is unfinished: a group whose join never comes, or a
 * caller whose answer is lost on the way, would be. When everything has come and gone all places
 * are empty. PASTA is not looked at: not even of Poisson sources do arrivals at a stage behind
 * another have to be.
 *
 * The lanes engine (lanes.h) goes from arrival to arrival and integrates nothing over the tasks
 * waiting: there Little's law compares the time that tasks spent with the time that consumers were
 * not idle plus the waits. What its waits are is checked by PASTA, which compares them with the
 * wait that a task would have had at any time, integrated.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "../engine/trial.h"

enum { PASTA_NEEDS = 4, PASTA_MEETINGS = 100, AUDIT_LINES = 3 };
#define AUDIT_RELATIVE 1e-6 /* rounding allowed in Little's and the utilization law */
#define PASTA_LEVEL    1e-6

struct audit {
    bool conservation, little, utilization, work_conserving, pasta; /* holds */
    bool pasta_judged;                      /* Poisson arrivals and enough replications to say */
    double conservation_worst;              /* tasks out of balance */
    double little_worst, utilization_worst; /* relative */
    double idle_worst;                      /* seconds */
    double pasta_worst; /* smallest two-sided p-value, Bonferroni-adjusted; 1 if not judged */
    uint64_t offered, completed, lost, unfinished;
    uint32_t pasta_columns;
    char text[AUDIT_LINES][200]; /* the three lines that a run prints */
};

/* Starts with every law holding. */
void audit_begin(struct audit *audit);

/* Looks at one trial; any order. */
void audit_trial(struct audit *audit, const struct trial *trial);

/* Looks at one column's n replications. `column` is the scenario with the column's value; `waited`
 * the tasks that waited in all of them: with fewer than PASTA_MEETINGS in each, arrivals hardly
 * ever met anybody, and a t-test on what they saw knows nothing (mostly that each replication saw
 * nobody). */
void audit_pasta(struct audit *audit, const struct scenario *column, const struct window *windows,
                 size_t n, double waited);

/* Verdicts and lines. */
void audit_finish(struct audit *audit);
bool audit_holds(const struct audit *audit);

#endif
