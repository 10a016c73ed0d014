/* Figures that follow from a scenario, and the rules across its keys. */
#include "../sim/scenario/scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "setting.h"

static struct scenario s;

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void broken(const char *text, const char *message)
{
    static struct errors errors;
    errors.n = 0;
    if (setting_try(&s, text, &errors))
        fail_msg("%s\nbreaks no rule", text);
    assert_int_equal(errors.n, 1);
    if (!strstr(errors.text[0], message))
        fail_msg("%s\nsays: %s\nnot:  %s", text, errors.text[0], message);
}

#define SIZE "tasks.size.distribution=exponential; tasks.size.mean=500ms; "

static void test_one_class(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "arrivals.rate=3/s; consumers.count=2; consumers.speed=3");
    assert_int_equal(scenario_classes(&s), 1);
    assert_string_equal(scenario_class_name(&s, 0), "all");
    assert_near(scenario_share(&s, 0), 1);
    assert_near(scenario_mean_size(&s), 0.5);
    assert_near(scenario_task_rate(&s), 3);
    assert_near(scenario_utilization(&s), 0.25);
    assert_true(isinf(scenario_tail(&s)));
}

/* The talk's look is one word; who asks for another scale gets it. */
static void test_classic_colours(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "arrivals.rate=3/s");
    assert_int_equal(scenario_colour(&s), COLOUR_DENSITY);
    setting_apply(&s, SIZE "arrivals.rate=3/s; picture.palette=classic");
    assert_int_equal(scenario_colour(&s), COLOUR_COLUMN_MAX);
    setting_apply(&s, SIZE "arrivals.rate=3/s; picture.palette=classic; picture.colour=intensity");
    assert_int_equal(scenario_colour(&s), COLOUR_INTENSITY);
}

static void test_rates_in_other_words(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "arrivals.rate_per_consumer=3/s; consumers.count=4");
    assert_near(scenario_event_rate(&s), 12);
    assert_near(scenario_utilization(&s), 1.5);
    setting_apply(&s, SIZE "arrivals.utilization=80%; consumers.count=4; consumers.speed=2");
    assert_near(scenario_event_rate(&s), 12.8);
    assert_near(scenario_utilization(&s), 0.8);
}

/* `rate` counts batches; utilization counts the tasks in them. */
static void test_batches(void **state)
{
    (void)state;
    const char *batch = SIZE "arrivals.process=batch; arrivals.batch.distribution=geometric; "
                             "arrivals.batch.mean=4; ";
    setting_apply(&s, internf("%sarrivals.rate=1/s", batch));
    assert_near(scenario_event_rate(&s), 1);
    assert_near(scenario_task_rate(&s), 4);
    assert_near(scenario_utilization(&s), 2);
    setting_apply(&s, internf("%sarrivals.utilization=50%%", batch));
    assert_near(scenario_event_rate(&s), 0.25);
    assert_near(scenario_task_rate(&s), 1);
    assert_near(scenario_utilization(&s), 0.5);
}

static void test_processes_with_their_own_rate(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "arrivals.process=renewal; arrivals.interarrival.distribution=uniform; "
                           "arrivals.interarrival.low=1s; arrivals.interarrival.high=3s");
    assert_true(isnan(scenario_event_rate(&s)));
    assert_near(scenario_task_rate(&s), 0.5);
    setting_apply(&s, SIZE "arrivals.process=mmpp; arrivals.states.0.rate=1/s; "
                           "arrivals.states.0.mean_duration=30s; arrivals.states.1.rate=5/s; "
                           "arrivals.states.1.mean_duration=10s");
    assert_near(scenario_task_rate(&s), 2);
    assert_near(scenario_utilization(&s), 1);
    broken(SIZE "arrivals.process=mmpp; arrivals.states.0.rate=1/s; arrivals.utilization=80%; "
                "arrivals.states.0.mean_duration=30s",
           "'utilization' means nothing to process mmpp");
}

static void test_classes(void **state)
{
    (void)state;
    setting_apply(&s, SIZE "arrivals.utilization=60%; tasks.classes.0.name=gold; "
                           "tasks.classes.0.share=20%; tasks.classes.1.name=tin; "
                           "tasks.classes.1.share=0.6; tasks.classes.0.size.distribution=pareto; "
                           "tasks.classes.0.size.alpha=1.5; tasks.classes.0.size.low=1s");
    assert_int_equal(scenario_classes(&s), 2);
    assert_string_equal(scenario_class_name(&s, 1), "tin");
    assert_near(scenario_share(&s, 0), 0.25);
    assert_near(scenario_share(&s, 1), 0.75);
    assert_ptr_equal(scenario_size(&s, 1), &s.size);
    assert_near(scenario_mean_size(&s), 0.25 * 3 + 0.75 * 0.5);
    assert_near(scenario_tail(&s), 1.5);
    assert_near(scenario_utilization(&s), 0.6);
}

static void test_a_mean_that_does_not_exist(void **state)
{
    (void)state;
    const char *size = "tasks.size.distribution=pareto; tasks.size.alpha=0.9; tasks.size.low=1s; ";
    setting_apply(&s, internf("%sarrivals.rate=1/s", size));
    assert_true(isinf(scenario_mean_size(&s)) && isinf(scenario_utilization(&s)));
    broken(internf("%sarrivals.utilization=50%%", size), "the mean size of tasks is infinite");
}

static void test_rules_of_tasks(void **state)
{
    (void)state;
    broken("arrivals.rate=1", "'tasks.size' is missing");
    broken("arrivals.rate=1; tasks.size.distribution=geometric; tasks.size.mean=3",
           "geometric counts things");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.share=1", "'tasks.classes.0.name' is missing");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.name=all", "'all' stands for the total");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.name=a,b", "must be one word");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.name=7", "must be one word, not a number");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.name=a; tasks.classes.1.name=a",
           "'a' is the name of class 0 already");
    broken(SIZE "arrivals.rate=1; tasks.classes.0.name=a; tasks.classes.0.share=0",
           "the shares sum to 0");
}

static void test_a_trace_brings_sizes(void **state)
{
    (void)state;
    static const char trace[] = "arrival_s,service_s\n1,2\n3,4\n";
    const char *file = setting_file("trace.csv", trace, sizeof trace - 1);
    const char *arrivals = internf("arrivals.process=trace; arrivals.file=%s; ", file);
    setting_apply(&s, arrivals);
    assert_true(isnan(scenario_utilization(&s)) && isnan(scenario_mean_size(&s)));
    broken(internf("%s" SIZE, arrivals), "'tasks.size' must not be given");
    broken(internf("%sarrivals.rate=3/s", arrivals), "'rate' means nothing to process trace");
    broken("arrivals.process=trace", "'arrivals.file' is missing");
    broken("arrivals.process=trace; arrivals.file=/nowhere/x.csv", "/nowhere/x.csv");
}

static void test_rules_of_sweeps(void **state)
{
    (void)state;
    const char *drift = SIZE "arrivals.rate=1; sweep.from=1; sweep.to=2; sweep.mode=drift; ";
    broken(SIZE "arrivals.rate=1; sweep.from=3", "'parameter' is missing");
    broken(SIZE "arrivals.rate=1; sweep.parameter=title; sweep.from=3; sweep.to=4",
           "'title' cannot be swept: it is no number");
    broken(SIZE "arrivals.rate=1; sweep.parameter=picture.width; sweep.from=800; sweep.to=900",
           "'picture.width' cannot be swept: it is the same for every column");
    broken(SIZE "arrivals.rate=1; sweep.parameter=consumers.count; sweep.from=1",
           "give 'from', 'to' and 'steps', or 'values'");
    broken(SIZE "arrivals.rate=1; sweep.from=0; sweep.to=4; sweep.parameter=consumers.count",
           "consumers.count: 0 is out of range: must be at least 1, but where more");
    broken(SIZE "arrivals.rate=1; sweep.parameter=buffer.capacity; sweep.from=0; sweep.to=4; "
                "sweep.scale=log",
           "log needs 'from' and 'to' above 0");
    broken(internf("%srun.duration=1h; sweep.parameter=consumers.count", drift),
           "'consumers.count' cannot move while a run goes on");
    broken(internf("%ssweep.parameter=consumers.speed", drift), "drift needs 'run.duration'");
    setting_apply(&s, internf("%ssweep.parameter=consumers.speed; run.duration=1h", drift));
    setting_apply(&s, internf("%ssweep.parameter=arrivals.rate; run.duration=1h", drift));
    setting_apply(&s, internf("%ssweep.parameter=tasks.size.mean; run.duration=1h", drift));
    setting_apply(&s, internf("%ssweep.parameter=buffer.resume_delay; run.duration=1h", drift));
    setting_apply(&s, internf("%ssweep.parameter=tasks.classes.0.share; tasks.classes.0.name=a; "
                              "run.duration=1h",
                              drift));
    /* What is swept need not be given, and takes the place of what it stands for. */
    setting_apply(&s, SIZE "sweep.parameter=arrivals.utilization; sweep.from=0.1; sweep.to=0.9");
    setting_apply(&s, "arrivals.rate=1; tasks.size.distribution=gamma; tasks.size.mean=1s; "
                      "sweep.parameter=tasks.size.shape; sweep.from=1; sweep.to=9");
    /* A rule that holds at one end only. */
    broken(
        "arrivals.rate=1; tasks.size.distribution=uniform; tasks.size.low=1s; tasks.size.high=2s; "
        "sweep.parameter=tasks.size.low; sweep.from=1s; sweep.to=3s",
        "tasks.size.high");
    broken(
        "arrivals.rate=1; tasks.size.distribution=uniform; tasks.size.low=1s; tasks.size.high=2s; "
        "sweep.parameter=tasks.size.low; sweep.values=1s,3s,1s",
        "tasks.size.high");
    broken(SIZE "arrivals.rate=1; compare.vary.compare.vary=1", "cannot be varied");
    broken(SIZE "arrivals.rate=none", "needs one of 'rate'");
    broken(SIZE "arrivals.rate=1; run.tasks=none", "one of 'tasks' and 'duration' must be given");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_class),
        cmocka_unit_test(test_rates_in_other_words),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_processes_with_their_own_rate),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_a_mean_that_does_not_exist),
        cmocka_unit_test(test_rules_of_tasks),
        cmocka_unit_test(test_a_trace_brings_sizes),
        cmocka_unit_test(test_classic_colours),
        cmocka_unit_test(test_rules_of_sweeps),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
