/*
 * VECTOR: marks a function whose loops are worth compiling for several vector widths.
 *
 * The compiler makes one copy for the baseline, one for AVX2 and one for AVX-512, and the loader
 * picks (ifunc). The copies give the same bits: -ffp-contract=off keeps a*b+c as two roundings
 * everywhere, and every loop so marked treats its elements one by one (no sums across elements).
 *
 * It stands for nothing where there are no ifuncs (other processors, C libraries or compilers) and
 * under the sanitizers, whose run time is not up yet when ifuncs are resolved. -DVECTOR= switches
 * it off by hand.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include <stdlib.h> /* __GLIBC__ */

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define VECTOR_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VECTOR_SANITIZED 1
#endif

#ifndef VECTOR
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(VECTOR_SANITIZED) &&                     \
    (defined(__clang__) ? __clang_major__ >= 14 : defined(__GNUC__))
#define VECTOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VECTOR
#endif
#endif

/* For the small functions inside such loops: part of every copy. */
#define VECTOR_INLINE static inline __attribute__((always_inline))

#endif
