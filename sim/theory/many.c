#include "many.h"

#include <math.h>

#include "quadrature.h"

double many_shortest_of(double lambda, double mu, int d)
{
    double rho = lambda / mu, exponent = 0, sum = 0;
    if (d == 1)
        return 1 / (mu - lambda);
    for (int i = 1; i < 2000; i++) {
        double term = pow(rho, exponent);
        sum += term;
        if (term < 1e-18 * sum)
            break;
        exponent = exponent * d + d; /* (d^(i+1) - d) / (d - 1) */
    }
    return sum / mu;
}

double many_waits(double lambda, double mu, int d)
{
    return pow(lambda / mu, d);
}

double many_copies(double lambda, double mu, int n, int d)
{
    double sum = 0, all = 1; /* all: C(n - 1, d - 1) / C(i - 1, d - 1) */
    for (int i = n; i >= d; i--) {
        sum += 1 / (n * mu * all - n * lambda);
        all *= (double)(i - 1) / fmax(i - d, 1);
    }
    return sum;
}

struct copies {
    double lambda, mu;
    int d;
};

static double rate(double x, void *context)
{
    const struct copies *c = context;
    double most = pow(x, c->d - 1);
    return most / (c->mu - c->lambda * most);
}

double many_copies_limit(double lambda, double mu, int d)
{
    struct copies c = {lambda, mu, d};
    return quadrature(rate, &c, 0, 1);
}
