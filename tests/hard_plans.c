#include "hard_plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/scenario/config.h"

#define SMALL "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
#define STORMS(calm, long, storm, short)                                                           \
    "arrivals: {process: mmpp, states: [{rate: " calm                                              \
    ", mean_duration: " long "}, {rate: " storm ", mean_duration: " short "}]}\n" SMALL
#define STORM_FIRST                                                                                \
    "arrivals: {process: mmpp, states: [{rate: 100/s, mean_duration: 10m}, {rate: 10/s, "          \
    "mean_duration: 100h}]}\n" SMALL
#define GIANTS(rate, small, most, giant, rare)                                                     \
    "arrivals: {process: poisson, rate: " rate "}\n"                                               \
    "tasks: {size: {distribution: hyperexponential, means: [" small ", " giant                     \
    "], probabilities: [" most ", " rare "]}}\n"
#define PLACES(n) "buffer: {capacity: " n "}\n"
#define EVENINGS(night, low, day, high)                                                            \
    "arrivals: {process: schedule, repeat: yes, schedule: [{until: " night ", rate: " low          \
    "}, {until: " day ", rate: " high "}]}\n" SMALL PLACES("50") "run: {duration: " day            \
                                                                 ", replications: 4}\n"
#define PARETO(alpha)                                                                              \
    "arrivals: {process: poisson, rate: 1/s}\n"                                                    \
    "tasks: {size: {distribution: pareto, alpha: " alpha ", low: 300ms}}\n"
#define PATIENT(size, patience, count)                                                             \
    "arrivals: {process: poisson, rate: 5/s}\n"                                                    \
    "tasks: {size: {distribution: exponential, mean: " size                                        \
    "}, timeout: {distribution: deterministic, value: " patience "}}\n"                            \
    "consumers: {count: " count ", discipline: lifo}\n"
#define CONSUMERS "consumers.count", "1..64"
#define SPEEDS    "consumers.speed", "1,1.2,1.5,2,3,4"

const struct hard_plan hard_plans[] = {
    {"slow storms, p99", STORMS("10/s", "10h", "100/s", "10m"), CONSUMERS, "p99 <= 1s", 11, 11,
     true},
    {"slower storms, p90", STORMS("10/s", "4h", "60/s", "20m"), CONSUMERS, "p90 <= 500ms", 7, 7,
     true},
    {"storms, mean wait", STORMS("20/s", "30m", "150/s", "1m"), CONSUMERS, "wait_mean <= 20ms", 16,
     16, true},
    {"storm first, p50", STORM_FIRST, CONSUMERS, "p50 <= 80ms", 3, 3, true},
    {"rare storms, loss", STORMS("10/s", "24h", "500/s", "1m") PLACES("20"), CONSUMERS,
     "loss <= 0.1%", 51, 51, true},
    {"rare small storms, loss", STORMS("10/s", "24h", "200/s", "1m") PLACES("20"), CONSUMERS,
     "loss <= 1%", 6, 6, true},
    {"short storms, loss", STORMS("5/s", "6h", "80/s", "3m") PLACES("10"), CONSUMERS,
     "loss <= 0.5%", 9, 9, true},
    {"giants, loss", GIANTS("10/s", "50ms", "0.999999", "10000s", "0.000001") PLACES("20"),
     CONSUMERS, "loss <= 1%", 2, 2, true},
    {"smaller giants, loss", GIANTS("10/s", "50ms", "0.99999", "1000s", "0.00001") PLACES("20"),
     CONSUMERS, "loss <= 1%", 2, 2, true},
    {"more giants, loss", GIANTS("20/s", "20ms", "0.99998", "300s", "0.00002") PLACES("10"),
     CONSUMERS, "loss <= 0.5%", 3, 3, true},
    {"evenings of a day, loss", EVENINGS("20h", "5/s", "24h", "30/s"), "consumers.count", "1..10",
     "loss <= 5%", 3, 3, false},
    {"evenings of minutes, loss", EVENINGS("20m", "5/s", "24m", "30/s"), "consumers.count", "1..10",
     "loss <= 5%", 3, 3, false},
    {"Pareto 1.5, p99", PARETO("1.5"), SPEEDS, "p99 <= 4m", 3, 3, false},
    {"Pareto 1.8, p99", PARETO("1.8"), SPEEDS, "p99 <= 17s", 2, 2, false},
    {"Pareto 2.2, p99", PARETO("2.2"), SPEEDS, "p99 <= 1.8s", 3, 3, false},
    {"last come first, p99", PATIENT("100ms", "10s", "1"), "arrivals.rate", "2/s..200/s",
     "p99 <= 1s", 3, 4.03, false},
    {"last come first of two, p99", PATIENT("50ms", "4s", "2"), "arrivals.rate", "10/s..150/s",
     "p99 <= 1s", 27, 29.8, false},
};
const size_t hard_plans_n = sizeof hard_plans / sizeof *hard_plans;

#define POISSON(rate) "arrivals: {process: poisson, rate: " rate "}\n"
#define SIZE(law)     "tasks: {size: {distribution: " law "}}\n"
#define SECOND        SIZE("exponential, mean: 1s")
#define RATES         "arrivals.rate"

const struct hard_plan rare_plans[] = {
    {"M/M/c/K, 1e-5", POISSON("8/s") SECOND PLACES("30"), CONSUMERS, "loss <= 0.001%", 11, 11,
     true},
    {"M/M/c/K, 1e-7", POISSON("8/s") SECOND PLACES("30"), CONSUMERS, "loss <= 0.00001%", 13, 13,
     true},
    {"M/M/c/K, 3e-9", POISSON("8/s") SECOND PLACES("30"), CONSUMERS, "loss <= 0.0000003%", 14, 14,
     true},
    {"M/M/1/K, places", POISSON("0.7/s") SECOND, "buffer.capacity", "0..200", "loss <= 0.000067%",
     36, 36, true},
    {"M/M/1/K, rate", POISSON("1/s") SECOND PLACES("40"), RATES, "0.1/s..2/s", "loss <= 0.0001%",
     0.65, 0.7385, true},
    {"MMPP/M/c/K",
     "arrivals: {process: mmpp, states: [{rate: 1/s, mean_duration: 20s}, {rate: 6/s, "
     "mean_duration: 5s}]}\n" SECOND PLACES("40"),
     CONSUMERS, "loss <= 0.0001%", 8, 8, true},
    {"M/M/c, wait p99.99", POISSON("3/s") SECOND, CONSUMERS, "wait_p9999 <= 3s", 6, 6, true},
    {"M/M/1, p99.99", POISSON("0.6/s") SECOND, RATES, "0.1/s..1.2/s", "p9999 <= 20s", 0.52, 0.5395,
     true},
    {"M/lognormal/1, wait p99.9", POISSON("0.6/s") SIZE("lognormal, mean: 1s, cv2: 4"),
     "consumers.speed", "1,1.2,1.5,2,2.5,3", "wait_p999 <= 50s", 1.5, 1.5, true},
    {"M/D/1, wait p99.9", POISSON("0.6/s") SIZE("deterministic, value: 1s"), RATES, "0.1/s..1.2/s",
     "wait_p999 <= 10s", 0.68, 0.7155, true},
    {"giants, 1e-6",
     POISSON("10/s")
         SIZE("hyperexponential, means: [50ms, 1000s], probabilities: [0.9999999, 0.0000001]")
             PLACES("20"),
     CONSUMERS, "loss <= 0.0001%", 2, 2, true},
    {"M/Pareto/c/K, bounded",
     POISSON("10/s") SIZE("bounded-pareto, alpha: 1.8, low: 50ms, high: 20s") PLACES("50"),
     CONSUMERS, "loss <= 0.001%", 3, 3, false},
    {"M^X/gamma/c/K",
     "arrivals: {process: batch, rate: 1/s, batch: {distribution: geometric, mean: 3}}\n" SIZE(
         "gamma, shape: 2.5, mean: 500ms") PLACES("40"),
     CONSUMERS, "loss <= 0.0001%", 7, 7, false},
    {"U/gamma/c/K",
     "arrivals: {process: renewal, rate: 4/s, interarrival: {distribution: uniform, low: 0s, "
     "high: 500ms}}\n" SIZE("gamma, shape: 2.5, mean: 1s") PLACES("10"),
     CONSUMERS, "loss <= 0.0001%", 7, 7, false},
    {"M/U/c, p99.99", POISSON("10/s") SIZE("uniform, low: 0s, high: 400ms"), CONSUMERS,
     "p9999 <= 1.5s", 3, 3, false},
};
const size_t rare_plans_n = sizeof rare_plans / sizeof *rare_plans;

static struct plan_problem *problem_of(const struct hard_plan *hard)
{
    static struct errors errors;
    struct plan_problem *problem = xcalloc(1, sizeof *problem);
    struct question *q = &problem->question;
    struct scenario *s = xcalloc(1, sizeof *s);
    struct places places = {0};
    errors.n = 0;
    param_defaults(s);
    *q = (struct question){.scenario = s, .confidence = 0.95, .max_tasks = 3e8, .n_spans = 1};
    const char *text = hard->scenario;
    bool read = config_read(hard->name, text, strlen(text), s, &places, &errors) &&
                span_parse(s, hard->vary, hard->range, (struct place){0}, &q->spans[0], &errors) &&
                objective_parse(s, hard->objective, (struct place){0},
                                &q->objectives[q->n_objectives++], &errors) &&
                scenario_check(s, &places, &errors);
    places_free(&places);
    if (!read)
        fail_msg("%s: %s", hard->name, errors.text[0]);
    problem->name = hard->name;
    problem->answer = hard->high;
    return problem;
}

static enum plan_outcome judge(const struct hard_plan *hard, const struct answer *answer)
{
    if (answer->finding != FINDING_MET)
        return answer->finding == FINDING_UNDECIDED ? PLAN_OPEN : PLAN_WRONG;
    double found = answer->best->best->value[0];
    return found >= hard->low && found <= hard->high ? PLAN_RIGHT : PLAN_WRONG;
}

struct plan_problem *hard_plan(size_t i, bool simulate)
{
    struct plan_problem *problem = problem_of(&hard_plans[i]);
    problem->question.simulate = simulate;
    return problem;
}

enum plan_outcome hard_plan_judge(size_t i, const struct answer *answer)
{
    return judge(&hard_plans[i], answer);
}

struct plan_problem *rare_plan(size_t i, bool without_theory)
{
    struct plan_problem *problem = problem_of(&rare_plans[i]);
    problem->question.without_theory = without_theory;
    return problem;
}

enum plan_outcome rare_plan_judge(size_t i, const struct answer *answer)
{
    return judge(&rare_plans[i], answer);
}
