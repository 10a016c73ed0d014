/*
 * The loops of vblock.h for vectors of WIDTH doubles, in functions with the attribute TARGET. No
 * include guard: vblock.c includes it once for each width.
 *
 * The arithmetic is the same for all; only how a table is looked up differs: AVX-512 has it in
 * registers, elsewhere every lane loads its own entry. Four vectors at a time go through each step
 * together, so that none waits for the one before: a processor looks too few operations ahead to
 * find the other work by itself.
 */
#define JOIN_(name, width) name##_##width
#define JOIN(name, width)  JOIN_(name, width)
#define NAME(name)         JOIN(name, WIDTH)
#define VEC                NAME(doubles)
#define BITS               NAME(integers)

typedef double VEC __attribute__((vector_size(8 * WIDTH), may_alias));
typedef double NAME(unaligned) __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef uint64_t BITS __attribute__((vector_size(8 * WIDTH), may_alias));

enum { NAME(STEP) = TOGETHER * WIDTH };
#define STEP    NAME(STEP)
#define AT(g)   (*(NAME(unaligned) *)(x + (g)*WIDTH))
#define EACH(g) for (int g = 0; g < TOGETHER; g++)

/* Where a number stands in the tables, from its bits: pairs by the 4 bits behind the leading one,
 * octaves by the low 4 of the exponent. */
#if WIDTH == 8
struct NAME(pairs) {
    __m512d first[2], second[2];
};
struct NAME(octaves) {
    __m512d at[2];
};
struct NAME(place) {
    __m512i bits;
};

TARGET VECTOR_INLINE struct NAME(pairs) NAME(pairs_of)(const double (*pairs)[2])
{
    const __m512i first = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
    const __m512i second = _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1);
    struct NAME(pairs) t;
    for (int k = 0; k < 2; k++) {
        __m512d low = _mm512_loadu_pd(pairs[8 * k]), high = _mm512_loadu_pd(pairs[8 * k + 4]);
        t.first[k] = _mm512_permutex2var_pd(low, first, high);
        t.second[k] = _mm512_permutex2var_pd(low, second, high);
    }
    return t;
}

TARGET VECTOR_INLINE struct NAME(octaves) NAME(octaves_of)(const double octaves[16])
{
    return (struct NAME(octaves)){{_mm512_loadu_pd(octaves), _mm512_loadu_pd(octaves + 8)}};
}

TARGET VECTOR_INLINE struct NAME(place) NAME(place_of)(BITS bits)
{
    return (struct NAME(place)){(__m512i)bits};
}

TARGET VECTOR_INLINE void NAME(find_pairs)(const struct NAME(pairs) * t, struct NAME(place) place,
                                           VEC *first, VEC *second)
{
    __m512i i = _mm512_srli_epi64(place.bits, 48); /* the permutation looks at 4 bits only */
    *first = (VEC)_mm512_permutex2var_pd(t->first[0], i, t->first[1]);
    *second = (VEC)_mm512_permutex2var_pd(t->second[0], i, t->second[1]);
}

TARGET VECTOR_INLINE VEC NAME(find_octaves)(const struct NAME(octaves) * t,
                                            struct NAME(place) place)
{
    __m512i i = _mm512_srli_epi64(place.bits, 52);
    return (VEC)_mm512_permutex2var_pd(t->at[0], i, t->at[1]);
}
#else
struct NAME(pairs) {
    const double (*at)[2];
};
struct NAME(octaves) {
    const double *at;
};
struct NAME(place) {
    uint32_t top[WIDTH];
};

TARGET VECTOR_INLINE struct NAME(pairs) NAME(pairs_of)(const double (*pairs)[2])
{
    return (struct NAME(pairs)){pairs};
}

TARGET VECTOR_INLINE struct NAME(octaves) NAME(octaves_of)(const double octaves[16])
{
    return (struct NAME(octaves)){octaves};
}

TARGET VECTOR_INLINE struct NAME(place) NAME(place_of)(BITS bits)
{
    struct NAME(place) place;
    for (int k = 0; k < WIDTH; k++)
        place.top[k] = (uint32_t)(bits[k] >> 48);
    return place;
}

TARGET VECTOR_INLINE void NAME(find_pairs)(const struct NAME(pairs) * t, struct NAME(place) place,
                                           VEC *first, VEC *second)
{
    typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));
    pair at[WIDTH];
    for (int k = 0; k < WIDTH; k++)
        at[k] = *(const pair *)t->at[place.top[k] & 15];
#if WIDTH == 4
    VEC even = __builtin_shufflevector(at[0], at[2], 0, 1, 2, 3);
    VEC odd = __builtin_shufflevector(at[1], at[3], 0, 1, 2, 3);
    *first = __builtin_shufflevector(even, odd, 0, 4, 2, 6);
    *second = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
#else
    *first = __builtin_shufflevector(at[0], at[1], 0, 2);
    *second = __builtin_shufflevector(at[0], at[1], 1, 3);
#endif
}

TARGET VECTOR_INLINE VEC NAME(find_octaves)(const struct NAME(octaves) * t,
                                            struct NAME(place) place)
{
    double at[WIDTH];
    for (int k = 0; k < WIDTH; k++)
        at[k] = t->at[place.top[k] >> 4 & 15];
#if WIDTH == 4
    return (VEC){at[0], at[1], at[2], at[3]};
#else
    return (VEC){at[0], at[1]};
#endif
}
#endif

TARGET VECTOR_INLINE VEC NAME(between)(VEC x, double low, double high)
{
#if WIDTH == 8
    return (VEC)_mm512_min_pd(_mm512_max_pd((__m512d)x, _mm512_set1_pd(low)), _mm512_set1_pd(high));
#elif WIDTH == 4
    return (VEC)_mm256_min_pd(_mm256_max_pd((__m256d)x, _mm256_set1_pd(low)), _mm256_set1_pd(high));
#elif defined(__x86_64__)
    return (VEC)_mm_min_pd(_mm_max_pd((__m128d)x, _mm_set1_pd(low)), _mm_set1_pd(high));
#else
    for (int k = 0; k < WIDTH; k++) {
        x[k] = x[k] < low ? low : x[k];
        x[k] = x[k] > high ? high : x[k];
    }
    return x;
#endif
}

/* With x = 2^k m, m in an interval with the middle c, and r = (m - c) / c, |r| <= 1/32:
 * log x = k log 2 + log c + r + r^2 P(r). P: the series of log(1 + r), economised from degree 24
 * to 7, error 2e-17 beside r. m - c is exact. */
TARGET VECTOR_INLINE void NAME(log)(const struct NAME(pairs) * middles, double factor, double *x)
{
    VEC far[TOGETHER], r[TOGETHER], z[TOGETHER], even[TOGETHER], odd[TOGETHER];
    EACH(g)
    {
        BITS bits = (BITS)AT(g) + (ONE - LOWEST);
        VEC k = (VEC)(bits >> 52 | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023), inverse, log_c;
        VEC m = (VEC)((bits & MANTISSA) + LOWEST), c = (VEC)((bits & LEADING) + FIRST);
        NAME(find_pairs)(middles, NAME(place_of)(bits), &inverse, &log_c);
        r[g] = (m - c) * inverse;
        far[g] = k * 0.6931471805599453 + log_c;
    }
    EACH(g) z[g] = r[g] * r[g];
    EACH(g) even[g] = -0.12519553624631333 * z[g] - 0.1666665472752686;
    EACH(g) odd[g] = 0.11131111498280484 * z[g] + 0.14285699630826462;
    EACH(g) even[g] = even[g] * z[g] - 0.25000000002332307;
    EACH(g) odd[g] = odd[g] * z[g] + 0.2000000000397623;
    EACH(g) even[g] = even[g] * z[g] - 0.4999999999999993;
    EACH(g) odd[g] = odd[g] * z[g] + 0.33333333333333043;
    EACH(g) even[g] = even[g] + r[g] * odd[g];
    EACH(g) AT(g) = factor * (far[g] + (r[g] + z[g] * even[g]));
}

TARGET static void NAME(log_block)(double factor, size_t n, double *restrict x)
{
    const struct NAME(pairs) middles = NAME(pairs_of)(log_middles);
    for (; n >= STEP; n -= STEP, x += STEP)
        NAME(log)(&middles, factor, x);
    if (n > 0) {
        double rest[STEP];
        for (size_t k = 0; k < STEP; k++)
            rest[k] = k < n ? x[k] : 1;
        NAME(log)(&middles, factor, rest);
        memcpy(x, rest, n * sizeof *x);
    }
}

/* vmath_exp, step by step. */
TARGET VECTOR_INLINE void NAME(exp)(double factor, double scale, double *x)
{
    const double round = 0x1.8p52;
    VEC shifted[TOGETHER], r[TOGETHER], p[TOGETHER];
    EACH(g)
    {
        VEC y = NAME(between)(factor * AT(g), -708, 709);
        shifted[g] = y * 1.4426950408889634 + round;
        VEC n = shifted[g] - round;
        r[g] = (y - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
    }
    EACH(g) p[g] = 2.7620088445409746e-07 + r[g] * 2.510038549551032e-08;
    EACH(g) p[g] = 2.7557268459997064e-06 + r[g] * p[g];
    EACH(g) p[g] = 2.4801521295954376e-05 + r[g] * p[g];
    EACH(g) p[g] = 0.00019841269863053618 + r[g] * p[g];
    EACH(g) p[g] = 0.0013888888917213717 + r[g] * p[g];
    EACH(g) p[g] = 0.008333333333330062 + r[g] * p[g];
    EACH(g) p[g] = 0.04166666666662413 + r[g] * p[g];
    EACH(g) p[g] = 0.16666666666666669 + r[g] * p[g];
    EACH(g) p[g] = 0.5000000000000001 + r[g] * p[g];
    EACH(g) p[g] = 1 + (r[g] + r[g] * r[g] * p[g]);
    EACH(g) AT(g) = scale * (p[g] * (VEC)(((BITS)shifted[g] + 1023) << 52));
}

TARGET static void NAME(exp_block)(double factor, double scale, size_t n, double *restrict x)
{
    for (; n >= STEP; n -= STEP, x += STEP)
        NAME(exp)(factor, scale, x);
    if (n > 0) {
        double rest[STEP] = {0};
        memcpy(rest, x, n * sizeof *x);
        NAME(exp)(factor, scale, rest);
        memcpy(x, rest, n * sizeof *x);
    }
}

struct NAME(tables) {
    struct NAME(pairs) middles;
    struct NAME(octaves) octaves;
    double q[9];
};

TARGET VECTOR_INLINE struct NAME(tables) NAME(tables_of)(const struct power_series *s)
{
    struct NAME(tables) t = {NAME(pairs_of)(s->middles), NAME(octaves_of)(s->octaves), {0}};
    memcpy(t.q, s->q, sizeof t.q);
    return t;
}

/* scale base^p but for the factor 2^(16 p h) (vblock.c). */
TARGET VECTOR_INLINE void NAME(power)(const struct NAME(tables) * t, const VEC *base, VEC *value)
{
    const double *q = t->q;
    VEC r[TOGETHER], z[TOGETHER], even[TOGETHER], odd[TOGETHER];
    EACH(g)
    {
        BITS bits = (BITS)base[g];
        VEC m = (VEC)((bits & MANTISSA) | ONE), c = (VEC)((bits & LEADING) | (ONE | HALF)), inverse;
        const struct NAME(place) place = NAME(place_of)(bits);
        NAME(find_pairs)(&t->middles, place, &inverse, &value[g]);
        r[g] = (m - c) * inverse;
        value[g] = value[g] * NAME(find_octaves)(&t->octaves, place);
    }
    EACH(g) z[g] = r[g] * r[g];
    EACH(g) even[g] = q[8] * z[g] + q[6];
    EACH(g) odd[g] = q[7] * z[g] + q[5];
    EACH(g) even[g] = even[g] * z[g] + q[4];
    EACH(g) odd[g] = odd[g] * z[g] + q[3];
    EACH(g) even[g] = even[g] * z[g] + q[2];
    EACH(g) odd[g] = odd[g] * z[g] + q[1];
    EACH(g) even[g] = even[g] * z[g] + q[0];
    EACH(g) even[g] = even[g] + r[g] * odd[g];
    EACH(g) r[g] = value[g] * r[g];
    EACH(g) value[g] = value[g] + r[g] * even[g];
}

/* Whether h is 0 for all. */
TARGET VECTOR_INLINE bool NAME(all_near)(const VEC *base)
{
    BITS other = {0};
    EACH(g) other |= (BITS)base[g] ^ NEAR << 56;
#if WIDTH == 8
    return _mm512_test_epi64_mask((__m512i)other, _mm512_set1_epi64(-(INT64_C(1) << 56))) == 0;
#elif WIDTH == 4
    return _mm256_testz_si256((__m256i)other, _mm256_set1_epi64x(-(INT64_C(1) << 56)));
#else
    return (other[0] | other[1]) >> 56 == 0;
#endif
}

/* Goes on while h is 0; how many elements. */
TARGET static size_t NAME(power_near)(const struct vblock_power *p, const struct power_series *s,
                                      size_t n, double *restrict x)
{
    const struct NAME(tables) tables = NAME(tables_of)(s);
    const double low = p->low, high = p->high, shift = p->shift, slope = p->slope;
    size_t i = 0;
    for (; i + STEP <= n; i += STEP, x += STEP) {
        VEC base[TOGETHER], value[TOGETHER];
        EACH(g) base[g] = shift + slope * AT(g);
        if (__builtin_expect(!NAME(all_near)(base), 0))
            break;
        NAME(power)(&tables, base, value);
        EACH(g) AT(g) = NAME(between)(value[g], low, high);
    }
    return i;
}

/* The first n elements, at most STEP, whatever they are. */
TARGET static void NAME(power_any)(const struct vblock_power *p, const struct power_series *s,
                                   size_t n, double *restrict x)
{
    const struct NAME(tables) tables = NAME(tables_of)(s);
    VEC bases[TOGETHER], values[TOGETHER];
    double base[STEP], value[STEP];
    for (size_t k = 0; k < STEP; k++)
        base[k] = k < n ? p->shift + p->slope * x[k] : 1;
    memcpy(bases, base, sizeof bases);
    NAME(power)(&tables, bases, values);
    memcpy(value, values, sizeof values);
    for (size_t k = 0; k < n; k++) {
        double y = value[k] * far_factor(p->exponent, base[k]);
        y = y < p->low ? p->low : y;
        x[k] = y > p->high ? p->high : y;
    }
}

TARGET static void NAME(power_block)(const struct vblock_power *p, const struct power_series *s,
                                     size_t n, double *x)
{
    for (;;) {
        size_t done = NAME(power_near)(p, s, n, x);
        n -= done, x += done;
        if (n == 0)
            return;
        size_t some = n < STEP ? n : STEP;
        NAME(power_any)(p, s, some, x);
        n -= some, x += some;
    }
}

#undef WIDTH
#undef TARGET
#undef JOIN_
#undef JOIN
#undef NAME
#undef VEC
#undef BITS
#undef STEP
#undef AT
#undef EACH
