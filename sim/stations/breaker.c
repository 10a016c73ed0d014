#include "breaker.h"

#include <stdlib.h>

#include "../base/err.h"

/* Rates are written in decimals: half of 100 is 50. */
#define ROUNDING 1e-9

enum { FIRST_ROOM = 64 };

void breaker_free(struct breaker *b)
{
    free(b->kept);
    b->kept = NULL;
}

static void turn_to(struct breaker *b, enum breaker_state state)
{
    b->state = state;
    b->epoch++;
    b->out = b->ended = 0;
    b->calls = b->failed = 0;
    b->head = b->tail;
}

static void grow(struct breaker *b)
{
    uint64_t n = b->tail - b->head, room = b->kept ? 2 * (b->mask + 1) : FIRST_ROOM;
    struct kept *kept = xmalloc(room * sizeof *kept);
    for (uint64_t i = 0; b->kept && i < n; i++)
        kept[i] = b->kept[(b->head + i) & b->mask];
    free(b->kept);
    b->kept = kept;
    b->head = 0;
    b->tail = n;
    b->mask = room - 1;
}

static void drop_oldest(struct breaker *b)
{
    b->failed -= b->kept[b->head & b->mask].failed;
    b->calls--;
    b->head++;
}

static void keep(struct breaker *b, double now, bool failed)
{
    if (!b->kept || b->tail - b->head > b->mask)
        grow(b);
    b->kept[b->tail++ & b->mask] = (struct kept){now, failed};
    b->calls++;
    b->failed += failed;
    while (b->window > 0 ? b->calls > b->window : b->kept[b->head & b->mask].at <= now - b->seconds)
        drop_oldest(b);
}

static bool too_many(const struct breaker *b)
{
    return (double)b->failed >= b->failure_rate * (double)b->calls - ROUNDING;
}

bool breaker_lets(struct breaker *b, double now, uint32_t *epoch)
{
    if (!(b->failure_rate > 0))
        return true;
    if (b->state == BREAKER_OPEN_STATE && now >= b->until)
        turn_to(b, BREAKER_HALF_OPEN);
    *epoch = b->epoch;
    if (b->state == BREAKER_CLOSED)
        return true;
    if (b->state == BREAKER_OPEN_STATE || b->out + b->ended >= b->probes)
        return false;
    b->out++;
    return true;
}

static void open_it(struct breaker *b, double now)
{
    if (b->state == BREAKER_CLOSED)
        b->opened = now;
    turn_to(b, BREAKER_OPEN_STATE);
    b->until = now + b->open_for;
}

void breaker_end(struct breaker *b, double now, uint32_t epoch, bool failed)
{
    if (!(b->failure_rate > 0) || epoch != b->epoch)
        return;
    if (b->state == BREAKER_CLOSED) {
        keep(b, now, failed);
        if (b->calls >= b->min_calls && too_many(b))
            open_it(b, now);
        return;
    }
    b->out--;
    b->ended++;
    b->calls++;
    b->failed += failed;
    if (b->ended < b->probes)
        return;
    if (too_many(b)) {
        open_it(b, now);
        return;
    }
    b->was_open += now - b->opened;
    turn_to(b, BREAKER_CLOSED);
}

double breaker_open_time(const struct breaker *b, double now)
{
    return b->was_open + (b->state == BREAKER_CLOSED ? 0 : now - b->opened);
}

void breaker_forget(struct breaker *b, uint32_t epoch)
{
    if (b->failure_rate > 0 && epoch == b->epoch && b->state == BREAKER_HALF_OPEN)
        b->out--;
}
