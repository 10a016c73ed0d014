/*
 * Problems of capacity whose input has long time scales, heavy tails or no direction: slow and rare
 * storms, giants, timetables, Pareto sizes, patience taken last come first. Their answers come from
 * theory where `exact` says so (MMPP/M/c, MAP/PH/c/K), from conditional Monte Carlo (Pareto sizes:
 * `queuescope rare`, to 3 %), or from runs of 4 to 8 million tasks at every value around the answer
 * (patience) and of 40 days (timetables).
 */
#ifndef HARD_PLANS_H
#define HARD_PLANS_H

#include "plans.h"

struct hard_plan {
    const char *name, *scenario; /* YAML */
    const char *vary, *range, *objective;
    double low, high; /* the answer is from low to high */
    bool exact;       /* theory knows it */
};
extern const struct hard_plan hard_plans[];
extern const size_t hard_plans_n;

/* Problems whose objectives are rare: losses of 1e-4 and less, p99.99, tails of heavy sizes. Their
 * answers come from theory; where `exact` is false, from runs of 3e8 tasks at the answer and at one
 * fewer (3e7 for the p99.99), whose intervals lie on both sides of the objective (of batches, with
 * 7 consumers, from `queuescope rare`: 7.3e-7). Asked
 * `without_theory`, they are answered by splitting and conditional Monte Carlo; where sizes that
 * decide come so seldom that nothing but theory can know it, `undecided` is right, too. */
extern const struct hard_plan rare_plans[];
extern const size_t rare_plans_n;

struct plan_problem *rare_plan(size_t i, bool without_theory);
enum plan_outcome rare_plan_judge(size_t i, const struct answer *answer);

/* To be freed with plan_problem_free. `simulate`: by simulation, whatever theory knows. */
struct plan_problem *hard_plan(size_t i, bool simulate);
enum plan_outcome hard_plan_judge(size_t i, const struct answer *answer);

#endif
