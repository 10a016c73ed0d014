/*
 * How often `plan` is right: problems with answers known from formulas (plans.h), each asked again
 * and again with other seeds.
 *
 *   plans [RUNS]             make plans
 *
 * A line gives, for each problem: how far the limit is from the answer's exact value, how many of
 * RUNS (20) found the answer, a wrong one, and none; the tasks that a run took on average, and the
 * seconds of the longest. With a confidence of 95 %, 19 of 20 are to be right, or more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../plans.h"

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int survey(size_t i, int runs)
{
    int outcomes[3] = {0};
    double tasks = 0, longest = 0;
    struct plan_problem *problem = plan_problem(i);
    struct scenario s = *problem->question.scenario;
    struct question question = problem->question;
    question.scenario = &s;
    for (int run = 0; run < runs; run++) {
        double began = seconds_now();
        s.seed = run + 1;
        struct answer *answer = answer_find(&question);
        outcomes[plan_judge(problem, answer)]++;
        tasks += answer->spent / runs;
        answer_free(answer);
        double took = seconds_now() - began;
        longest = took > longest ? took : longest;
    }
    printf("%-32s %6.1f %% %6d %6d %6d %9.2f M %8.2f s\n", problem->name, 100 * problem->apart,
           outcomes[PLAN_RIGHT], outcomes[PLAN_WRONG], outcomes[PLAN_OPEN], 1e-6 * tasks, longest);
    fflush(stdout);
    plan_problem_free(problem);
    return outcomes[PLAN_RIGHT];
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 20, right = 0;
    if (runs < 1 || argc > 2) {
        fputs("usage: plans [RUNS]\n", stderr);
        return 2;
    }
    printf("%-32s %8s %6s %6s %6s %11s %10s\n", "problem", "apart", "right", "wrong", "open",
           "tasks", "longest");
    for (size_t i = 0; i < plan_problems(); i++)
        right += survey(i, runs);
    printf("%d of %zu right\n", right, (size_t)runs * plan_problems());
    return 0;
}
