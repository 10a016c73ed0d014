/*
 * A circuit breaker (Nygard, "Release It!", 2007, section 5.2), with the rules of resilience4j
 * (CircuitBreaker: COUNT_BASED and TIME_BASED windows):
 *
 *   closed     calls go through, and how they end is kept: of the last `window` ones, or of those
 *              that ended in the last `seconds`. Where there are min_calls or more, and
 *              failure_rate of them or more have failed, it opens.
 *   open       nothing goes through, for open_for.
 *   half-open  from then on `probes` calls go through, and no more. When as many have ended it
 *              opens again if failure_rate of them or more have failed, else it closes, with
 *              nothing kept.
 *
 * A call that began in one of these states says nothing in a later one. One that ends with no
 * outcome (nobody waits for it any more, for other reasons) says nothing, and as a probe lets
 * another through.
 *
 * It sees times and outcomes, and says yes or no. Times in seconds, and never back.
 */
#ifndef BREAKER_H
#define BREAKER_H

#include <stdbool.h>
#include <stdint.h>

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN_STATE, BREAKER_HALF_OPEN };

struct breaker {
    double failure_rate; /* 0: there is none, and all goes through */
    uint32_t window;     /* calls; 0: by time */
    double seconds;      /* likewise */
    double open_for;
    uint32_t min_calls, probes;
    enum breaker_state state;
    uint32_t epoch;          /* of states */
    double until;            /* open */
    double opened, was_open; /* since when it is not closed; before that, for how long it was not */
    uint32_t out, ended;     /* probes under way, and over */
    uint64_t calls, failed;  /* kept, or of probes */
    struct kept {
        double at;
        bool failed;
    } * kept; /* a power of two; owned */
    uint64_t head, tail, mask;
};

void breaker_free(struct breaker *b);

/* Whether a call goes through; what it is to be ended with. */
bool breaker_lets(struct breaker *b, double now, uint32_t *epoch);
void breaker_end(struct breaker *b, double now, uint32_t epoch, bool failed);
void breaker_forget(struct breaker *b, uint32_t epoch);

/* For how long it has been open, or let only probes through. */
double breaker_open_time(const struct breaker *b, double now);

#endif
