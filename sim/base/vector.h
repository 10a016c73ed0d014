/*
 * The width of vectors: loops compiled for several, one of which is chosen at run time.
 *
 *   VECTOR_LOOP(name, (parameters), (arguments)) { body }
 *
 * defines `static void name(parameters)`: from one body, copies for vectors of 2, 4 and 8 doubles
 * (the baseline, which is SSE2 or NEON; AVX2 with FMA; AVX-512) and a switch between them on
 * vector_width(). The copies give the same bits: -ffp-contract=off keeps a*b+c as two roundings
 * everywhere, and every such loop treats its elements one by one (no sums across elements).
 *
 * The width is the widest that the processor has, until a narrower one is forced: by users with the
 * environment variable QUEUESCOPE_VECTOR (tools/commands/main.c), by tests and benchmarks that
 * compare widths. It may change between two loops, never matters for what they compute, and is one
 * for all threads.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include <stdbool.h>
#include <stddef.h>

/* Doubles in a vector: that in force, and the most that this processor has. 2, 4 or 8. */
int vector_width(void);
int vector_widest(void);

/* Every loop takes this width from now on; false if the processor has no such vectors. */
bool vector_force(int width);

/* For the small functions inside such loops: part of every copy. */
#define VECTOR_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define VECTOR_TARGET_8 __attribute__((target("avx512f,avx512dq,avx512vl,fma")))
#define VECTOR_TARGET_4 __attribute__((target("avx2,fma")))
#define VECTOR_COPIES(name, parameters, arguments)                                                 \
    VECTOR_TARGET_8 static void name##_8 parameters                                                \
    {                                                                                              \
        name##_body arguments;                                                                     \
    }                                                                                              \
    VECTOR_TARGET_4 static void name##_4 parameters                                                \
    {                                                                                              \
        name##_body arguments;                                                                     \
    }
#define VECTOR_CASES(name, arguments)                                                              \
    case 8:                                                                                        \
        name##_8 arguments;                                                                        \
        break;                                                                                     \
    case 4:                                                                                        \
        name##_4 arguments;                                                                        \
        break;
#else
#define VECTOR_COPIES(name, parameters, arguments)
#define VECTOR_CASES(name, arguments)
#endif

#define VECTOR_LOOP(name, parameters, arguments)                                                   \
    VECTOR_INLINE void name##_body parameters;                                                     \
    VECTOR_COPIES(name, parameters, arguments)                                                     \
    static void name##_2 parameters                                                                \
    {                                                                                              \
        name##_body arguments;                                                                     \
    }                                                                                              \
    static void name parameters                                                                    \
    {                                                                                              \
        switch (vector_width()) {                                                                  \
            VECTOR_CASES(name, arguments)                                                          \
        default:                                                                                   \
            name##_2 arguments;                                                                    \
            break;                                                                                 \
        }                                                                                          \
    }                                                                                              \
    VECTOR_INLINE void name##_body parameters

#endif
