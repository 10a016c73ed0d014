/*
 * What `fit` writes, once it was held against the log (fit_check.h): the law and the process that
 * fit best, or what does more justice to the log where these do not.
 *
 * A scenario that is not valid is made so, or refused: with a shorter run where the clock would be
 * too coarse, with the log's own sizes where a law has no valid parameters. A difference beyond
 * chance, or of more than a quarter however likely, is answered by the log's own sizes, and one
 * that is left by the rate of each of the log's pieces; each is kept where it is nearer.
 */
#ifndef FIT_DECIDE_H
#define FIT_DECIDE_H

#include "fit_check.h"
#include "fit_goal.h"

struct fit_decision {
    struct fit_check first, last; /* with the law and process that fit best; as written */
    bool own_sizes, scheduled;    /* what was changed */
    bool lame;                    /* neither was enough: `last` is beyond chance */
    bool law;                     /* sizes, or some of them, are of a fitted law */
    double order;                 /* fit_check_order, where that was asked; else 1 */
    enum replay_times times;      /* TIMES_ARRIVAL: nothing else was recognised */
};

/* Completes the wishes, and writes the files of sizes that the scenario needs into the folder's
 * open set of files (save_set.h), in which they are read until it is saved. False with errors:
 * there is no scenario of this log that is valid, or a file cannot be written. */
bool fit_decide(const struct fit *fit, const struct goal *goal, atomic_bool *stop,
                struct fit_wish *wish, struct fit_decision *out, struct errors *errors);

/* The check, and what came of it, to `out`; what a plan must not overlook to standard error. */
void fit_decide_report(const struct fit *fit, const struct fit_decision *decision, FILE *out);
void fit_decide_warnings(const struct fit *fit, const struct fit_decision *decision);

#endif
