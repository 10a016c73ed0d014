#include "erlang.h"

#include <math.h>

#include "../base/root.h"

double erlang_b(double servers, double erlangs)
{
    double b = 1;
    for (double i = 1; i <= servers; i++)
        b = erlangs * b / (i + erlangs * b);
    return b;
}

double erlang_c(double servers, double erlangs)
{
    double b = erlang_b(servers, erlangs), rho = erlangs / servers;
    return b / (1 - rho * (1 - b));
}

static double waits(const struct mmc *m)
{
    return erlang_c(m->c, m->lambda / m->mu);
}

double mmc_wait(const struct mmc *m)
{
    return waits(m) / (m->c * m->mu - m->lambda);
}

double mmc_wait_quantile(const struct mmc *m, double p)
{
    double probability = waits(m);
    if (p <= 1 - probability)
        return 0;
    return log(probability / (1 - p)) / (m->c * m->mu - m->lambda);
}

struct target {
    double probability, rate, mu, p;
};

/* P(T > t) - (1 - p): the wait is zero or Exp(rate), and service is Exp(mu). */
static double miss(double t, void *context)
{
    const struct target *m = context;
    double d = m->rate / m->mu - 1;
    double own = exp(-m->mu * t), both = exp(-m->mu * t * (1 + d));
    double extra = fabs(d) < 1e-9 ? m->mu * t * own : (own - both) / d;
    return own + m->probability * extra - (1 - m->p);
}

double exponential_latency_quantile(double probability, double rate, double mu, double p)
{
    struct target target = {probability, rate, mu, p};
    return root_between(miss, &target, 0, 100 * (1 / mu + 1 / rate), 1e-13);
}

double mmc_latency_quantile(const struct mmc *m, double p)
{
    return exponential_latency_quantile(waits(m), m->c * m->mu - m->lambda, m->mu, p);
}

struct mmck mmck(const struct mmc *m, double most)
{
    double weight = 1, sum = 0, queue = 0, waits_not = 0;
    for (double n = 0; n <= most; n++) {
        weight *= n > 0 ? m->lambda / (m->mu * fmin(n, m->c)) : 1;
        sum += weight;
        queue += weight * fmax(0, n - m->c);
        waits_not += n < m->c && n < most ? weight : 0;
    }
    double loss = weight / sum;
    return (struct mmck){loss, 1 - waits_not / (sum - weight),
                         queue / sum / (m->lambda * (1 - loss))};
}

/* The birth-death chain of the number inside. What is done, lambda less what is lost, is mu times
 * the mean number of busy consumers. */
double erlang_a_loss(const struct mmc *m, double theta, double most)
{
    double p = 1, sum = 1, busy = 0;
    for (double n = 1; n <= most; n++) {
        double down = m->mu * fmin(n, m->c) + theta * fmax(0, n - m->c);
        p *= m->lambda / down;
        sum += p;
        busy += p * fmin(n, m->c);
        if (down > m->lambda && p < 1e-18 * sum)
            break;
        if (sum > 1e200) {
            p /= sum;
            busy /= sum;
            sum = 1;
        }
    }
    return 1 - m->mu * busy / (m->lambda * sum);
}
