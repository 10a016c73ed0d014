#include "gimc.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "erlang.h"
#include "single.h"

/* c (1 - A*(mu y)) - y: 0 at y = c (1 - sigma). */
static double balance(const struct service *gap, double mu, double c, double y)
{
    return c * (1 - service_transform(gap, mu * y)) - y;
}

struct gimc gimc(const struct service *gap, double mu, double c)
{
    double sigma = gim1_sigma(gap, c * mu), root = c * (1 - sigma);
    double sum = 1 / (1 - sigma), product = 1;
    for (double j = 1; j <= c; j++) {
        double found = service_transform(gap, j * mu), apart = root - j, h = 1e-4 * j;
        product *= found / (1 - found);
        /* Where the root is next to j, 0 / 0 has the slope for its limit. */
        double ratio =
            fabs(apart) > 1e-5 * j
                ? balance(gap, mu, c, j) / apart
                : (balance(gap, mu, c, root - h) - balance(gap, mu, c, root + h)) / (2 * h);
        sum += gsl_sf_choose((unsigned)c, (unsigned)j) / (product * (1 - found)) * ratio;
    }
    return (struct gimc){1 / (sum * (1 - sigma)), mu * root, mu};
}

double gimc_wait(const struct gimc *m)
{
    return m->probability / m->rate;
}

double gimc_wait_quantile(const struct gimc *m, double p)
{
    return p <= 1 - m->probability ? 0 : log(m->probability / (1 - p)) / m->rate;
}

double gimc_latency_quantile(const struct gimc *m, double p)
{
    return exponential_latency_quantile(m->probability, m->rate, m->mu, p);
}
