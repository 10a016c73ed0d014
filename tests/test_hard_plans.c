/* Plans for input whose slowest part comes seldom (hard_plans.h): never confidently wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hard_plans.h"

/* Where theory is exact it answers, and no check by simulation says otherwise. */
static void test_by_theory(void **state)
{
    (void)state;
    for (size_t i = 0; i < hard_plans_n; i++) {
        if (!hard_plans[i].exact)
            continue;
        struct plan_problem *problem = hard_plan(i, false);
        struct answer *answer = answer_find(&problem->question);
        if (hard_plan_judge(i, answer) != PLAN_RIGHT)
            fail_msg("%s: not the answer", problem->name);
        assert_true(answer->best->best->theory && !answer->disagrees);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* A simulation that cannot have seen enough has no verdict, and says what would do. */
static void test_too_short(void **state)
{
    (void)state;
    for (size_t i = 0; i < hard_plans_n; i++) {
        if (!hard_plans[i].exact)
            continue;
        struct plan_problem *problem = hard_plan(i, true);
        problem->question.max_tasks = 4e5;
        struct answer *answer = answer_find(&problem->question);
        if (answer->finding != FINDING_UNDECIDED)
            fail_msg("%s: a verdict from 400 k tasks", problem->name);
        assert_true(answer->needed > 4e5);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* Timetables over whole days, heavy tails, and keys that do not work one way. */
static void test_by_simulation(void **state)
{
    (void)state;
    for (size_t i = 0; i < hard_plans_n; i++) {
        if (hard_plans[i].exact)
            continue;
        struct plan_problem *problem = hard_plan(i, false);
        problem->question.max_tasks = 5e7;
        struct answer *answer = answer_find(&problem->question);
        if (hard_plan_judge(i, answer) == PLAN_WRONG)
            fail_msg("%s: a wrong answer", problem->name);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* Met, missed and met again: all three stretches, their ends where the figure crosses the limit. */
static void test_stretches(void **state)
{
    (void)state;
    for (size_t i = 0; i < hard_plans_n; i++) {
        if (!strstr(hard_plans[i].name, "last come first, p99"))
            continue;
        struct plan_problem *problem = hard_plan(i, false);
        struct answer *answer = answer_find(&problem->question);
        struct stretch stretch[STRETCHES];
        assert_int_equal(answer_stretches(answer, &answer->lines[0], stretch), 3);
        assert_true(stretch[0].finding == FINDING_MET && stretch[2].finding == FINDING_MET);
        assert_true(stretch[0].first->value[0] == 2 && stretch[2].last->value[0] == 200);
        assert_true(stretch[1].first->value[0] > 4.03 && stretch[1].first->value[0] < 6);
        assert_true(stretch[1].last->value[0] > 15 && stretch[1].last->value[0] < 19.85);
        assert_true(stretch[2].first->value[0] > 19.85 && stretch[2].first->value[0] < 24);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_theory),
        cmocka_unit_test(test_too_short),
        cmocka_unit_test(test_by_simulation),
        cmocka_unit_test(test_stretches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
