#include "reference.h"

#include <math.h>
#include <string.h>

struct xoshiro {
    uint64_t s[4];
};

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static uint64_t xoshiro_next(struct xoshiro *x)
{
    uint64_t *s = x->s, result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* Strictly between 0 and 1. */
static double uniform(struct xoshiro *x)
{
    return ((double)(xoshiro_next(x) >> 12) + 0.5) * 0x1p-52;
}

double reference_loop(uint64_t tasks, uint64_t counts[REFERENCE_BUCKETS])
{
    const double alpha = 2.5, low = 0.5, high = 100, q = pow(low / high, alpha);
    const double mean = alpha / (alpha - 1) * low * (1 - q * high / low) / (1 - q);
    struct xoshiro x = {{1, 2, 3, 4}};
    double wait = 0, sum = 0;
    for (uint64_t i = 0; i < 100; i++) /* the seed is poor: let it mix */
        xoshiro_next(&x);
    for (uint64_t i = 0; i < tasks; i++) {
        double size = low * pow(1 - uniform(&x) * (1 - q), -1 / alpha);
        double latency = wait + size, gap = -log(uniform(&x)) * mean / 0.9;
        uint64_t bits;
        memcpy(&bits, &latency, sizeof bits);
        counts[(bits >> 45) - 993 * 128]++; /* octaves from 2^-30; latencies lie inside */
        sum += latency;
        wait = latency > gap ? latency - gap : 0;
    }
    return sum / (double)tasks;
}
