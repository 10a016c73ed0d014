/*
 * Log-linear histogram of durations, exact counts, fixed edges.
 *
 * A bucket is the top of a double: its exponent and the first 7 bits of its mantissa, so every
 * octave [2^e, 2^(e+1)) is cut into 128 equal buckets, each 0.39 % to 0.78 % wide (the log-linear
 * idea of Tene's HdrHistogram, 2012, on the bits of IEEE 754). Octaves -30 to 33 are held: 0.93 ns
 * to 544 years. Zero, under (0 < x < 2^-30) and over (x >= 2^34) have counters of their own:
 * nothing is clamped.
 *
 * Invariants: edges are the same in every run; counts merge by addition, in any order and
 * grouping, to the same histogram; a page (one octave) is there only if something fell into it.
 * The zeroed value is empty.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    HIST_LOW = -30, /* first octave */
    HIST_OCTAVES = 64,
    HIST_SUB = 128, /* buckets of an octave */
    HIST_BUCKETS = HIST_OCTAVES * HIST_SUB
};

/* The counters of a flat array, for loops that count fast: zero, under, the buckets, over. */
enum { SLOT_ZERO, SLOT_UNDER, SLOT_BUCKETS, SLOT_OVER = SLOT_BUCKETS + HIST_BUCKETS, HIST_SLOTS };

struct histogram {
    uint64_t zero, under, over;
    uint64_t *page[HIST_OCTAVES];
};

/* A packed histogram (below). */
struct packed {
    unsigned char *bytes; /* NULL: there is none */
    size_t size;
    uint64_t total; /* values counted in it */
    bool borrowed;  /* somebody else frees the bytes */
};

/* Index of the bucket of x > 0 inside the range. Negative: under; >= HIST_BUCKETS: over. */
static inline int64_t histogram_index(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int64_t)(bits >> 45) - (int64_t)((1023 + HIST_LOW) * HIST_SUB);
}

/* The counter of x >= 0 in a flat array. */
static inline int64_t histogram_slot(double x)
{
    int64_t i = histogram_index(x);
    i = i < 0 ? -1 : i;
    i = i > HIST_BUCKETS ? HIST_BUCKETS : i;
    return x > 0 ? SLOT_BUCKETS + i : SLOT_ZERO;
}

/* The parts of histogram_add that are rarely taken. */
void histogram_add_rare(struct histogram *h, double x, uint64_t count);

/* Counts x (>= 0, not NAN) once. Without a branch on whether it is 0: waits are, at random. */
static inline void histogram_add(struct histogram *h, double x)
{
    uint64_t i = (uint64_t)histogram_index(x);
    uint64_t *page = h->page[i / HIST_SUB % HIST_OCTAVES];
    bool zero = x == 0, held = (i < HIST_BUCKETS) & (page != NULL);
    /* No pointer arithmetic: there may be no page. */
    uintptr_t bucket = (uintptr_t)page + i % HIST_SUB * sizeof *page;
    uint64_t *count = zero ? &h->zero : (uint64_t *)bucket;
    if (__builtin_expect(zero | held, 1))
        ++*count;
    else
        histogram_add_rare(h, x, 1);
}

/* Edges of bucket i: values v with low <= v < high. */
double histogram_low(int i);
double histogram_high(int i);

/* The octaves [from, to) that values in [low, high] lie in, as far as they are held. */
struct octaves {
    int from, to;
};
struct octaves histogram_octaves(double low, double high);

/* The counters of an octave, made where there are none. */
uint64_t *histogram_page(struct histogram *h, int octave);

uint64_t histogram_count(const struct histogram *h, int i);
uint64_t histogram_total(const struct histogram *h); /* zero, under and over included */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* Adds what a histogram has counted since it was `then`, which becomes what it is now. */
void histogram_add_since(struct histogram *to, const struct histogram *now, struct histogram *then);

/* Empties it and keeps its pages. */
void histogram_clear(struct histogram *h);

/* Adds what HIST_SLOTS counters hold and sets them to 0. The values counted lie in [low, high], or
 * are 0; low > high if there are none. */
void histogram_take(struct histogram *h, uint32_t *slots, double low, double high);

/* The same into a packed form of their own. */
void histogram_take_packed(struct packed *packed, uint32_t *slots, double low, double high);
void histogram_free(struct histogram *h); /* leaves it empty */

/* Number of values <= x, buckets cut linearly; from the range's end on all of them. (For fractions
 * of a column at a quantile.) */
double histogram_rank(const struct histogram *h, double x);

/* Smallest x with at least p of the counts at or below it (0 < p < 1): zero counts as 0, inside a
 * bucket linear by rank, each value in the middle of its share; `over` is the range's end. `low`
 * and `high` clamp it to the smallest and largest value seen. NAN if empty. */
double histogram_quantile(const struct histogram *h, double p, double low, double high);

/* Packed form: sparse, variable-length; returns xmalloc'ed bytes. unpack adds into `h` and returns
 * false, leaving `h` as it was, if the bytes are not a packed histogram (they may come from a
 * file) or would overflow a total. There is one packing of a histogram. */
unsigned char *histogram_pack(const struct histogram *h, size_t *size);
bool histogram_unpack(struct histogram *h, const unsigned char *bytes, size_t size);

/* The same of bytes that are known to be a packed histogram, in a quarter of the time. */
void histogram_unpack_own(struct histogram *h, const unsigned char *bytes);

/* A copy of bytes that may come from a file; false, and nothing, if they are not a packed
 * histogram. */
bool histogram_copy_packed(struct packed *packed, const unsigned char *bytes, size_t size);

/* histogram_rank of what such bytes hold: the same number, without unpacking them. */
double histogram_rank_packed(const unsigned char *bytes, double x);

#endif
