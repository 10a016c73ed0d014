#include "rng.h"

#include <string.h>

#include "vmath.h"

/*
 * Layout: 16 tasks are one group, made by 8 counters whose first words are the group's first 8
 * tasks and whose second words are its last 8, so that whole groups are whole vectors. Task
 * k = 16 g + r draws from counter {8 g + (r mod 8), sub}, output word r div 8.
 */
enum { GROUP = 16, HALF = 8 };

VECTOR_INLINE uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* Salmon et al. (2011), section 3.3: thirteen rounds of add, rotate, xor; the key is added before
 * the first and after every fourth, with the number of the injection. */
VECTOR_INLINE void rounds(const uint64_t key[2], uint64_t *word0, uint64_t *word1)
{
    const uint64_t k[3] = {key[0], key[1], UINT64_C(0x1bd11bdaa9fc1a22) ^ key[0] ^ key[1]};
    uint64_t a = *word0 + k[0], b = *word1 + k[1];
#define ROUND(by) a += b, b = rotate(b, by) ^ a
#define INJECT(i) a += k[(i) % 3], b += k[((i) + 1) % 3] + (i)
    ROUND(16), ROUND(42), ROUND(12), ROUND(31), INJECT(1);
    ROUND(16), ROUND(32), ROUND(24), ROUND(21), INJECT(2);
    ROUND(16), ROUND(42), ROUND(12), ROUND(31), INJECT(3);
    ROUND(16);
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
VECTOR_INLINE double uniform_of(uint64_t word)
{
    return vmath_of_bits(word >> 12 | UINT64_C(0x3ff0000000000000)) - (1 - 0x1p-53);
}

VECTOR_LOOP(fill_groups,
            (const struct stream *s, uint64_t sub, uint64_t group, size_t groups,
             double *restrict u),
            (s, sub, group, groups, u))
{
    const uint64_t key[2] = {s->key[0], s->key[1]};
    for (size_t g = 0; g < groups; g++, u += GROUP) {
        const uint64_t counter = HALF * (group + g);
        for (uint64_t i = 0; i < HALF; i++) {
            uint64_t a = counter + i, b = sub;
            rounds(key, &a, &b);
            u[i] = uniform_of(a);
            u[HALF + i] = uniform_of(b);
        }
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
    for (; n > 0 && first % GROUP != 0; n--)
        *u++ = stream_uniform(s, sub, first++);
    size_t groups = n / GROUP;
    if (groups > 0)
        fill_groups(s, sub, first / GROUP, groups, u);
    for (size_t i = groups * GROUP; i < n; i++)
        u[i] = stream_uniform(s, sub, first + i);
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
