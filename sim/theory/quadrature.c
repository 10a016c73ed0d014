#include "quadrature.h"

#include <gsl/gsl_integration.h>

enum { POINTS = 16, PARTS = 24 };

double quadrature(double (*f)(double x, void *context), void *context, double from, double to)
{
    if (!(from < to))
        return 0;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(POINTS);
    gsl_function function = {f, context};
    double sum = 0, width = (to - from) / PARTS;
    for (int i = 0; i < PARTS; i++)
        sum += gsl_integration_glfixed(&function, from + i * width, from + (i + 1) * width, table);
    gsl_integration_glfixed_table_free(table);
    return sum;
}
