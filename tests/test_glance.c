/* Glances at rare figures, and plans that are judged by them: never confidently wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/rare/glance.h"
#include "hard_plans.h"
#include "setting.h"
#include "theory.h"

#define POISSON(rate) "arrivals.process=poisson; arrivals.rate=" rate "; "
#define SIZE(law)     "tasks.size.distribution=" law "; "
#define SECOND        SIZE("exponential") "tasks.size.mean=1; "
#define GIANTS                                                                                     \
    SIZE("hyperexponential")                                                                       \
    "tasks.size.means=0.05,1000; tasks.size.probabilities=0.9999999,0.0000001; "

static struct scenario *scenario_of(const char *text)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    setting_apply(s, text);
    return s;
}

static struct glance_seen seen_of(struct scenario *s, enum rare_measure measure, double p,
                                  double limit, double most, unsigned jobs)
{
    struct glance_seen seen;
    const struct glance glance = {.column = s,
                                  .measure = measure,
                                  .p = p,
                                  .limit = limit,
                                  .risk = 1e-3,
                                  .most = most,
                                  .jobs = jobs};
    glance_at(&glance, &seen);
    return seen;
}

/* Which method each figure has: by what is rare, what is heavy, and what can be followed. */
static void test_methods(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum rare_measure measure;
        double p, limit;
        enum glance_method method;
    } cases[] = {
        {POISSON("3") SECOND "consumers.count=4; buffer.capacity=9", RARE_LOSS, 0, 1e-6,
         GLANCE_SPLITTING},
        {POISSON("3") SECOND "consumers.count=4; buffer.capacity=9", RARE_LOSS, 0, 1e-2,
         GLANCE_PLAINLY},
        {POISSON("3") SECOND "consumers.count=4; buffer.capacity=9; consumers.discipline=lifo",
         RARE_LOSS, 0, 1e-6, GLANCE_PLAINLY},
        {POISSON("3") SECOND "consumers.count=4", RARE_LATENCY, 0.9999, 9, GLANCE_SPLITTING},
        {POISSON("3") SECOND "consumers.count=4", RARE_LATENCY, 0.99, 9, GLANCE_PLAINLY},
        {POISSON("0.5") SECOND, RARE_WAIT, 0.99, 9, GLANCE_CONDITIONAL},
        {POISSON("0.5") SECOND, RARE_WAIT, 0.9999, 9, GLANCE_SPLITTING},
        {POISSON("0.5") SIZE("pareto") "tasks.size.alpha=1.8; tasks.size.low=0.4", RARE_LATENCY,
         0.9999, 9, GLANCE_CONDITIONAL},
        {POISSON("1") GIANTS, RARE_LATENCY, 0.9999, 9, GLANCE_CONDITIONAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario *s = scenario_of(cases[i].text);
        const struct glance glance = {
            .column = s, .measure = cases[i].measure, .p = cases[i].p, .limit = cases[i].limit};
        if (glance_method_for(&glance) != cases[i].method)
            fail_msg("case %zu: %s", i, glance_methods[glance_method_for(&glance)]);
        free(s);
    }
}

/* Intervals hold what is known, of losses near their limit and far below it. */
static void test_losses(void **state)
{
    (void)state;
    struct scenario *s = scenario_of(POISSON("8") SECOND "consumers.count=13; buffer.capacity=30");
    double exact = theory_value("M/M/c/K", "lambda=8;mu=1;c=13;K=43", "loss_prob");
    for (s->seed = 1; s->seed <= 4; s->seed++) {
        struct glance_seen near = seen_of(s, RARE_LOSS, 0, exact, 3e6, 0),
                           far = seen_of(s, RARE_LOSS, 0, 1000 * exact, 3e6, 0);
        if (!(near.low <= exact && exact <= near.high && near.high < 4 * near.low))
            fail_msg("%g: %g to %g where %g is exact", near.value, near.low, near.high, exact);
        assert_true(isnan(far.value) && far.low == 0 && exact <= far.high);
        assert_true(far.high < 1000 * exact);
    }
    free(s);
}

/* What happens once in 1e500 tasks costs no more than what happens once in 1e7. */
static void test_far_below(void **state)
{
    (void)state;
    struct scenario *s = scenario_of(POISSON("0.3") SECOND "buffer.capacity=1000");
    struct glance_seen seen = seen_of(s, RARE_LOSS, 0, 1e-6, 2e6, 0);
    assert_true(isnan(seen.value) && seen.low == 0 && seen.high < 1e-6);
    assert_true(seen.spent < 8e6);
    free(s);
}

/* Giants that come once in 1e7 tasks and make all of the loss: it is not said to be small. */
static void test_giants(void **state)
{
    (void)state;
    struct scenario *s = scenario_of(POISSON("10") GIANTS "buffer.capacity=20");
    struct glance_seen seen = seen_of(s, RARE_LOSS, 0, 1e-4, 2e6, 0);
    assert_int_equal(seen.method, GLANCE_SPLITTING);
    assert_true(seen.high == 1 && !(seen.low > 1e-3) && seen.tasks < seen.tasks_needed);
    assert_true(seen.needs > 1e8);
    free(s);
}

/* Light sizes, whose sums lie beyond any one of them: M/D/1 and M/M/1 are known. */
static void test_light_sums(void **state)
{
    (void)state;
    struct scenario *s =
        scenario_of(POISSON("0.9") SIZE("deterministic") "tasks.size.value=1; seed=3");
    struct glance_seen seen = seen_of(s, RARE_WAIT, 0.99, 20, 2e5, 0);
    double exact = theory_value("M/D/c", "lambda=0.9;mean_service=1;c=1", "wait_p99");
    if (!(seen.low <= exact && exact <= seen.high && seen.high < 1.2 * seen.low))
        fail_msg("%g to %g where %g is exact", seen.low, seen.high, exact);
    free(s);
    s = scenario_of(POISSON("0.8") SECOND "seed=4");
    seen = seen_of(s, RARE_LATENCY, 0.9999, 40, 3e6, 0);
    exact = log(1e4) / 0.2;
    if (!(seen.low <= exact && exact <= seen.high && seen.high < 1.2 * seen.low))
        fail_msg("%g to %g where %g is exact", seen.low, seen.high, exact);
    free(s);
}

static void test_threads(void **state)
{
    (void)state;
    struct scenario *s = scenario_of(POISSON("2") SECOND "consumers.count=3; buffer.capacity=20");
    struct glance_seen one = seen_of(s, RARE_LOSS, 0, 1e-6, 2e6, 1),
                       three = seen_of(s, RARE_LOSS, 0, 1e-6, 2e6, 3);
    assert_true(one.low > 0 || one.high > 0);
    assert_memory_equal(&one.low, &three.low, sizeof one.low);
    assert_memory_equal(&one.high, &three.high, sizeof one.high);
    assert_true(one.spent == three.spent);
    free(s);
}

/* ---- plans ---- */

static struct answer *asked(size_t i, bool without_theory, struct plan_problem **problem)
{
    *problem = rare_plan(i, without_theory);
    return answer_find(&(*problem)->question);
}

static void test_by_theory(void **state)
{
    (void)state;
    for (size_t i = 0; i < rare_plans_n; i++) {
        struct plan_problem *problem;
        if (!rare_plans[i].exact)
            continue;
        struct answer *answer = asked(i, false, &problem);
        if (rare_plan_judge(i, answer) != PLAN_RIGHT)
            fail_msg("%s: not the answer", problem->name);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* The same by what plan has where there is no theory; `make plans` asks with many seeds. */
static void test_without_theory(void **state)
{
    (void)state;
    static const char *const names[] = {"M/M/c/K, 1e-5", "M/M/c, wait p99.99",
                                        "M/lognormal/1, wait p99.9", "M/U/c, p99.99",
                                        "giants, 1e-6"};
    for (size_t i = 0; i < rare_plans_n; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            struct plan_problem *problem;
            if (strcmp(rare_plans[i].name, names[k]) != 0)
                continue;
            struct answer *answer = asked(i, true, &problem);
            enum plan_outcome wanted = strstr(names[k], "giants") ? PLAN_OPEN : PLAN_RIGHT;
            if (rare_plan_judge(i, answer) != wanted)
                fail_msg("%s: not the answer", problem->name);
            if (wanted == PLAN_RIGHT)
                assert_string_not_equal(answer_method(answer->best->best, 0), "simulated");
            assert_true(answer->spent < 1e8);
            answer_free(answer);
            plan_problem_free(problem);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods),    cmocka_unit_test(test_losses),
        cmocka_unit_test(test_far_below),  cmocka_unit_test(test_giants),
        cmocka_unit_test(test_light_sums), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_by_theory),  cmocka_unit_test(test_without_theory),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
