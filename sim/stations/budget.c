#include "budget.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/client.h"

/* Shares are written in decimals: 10 % of 70 is 7. */
#define ROUNDING 1e-9

enum { FIRST_ROOM = 64 };

void moments_free(struct moments *m)
{
    free(m->at);
    *m = (struct moments){0};
}

static void grow(struct moments *m)
{
    uint64_t n = moments_count(m), room = m->at ? 2 * (m->mask + 1) : FIRST_ROOM;
    double *at = xmalloc(room * sizeof *at);
    for (uint64_t i = 0; m->at && i < n; i++)
        at[i] = m->at[(m->head + i) & m->mask];
    free(m->at);
    *m = (struct moments){at, 0, n, room - 1};
}

void moments_add(struct moments *m, double now)
{
    if (!m->at || moments_count(m) > m->mask)
        grow(m);
    m->at[m->tail++ & m->mask] = now;
}

void moments_pass(struct moments *m, double since)
{
    while (m->head < m->tail && m->at[m->head & m->mask] <= since)
        m->head++;
}

void budget_set(struct budget *b, const struct budget_spec *spec)
{
    b->ratio = budget_says(spec) ? spec->ratio : INFINITY;
    b->min_rate = spec->min_rate > 0 ? spec->min_rate : 0;
    b->interval = spec->interval > 0 ? spec->interval : BUDGET_INTERVAL;
}

void budget_free(struct budget *b)
{
    moments_free(&b->firsts);
    moments_free(&b->retries);
}

void budget_first(struct budget *b, double now)
{
    if (isinf(b->ratio))
        return;
    moments_pass(&b->firsts, now - b->interval);
    moments_add(&b->firsts, now);
}

bool budget_grants(struct budget *b, double now)
{
    if (isinf(b->ratio))
        return true;
    moments_pass(&b->firsts, now - b->interval);
    moments_pass(&b->retries, now - b->interval);
    double most = b->ratio * (double)moments_count(&b->firsts) + b->min_rate * b->interval;
    if ((double)moments_count(&b->retries) + 1 > most + ROUNDING)
        return false;
    moments_add(&b->retries, now);
    return true;
}
