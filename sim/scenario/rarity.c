#include "rarity.h"

/* Laws, each with its share of the draws. */
struct mixture {
    int n;
    const struct law *law[MAX_CLASSES];
    double share[MAX_CLASSES];
};

static double mean_above(const struct mixture *m, double x)
{
    double sum = 0;
    for (int i = 0; i < m->n; i++)
        sum += m->share[i] * law_model(m->law[i])->mean_above(m->law[i]->params, x);
    return sum;
}

static double probability_above(const struct mixture *m, double x)
{
    double sum = 0;
    for (int i = 0; i < m->n; i++) {
        const struct distribution *model = law_model(m->law[i]);
        const void *params = m->law[i]->params;
        sum += m->share[i] * (model->above ? model->above(params, x) : 1 - model->cdf(params, x));
    }
    return sum;
}

static struct rarity find(const struct mixture *m, double share)
{
    double mean = mean_above(m, 0), held = share * mean, low = 0, high = mean;
    if (isinf(mean))
        return (struct rarity){INFINITY, INFINITY};
    if (!(held > 0))
        return (struct rarity){NAN, NAN};
    while (mean_above(m, high) >= held) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < 100 && high - low > 1e-9 * high; i++) {
        double middle = (low + high) / 2;
        if (mean_above(m, middle) >= held)
            low = middle;
        else
            high = middle;
    }
    double above = low / RARITY_KIN, p = probability_above(m, above);
    double least = above / mean_above(m, above); /* Markov's inequality */
    return (struct rarity){above, p > 0 ? fmax(1, fmax(1 / p, least)) : least};
}

struct rarity law_rarity(const struct law *law, double share)
{
    return find(&(struct mixture){1, {law}, {1}}, share);
}

struct rarity scenario_rarity(const struct scenario *s, double share)
{
    struct mixture m = {.n = 0};
    if (isnan(scenario_mean_size(s)))
        return (struct rarity){NAN, NAN};
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0) {
            m.law[m.n] = scenario_size(s, i);
            m.share[m.n++] = scenario_share(s, i);
        }
    return find(&m, share);
}
