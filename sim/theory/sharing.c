#include "sharing.h"

#include "erlang.h"

double sharing_latency(double lambda, double mean, double c)
{
    const struct mmc m = {lambda, 1 / mean, c};
    return mmc_wait(&m) + mean;
}

double sharing_slowdown(double lambda, double mean)
{
    return 1 / (1 - lambda * mean);
}

double sharing_latency_second(double lambda, double mean)
{
    double rho = lambda * mean, latency = mean * sharing_slowdown(lambda, mean);
    return latency * latency * (1 + (2 + rho) / (2 - rho));
}
