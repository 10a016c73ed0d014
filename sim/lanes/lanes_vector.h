/*
 * What lanes_width.h and lanes_step.h ask of vectors of WIDTH doubles, in the instructions that the
 * processor has for it. No include guard: lanes_kernel.c includes it once for each width.
 *
 *   VEC            the vector; AT(array) the part of a row of LANES doubles that is being worked on
 *   MAX, MIN       the second where they are equal; no NAN
 *   MAX_BITS       the same for times, whose bits are in order as integers: by other units of the
 *                  processor, where both are busy
 *   PLUS, MINUS    a + b and a - b by the multiplying units (b times 1: the same bits), likewise
 *   positive       the smaller of `least` and, where x is above zero, x
 *   turn           WIDTH tasks, from number i on, of WIDTH lanes: from a row for each lane to a row
 *                  for each task
 *   MASK           says which tasks are lost; LATER: the mask of a > b; OR_ELSE(a, mask, b): b
 * where it is set, else a; EITHER: of two masks; NO_MASK: none oldest, begin  the starts at the
 * places of a part; puts the starts of tasks that are not lost in their stead and moves on, of
 * these counters       where a part's waits and latencies are counted: 2 WIDTH indices into
 * work->counts, in an order of its own
 *
 * VARIANT is in the names; HALVES says that the instructions of AVX-512 are there for 4 doubles.
 *
 * The index of a value's counter is that of histogram.h, taken from the upper half of the double:
 * its top bits are the bucket, clamped to `under` and `over`; zero is told by the whole double.
 */
#define JOIN_(name, width) name##_##width
#define JOIN(name, width)  JOIN_(name, width)
#define NAME(name)         JOIN(name, VARIANT)
#define VEC                NAME(doubles)
#define INLINE             TARGET static inline __attribute__((always_inline))

typedef double VEC __attribute__((vector_size(8 * WIDTH), may_alias));

typedef int64_t NAME(integers) __attribute__((vector_size(8 * WIDTH), may_alias));
#define BITS NAME(integers)

#define AT(array) (*(VEC *)&(array)[part * WIDTH])

/* For index i of a part's counters: the row's zero, and what the bucket's number is moved by. */
#define BUCKET_SHIFT (45 - 32)
#define BUCKET_MOVE  (SLOT_BUCKETS - (1023 + HIST_LOW) * HIST_SUB)

#if WIDTH == 8

#define MAX(a, b)      ((VEC)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#define MIN(a, b)      ((VEC)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#define MAX_BITS(a, b) ((VEC)_mm512_max_epu64((__m512i)(a), (__m512i)(b)))
#define PLUS(a, b)     ((VEC)_mm512_fmadd_pd((__m512d)(b), _mm512_set1_pd(1), (__m512d)(a)))
#define MINUS(a, b)    ((VEC)_mm512_fnmadd_pd((__m512d)(b), _mm512_set1_pd(1), (__m512d)(a)))

INLINE void turn_8(const double *const x[8], size_t i, double *out)
{
    __m512d row[8], pair[8], four[8];
    for (int k = 0; k < 8; k++)
        row[k] = _mm512_loadu_pd(x[k] + i);
    for (int k = 0; k < 8; k += 2) {
        pair[k] = _mm512_unpacklo_pd(row[k], row[k + 1]);
        pair[k + 1] = _mm512_unpackhi_pd(row[k], row[k + 1]);
    }
    for (int k = 0; k < 4; k++) { /* lanes of 128 bits: tasks k and k + 4, or 2 more than that */
        int at = k / 2 * 4 + k % 2;
        four[k] = _mm512_shuffle_f64x2(pair[at], pair[at + 2], 0x88);
        four[k + 4] = _mm512_shuffle_f64x2(pair[at], pair[at + 2], 0xdd);
    }
    for (int k = 0; k < 2; k++)
        for (int half = 0; half < 8; half += 4) {
            double *to = out + (k + half / 2) * LANES;
            _mm512_store_pd(to, _mm512_shuffle_f64x2(four[half + k], four[half + k + 2], 0x88));
            _mm512_store_pd(to + 4 * LANES,
                            _mm512_shuffle_f64x2(four[half + k], four[half + k + 2], 0xdd));
        }
}

INLINE VEC positive_8(VEC x, VEC least)
{
    __mmask8 some = _mm512_test_epi64_mask((__m512i)x, (__m512i)x);
    return (VEC)_mm512_mask_min_pd((__m512d)least, some, (__m512d)x, (__m512d)least);
}

#define MASK                __mmask8
#define EITHER(a, b)        ((MASK)((a) | (b)))
#define NO_MASK             ((MASK)0)
#define LATER(a, b)         _mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_GT_OQ)
#define OR_ELSE(a, mask, b) ((VEC)_mm512_mask_mov_pd((__m512d)(a), mask, (__m512d)(b)))

INLINE VEC oldest_8(const struct lanes_places *places, BITS next)
{
    return (VEC)_mm512_i64gather_pd((__m512i)next, places->begun, 8);
}

INLINE BITS begin_8(const struct lanes_places *places, BITS next, BITS end, VEC start, VEC oldest,
                    MASK lost)
{
    (void)oldest;
    __mmask8 in = (__mmask8)~lost;
    _mm512_mask_i64scatter_pd(places->begun, in, (__m512i)next, (__m512d)start, 8);
    __m512i on = _mm512_mask_add_epi64((__m512i)next, in, (__m512i)next, _mm512_set1_epi64(LANES));
    return (BITS)_mm512_mask_and_epi64(on, _mm512_cmpeq_epi64_mask(on, (__m512i)end), on,
                                       _mm512_set1_epi64(LANES - 1));
}

INLINE void counters_8(VEC wait, VEC latency, bool bounded, MASK lost, int part, uint32_t *out)
{
    const __m512i upper =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const __m512i eight = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, LANES, LANES + 1, LANES + 2,
                                            LANES + 3, LANES + 4, LANES + 5, LANES + 6, LANES + 7);
    const __m512i row = _mm512_add_epi32(eight, _mm512_set1_epi32(part * 8));
    const __m512i zero = _mm512_mullo_epi32(row, _mm512_set1_epi32(COUNT_STRIDE));
    __m512i at = _mm512_permutex2var_epi32((__m512i)wait, upper, (__m512i)latency);
    at = _mm512_add_epi32(_mm512_srli_epi32(at, BUCKET_SHIFT),
                          _mm512_add_epi32(zero, _mm512_set1_epi32(BUCKET_MOVE)));
    at = _mm512_max_epi32(at, _mm512_add_epi32(zero, _mm512_set1_epi32(SLOT_UNDER)));
    __mmask8 waited = _mm512_test_epi64_mask((__m512i)wait, (__m512i)wait);
    __mmask8 lasted = _mm512_test_epi64_mask((__m512i)latency, (__m512i)latency);
    at = _mm512_mask_min_epi32(zero, _mm512_kunpackb(lasted, waited), at,
                               _mm512_add_epi32(zero, _mm512_set1_epi32(SLOT_OVER)));
    if (bounded)
        at = _mm512_mask_add_epi32(at, _mm512_kunpackb(lost, lost), zero,
                                   _mm512_set1_epi32(SLOT_LOST));
    _mm512_store_si512((void *)out, at);
}

#elif WIDTH == 4

#define MAX(a, b) ((VEC)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#define MIN(a, b) ((VEC)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#if defined(HALVES)
#define MAX_BITS(a, b) ((VEC)_mm256_max_epu64((__m256i)(a), (__m256i)(b)))
#else
#define MAX_BITS(a, b) MAX(a, b)
#endif
#define PLUS(a, b)  ((VEC)_mm256_fmadd_pd((__m256d)(b), _mm256_set1_pd(1), (__m256d)(a)))
#define MINUS(a, b) ((VEC)_mm256_fnmadd_pd((__m256d)(b), _mm256_set1_pd(1), (__m256d)(a)))

INLINE void NAME(turn)(const double *const x[4], size_t i, double *out)
{
    __m256d a = _mm256_loadu_pd(x[0] + i), b = _mm256_loadu_pd(x[1] + i);
    __m256d c = _mm256_loadu_pd(x[2] + i), d = _mm256_loadu_pd(x[3] + i);
    __m256d ab0 = _mm256_unpacklo_pd(a, b), ab1 = _mm256_unpackhi_pd(a, b);
    __m256d cd0 = _mm256_unpacklo_pd(c, d), cd1 = _mm256_unpackhi_pd(c, d);
    _mm256_store_pd(out, _mm256_permute2f128_pd(ab0, cd0, 0x20));
    _mm256_store_pd(out + LANES, _mm256_permute2f128_pd(ab1, cd1, 0x20));
    _mm256_store_pd(out + 2 * LANES, _mm256_permute2f128_pd(ab0, cd0, 0x31));
    _mm256_store_pd(out + 3 * LANES, _mm256_permute2f128_pd(ab1, cd1, 0x31));
}

INLINE VEC NAME(positive)(VEC x, VEC least)
{
    __m256d none = _mm256_cmp_pd((__m256d)x, _mm256_setzero_pd(), _CMP_EQ_OQ);
    __m256d some = _mm256_blendv_pd((__m256d)x, (__m256d)least, none);
    return MIN(some, least);
}

/* The upper halves of four waits and four latencies; the order is the instruction's. */
INLINE __m256i NAME(uppers)(__m256d waits, __m256d latencies)
{
    return _mm256_castps_si256(
        _mm256_shuffle_ps(_mm256_castpd_ps(waits), _mm256_castpd_ps(latencies), 0xdd));
}

#define MASK                __m256d
#define EITHER(a, b)        _mm256_or_pd(a, b)
#define NO_MASK             _mm256_setzero_pd()
#define LATER(a, b)         _mm256_cmp_pd((__m256d)(a), (__m256d)(b), _CMP_GT_OQ)
#define OR_ELSE(a, mask, b) ((VEC)_mm256_blendv_pd((__m256d)(a), (__m256d)(b), mask))

INLINE VEC NAME(oldest)(const struct lanes_places *places, BITS next)
{
    return (VEC)_mm256_i64gather_pd(places->begun, (__m256i)next, 8);
}

INLINE BITS NAME(begin)(const struct lanes_places *places, BITS next, BITS end, VEC start,
                        VEC oldest, MASK lost)
{
    start = OR_ELSE(start, lost, oldest);
    for (int i = 0; i < 4; i++)
        places->begun[next[i]] = start[i];
    BITS on = next + (LANES & ~(BITS)lost);
    return on & ~((BITS)(on == end) & ~(LANES - 1));
}

INLINE void NAME(counters)(VEC wait, VEC latency, bool bounded, MASK lost, int part, uint32_t *out)
{
    const __m256i row =
        _mm256_add_epi32(_mm256_setr_epi32(0, 1, LANES, LANES + 1, 2, 3, LANES + 2, LANES + 3),
                         _mm256_set1_epi32(part * 4));
    const __m256i zero = _mm256_mullo_epi32(row, _mm256_set1_epi32(COUNT_STRIDE));
    const __m256d none = _mm256_setzero_pd();
    __m256i at = _mm256_srli_epi32(NAME(uppers)((__m256d)wait, (__m256d)latency), BUCKET_SHIFT);
    at = _mm256_add_epi32(at, _mm256_set1_epi32(BUCKET_MOVE));
    at = _mm256_max_epi32(at, _mm256_set1_epi32(SLOT_UNDER));
    at = _mm256_min_epi32(at, _mm256_set1_epi32(SLOT_OVER));
    __m256i some = NAME(uppers)(_mm256_cmp_pd((__m256d)wait, none, _CMP_NEQ_OQ),
                                _mm256_cmp_pd((__m256d)latency, none, _CMP_NEQ_OQ));
    at = _mm256_and_si256(at, some);
    if (bounded)
        at = _mm256_blendv_epi8(at, _mm256_set1_epi32(SLOT_LOST), NAME(uppers)(lost, lost));
    at = _mm256_add_epi32(at, zero);
    _mm256_store_si256((__m256i *)(void *)out, at);
}

#else

#define MAX_BITS(a, b)      MAX(a, b)
#define PLUS(a, b)          ((a) + (b))
#define MINUS(a, b)         ((a) - (b))
#define MASK                BITS
#define EITHER(a, b)        ((a) | (b))
#define NO_MASK             ((MASK){0})
#define LATER(a, b)         ((MASK)((a) > (b)))
#define OR_ELSE(a, mask, b) ((VEC)(((BITS)(a) & ~(mask)) | ((BITS)(b) & (mask))))
#if defined(__SSE2__)
#define MAX(a, b) ((VEC)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#define MIN(a, b) ((VEC)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#else
#define MAX(a, b) OR_ELSE(b, LATER(a, b), a)
#define MIN(a, b) OR_ELSE(b, LATER(b, a), a)
#endif

INLINE VEC oldest_2(const struct lanes_places *places, BITS next)
{
    return (VEC){places->begun[next[0]], places->begun[next[1]]};
}

INLINE BITS begin_2(const struct lanes_places *places, BITS next, BITS end, VEC start, VEC oldest,
                    MASK lost)
{
    for (int i = 0; i < 2; i++) {
        places->begun[next[i]] = lost[i] ? oldest[i] : start[i];
        next[i] += lost[i] ? 0 : LANES;
        next[i] = next[i] == end[i] ? next[i] % LANES : next[i];
    }
    return next;
}

INLINE void turn_2(const double *const x[2], size_t i, double *out)
{
    for (int k = 0; k < 2; k++) {
        out[k * LANES] = x[0][i + (size_t)k];
        out[k * LANES + 1] = x[1][i + (size_t)k];
    }
}

INLINE VEC positive_2(VEC x, VEC least)
{
    VEC some = {x[0] > 0 ? x[0] : least[0], x[1] > 0 ? x[1] : least[1]};
    return MIN(some, least);
}

INLINE uint32_t counter_2(double x, bool lost, int row)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t at = (int32_t)(bits >> 45) + BUCKET_MOVE;
    at = at < SLOT_UNDER ? SLOT_UNDER : at;
    at = at > SLOT_OVER ? SLOT_OVER : at;
    at = x > 0 ? at : SLOT_ZERO;
    return (uint32_t)(row * COUNT_STRIDE + (lost ? SLOT_LOST : at));
}

INLINE void counters_2(VEC wait, VEC latency, bool bounded, MASK lost, int part, uint32_t *out)
{
    for (int i = 0; i < 2; i++) {
        out[i] = counter_2(wait[i], bounded && lost[i], 2 * part + i);
        out[2 + i] = counter_2(latency[i], bounded && lost[i], LANES + 2 * part + i);
    }
}

#endif
