/*
 * How long before the next attempt (seconds). Before attempt n + 1 (n >= 1, the retry number), with
 * base = min(max, initial * multiplier^(n - 1)) (gRPC, proposal A6, "Retry policy"), and u uniform
 * on (0, 1):
 *
 *     none          base
 *     full          u base
 *     equal         base / 2 + u base / 2
 *     decorrelated  min(max, initial + u (3 last - initial)), `last` the back-off before this one,
 *                   at first `initial`; the multiplier does not count
 *
 * (Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015.) sidekiq: count^4 + 15 +
 * floor(10 u) (count + 1) with count = n - 1 (Sidekiq, lib/sidekiq/job_retry.rb, since 6.0;
 * rand(30) before).
 */
#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "../scenario/client.h"

struct backoff {
    bool sidekiq;
    const struct law *law; /* in place of all that follows; NULL: none */
    double initial;        /* 0: at once */
    double multiplier, max;
    enum jitter jitter;
};

struct backoff backoff_of(const struct backoff_spec *spec);

/* `last`: of the same request; not a number: this is the first. Not of laws. */
double backoff_delay(const struct backoff *b, uint32_t retry, double last, double u);

#endif
