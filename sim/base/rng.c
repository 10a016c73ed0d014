#include "rng.h"

#include <string.h>

#include "vmath.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/*
 * Layout: 16 tasks are one group, made by 8 counters whose first words are the group's first 8
 * tasks and whose second words are its last 8, so that whole groups are whole vectors. Task
 * k = 16 g + r draws from counter {8 g + (r mod 8), sub}, output word r div 8.
 */
enum { GROUP = 16, HALF = 8 };

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* Salmon et al. (2011), section 3.3: thirteen rounds of add, rotate, xor; the key is added before
 * the first and after every fourth, with the number of the injection. */
#define THREEFRY_PARITY UINT64_C(0x1bd11bdaa9fc1a22)
#define THREEFRY_ROUNDS                                                                            \
    do {                                                                                           \
        ROUND(16);                                                                                 \
        ROUND(42);                                                                                 \
        ROUND(12);                                                                                 \
        ROUND(31);                                                                                 \
        INJECT(1);                                                                                 \
        ROUND(16);                                                                                 \
        ROUND(32);                                                                                 \
        ROUND(24);                                                                                 \
        ROUND(21);                                                                                 \
        INJECT(2);                                                                                 \
        ROUND(16);                                                                                 \
        ROUND(42);                                                                                 \
        ROUND(12);                                                                                 \
        ROUND(31);                                                                                 \
        INJECT(3);                                                                                 \
        ROUND(16);                                                                                 \
    } while (0)

static void rounds(const uint64_t key[2], uint64_t *word0, uint64_t *word1)
{
    const uint64_t k[3] = {key[0], key[1], THREEFRY_PARITY ^ key[0] ^ key[1]};
    uint64_t a = *word0 + k[0], b = *word1 + k[1];
#define ROUND(by) a += b, b = rotate(b, by) ^ a
#define INJECT(i) a += k[(i) % 3], b += k[((i) + 1) % 3] + (i)
    THREEFRY_ROUNDS;
#undef ROUND
#undef INJECT
    *word0 = a;
    *word1 = b;
}

void threefry2x64(const uint64_t key[2], const uint64_t counter[2], uint64_t out[2])
{
    uint64_t a = counter[0], b = counter[1];
    rounds(key, &a, &b);
    out[0] = a;
    out[1] = b;
}

/* The upper 52 bits j as (j + 1/2) / 2^52: j goes into the fraction of a number from 1 to 2, and
 * the subtraction is exact. */
#define UNIFORM_ONE UINT64_C(0x3ff0000000000000)

static double uniform_of(uint64_t word)
{
    return vmath_of_bits(word >> 12 | UNIFORM_ONE) - (1 - 0x1p-53);
}

/* Groups come by the BUNDLE, so that every width has some vectors to draw together. */
enum { BUNDLE = 4 };

#define WIDTH    2
#define TARGET   /* the baseline */
#define TOGETHER 4
#include "rng_width.h"

#if defined(__x86_64__)
/* The same order of bytes in all numbers of 8. */
#define TURNED(a, b, c, d, e, f, g, h)                                                             \
    _mm256_broadcastsi128_si256(_mm_setr_epi8(a, b, c, d, e, f, g, h, 8 + (a), 8 + (b), 8 + (c),   \
                                              8 + (d), 8 + (e), 8 + (f), 8 + (g), 8 + (h)))
#define WIDTH    4
#define TARGET   VECTOR_TARGET_4
#define TOGETHER 4
#include "rng_width.h"

#define WIDTH    8
#define TARGET   VECTOR_TARGET_8
#define TOGETHER 4
#include "rng_width.h"
#endif

static void fill_bundle(const struct stream *s, uint64_t sub, uint64_t group, size_t groups,
                        double *u)
{
    switch (vector_width()) {
#if defined(__x86_64__)
    case 8:
        fill_groups_8(s, sub, group, groups, u);
        break;
    case 4:
        fill_groups_4(s, sub, group, groups, u);
        break;
#endif
    default:
        fill_groups_2(s, sub, group, groups, u);
        break;
    }
}

double stream_uniform(const struct stream *s, uint32_t sub, uint64_t k)
{
    uint64_t r = k % GROUP;
    uint64_t word[2] = {HALF * (k / GROUP) + r % HALF, sub};
    rounds(s->key, &word[0], &word[1]);
    return uniform_of(word[r / HALF]);
}

void stream_uniforms(const struct stream *s, uint32_t sub, uint64_t first, size_t n, double *u)
{
    enum { ALL = BUNDLE * GROUP, FEW = 8 };
    while (n > 0) {
        size_t skip = first % GROUP, some = n < ALL - skip ? n : ALL - skip;
        if (skip == 0 && n >= ALL) {
            some = n - n % ALL;
            fill_bundle(s, sub, first / GROUP, some / GROUP, u);
        } else if (n >= FEW) {
            double bundle[ALL];
            fill_bundle(s, sub, first / GROUP, BUNDLE, bundle);
            memcpy(u, bundle + skip, some * sizeof *u);
        } else {
            for (some = 0; some < n; some++)
                u[some] = stream_uniform(s, sub, first + some);
        }
        first += some, n -= some, u += some;
    }
}

/* The key: the path, eight bytes at a time, then its length, each absorbed by the generator. */
struct stream stream_of(uint64_t seed, uint32_t replication, const char *path)
{
    struct stream s = {{seed, replication}};
    size_t length = strlen(path);
    for (size_t at = 0; at < length; at += 8) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8 && at + i < length; i++)
            word |= (uint64_t)(unsigned char)path[at + i] << (8 * i);
        threefry2x64(s.key, (uint64_t[2]){word, at}, s.key);
    }
    threefry2x64(s.key, (uint64_t[2]){length, UINT64_MAX}, s.key);
    return s;
}

/* Uniforms have a sub of 32 bits for their second word, lengths of paths UINT64_MAX: neither is
 * this. */
struct stream stream_turn(const struct stream *s, uint32_t turn)
{
    const uint64_t turns = UINT64_C(0x7475726e) << 32;
    struct stream other = *s;
    if (turn > 0)
        threefry2x64(s->key, (uint64_t[2]){turn, turns}, other.key);
    return other;
}

/* The GSL generator: state is a stream, a task and the next sub. */
struct threefry_state {
    struct stream stream;
    uint64_t task;
    uint32_t sub;
};

static void gsl_set(void *vstate, unsigned long seed)
{
    struct threefry_state *state = vstate;
    state->stream = stream_of(seed, 0, "");
    state->task = 0;
    state->sub = 0;
}

static double gsl_get_double(void *vstate)
{
    struct threefry_state *state = vstate;
    return stream_uniform(&state->stream, state->sub++, state->task);
}

static unsigned long gsl_get(void *vstate)
{
    return (unsigned long)(gsl_get_double(vstate) * 0x1p32);
}

static const gsl_rng_type threefry_type = {
    "threefry2x64-13", 0xffffffffUL,  0, sizeof(struct threefry_state), gsl_set,
    gsl_get,           gsl_get_double};
const gsl_rng_type *const gsl_rng_threefry = &threefry_type;

void stream_rng_at(gsl_rng *r, const struct stream *s, uint64_t k)
{
    struct threefry_state *state = r->state;
    state->stream = *s;
    state->task = k;
    state->sub = 0;
}
