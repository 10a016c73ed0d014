#include "lanes_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "../base/vector.h"

#define WIDTH   2
#define VARIANT 2
#define TARGET  /* what every processor of the kind has: SSE2, NEON */
#define KERNEL  "baseline"
#include "lanes_width.h"

#if defined(__x86_64__)
#define WIDTH   4
#define VARIANT 4
#define TARGET  VECTOR_TARGET_4
#define KERNEL  "avx2"
#include "lanes_width.h"

/* The same, with twice as many registers. */
#define WIDTH   4
#define VARIANT 4_of_8
#define HALVES
#define TARGET VECTOR_TARGET_8
#define KERNEL "avx512 by halves"
#include "lanes_width.h"

#define WIDTH   8
#define VARIANT 8
#define TARGET  VECTOR_TARGET_8
#define KERNEL  "avx512"
#include "lanes_width.h"
#endif

const struct lanes_kernel *const *lanes_kernels(int *n)
{
    static const struct lanes_kernel *const kernels[] = {
        &kernel_2,
#if defined(__x86_64__)
        &kernel_4,
        &kernel_4_of_8,
        &kernel_8,
#endif
    };
    *n = vector_width() == 8 ? 4 : vector_width() == 4 ? 2 : 1;
    return kernels;
}

const struct lanes_kernel *lanes_kernel_for(int lanes)
{
    int n;
    const struct lanes_kernel *const *kernels = lanes_kernels(&n);
    bool half = n == 4 && lanes <= 4;
    return kernels[half ? 2 : n - 1];
}
