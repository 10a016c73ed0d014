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

static uint64_t *page_of(struct histogram *h, int octave)
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
        page_of(h, (int)i / HIST_SUB)[i % HIST_SUB] += count;
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
        uint64_t *page = page_of(into, octave);
        for (int i = 0; i < HIST_SUB; i++)
            page[i] += from->page[octave][i];
    }
}

void histogram_take(struct histogram *h, uint32_t *slots, double low, double high)
{
    h->zero += slots[SLOT_ZERO];
    h->under += slots[SLOT_UNDER];
    h->over += slots[SLOT_OVER];
    slots[SLOT_ZERO] = slots[SLOT_UNDER] = slots[SLOT_OVER] = 0;
    if (!(low <= high))
        return;
    int64_t from = low > 0 ? histogram_index(low) : 0, to = histogram_index(high) + 1;
    from = from > 0 ? from : 0;
    to = to < HIST_BUCKETS ? to : HIST_BUCKETS;
    for (int octave = (int)from / HIST_SUB; octave * HIST_SUB < to; octave++) {
        uint32_t *counts = &slots[SLOT_BUCKETS + octave * HIST_SUB], any = 0;
        for (int i = 0; i < HIST_SUB; i++)
            any |= counts[i];
        if (any == 0)
            continue;
        uint64_t *page = page_of(h, octave);
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
    for (int i = octaves * HIST_SUB; i < at; i++)
        rank += (double)histogram_count(h, i);
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

/*
 * Packed: zero, under, over and the number of buckets that hold anything; then of each of those,
 * in order, how many empty ones it follows and its count. All as little-endian base-128 numbers.
 * The last byte of a number is never 0 (but of 0 itself), so there is one packing of a histogram.
 */
enum { VARINT_MAX = 10 };

static inline unsigned char *varint_put(unsigned char *at, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        *at++ = (unsigned char)(value | 128);
    *at++ = (unsigned char)value;
    return at;
}

static bool varint_get_long(const unsigned char **at, const unsigned char *end, uint64_t *value)
{
    uint64_t result = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        unsigned char byte = *(*at)++;
        if ((byte == 0 && shift > 0) || (shift == 63 && byte > 1))
            return false;
        result |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            *value = result;
            return true;
        }
    }
    return false;
}

/* Most numbers are of one byte. */
static inline bool varint_get(const unsigned char **at, const unsigned char *end, uint64_t *value)
{
    if (*at == end || **at >= 128)
        return varint_get_long(at, end, value);
    *value = *(*at)++;
    return true;
}

/* The buckets that hold anything, in order; how many. Without a branch on whether one does: in a
 * short run that is as good as random. */
static size_t buckets_used(const struct histogram *h, uint16_t *bucket)
{
    size_t n = 0;
    for (int octave = 0; octave < HIST_OCTAVES; octave++) {
        const uint64_t *page = h->page[octave];
        for (int i = 0; page && i < HIST_SUB; i++) {
            bucket[n] = (uint16_t)(octave * HIST_SUB + i);
            n += page[i] > 0;
        }
    }
    return n;
}

unsigned char *histogram_pack(const struct histogram *h, size_t *size)
{
    uint16_t bucket[HIST_BUCKETS + 1]; /* one more is written than counted */
    size_t used = buckets_used(h, bucket);
    unsigned char *bytes = xmalloc((4 + 2 * used) * VARINT_MAX), *at = bytes;
    at = varint_put(at, h->zero);
    at = varint_put(at, h->under);
    at = varint_put(at, h->over);
    at = varint_put(at, used);
    for (size_t i = 0, next = 0; i < used; i++) {
        at = varint_put(at, bucket[i] - next);
        at = varint_put(at, h->page[bucket[i] / HIST_SUB][bucket[i] % HIST_SUB]);
        next = (size_t)bucket[i] + 1;
    }
    *size = (size_t)(at - bytes);
    return xrealloc(bytes, *size);
}

/* Walks a packed histogram; adds into `h` unless that is NULL. `total` grows by every count. */
static bool walk(struct histogram *h, const unsigned char *at, const unsigned char *end,
                 uint64_t *total)
{
    uint64_t rare[3], used, skip, count, next = 0;
    for (int i = 0; i < 3; i++) {
        if (!varint_get(&at, end, &rare[i]) || __builtin_add_overflow(*total, rare[i], total))
            return false;
    }
    if (!varint_get(&at, end, &used) || used > HIST_BUCKETS)
        return false;
    for (uint64_t i = 0; i < used; i++) {
        if (!varint_get(&at, end, &skip) || !varint_get(&at, end, &count) || count == 0 ||
            skip >= HIST_BUCKETS - next || __builtin_add_overflow(*total, count, total))
            return false;
        next += skip;
        if (h)
            page_of(h, (int)next / HIST_SUB)[next % HIST_SUB] += count;
        next++;
    }
    if (h) {
        h->zero += rare[0];
        h->under += rare[1];
        h->over += rare[2];
    }
    return at == end;
}

bool histogram_unpack(struct histogram *h, const unsigned char *bytes, size_t size)
{
    uint64_t total = histogram_total(h);
    if (!walk(NULL, bytes, bytes + size, &total)) /* all of it, before any of it is added */
        return false;
    total = 0;
    return walk(h, bytes, bytes + size, &total);
}

void histogram_unpack_own(struct histogram *h, const unsigned char *bytes, size_t size)
{
    uint64_t total = 0;
    bool sound = walk(h, bytes, bytes + size, &total);
    assert(sound);
    (void)sound;
}
