#include "single.h"

#include <math.h>

#include "erlang.h"

double gim1_sigma(const struct service *gap, double mu)
{
    double sigma = 0;
    for (double last = -1; sigma - last > 1e-15;) { /* upwards from 0 */
        last = sigma;
        sigma = service_transform(gap, mu * (1 - sigma));
    }
    return sigma;
}

double batch_wait(double lambda, double first, double second, double dispersion)
{
    return (lambda * second + first * (dispersion - 1)) / (2 * (1 - lambda * first));
}

double allen_cunneen_wait(double lambda, double mean, double c, double ca2, double cs2)
{
    const struct mmc m = {lambda, 1 / mean, c};
    return mmc_wait(&m) * (ca2 + cs2) / 2;
}

double heavy_traffic_quantile(double probability, double wait, double p)
{
    return p <= 1 - probability ? 0 : wait / probability * log(probability / (1 - p));
}
