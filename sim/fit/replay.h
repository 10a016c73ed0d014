/*
 * Tasks of a log, kept as they were, and how long they would have waited: what a fitted scenario is
 * held against.
 *
 * In constant memory (8 MB): the first REPLAY_TASKS one after the other; of a longer log stretches
 * of REPLAY_STRETCH successive tasks, evenly over it. Each stretch is replayed from an empty system
 * on, first come first served, without a limit to the buffer: the recursion of Kiefer and Wolfowitz
 * (1955) for the waits of a queue with several servers, by the times at which these fall free.
 *
 * Times that are not those of arrival are recognised by what a single server does to them. Where no
 * gap is shorter than the task at its end, they are times of completion; where none is shorter than
 * the task at its beginning, of the beginning of services (or of a client that waits for its
 * answers). That would be chance if gaps were as seldom shorter than the sizes of other tasks.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>

enum { REPLAY_TASKS = 1 << 19, REPLAY_STRETCH = 1 << 15, REPLAY_AGO = 16 };

enum replay_times { TIMES_ARRIVAL, TIMES_COMPLETION, TIMES_START };

struct replay {
    double *arrival, *size;       /* in order of arrival */
    size_t n, length;             /* tasks; of them in a stretch (length 0: none is whole) */
    size_t seen, stride;          /* tasks in all; of so many stretches one is kept */
    double last, ago[REPLAY_AGO]; /* the last arrival, and sizes up to it */
    double at_end, at_beginning, elsewhere; /* gaps shorter than the size of the task there */
};

void replay_init(struct replay *replay);
void replay_free(struct replay *replay);

/* Arrivals never fall. Times and sizes are written in steps of `grain` seconds. */
void replay_add(struct replay *replay, double arrival, double size, double grain);
void replay_finish(struct replay *replay);

size_t replay_stretches(const struct replay *replay);

/* Time of the first arrival of a stretch. */
double replay_from(const struct replay *replay, size_t stretch);

enum replay_times replay_times(const struct replay *replay);

/* Waits: their mean and quantiles, each on average over stretches; a quantile is NAN where a
 * stretch has less than REPLAY_BEYOND tasks beyond it. */
enum replay_figure { REPLAY_MEAN, REPLAY_P90, REPLAY_P99, REPLAY_FIGURES };
enum { REPLAY_BEYOND = 10 };
extern const double replay_p[REPLAY_FIGURES]; /* NAN of the mean */

/* Whether stretches of so many tasks have the figure. */
bool replay_has(enum replay_figure figure, size_t tasks);

/* The waits of all tasks on so many consumers. */
void replay_waits(const struct replay *replay, double consumers, double out[REPLAY_FIGURES]);

/* Their mean alone. Shuffle 0: as they were; else with the sizes dealt out anew, other ones for
 * each number: what is left of the wait where a task's size has nothing to do with the others' and
 * with the rate. */
double replay_wait(const struct replay *replay, double consumers, unsigned shuffle);

#endif
