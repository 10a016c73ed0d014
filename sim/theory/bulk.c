#include "bulk.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

struct delays bulk_delays(double lambda, const struct law *sizes, double mu, double c)
{
    const struct distribution *law = law_model(sizes);
    const double mean = law_mean(sizes), second = law->second(sizes->params);
    const size_t n = (size_t)c;
    double *p = xcalloc(n, sizeof *p), *more = xcalloc(n, sizeof *more); /* P(X > j) */
    double norm = 0, apart = 0, at_once = 0, load = lambda * mean / (c * mu);
    for (size_t j = 0; j < n; j++)
        more[j] = law_above(sizes, (double)j);
    p[0] = 1;
    for (size_t k = 1; k < n; k++) {
        for (size_t i = 0; i < k; i++)
            p[k] += p[i] * more[k - 1 - i];
        p[k] *= lambda / ((double)k * mu);
    }
    for (size_t k = 0; k < n; k++)
        norm += (c - (double)k) * p[k];
    for (size_t k = 0; k < n; k++)
        p[k] *= c * (1 - load) / norm;
    double place = 0; /* that a task of a batch is one of the first j */
    for (size_t k = n; k-- > 0;) {
        place += more[n - 1 - k] / mean;
        at_once += p[k] * place;
        apart += k > 0 ? (c - (double)k) * ((double)k - 1) * p[k] : 0;
    }
    double inside =
        (lambda * (second - mean) / 2 + c * mu * (1 - p[0]) + mu * apart) / (c * mu * (1 - load));
    free(p);
    free(more);
    if (!isfinite(inside))
        return (struct delays){NAN, NAN};
    return (struct delays){1 - at_once, inside / (lambda * mean) - 1 / mu};
}
