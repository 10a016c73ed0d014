#include "moments.h"

#include "laws.h"

bool law_keep_mean(struct law *law, double mean)
{
    const struct distribution *model = law_model(law);
    double now = model->mean(law->params);
    if (!model->scale || !(now > 0 && isfinite(now)) || !(mean > 0 && isfinite(mean)))
        return false;
    model->scale(law->params, mean / now);
    return isfinite(model->mean(law->params));
}

/* E[X^2] and E[X^4] of what is exceeded with probability `rare` or more: by the trapezium rule over
 * equal steps of the logarithm of that probability. */
static void moments_up_to(const struct law *law, double rare, double *second, double *fourth)
{
    enum { STEPS = 600 };
    double below = 1, step = exp(log(rare) / STEPS), x = law_beyond(law, 1);
    *second = *fourth = 0;
    for (int i = 1; i <= STEPS; i++) {
        double u = i < STEPS ? below * step : rare, next = law_beyond(law, u);
        double a = x * x, b = next * next, width = below - u;
        *second += width * (a + b) / 2;
        *fourth += width * (a * a + b * b) / 2;
        below = u;
        x = next;
    }
}

struct moment_range law_second_range(const struct law *law, double n)
{
    const double far = 3.29; /* beyond it, on both sides, lie 0.1 % of a normal law */
    double second, fourth, whole = law_model(law)->second(law->params);
    moments_up_to(law, 1 / (3 * n), &second, &fourth);
    double spread = far * sqrt(fmax(fourth - second * second, 0) / n);
    return (struct moment_range){fmax(second * 0.99 - spread, 0),
                                 fmax(whole, second) * 1.01 + spread};
}
