/* Which value stands in which column, and where utilization passes 1. */
#include "../sim/scenario/sweep.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "setting.h"

static struct scenario s, column;

#define SIZE "arrivals.rate=1/s; tasks.size.distribution=exponential; tasks.size.mean=500ms; "
#define TALK                                                                                       \
    "arrivals.rate_per_consumer=1/s; tasks.size.distribution=bounded-pareto; tasks.size.alpha=4; " \
    "tasks.size.low=500ms; tasks.size.high=100s; "

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_without_a_sweep(void **state)
{
    (void)state;
    struct param_ref ref;
    setting_apply(&s, SIZE);
    assert_int_equal(sweep_columns(&s), 1);
    assert_true(isnan(sweep_value(&s, 0)) && isnan(sweep_cliff(&s)) && !sweep_ref(&s, &ref));
    sweep_scenario(&s, 0, &column);
    assert_near(scenario_utilization(&column), 0.5);
}

static void test_linear(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=tasks.size.mean; sweep.from=1s; sweep.to=100ms; "
                           "sweep.steps=10");
    assert_int_equal(sweep_columns(&s), 10);
    assert_true(sweep_value(&s, 0) == 1 && sweep_value(&s, 9) == 0.1);
    assert_near(sweep_value(&s, 4), 0.6);
    sweep_scenario(&s, 9, &column);
    assert_near(scenario_utilization(&column), 0.1);
    assert_near(scenario_utilization(&s), 0.5); /* the scenario itself is as it was */
    setting_apply(&s, SIZE "sweep.parameter=tasks.size.mean; sweep.from=1s; sweep.to=3s; "
                           "sweep.steps=1");
    assert_true(sweep_columns(&s) == 1 && sweep_value(&s, 0) == 1);
}

static void test_log(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=arrivals.rate; sweep.from=1; sweep.to=1000; "
                           "sweep.steps=4; sweep.scale=log");
    assert_near(sweep_value(&s, 1), 10);
    assert_near(sweep_value(&s, 2), 100);
    assert_true(sweep_value(&s, 3) == 1000);
}

static void test_counts_are_whole(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=consumers.count; sweep.from=1; sweep.to=4; "
                           "sweep.steps=7");
    static const double expected[] = {1, 2, 2, 3, 3, 4, 4};
    for (uint32_t i = 0; i < 7; i++)
        assert_true(sweep_value(&s, i) == expected[i]);
}

static void test_listed_values(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=buffer.capacity; sweep.values=0,10,unbounded");
    assert_int_equal(sweep_columns(&s), 3);
    assert_true(sweep_value(&s, 1) == 10 && isinf(sweep_value(&s, 2)));
    sweep_scenario(&s, 1, &column);
    assert_true(column.stage.capacity == 10);
    assert_true(sweep_at(&s, 0) == 0 && sweep_at(&s, 0.5) == 10 && isinf(sweep_at(&s, 1)));
}

static void test_drift_takes_the_middle_of_a_slice(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=consumers.speed; sweep.from=4; sweep.to=2; "
                           "sweep.steps=4; sweep.mode=drift; run.duration=1h");
    assert_near(sweep_value(&s, 0), 3.75);
    assert_near(sweep_value(&s, 3), 2.25);
    assert_true(sweep_at(&s, 0) == 4 && sweep_at(&s, 1) == 2);
    sweep_scenario_at(&s, 0.5, &column);
    assert_near(column.stage.speed, 3);
}

/* A swept key takes the place of what it stands for. */
static void test_a_swept_rival(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=arrivals.utilization; sweep.from=0.1; sweep.to=0.9; "
                           "sweep.steps=3");
    for (uint32_t i = 0; i < 3; i++) {
        sweep_scenario(&s, i, &column);
        assert_near(scenario_utilization(&column), 0.1 + 0.4 * i);
    }
}

static void test_elements_of_lists(void **state)
{
    (void)state;
    setting_apply(&s, "tasks.size.distribution=exponential; tasks.size.mean=1s; "
                      "arrivals.process=mmpp; arrivals.states.0.rate=1; arrivals.states.1.rate=1; "
                      "arrivals.states.0.mean_duration=1s; arrivals.states.1.mean_duration=1s; "
                      "tasks.classes.0.name=a; tasks.classes.1.name=b; "
                      "sweep.parameter=arrivals.states.1.rate; sweep.from=2; sweep.to=4; "
                      "sweep.steps=2");
    sweep_scenario(&s, 1, &column);
    assert_near(scenario_task_rate(&column), 2.5);
    setting_apply(&s, SIZE "tasks.classes.0.name=a; tasks.classes.1.name=b; "
                           "sweep.parameter=tasks.classes.b.share; sweep.from=1; sweep.to=3; "
                           "sweep.steps=2");
    sweep_scenario(&s, 1, &column);
    assert_near(scenario_share(&column, 1), 0.75);
}

/* The root of E[S] = 1 for bounded Pareto [0.5, 100], independent of this program. */
static void test_the_cliff_of_the_talk(void **state)
{
    (void)state;
    for (int consumers = 1; consumers <= 16; consumers *= 4) {
        setting_apply(&s, internf(TALK "consumers.count=%d; sweep.parameter=tasks.size.alpha; "
                                       "sweep.from=4; sweep.to=1.5",
                                  consumers));
        assert_true(fabs(sweep_cliff(&s) - 1.989537607891) < 1e-11);
    }
}

static void test_cliffs(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "sweep.parameter=arrivals.rate; sweep.from=1; sweep.to=1000; "
                           "sweep.scale=log");
    assert_near(sweep_cliff(&s), 2);
    setting_apply(&s, SIZE "sweep.parameter=arrivals.rate; sweep.from=1; sweep.to=1.9");
    assert_true(isnan(sweep_cliff(&s)));
    setting_apply(&s, SIZE "sweep.parameter=arrivals.utilization; sweep.from=0.5; sweep.to=1");
    assert_near(sweep_cliff(&s), 1);
    setting_apply(&s, SIZE "arrivals.rate=5; sweep.parameter=consumers.count; sweep.from=1; "
                           "sweep.to=8");
    assert_near(sweep_cliff(&s), 2.5); /* too few at 2, enough at 3 */
    setting_apply(&s, SIZE "arrivals.rate=5; sweep.parameter=consumers.count; sweep.values=8,4,1");
    assert_near(sweep_cliff(&s), 2.5);
    setting_apply(&s, SIZE "arrivals.rate=5; sweep.parameter=buffer.capacity; "
                           "sweep.values=8,unbounded");
    assert_true(isnan(sweep_cliff(&s)));
    /* The mean ceases to exist on the way. */
    setting_apply(&s, "arrivals.rate=1; tasks.size.distribution=pareto; tasks.size.alpha=3; "
                      "tasks.size.low=500ms; sweep.parameter=tasks.size.alpha; sweep.from=3; "
                      "sweep.to=0.5");
    assert_near(sweep_cliff(&s), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_sweep),
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_counts_are_whole),
        cmocka_unit_test(test_listed_values),
        cmocka_unit_test(test_drift_takes_the_middle_of_a_slice),
        cmocka_unit_test(test_a_swept_rival),
        cmocka_unit_test(test_elements_of_lists),
        cmocka_unit_test(test_the_cliff_of_the_talk),
        cmocka_unit_test(test_cliffs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
