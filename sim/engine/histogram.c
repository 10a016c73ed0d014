#include "histogram.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

static double edge(int i)
{
    return ldexp(1 + (double)(i % HIST_SUB) / HIST_SUB, HIST_LOW + i / HIST_SUB);
}

double histogram_low(int i)
{
    assert(i >= 0 && i < HIST_BUCKETS);
    return edge(i);
}

double histogram_high(int i)
{
    assert(i >= 0 && i < HIST_BUCKETS);
    return edge(i + 1);
}

uint64_t *histogram_page(struct histogram *h, int octave)
{
    if (!h->page[octave])
        h->page[octave] = xcalloc(HIST_SUB, sizeof *h->page[octave]);
    return h->page[octave];
}

void histogram_add_rare(struct histogram *h, double x, uint64_t count)
{
    assert(x >= 0);
    int64_t i = histogram_index(x);
    if (x == 0)
        h->zero += count;
    else if (i < 0)
        h->under += count;
    else if (i >= HIST_BUCKETS)
        h->over += count;
    else
        histogram_page(h, (int)i / HIST_SUB)[i % HIST_SUB] += count;
}

uint64_t histogram_count(const struct histogram *h, int i)
{
    assert(i >= 0 && i < HIST_BUCKETS);
    const uint64_t *page = h->page[i / HIST_SUB];
    return page ? page[i % HIST_SUB] : 0;
}

static uint64_t page_total(const uint64_t *page)
{
    uint64_t total = 0;
    if (!page)
        return 0;
    for (int i = 0; i < HIST_SUB; i++)
        total += page[i];
    return total;
}

uint64_t histogram_total(const struct histogram *h)
{
    uint64_t total = h->zero + h->under + h->over;
    for (int octave = 0; octave < HIST_OCTAVES; octave++)
        total += page_total(h->page[octave]);
    return total;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    into->zero += from->zero;
    into->under += from->under;
    into->over += from->over;
    for (int octave = 0; octave < HIST_OCTAVES; octave++) {
        if (!from->page[octave])
            continue;
        uint64_t *page = histogram_page(into, octave);
        for (int i = 0; i < HIST_SUB; i++)
            page[i] += from->page[octave][i];
    }
}

void histogram_add_since(struct histogram *to, const struct histogram *now, struct histogram *then)
{
    to->zero += now->zero - then->zero;
    to->under += now->under - then->under;
    to->over += now->over - then->over;
    then->zero = now->zero;
    then->under = now->under;
    then->over = now->over;
    for (int octave = 0; octave < HIST_OCTAVES; octave++) {
        const uint64_t *counts = now->page[octave];
        if (!counts || (then->page[octave] &&
                        memcmp(counts, then->page[octave], HIST_SUB * sizeof *counts) == 0))
            continue;
        uint64_t *old = histogram_page(then, octave), *page = histogram_page(to, octave);
        for (int i = 0; i < HIST_SUB; i++) {
            page[i] += counts[i] - old[i];
            old[i] = counts[i];
        }
    }
}

void histogram_clear(struct histogram *h)
{
    h->zero = h->under = h->over = 0;
    for (int octave = 0; octave < HIST_OCTAVES; octave++)
        if (h->page[octave])
            memset(h->page[octave], 0, HIST_SUB * sizeof *h->page[octave]);
}

struct octaves histogram_octaves(double low, double high)
{
    if (!(low <= high))
        return (struct octaves){0, 0};
    int64_t from = low > 0 ? histogram_index(low) : 0, to = histogram_index(high) + HIST_SUB;
    from = from > 0 ? from / HIST_SUB : 0;
    to = to > 0 ? to / HIST_SUB : 0;
    return (struct octaves){(int)(from < HIST_OCTAVES ? from : HIST_OCTAVES),
                            (int)(to < HIST_OCTAVES ? to : HIST_OCTAVES)};
}

void histogram_take(struct histogram *h, uint32_t *slots, double low, double high)
{
    h->zero += slots[SLOT_ZERO];
    h->under += slots[SLOT_UNDER];
    h->over += slots[SLOT_OVER];
    slots[SLOT_ZERO] = slots[SLOT_UNDER] = slots[SLOT_OVER] = 0;
    const struct octaves octaves = histogram_octaves(low, high);
    for (int octave = octaves.from; octave < octaves.to; octave++) {
        uint32_t *counts = &slots[SLOT_BUCKETS + octave * HIST_SUB], any = 0;
        for (int i = 0; i < HIST_SUB; i++)
            any |= counts[i];
        if (any == 0)
            continue;
        uint64_t *page = histogram_page(h, octave);
        for (int i = 0; i < HIST_SUB; i++)
            page[i] += counts[i];
        memset(counts, 0, HIST_SUB * sizeof *counts);
    }
}

void histogram_free(struct histogram *h)
{
    for (int octave = 0; octave < HIST_OCTAVES; octave++)
        free(h->page[octave]);
    *h = (struct histogram){0};
}

double histogram_rank(const struct histogram *h, double x)
{
    if (!(x >= 0))
        return 0;
    double rank = (double)h->zero;
    int64_t at = histogram_index(x);
    if (at < 0)
        return rank + (double)h->under * (x / edge(0));
    rank += (double)h->under;
    int octaves = at >= HIST_BUCKETS ? HIST_OCTAVES : (int)at / HIST_SUB;
    for (int octave = 0; octave < octaves; octave++)
        rank += (double)page_total(h->page[octave]);
    if (at >= HIST_BUCKETS)
        return rank + (double)h->over;
    const uint64_t *page = h->page[octaves];
    uint64_t below = 0;
    for (int i = 0; page && i < (int)at % HIST_SUB; i++)
        below += page[i];
    rank += (double)below;
    double low = edge((int)at), high = edge((int)at + 1);
    return rank + (double)histogram_count(h, (int)at) * ((x - low) / (high - low));
}

/* The k-th smallest value, k from 1: each value of a bucket in the middle of its share of it. */
static double order_statistic(const struct histogram *h, uint64_t k)
{
    if (k <= h->zero)
        return 0;
    k -= h->zero;
    if (k <= h->under)
        return ((double)k - 0.5) / (double)h->under * edge(0);
    k -= h->under;
    for (int octave = 0; octave < HIST_OCTAVES; octave++) {
        uint64_t total = page_total(h->page[octave]);
        if (k > total) {
            k -= total;
            continue;
        }
        int i = octave * HIST_SUB;
        for (; k > histogram_count(h, i); i++)
            k -= histogram_count(h, i);
        double share = ((double)k - 0.5) / (double)histogram_count(h, i);
        return edge(i) + share * (edge(i + 1) - edge(i));
    }
    return edge(HIST_BUCKETS);
}

double histogram_quantile(const struct histogram *h, double p, double low, double high)
{
    assert(p > 0 && p < 1);
    uint64_t n = histogram_total(h);
    if (n == 0)
        return NAN;
    /* ceil(p n), but not one more because 0.07 * 100 came out above 7 */
    double rank = ceil(p * (double)n * (1 - 4 * DBL_EPSILON));
    uint64_t k = rank < 1 ? 1 : rank < (double)n ? (uint64_t)rank : n;
    double x = order_statistic(h, k);
    return x < low ? low : x > high ? high : x;
}
