#include "lanes_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define WIDTH  2
#define TARGET /* what every processor of the kind has: SSE2, NEON */
#define KERNEL "baseline"
#include "lanes_width.h"

#if defined(__x86_64__)
#define WIDTH  4
#define TARGET __attribute__((target("avx2,fma")))
#define KERNEL "avx2"
#include "lanes_width.h"

#define WIDTH  8
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#define KERNEL "avx512"
#include "lanes_width.h"
#endif

const struct lanes_kernel *const *lanes_kernels(int *n)
{
    static const struct lanes_kernel *const kernels[] = {
        &kernel_2,
#if defined(__x86_64__)
        &kernel_4,
        &kernel_8,
#endif
    };
    *n = 1;
#if defined(__x86_64__)
    *n += __builtin_cpu_supports("avx2") != 0;
    *n += *n == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
          __builtin_cpu_supports("avx512vl");
#endif
    return kernels;
}
