/* From the oracle language to scenarios. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/theory/service.h"
#include "experiment.h"
#include "given.h"

void scenario_set(struct scenario *s, const char *path, const char *format, ...)
{
    char text[64];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    static struct errors errors;
    errors.n = 0;
    if (!param_set(s, path, text, (struct place){"test", 0, 0}, &errors))
        fail_msg("%s: %s", path, errors.text[0]);
}

static void set_law(struct scenario *s, const char *at, const struct service *law)
{
    char path[128];
#define SET(key, ...)                                                                              \
    do {                                                                                           \
        snprintf(path, sizeof path, "%s.%s", at, key);                                             \
        scenario_set(s, path, __VA_ARGS__);                                                        \
    } while (0)
    switch (law->kind) {
    case SERVICE_EXPONENTIAL:
        SET("distribution", "exponential");
        SET("mean", "%.17g", law->a);
        break;
    case SERVICE_DETERMINISTIC:
        SET("distribution", "deterministic");
        SET("value", "%.17g", law->a);
        break;
    case SERVICE_ERLANG:
        SET("distribution", "erlang");
        SET("shape", "%.17g", law->b);
        SET("mean", "%.17g", law->a);
        break;
    case SERVICE_HYPEREXPONENTIAL:
        SET("distribution", "hyperexponential");
        SET("means.0", "%.17g", law->b);
        SET("means.1", "%.17g", law->c);
        SET("probabilities.0", "%.17g", law->a);
        SET("probabilities.1", "%.17g", 1 - law->a);
        break;
    case SERVICE_LOGNORMAL:
        SET("distribution", "lognormal");
        SET("mean", "%.17g", service_moment(law, 1));
        SET("cv2", "%.17g", expm1(law->b * law->b));
        break;
    case SERVICE_PARETO:
        SET("distribution", "pareto");
        SET("alpha", "%.17g", law->b);
        SET("low", "%.17g", law->a);
        break;
    case SERVICE_BPARETO:
        SET("distribution", "bounded-pareto");
        SET("alpha", "%.17g", law->c);
        SET("low", "%.17g", law->a);
        SET("high", "%.17g", law->b);
        break;
    }
#undef SET
}

static void set_exponential(struct scenario *s, double mean)
{
    set_law(s, "tasks.size", &(struct service){SERVICE_EXPONENTIAL, mean, 0, 0});
}

/* The size, from `service` or, exponential, from mu. */
static bool set_size(struct scenario *s, const char *params)
{
    struct service law;
    if (service_given(params, "", "service", "mean_service", &law))
        set_law(s, "tasks.size", &law);
    else if (!isnan(given(params, "mu")))
        set_exponential(s, 1 / given(params, "mu"));
    else
        return false;
    return true;
}

static bool poisson(struct scenario *s, const char *params)
{
    double lambda = given(params, "lambda"), each = given(params, "lambda_per_consumer");
    scenario_set(s, isnan(lambda) ? "arrivals.rate_per_consumer" : "arrivals.rate", "%.17g",
                 isnan(lambda) ? each : lambda);
    if (!isnan(given(params, "c")))
        scenario_set(s, "consumers.count", "%.17g", given(params, "c"));
    return set_size(s, params);
}

static bool bounded(struct scenario *s, const char *params)
{
    double c = given(params, "c"), servers = isnan(c) ? 1 : c;
    scenario_set(s, "buffer.capacity", "%.17g", given(params, "K") - servers);
    scenario_set(s, "arrivals.rate", "%.17g", given(params, "lambda"));
    scenario_set(s, "consumers.count", "%.17g", servers);
    if (set_size(s, params))
        return true;
    double mean = given(params, "mean_service"); /* M/D/1/K names no law */
    set_law(s, "tasks.size", &(struct service){SERVICE_DETERMINISTIC, mean, 0, 0});
    return true;
}

static bool renewal(struct scenario *s, const char *params)
{
    struct service gap;
    if (!service_given(params, "", "arrival", "mean_interarrival", &gap))
        return false;
    scenario_set(s, "arrivals.process", "renewal");
    set_law(s, "arrivals.interarrival", &gap);
    return set_size(s, params);
}

static bool impatient(struct scenario *s, const char *params)
{
    struct service patience;
    if (!service_given(params, "", "patience", "mean_patience", &patience))
        return false;
    set_law(s, "tasks.timeout", &patience);
    return poisson(s, params);
}

static bool shortest(struct scenario *s, const char *params)
{
    scenario_set(s, "consumers.discipline", "shortest-job");
    return poisson(s, params);
}

static bool shortest_remaining(struct scenario *s, const char *params)
{
    scenario_set(s, "consumers.discipline", "shortest-remaining");
    return poisson(s, params);
}

static bool last_come(struct scenario *s, const char *params)
{
    scenario_set(s, "consumers.discipline", "lifo");
    return poisson(s, params);
}

static bool last_come_at_once(struct scenario *s, const char *params)
{
    scenario_set(s, "consumers.discipline", "lifo-preemptive");
    return poisson(s, params);
}

/* Class i, which goes after those before it. */
static void set_class(struct scenario *s, int i, double share, const struct service *law)
{
    char path[64];
    snprintf(path, sizeof path, "tasks.classes.%d.name", i);
    scenario_set(s, path, "class%d", i + 1);
    snprintf(path, sizeof path, "tasks.classes.%d.share", i);
    scenario_set(s, path, "%.17g", share);
    snprintf(path, sizeof path, "tasks.classes.%d.priority", i);
    scenario_set(s, path, "%d", i);
    snprintf(path, sizeof path, "tasks.classes.%d.size", i);
    set_law(s, path, law);
}

/* Two values are two classes, so that each can be looked at. */
static bool sharing(struct scenario *s, const char *params)
{
    char law[16];
    scenario_set(s, "consumers.discipline", "processor-sharing");
    if (!isnan(given(params, "K")))
        return bounded(s, params) && poisson(s, params);
    if (!given_text(params, "service", law, sizeof law) || strcmp(law, "two-point") != 0)
        return poisson(s, params);
    double p = given(params, "p1");
    struct service first = {SERVICE_DETERMINISTIC, given(params, "value1"), 0, 0};
    struct service second = {SERVICE_DETERMINISTIC, given(params, "value2"), 0, 0};
    scenario_set(s, "arrivals.rate", "%.17g", given(params, "lambda"));
    set_class(s, 0, p, &first);
    set_class(s, 1, 1 - p, &second);
    return true;
}

static bool classes(struct scenario *s, const char *params, const char *discipline)
{
    int n = (int)given(params, "classes");
    double total = 0;
    scenario_set(s, "consumers.discipline", "%s", discipline);
    if (!isnan(given(params, "c")))
        scenario_set(s, "consumers.count", "%.17g", given(params, "c"));
    for (int i = 0; i < n; i++)
        total += givenf(params, "class%d_lambda", i + 1);
    scenario_set(s, "arrivals.rate", "%.17g", total);
    for (int i = 0; i < n; i++) {
        struct service law;
        char prefix[32];
        snprintf(prefix, sizeof prefix, "class%d_", i + 1);
        if (!service_given(params, prefix, "service", "mean_service", &law))
            return false;
        set_class(s, i, givenf(params, "class%d_lambda", i + 1) / total, &law);
    }
    return true;
}

static bool priority(struct scenario *s, const char *params)
{
    return classes(s, params, "priority");
}

static bool preemptive_priority(struct scenario *s, const char *params)
{
    return classes(s, params, "priority-preemptive");
}

static bool in_batches(struct scenario *s, const char *params)
{
    char kind[16];
    if (!given_text(params, "batch", kind, sizeof kind))
        return false;
    bool fixed = strcmp(kind, "fixed") == 0;
    scenario_set(s, "arrivals.process", "batch");
    scenario_set(s, "arrivals.rate", "%.17g", given(params, "lambda_batch"));
    scenario_set(s, "arrivals.batch.distribution", fixed ? "deterministic" : "geometric");
    scenario_set(s, fixed ? "arrivals.batch.value" : "arrivals.batch.mean", "%.17g",
                 given(params, "mean_batch"));
    return set_size(s, params);
}

static bool modulated(struct scenario *s, const char *params)
{
    scenario_set(s, "arrivals.process", "mmpp");
    scenario_set(s, "arrivals.states.0.rate", "%.17g", given(params, "lambda1"));
    scenario_set(s, "arrivals.states.0.mean_duration", "%.17g", 1 / given(params, "r12"));
    scenario_set(s, "arrivals.states.1.rate", "%.17g", given(params, "lambda2"));
    scenario_set(s, "arrivals.states.1.mean_duration", "%.17g", 1 / given(params, "r21"));
    return set_size(s, params);
}

static bool scheduled(struct scenario *s, const char *params)
{
    scenario_set(s, "arrivals.process", "schedule");
    for (int i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "arrivals.schedule.%d.until", i);
        scenario_set(s, path, "%.17g", i < 2 ? givenf(params, "switch%d", i + 1) : 1e6);
        snprintf(path, sizeof path, "arrivals.schedule.%d.rate", i);
        scenario_set(s, path, "%.17g", givenf(params, "rate%d", i + 1));
    }
    scenario_set(s, "consumers.count", "%.17g", given(params, "c"));
    return set_size(s, params);
}

/* Clients who think by the law `think`, or exponentially. */
static bool finite_source(struct scenario *s, const char *params)
{
    struct service think = {SERVICE_EXPONENTIAL, given(params, "mean_think"), 0, 0};
    (void)service_given(params, "", "think", "mean_think", &think);
    scenario_set(s, "arrivals.process", "closed");
    scenario_set(s, "arrivals.clients", "%.17g", given(params, "N"));
    set_law(s, "arrivals.think_time", &think);
    scenario_set(s, "consumers.count", "%.17g", given(params, "c"));
    return set_size(s, params);
}

/* FNV-1a (Fowler, Noll and Vo), folded to 31 bits. */
static uint32_t seed_of(const char *a, const char *b)
{
    uint32_t hash = 2166136261u;
    for (; *a; a++)
        hash = (hash ^ (unsigned char)*a) * 16777619u;
    for (; *b; b++)
        hash = (hash ^ (unsigned char)*b) * 16777619u;
    return (hash ^ hash >> 31) & 0x7fffffff;
}

bool experiment_scenario(const char *model, const char *params, struct scenario *out)
{
    static const struct {
        const char *name;
        bool (*build)(struct scenario *s, const char *params);
    } models[] = {
        {"M/M/c", poisson},
        {"M/M/c/K", bounded},
        {"M/G/c/c", bounded},
        {"M/G/1", poisson},
        {"M/G/c tellman", poisson},
        {"M/D/c", poisson},
        {"M/PH/c", poisson},
        {"GI/M/1", renewal},
        {"M/G/1-NPPRIO", priority},
        {"M/G/1-SJF", shortest},
        {"M/G/1-LIFO", last_come},
        {"M^X/M/1", in_batches},
        {"MMPP2/M/1", modulated},
        {"M/D/1/K", bounded},
        {"M/M/1-transient", poisson},
        {"M(t)/M/c", scheduled},
        {"M/G/c-overload", poisson},
        {"M/M/c-NPPRIO", priority},
        {"M/G/1-PRPRIO", preemptive_priority},
        {"M/M/c-PRPRIO", preemptive_priority},
        {"M/G/1-SRPT", shortest_remaining},
        {"M/G/1-LIFOPR", last_come_at_once},
        {"M/G/1-PS", sharing},
        {"M/M/1-PS", sharing},
        {"M/G/c-PS", sharing},
        {"M/G/c/K-PS", sharing},
        {"M/M/c//N", finite_source},
        {"G/M/c//N", finite_source},
        {"M/M/c+M", impatient},
        {"M/M/c+D", impatient},
        {"M/M/c+G", impatient},
    };
    param_defaults(out);
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i].name, model) == 0 && models[i].build(out, params)) {
            const char *other = getenv("QUEUESCOPE_SEED");
            scenario_set(out, "seed", "%u",
                         seed_of(model, params) + (other ? (unsigned)atoi(other) : 0));
            return true;
        }
    return false;
}
