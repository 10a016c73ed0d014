#include "priority.h"

#include <stdbool.h>

#include "erlang.h"

/* What the classes up to one are, all together. */
struct load {
    double before, upto;  /* work per second of those that go before; with those that go with it */
    double residual;      /* of them, what is left of a service under way, on average */
    double residual_all;  /* of all classes */
    double lambda, ahead; /* arrivals per second: of `upto`, and of `before` */
};

static struct load load_upto(const struct stream_of_class *classes, size_t n, size_t class)
{
    struct load load = {0};
    for (size_t i = 0; i < n; i++) {
        const struct stream_of_class *other = &classes[i];
        double work = other->lambda * other->first, residual = other->lambda * other->second / 2;
        bool before = other->priority < classes[class].priority;
        bool upto = other->priority <= classes[class].priority;
        load.before += before ? work : 0;
        load.ahead += before ? other->lambda : 0;
        load.upto += upto ? work : 0;
        load.lambda += upto ? other->lambda : 0;
        load.residual += upto ? residual : 0;
        load.residual_all += residual;
    }
    return load;
}

double mg1_priority_wait(const struct stream_of_class *classes, size_t n, size_t class)
{
    struct load load = load_upto(classes, n, class);
    return load.residual_all / ((1 - load.before) * (1 - load.upto));
}

struct preemptive mg1_preemptive(const struct stream_of_class *classes, size_t n, size_t class)
{
    struct load load = load_upto(classes, n, class);
    double wait = load.residual / ((1 - load.before) * (1 - load.upto));
    return (struct preemptive){load.upto, wait, wait + classes[class].first / (1 - load.before)};
}

double mmc_priority_wait(const struct stream_of_class *classes, size_t n, size_t class, double c)
{
    struct load load = load_upto(classes, n, class);
    double mean = classes[class].first, erlangs = 0;
    for (size_t i = 0; i < n; i++)
        erlangs += classes[i].lambda * mean;
    return erlang_c(c, erlangs) * mean / c / ((1 - load.before / c) * (1 - load.upto / c));
}

/* Mean number inside. */
static double mmc_inside(double lambda, double mean, double c)
{
    const struct mmc m = {lambda, 1 / mean, c};
    return lambda > 0 ? lambda * (mmc_wait(&m) + mean) : 0;
}

double mmc_preemptive_latency(const struct stream_of_class *classes, size_t n, size_t class,
                              double c)
{
    struct load load = load_upto(classes, n, class);
    double mean = classes[class].first;
    return (mmc_inside(load.lambda, mean, c) - mmc_inside(load.ahead, mean, c)) /
           (load.lambda - load.ahead);
}
