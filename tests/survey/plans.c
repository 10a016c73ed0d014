/*
 * How often `plan` is right: problems with answers known from formulas (plans.h), and those whose
 * input has long time scales, heavy tails or no direction (hard_plans.h), each asked again and
 * again with other seeds, by simulation alone.
 *
 *   plans [RUNS [PART]]      make plans
 *
 * A line gives, for each problem: how far the limit is from the answer's exact value, how many of
 * RUNS (20) found the answer, a wrong one, and none; the tasks that a run took on average, and the
 * seconds of the longest. With a confidence of 95 %, at most one in 20 is to be wrong. PART:
 * `known` or `hard`, of these problems only; `theory`: all, by theory where it is exact; `rare`:
 * those whose objectives are rare, without theory, by splitting and conditional Monte Carlo.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/elapsed.h"
#include "../hard_plans.h"

struct counts {
    int of[3]; /* by outcome */
};

/* hard: its number, or -1. */
typedef enum plan_outcome judge_of(size_t i, const struct answer *answer);

/* judge: NULL of the problems that are known. */
static void survey(struct plan_problem *problem, size_t i, judge_of *judge, int runs,
                   struct counts *all)
{
    int outcomes[3] = {0};
    double tasks = 0, longest = 0;
    struct scenario s = *problem->question.scenario;
    struct question question = problem->question;
    question.scenario = &s;
    for (int run = 0; run < runs; run++) {
        double began = elapsed_seconds();
        s.seed = run + 1;
        struct answer *answer = answer_find(&question);
        enum plan_outcome outcome = judge ? judge(i, answer) : plan_judge(problem, answer);
        outcomes[outcome]++;
        all->of[outcome]++;
        tasks += answer->spent / runs;
        answer_free(answer);
        double took = elapsed_seconds() - began;
        longest = took > longest ? took : longest;
    }
    printf("%-32s %6.1f %% %6d %6d %6d %9.2f M %8.2f s\n", problem->name, 100 * problem->apart,
           outcomes[PLAN_RIGHT], outcomes[PLAN_WRONG], outcomes[PLAN_OPEN], 1e-6 * tasks, longest);
    fflush(stdout);
    plan_problem_free(problem);
}

static void sum_up(const char *name, const struct counts *all)
{
    printf("%s: %d right, %d wrong, %d open\n\n", name, all->of[PLAN_RIGHT], all->of[PLAN_WRONG],
           all->of[PLAN_OPEN]);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 20;
    const char *part = argc > 2 ? argv[2] : "";
    bool theory = strcmp(part, "theory") == 0;
    bool seldom = strcmp(part, "rare") == 0;
    struct counts known = {{0}}, hard = {{0}}, rare = {{0}};
    if (runs < 1 || argc > 3) {
        fputs("usage: plans [RUNS [known|hard|theory|rare]]\n", stderr);
        return 2;
    }
    printf("%-32s %8s %6s %6s %6s %11s %10s\n", "problem", "apart", "right", "wrong", "open",
           "tasks", "longest");
    for (size_t i = 0; i < plan_problems() && strcmp(part, "hard") != 0 && !seldom; i++) {
        struct plan_problem *problem = plan_problem(i);
        problem->question.simulate = !theory;
        survey(problem, i, NULL, runs, &known);
    }
    sum_up("known", &known);
    for (size_t i = 0; i < hard_plans_n && strcmp(part, "known") != 0 && !seldom; i++)
        survey(hard_plan(i, !theory), i, hard_plan_judge, runs, &hard);
    sum_up("hard", &hard);
    for (size_t i = 0; i < rare_plans_n && seldom; i++)
        survey(rare_plan(i, true), i, rare_plan_judge, runs, &rare);
    sum_up("rare", &rare);
    return 0;
}
