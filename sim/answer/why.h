/*
 * Why the slowest requests are slow: the latency of each, split to the last instant.
 *
 * A request's way is walked backwards, from when it was answered (where somebody replies; else from
 * when the last of what became of it was over) to its arrival: the visit that ended last, what that
 * waited for, the visit before. Every instant is put down once, so the parts of a request add up to
 * its latency, but for rounding. Where several things went on side by side it is the one that ended
 * last that is put down, for the others were waited for no longer; time in which a visit waits for
 * the answers to its calls is that of the visits called.
 *
 *   work      its own service, size / speed
 *   large     waiting, while consumers that it waited for served large tasks
 *   held      waiting, while they were kept by tasks that they had served: for the answer to a
 * call, or because these were blocked plain     waiting, while they served other tasks: plain
 * congestion idle      waiting while none of them had a task: outages, resumptions under way
 *   blocked   with a consumer, served, and waiting for a place at the next stage
 *   stopped   with a consumer, and neither served nor waiting for a call: interrupted, shared with
 *             others, or standing still in an outage
 *   delay     on the way to a stage, before it may come to the buffer
 *
 * Whoever waits does so for all consumers of the station together: an instant of it is divided
 * among what these were at. Large is a task whose work is more than WHY_LARGE times the mean of
 * those that its consumers were given.
 *
 * The slowest are those of each replication, of the requests that came after the warm-up and were
 * completed. Only the engine of networks tells visit by visit, so that it runs a single stage, too,
 * on the same draws.
 */
#ifndef WHY_H
#define WHY_H

#include <stdatomic.h>

#include "../base/err.h"
#include "../scenario/scenario.h"

enum why_part {
    WHY_WORK,
    WHY_LARGE,
    WHY_PLAIN,
    WHY_HELD,
    WHY_IDLE,
    WHY_BLOCKED,
    WHY_STOPPED,
    WHY_DELAY,
    WHY_PARTS
};
extern const char *const why_part_names[WHY_PARTS]; /* "work", "large", ... */

#define WHY_LARGER 10 /* a task so many times the mean is a large one */

enum { WHY_SPELLS = 5 };

/* A stretch of time in which somebody waited for the consumers of a stage, without a break. */
struct why_spell {
    uint32_t stage, replication;
    double from, to;
    double waited;  /* by the slowest requests, added up */
    double largest; /* work of the largest task that they were given in it */
};

struct why {
    uint32_t n_stages;
    const char **stage;                 /* names, of the scenario */
    double (*seconds)[WHY_PARTS];       /* by stage: of all slowest requests together */
    double total[WHY_PARTS], sum;       /* over the stages; of all parts: their latencies */
    double share;                       /* of the requests */
    uint64_t requests, slowest;         /* completed; of them */
    double least;                       /* latency of a slowest request, the smallest */
    double apart;                       /* largest difference between a latency and its parts */
    struct why_spell spell[WHY_SPELLS]; /* those in which they waited most, first */
    size_t spells;
    bool replies; /* latencies are of the client */
};

/* The slowest `share` of a valid scenario (no sweep). NULL with an error where it cannot be, or was
 * stopped. */
struct why *why_find(const struct scenario *s, double share, atomic_bool *stop,
                     struct errors *errors);
void why_free(struct why *why);

/* why.csv, xmalloc'ed: a row for each stage and `all`: stage, the parts in seconds for each slowest
 * request, and latency, their sum. */
char *why_csv(const struct why *why, size_t *size);

#endif
