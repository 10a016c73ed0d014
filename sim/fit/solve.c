#include "solve.h"

#include <math.h>

#include "../base/root.h"

double solve_root(double (*f)(double x, void *context), void *context, double low, double high)
{
    double root = root_between(f, context, low, high, 1e-12);
    if (!isnan(root))
        return root;
    return fabs(f(low, context)) < fabs(f(high, context)) ? low : high;
}
