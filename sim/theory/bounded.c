#include "bounded.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "quadrature.h"

/* ---- Poisson events in a time of some law ---- */

struct count {
    const struct service *law;
    double rate;
    int number;
};

/* Density of the time of that event, where it is before the end. */
static double before_end(double x, void *context)
{
    const struct count *c = context;
    return gsl_ran_gamma_pdf(x, c->number, 1 / c->rate) * service_above(c->law, x);
}

/* more[j] = P(more than j events), j < n: the time of event j + 1 has an Erlang law and lies before
 * the end. Of that law, what lies within 13 standard deviations matters. */
static void count_events(const struct service *law, double rate, double *more, size_t n)
{
    double lowest = service_lowest(law);
    for (size_t j = 0; j < n; j++) {
        struct count count = {law, rate, (int)j + 1};
        double middle = count.number / rate, spread = sqrt(count.number) / rate;
        double from = fmax(lowest, middle - 13 * spread);
        double to = fmin(service_highest(law), middle + 13 * spread + 30 / rate);
        double most = fmin(to, middle + 4 * spread); /* nearly all of it lies below */
        more[j] = quadrature(before_end, &count, from, most) +
                  quadrature(before_end, &count, fmax(from, most), to) +
                  (lowest > 0 ? gsl_cdf_gamma_P(lowest, count.number, 1 / rate) : 0);
    }
}

/* Keeps weights, of which only the ratios count, from overflowing. */
static void keep_small(double *weight, size_t from, size_t to, double newest)
{
    for (size_t i = from; i < to && newest > 1e200; i++)
        weight[i] *= 1e-200;
}

/* ---- the two chains ---- */

struct bounded mg1k(const struct service *s, double lambda, double most)
{
    size_t full = (size_t)most;
    double *more = xcalloc(2 * full, sizeof *more), *left = more + full;
    count_events(s, lambda, more, full);
    left[0] = 1;
    for (size_t j = 0; j + 1 < full; j++) { /* from j or less to more, as often as back to j */
        double up = left[0] * more[j];
        for (size_t i = 1; i <= j; i++)
            up += left[i] * more[j - i + 1];
        left[j + 1] = up / (1 - more[0]);
        keep_small(left, 0, j + 2, left[j + 1]);
    }
    double sum = 0, inside = 0;
    for (size_t i = 0; i < full; i++) {
        sum += left[i];
        inside += left[i] * (double)i;
    }
    /* Departures leave behind what tasks that get in find; and of any time, a share 1 / seen is not
     * spent full (Gross et al. 2008, eq. 5.48). */
    double size = service_moment(s, 1), seen = left[0] / sum + lambda * size;
    struct bounded b = {.loss = fmax(0, 1 - 1 / seen), .probability = 1 - left[0] / sum};
    b.wait = (inside / sum / seen + b.loss * most) / (lambda / seen) - size;
    free(more);
    return b;
}

struct bounded gim1k(const struct service *gap, double mu, double most)
{
    size_t full = (size_t)most;
    double *more = xcalloc(2 * full + 1, sizeof *more), *found = more + full;
    count_events(gap, mu, more, full);
    found[full] = 1;
    for (size_t j = full; j-- > 0;) { /* from j to more, as often as from more to j or less */
        double down = found[full] * more[full - j - 1];
        for (size_t i = j + 1; i < full; i++)
            down += found[i] * more[i - j];
        found[j] = down / (1 - more[0]);
        keep_small(found, j, full + 1, found[j]);
    }
    double in = 0, inside = 0;
    for (size_t i = 0; i < full; i++) {
        in += found[i];
        inside += found[i] * (double)i;
    }
    struct bounded b = {.loss = found[full] / (in + found[full]),
                        .probability = 1 - found[0] / in,
                        .wait = inside / in / mu};
    free(more);
    return b;
}
