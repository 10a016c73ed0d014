/*
 * Uniforms by the block (rng.c) for vectors of WIDTH numbers, in functions with the attribute
 * TARGET. No include guard: rng.c includes it once for each width.
 *
 * The chain of rounds is long and narrow, so that several vectors go through it together.
 */
#define JOIN_(name, width) name##_##width
#define JOIN(name, width)  JOIN_(name, width)
#define NAME(name)         JOIN(name, WIDTH)
#define BITS               NAME(words)
#define VEC                NAME(uniforms)

typedef uint64_t BITS __attribute__((vector_size(8 * WIDTH), may_alias));
typedef double VEC __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));

#define EACH(g) for (int g = 0; g < TOGETHER; g++)

/* By whole bytes it is one step, where there is no rotation. */
TARGET VECTOR_INLINE BITS NAME(rotate)(BITS x, int by)
{
#if WIDTH == 8
    return (BITS)_mm512_rolv_epi64((__m512i)x, _mm512_set1_epi64(by));
#elif WIDTH == 4
    if (by == 16)
        return (BITS)_mm256_shuffle_epi8((__m256i)x, TURNED(6, 7, 0, 1, 2, 3, 4, 5));
    if (by == 24)
        return (BITS)_mm256_shuffle_epi8((__m256i)x, TURNED(5, 6, 7, 0, 1, 2, 3, 4));
    if (by == 32)
        return (BITS)_mm256_shuffle_epi32((__m256i)x, 0xb1);
#elif defined(__x86_64__)
    if (by == 16)
        return (BITS)_mm_shufflehi_epi16(_mm_shufflelo_epi16((__m128i)x, 0x93), 0x93);
    if (by == 32)
        return (BITS)_mm_shuffle_epi32((__m128i)x, 0xb1);
#endif
    return x << by | x >> (64 - by);
}

#define ROUND(by)                                                                                  \
    EACH(g) a[g] += b[g];                                                                          \
    EACH(g) b[g] = NAME(rotate)(b[g], by) ^ a[g]
#define INJECT(i)                                                                                  \
    EACH(g) a[g] += k[(i) % 3];                                                                    \
    EACH(g) b[g] += k[((i) + 1) % 3] + (i)

/* `groups` is a multiple of those that are drawn together. */
TARGET static void NAME(fill_groups)(const struct stream *s, uint64_t sub, uint64_t group,
                                     size_t groups, double *restrict u)
{
    enum { PER_GROUP = HALF / WIDTH, STEP = TOGETHER / PER_GROUP };
    const uint64_t k[3] = {s->key[0], s->key[1], THREEFRY_PARITY ^ s->key[0] ^ s->key[1]};
    BITS counter = {0};
    for (int i = 0; i < WIDTH; i++)
        counter[i] = (uint64_t)i + HALF * group + k[0];
    for (size_t at = 0; at < groups; at += STEP) {
        BITS a[TOGETHER], b[TOGETHER];
        EACH(g) a[g] = counter + (uint64_t)(WIDTH * g);
        EACH(g) b[g] = (BITS){0} + (sub + k[1]);
        THREEFRY_ROUNDS;
        EACH(g)
        {
            double *to = u + g / PER_GROUP * GROUP + g % PER_GROUP * WIDTH;
            *(VEC *)to = (VEC)(a[g] >> 12 | UNIFORM_ONE) - (1 - 0x1p-53);
            *(VEC *)(to + HALF) = (VEC)(b[g] >> 12 | UNIFORM_ONE) - (1 - 0x1p-53);
        }
        counter += (uint64_t)(HALF * STEP);
        u += STEP * GROUP;
    }
}

#undef WIDTH
#undef TARGET
#undef TOGETHER
#undef JOIN_
#undef JOIN
#undef NAME
#undef BITS
#undef VEC
#undef EACH
#undef ROUND
#undef INJECT
