/*
 * A tournament of policies: the same tasks through each of them, judged by what is done in time and
 * how slow the slow are, and by where the waiting went.
 *
 * Waiting is not done away with, it is moved (Little 1961: whoever is inside has come and not
 * left). Per task that arrived in the measured window, in seconds of it: buffer     waited in
 * buffers producer   waited outside full buffers (pause): with whoever sends retries    waited with
 * clients between attempts lost       what the same tasks would have waited in an unbounded buffer
 * beyond all that: waiting that was spared by throwing tasks away, theirs and that of those behind
 * them. 0 where a policy makes tasks wait longer than that. So for every policy that loses nothing
 * and serves in order of arrival the first three add up to the waiting of the unbounded buffer, and
 * of all others so do the four.
 *
 * Goodput is of tasks whose latency is within the limit (INFINITY: of all that are completed), p99
 * of those that are completed; both as the client sees them where somebody replies. The front
 * (Pareto) are those of which none other has as much goodput and as small a p99, and one of the two
 * better.
 */
#ifndef TOURNAMENT_H
#define TOURNAMENT_H

#include "../result/result.h"

enum waiting { WAITING_BUFFER, WAITING_PRODUCER, WAITING_RETRIES, WAITING_LOST };
enum { WAITINGS = WAITING_LOST + 1 };
extern const char *const waiting_names[WAITINGS]; /* "buffer", ... */

struct contestant {
    const char *name;
    const struct result *result;   /* finished */
    double goodput, goodput_half;  /* per second; half-width at 95 %, NAN: none */
    double in_time;                /* share of the tasks that arrived */
    double p99, p99_low, p99_high; /* seconds; NAN: none */
    double loss, unfinished;  /* shares: left unserved; still inside when nobody looked any more */
    double waiting[WAITINGS]; /* seconds for each task that arrived */
    bool front, grows;        /* its backlog has no limit */
};

/* Judges n of them against what an unbounded buffer does with the same tasks. Names and results are
 * there; the rest is filled in. */
void tournament_judge(struct contestant *contestants, size_t n, const struct result *unbounded,
                      double limit);

/* The one with the most goodput; with the smallest p99. */
size_t tournament_most(const struct contestant *contestants, size_t n);
size_t tournament_fastest(const struct contestant *contestants, size_t n);

/* Who won what, in a sentence; interned. */
const char *tournament_sentence(const struct contestant *contestants, size_t n, double limit);

/* tournament.csv, xmalloc'ed: policy, goodput, goodput_ci95, in_time_fraction, latency_p99,
 * latency_p99_low95, latency_p99_high95, loss_fraction, unfinished_fraction, wait_buffer,
 * wait_producer, wait_retries, wait_lost, front (yes or no), stable. */
char *tournament_csv(const struct contestant *contestants, size_t n, size_t *size);

#endif
