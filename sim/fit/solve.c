#include "solve.h"

#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

double solve_root(double (*f)(double x, void *context), void *context, double low, double high)
{
    double at_low = f(low, context), at_high = f(high, context);
    if (!(at_low < 0 && at_high > 0) && !(at_low > 0 && at_high < 0))
        return fabs(at_low) < fabs(at_high) ? low : high;
    gsl_function function = {f, context};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    gsl_root_fsolver_set(solver, &function, low, high);
    for (int i = 0; i < 200; i++) {
        gsl_root_fsolver_iterate(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0, 1e-12) == GSL_SUCCESS)
            break;
    }
    double root = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return root;
}
