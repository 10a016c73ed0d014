/*
 * A budget of retries: so many for each first attempt, over a sliding interval, and so many a
 * second that there may be all the same (Twitter Finagle, RetryBudget: ttl, percentCanRetry,
 * minRetriesPerSec; Linkerd's retry budgets likewise). Here it is counted exactly, and not by
 * buckets: a retry is granted at `now` if with it the retries granted in (now - interval, now] are
 * no more than
 *
 *     ratio * first attempts in (now - interval, now] + min_rate * interval.
 *
 * A retry counts from when it is granted, its back-off included (Envoy's issue 30205: a budget that
 * leaves out what is in back-off bounds nothing).
 *
 * It sees times and says yes or no. Times in seconds, and never back.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times within the interval, oldest first. */
struct moments {
    double *at; /* a power of two */
    uint64_t head, tail, mask;
};

struct budget {
    double ratio, min_rate, interval; /* ratio INFINITY: no limit, and nothing is counted */
    struct moments firsts, retries;
};

struct budget_spec;
void budget_set(struct budget *b, const struct budget_spec *spec); /* what is counted stays */
void budget_free(struct budget *b);
void budget_first(struct budget *b, double now);
bool budget_grants(struct budget *b, double now);

/* Adds a moment; takes out those that are not after `since`; how many there are. */
void moments_add(struct moments *m, double now);
void moments_pass(struct moments *m, double since);
void moments_free(struct moments *m);

static inline uint64_t moments_count(const struct moments *m)
{
    return m->tail - m->head;
}

#endif
