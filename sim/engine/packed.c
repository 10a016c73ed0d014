/* Packed histograms (histogram.h). */
#include <assert.h>
#include <stdlib.h>

#include "../base/err.h"
#include "histogram.h"

/*
 * Packed: zero, under, over and the number of buckets that hold anything; then of each of those,
 * in order, how many empty ones it follows (`skip`) and its count. Both are small in a short run,
 * and there are most of these: they are the halves of a byte, skip above. SKIP_MORE stands for that
 * and so many more, COUNT_MORE for COUNT_BASE and so many more; what they add follows, of the skip
 * first. All other numbers are little-endian in base 128. The last byte of one is never 0 (but of 0
 * itself), so there is one packing of a histogram.
 */
enum { VARINT_MAX = 10, BUCKET_MAX = 1 + 2 * VARINT_MAX };
enum { SKIP_MORE = 15, COUNT_MORE = 0, COUNT_BASE = 16 };

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

/* Which counters of a histogram hold anything: a bit each, 64 in a word. */
enum { WORD = 64, WORDS = HIST_BUCKETS / WORD };

struct used {
    int from, to; /* words; the others are empty, and not set */
    uint64_t word[WORDS];
};

/* A bit for each of 64 bytes, which are 0 or 1: eight at a time are moved into the upper byte by
 * one product, whose bits do not meet. */
static uint64_t bits_of(const unsigned char *bytes)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += 8) {
        const unsigned char *b = bytes + k;
        uint64_t eight = (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
                         (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 |
                         (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
        bits |= (eight * UINT64_C(0x0102040810204080) >> 56) << k;
    }
    return bits;
}

/* The counters to be packed: pages, or a flat array. */
struct counters {
    uint64_t zero, under, over;
    uint64_t *const *page;
    const uint32_t *flat;
};

/* Without a branch on single counters: in a short run whether one holds anything is as good as
 * random. */
static void find_used(const struct counters *c, struct used *used)
{
    for (int w = used->from; w < used->to; w++) {
        unsigned char any[WORD];
        const uint64_t *page = c->page ? c->page[w * WORD / HIST_SUB] : NULL;
        used->word[w] = 0;
        if (page)
            for (int i = 0; i < WORD; i++)
                any[i] = page[w * WORD % HIST_SUB + i] > 0;
        else if (c->flat)
            for (int i = 0; i < WORD; i++)
                any[i] = c->flat[w * WORD + i] > 0;
        if (page || c->flat)
            used->word[w] = bits_of(any);
    }
}

static inline uint64_t counter(const struct counters *c, int i)
{
    return c->page ? c->page[i / HIST_SUB][i % HIST_SUB] : c->flat[i];
}

static unsigned char *bucket_put(unsigned char *at, uint64_t skip, uint64_t count)
{
    bool far = skip >= SKIP_MORE, many = count >= COUNT_BASE;
    *at++ = (unsigned char)((far ? SKIP_MORE : skip) << 4 | (many ? COUNT_MORE : count));
    if (far)
        at = varint_put(at, skip - SKIP_MORE);
    return many ? varint_put(at, count - COUNT_BASE) : at;
}

static inline void pack_buckets(const struct counters *c, const struct used *used,
                                unsigned char **to, uint64_t *total)
{
    unsigned char *at = *to;
    uint64_t sum = 0;
    int next = 0;
    for (int w = used->from; w < used->to; w++)
        for (uint64_t word = used->word[w]; word > 0; word &= word - 1) {
            int bucket = w * WORD + __builtin_ctzll(word);
            uint64_t count = counter(c, bucket), skip = (uint64_t)(bucket - next);
            if (__builtin_expect((skip < SKIP_MORE) & (count < COUNT_BASE), 1))
                *at++ = (unsigned char)(skip << 4 | count);
            else
                at = bucket_put(at, skip, count);
            sum += count;
            next = bucket + 1;
        }
    *total += sum;
    *to = at;
}

static void pack(const struct counters *c, const struct used *used, struct packed *packed)
{
    unsigned char bytes[4 * VARINT_MAX + HIST_BUCKETS * BUCKET_MAX], *at = bytes;
    uint64_t n = 0;
    for (int w = used->from; w < used->to; w++)
        n += (uint64_t)__builtin_popcountll(used->word[w]);
    at = varint_put(at, c->zero);
    at = varint_put(at, c->under);
    at = varint_put(at, c->over);
    at = varint_put(at, n);
    *packed = (struct packed){.total = c->zero + c->under + c->over};
    if (c->page)
        pack_buckets(c, used, &at, &packed->total);
    else
        pack_buckets(&(struct counters){.flat = c->flat}, used, &at, &packed->total);
    packed->size = (size_t)(at - bytes);
    packed->bytes = xmalloc(packed->size);
    memcpy(packed->bytes, bytes, packed->size);
}

unsigned char *histogram_pack(const struct histogram *h, size_t *size)
{
    const struct counters counters = {h->zero, h->under, h->over, h->page, NULL};
    struct used used = {0, WORDS, {0}};
    struct packed packed;
    find_used(&counters, &used);
    pack(&counters, &used, &packed);
    *size = packed.size;
    return packed.bytes;
}

void histogram_take_packed(struct packed *packed, uint32_t *slots, double low, double high)
{
    const struct octaves octaves = histogram_octaves(low, high);
    const struct counters counters = {slots[SLOT_ZERO], slots[SLOT_UNDER], slots[SLOT_OVER], NULL,
                                      slots + SLOT_BUCKETS};
    struct used used = {.from = octaves.from * (HIST_SUB / WORD),
                        .to = octaves.to * (HIST_SUB / WORD)};
    find_used(&counters, &used);
    pack(&counters, &used, packed);
    slots[SLOT_ZERO] = slots[SLOT_UNDER] = slots[SLOT_OVER] = 0;
    for (int w = used.from; w < used.to; w++)
        if (used.word[w])
            memset(&slots[SLOT_BUCKETS + w * WORD], 0, WORD * sizeof *slots);
}

static bool bucket_get(const unsigned char **at, const unsigned char *end, uint64_t *skip,
                       uint64_t *count)
{
    uint64_t more;
    if (*at == end)
        return false;
    unsigned char both = *(*at)++;
    *skip = both >> 4;
    *count = both & 15;
    if (*skip == SKIP_MORE) {
        if (!varint_get(at, end, &more) || __builtin_add_overflow(*skip, more, skip))
            return false;
    }
    if (*count != COUNT_MORE)
        return true;
    return varint_get(at, end, &more) && !__builtin_add_overflow(COUNT_BASE, more, count);
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
        if (!bucket_get(&at, end, &skip, &count) || skip >= HIST_BUCKETS - next ||
            __builtin_add_overflow(*total, count, total))
            return false;
        next += skip;
        if (h)
            histogram_page(h, (int)next / HIST_SUB)[next % HIST_SUB] += count;
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

bool histogram_copy_packed(struct packed *packed, const unsigned char *bytes, size_t size)
{
    uint64_t total = 0;
    if (!walk(NULL, bytes, bytes + size, &total))
        return false;
    *packed = (struct packed){.bytes = xmalloc(size), .size = size, .total = total};
    memcpy(packed->bytes, bytes, size);
    return true;
}

/* A number of a packed histogram that is one: most are of one byte. */
static inline uint64_t varint_own(const unsigned char **at)
{
    uint64_t value = *(*at)++;
    if (__builtin_expect(value >= 128, 0)) {
        value &= 127;
        for (unsigned shift = 7;; shift += 7) {
            uint64_t byte = *(*at)++;
            value |= (byte & 127) << shift;
            if (byte < 128)
                break;
        }
    }
    return value;
}

/* A bucket, and where the next one is. By value, so that loops over them stay in registers. */
struct bucket {
    const unsigned char *next;
    uint64_t skip, count;
};

static struct bucket bucket_more(struct bucket bucket)
{
    if (bucket.skip == SKIP_MORE)
        bucket.skip += varint_own(&bucket.next);
    if (bucket.count == COUNT_MORE)
        bucket.count = COUNT_BASE + varint_own(&bucket.next);
    return bucket;
}

static inline struct bucket bucket_own(const unsigned char *at)
{
    unsigned both = *at;
    struct bucket bucket = {at + 1, both >> 4, both & 15};
    bool more = (both >= SKIP_MORE << 4) | (bucket.count == COUNT_MORE);
    return __builtin_expect(more, 0) ? bucket_more(bucket) : bucket;
}

void histogram_unpack_own(struct histogram *h, const unsigned char *bytes)
{
    const unsigned char *at = bytes;
    h->zero += varint_own(&at);
    h->under += varint_own(&at);
    h->over += varint_own(&at);
    uint64_t *page = NULL;
    size_t next = 0, end = 0; /* of the page */
    for (uint64_t left = varint_own(&at); left > 0; left--) {
        struct bucket bucket = bucket_own(at);
        at = bucket.next;
        next += bucket.skip;
        if (next >= end) {
            page = histogram_page(h, (int)(next / HIST_SUB));
            end = (next / HIST_SUB + 1) * HIST_SUB;
        }
        page[next % HIST_SUB] += bucket.count;
        next++;
    }
}

double histogram_rank_packed(const unsigned char *bytes, double x)
{
    const unsigned char *at = bytes;
    uint64_t zero = varint_own(&at), under = varint_own(&at), over = varint_own(&at);
    uint64_t left = varint_own(&at), below = zero + under;
    if (!(x >= 0))
        return 0;
    int64_t wanted = histogram_index(x);
    if (wanted < 0)
        return (double)zero + (double)under * (x / histogram_low(0));
    uint64_t upto = 0; /* buckets before the next */
    for (uint64_t stop = (uint64_t)wanted; left > 0; left--) {
        struct bucket bucket = bucket_own(at);
        at = bucket.next;
        upto += bucket.skip + 1;
        if (upto > stop) {
            double low = histogram_low((int)wanted), high = histogram_high((int)wanted);
            double here = upto == stop + 1 ? (double)bucket.count : 0;
            return (double)below + here * ((x - low) / (high - low));
        }
        below += bucket.count;
    }
    return (double)(below + (wanted >= HIST_BUCKETS ? over : 0));
}
