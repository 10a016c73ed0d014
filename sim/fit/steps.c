#include "steps.h"

#include <math.h>

/* By Euclid's algorithm. */
static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b > 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void take_distinct(struct steps *steps, double value)
{
    for (int i = 0; i < steps->distinct; i++)
        if (steps->value[i] == value)
            return;
    if (steps->distinct < STEPS_DISTINCT)
        steps->value[steps->distinct++] = value;
}

void steps_add(struct steps *steps, double value)
{
    const double most = 0x1p62, near = 1e-3;
    double ns = fabs(value) * 1e9, whole = round(ns);
    if (!(ns < most) || fabs(ns - whole) > fmax(near, 0x1p-50 * ns))
        steps->finer = true;
    else if (!steps->finer)
        steps->divisor = common_divisor(steps->divisor, (uint64_t)whole);
    take_distinct(steps, value);
}

double steps_found(const struct steps *steps)
{
    bool found = !steps->finer && steps->distinct == STEPS_DISTINCT && steps->divisor > 1;
    return found ? (double)steps->divisor * 1e-9 : 0;
}
