#include "root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>

enum { STEPS = 200 }; /* Brent's method halves the interval every few steps at the worst */

double root_between(double (*f)(double x, void *context), void *context, double a, double b,
                    double precision)
{
    double at_a = f(a, context), at_b = f(b, context);
    if (at_a == 0 || at_b == 0)
        return at_a == 0 ? a : b;
    if (!isfinite(at_a) || !isfinite(at_b) || (at_a < 0) == (at_b < 0))
        return NAN;
    gsl_function function = {f, context};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    double root = NAN;
    int status = gsl_root_fsolver_set(solver, &function, fmin(a, b), fmax(a, b));
    if (status == GSL_SUCCESS) {
        status = GSL_CONTINUE;
        for (int i = 0; i < STEPS && status == GSL_CONTINUE; i++) {
            status = gsl_root_fsolver_iterate(solver);
            if (status == GSL_SUCCESS) /* else f is not finite somewhere between */
                status = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                                gsl_root_fsolver_x_upper(solver), 0, precision);
        }
        if (status == GSL_SUCCESS || status == GSL_CONTINUE)
            root = gsl_root_fsolver_root(solver);
    }
    gsl_root_fsolver_free(solver);
    return root;
}
