/*
 * The role of a full-buffer policy: what happens to a task that finds no idle consumer and no free
 * waiting place. A policy returns a verdict; the engine acts.
 */
#ifndef POLICY_H
#define POLICY_H

#include "param.h"

/* Why a task left without being served to the end. */
enum loss {
    LOSS_REJECTED,
    LOSS_DROPPED_NEWEST,
    LOSS_DROPPED_OLDEST,
    LOSS_TIMED_OUT,   /* its patience was over before its service began */
    LOSS_FAILED,      /* a call that it made was not answered */
    LOSS_WITHDRAWN,   /* a join with `cancel` had no use for it any more */
    LOSS_THROTTLED,   /* its stage's throttle had no token for it */
    LOSS_LIMITED,     /* as many were inside as the stage's limit has it */
    LOSS_EARLY,       /* buffer.drop did not let it wait, or wait on */
    LOSS_OUTAGE,      /* it came during an outage that rejects */
    LOSS_CRASHED,     /* it was held by what crashed */
    LOSS_ERROR,       /* its service ended in an error, its consumer failed with it, or as many
                         producers waited as buffer.max_paused has it */
    LOSS_CANCELLED,   /* its client did not wait for it any more */
    LOSS_BREAKER,     /* its client's circuit breaker was open */
    LOSS_DEAD_LETTER, /* its attempts were used up */
    LOSS_KINDS
};
extern const char *const loss_names[LOSS_KINDS], *const loss_columns[LOSS_KINDS];

enum verdict {
    VERDICT_LOSE_NEWEST, /* the arriving task is lost, for `loss` */
    VERDICT_LOSE_OLDEST, /* the task that has waited longest is lost; the arriving one takes a
                            place. Without waiting places the arriving one is the oldest. */
    VERDICT_PAUSE        /* the arriving task waits outside, in order, until a place falls free */
};

struct policy {
    struct model model;
    enum verdict verdict;
    enum loss loss;
};

extern const struct family policy_family;

#endif
