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

struct plan_problem *hard_plan(size_t i, bool simulate)
{
    static struct errors errors;
    const struct hard_plan *hard = &hard_plans[i];
    struct plan_problem *problem = xcalloc(1, sizeof *problem);
    struct question *q = &problem->question;
    struct scenario *s = xcalloc(1, sizeof *s);
    struct places places = {0};
    errors.n = 0;
    param_defaults(s);
    *q = (struct question){
        .scenario = s, .confidence = 0.95, .max_tasks = 3e8, .n_spans = 1, .simulate = simulate};
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

enum plan_outcome hard_plan_judge(size_t i, const struct answer *answer)
{
    if (answer->finding != FINDING_MET)
        return answer->finding == FINDING_UNDECIDED ? PLAN_OPEN : PLAN_WRONG;
    double found = answer->best->best->value[0];
    return found >= hard_plans[i].low && found <= hard_plans[i].high ? PLAN_RIGHT : PLAN_WRONG;
}
