/*
 * What somebody who asks does about not being answered: the keys of `client`, in a source, at top
 * level and in an entry of `calls` (networks.md, concept 5). Those of `retry` are a part of their
 * own, which a stage has, too. A plain value, as the rows read it: what is not given is NAN or NULL
 * (and 0 in a block that nobody has written to), and is read through the functions below.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "scenario.h"

/* What an attempt can come to that is no answer. */
enum outcome {
    OUTCOME_TIMEOUT,  /* nobody has said anything */
    OUTCOME_REJECTED, /* told that it is not taken */
    OUTCOME_ERROR,    /* told that it has failed */
    OUTCOMES
};
extern const char *const outcome_names[]; /* "timeout", "rejected", "error"; NULL-ended */

enum client_cancel { CLIENT_NEVER, CLIENT_QUEUED, CLIENT_RUNNING };

enum jitter { JITTER_NONE, JITTER_FULL, JITTER_EQUAL, JITTER_DECORRELATED };

/* One of three, or none: a formula, a law, or what `initial` begins. Seconds. */
struct backoff_spec {
    double formula; /* 0: sidekiq */
    struct law law;
    double initial, multiplier, max, jitter; /* enum jitter */
};

struct budget_spec {
    double ratio; /* INFINITY: unlimited */
    double min_rate, interval;
};

struct retry_spec {
    const char *on[OUTCOMES]; /* outcome_names */
    double on_count;
    double max_attempts; /* with the first; INFINITY: unlimited */
    struct backoff_spec backoff;
    struct budget_spec budget;
};

struct hedge_spec {
    double delay, max_attempts;
};

struct breaker_spec {
    double failure_rate;
    struct amount window; /* calls, or time */
    double min_calls, open_for, probes;
};

struct client_spec {
    double timeout, deadline;
    double cancel; /* enum client_cancel */
    double limit;
    struct retry_spec retry;
    struct hedge_spec hedge;
    struct breaker_spec breaker;
};

/* Where nothing is given. */
#define RETRY_ATTEMPTS     3
#define BACKOFF_MULTIPLIER 2
#define BUDGET_INTERVAL    10
#define HEDGE_ATTEMPTS     2
#define BREAKER_WINDOW     100
#define BREAKER_CALLS      100
#define BREAKER_OPEN       60
#define BREAKER_PROBES     10

enum { BREAKER_WINDOW_MOST = 1000000 }; /* calls */

/* Whether anything is said that makes a client of whoever asks; whether it tries again; whether a
 * back-off is given, a budget that has a limit. */
bool client_says(const struct client_spec *c);
bool retry_says(const struct retry_spec *r);
bool backoff_says(const struct backoff_spec *b);
bool backoff_is_sidekiq(const struct backoff_spec *b);
bool budget_says(const struct budget_spec *b);
bool breaker_says(const struct breaker_spec *b);

/* Bit 1 << enum outcome: what it tries again after; all of them where none is named. */
unsigned retry_outcomes(const struct retry_spec *r);

/* Attempts at most, the first counted. */
uint32_t retry_tries(const struct retry_spec *r);

/* Whether an attempt can end with nobody waiting for it, while it is under way. */
bool client_abandons(const struct client_spec *c);

#endif
