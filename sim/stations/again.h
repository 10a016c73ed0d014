/*
 * Visits that fail and go back into the buffer of their stage, later (`retry` of a stage), or as
 * letters to another (`dead_letter`).
 *
 * A visit of a stage that retries is one visit over all its attempts: it arrives once, is completed
 * or lost once, its latency begins with the first, and its wait is all that it waited in the
 * buffer. Its stations see the attempts (what fails there is lost there), `tally.failed` takes
 * those off. While it backs off it takes no place: it is delayed, as behind `delay`, which is not
 * waited for again.
 *
 * Rules where networks.md leaves room:
 *   - What fails is what was refused (by its own buffer, the throttle, the limit, an outage), lost
 *     patience, ended in an error, had a call that failed, or was held by what crashed. What is
 *     dropped in silence, withdrawn or cancelled is gone; and so is what is done and blocked, and
 *     whatever is of an attempt that nobody waits for.
 *   - max_attempts, backoff and budget as of clients (ask.h); the budget is of the stage, replicas
 *     together.
 *   - An attempt chooses its replica anew, and passes throttle and limit; its draws are those of a
 *     turn of its own (network_attempt_turns), and so is its size, unless that is carried.
 *   - What fails for good goes to `dead_letter`, whatever `on` says: it is lost here
 *     (LOSS_DEAD_LETTER), and a further visit of its request comes there at the same moment, with
 *     its way and its size, which is a member of no group. Whoever called has the failure at once.
 * A client that asks has it, as an error, when nothing of its attempt is left: a letter goes its
 *     own way, and is no answer, though the request is complete when it has left.
 *   - Busy time of attempts that failed is wasted (ledger.c).
 */
#ifndef STATIONS_AGAIN_H
#define STATIONS_AGAIN_H

#include "../network/network.h"
#include "../scenario/again.h"
#include "backoff.h"
#include "budget.h"

struct net;
struct stay;

/* By visit: of the stage that it is at, if that retries. */
struct again {
    double offered; /* at first, */
    double waited;  /* up to its last attempt, */
    double last;    /* its last back-off; NAN: none yet */
    uint32_t tries; /* that failed; 0: it is at its first, and all else means nothing */
    uint32_t turn;  /* of the first */
};

/* By stage. */
struct retrying {
    unsigned on; /* 1 << enum outcome; 0: it does not retry */
    uint32_t tries, name;
    struct backoff backoff;
    struct budget budget;
    struct stream *backoffs; /* by inlet; owned */
};

struct agains {
    struct again *visit;
    struct retrying *stage;
};

void agains_begin(struct net *net); /* where no stage has either net->agains stays NULL */
void agains_adopt(struct net *net);
void agains_end(struct net *net);
void again_comes(struct net *net, uint32_t stage); /* a visit, for the first time */

/* Whether a visit is at an attempt at `stage` that is not the first; it is at none any more (how
 * many had failed); it is there yet. */
bool again_tries(const struct net *net, uint32_t visit, uint32_t stage);
uint32_t again_forget(struct net *net, uint32_t visit);
void again_recall(struct net *net, uint32_t visit, uint32_t tries);

/* A visit that is lost for `why`, after so much of a wait: whether it comes again. Whether it is
 * one that is dead then; it is lost, and comes to `stage` as a letter of its request. */
bool again_takes(struct net *net, uint32_t visit, enum loss why, double wait);
bool again_is_dead(const struct net *net, uint32_t visit, enum loss why);
uint32_t again_letter(struct net *net, uint32_t visit);

#endif
