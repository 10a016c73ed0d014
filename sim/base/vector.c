#include "vector.h"

#include <stdatomic.h>

int vector_widest(void)
{
#if defined(__x86_64__)
    /* Also asks whether the system saves the registers. */
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        return 8;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 4;
#endif
    return 2;
}

/* 0 until it is first asked for. Nothing else is published with it, hence relaxed. */
static atomic_int width;

int vector_width(void)
{
    int now = atomic_load_explicit(&width, memory_order_relaxed);
    if (now != 0)
        return now;
    int widest = vector_widest();
    /* Where another thread was faster, its choice stands: it may be a forced one. */
    return atomic_compare_exchange_strong(&width, &now, widest) ? widest : now;
}

bool vector_force(int wanted)
{
    if ((wanted != 2 && wanted != 4 && wanted != 8) || wanted > vector_widest())
        return false;
    atomic_store(&width, wanted);
    return true;
}
