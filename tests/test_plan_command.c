/* queuescope plan, as users and scripts meet it: exit statuses, the sentence, plan.json, errors. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "program.h"

/* 9 Erlangs: the exact p99 is 6.250 s with 10 consumers, 4.961063 s with 11, 4.730 s with 12. */
static const char system_text[] = "title: Nine\n"
                                  "seed: 7\n"
                                  "arrivals: {process: poisson, rate: 9/s}\n"
                                  "tasks:\n"
                                  "  size: {distribution: exponential, mean: 1s}\n"
                                  "consumers: {count: 1}\n";

static void assert_refused(const char *arguments, const char *message)
{
    assert_status(arguments, 2);
    assert_says("stderr", message);
    assert_int_equal(file_size("stdout"), 0);
    assert_false(file_exists("out-dir"));
}

static json_t *plan_json(const char *file)
{
    json_error_t error;
    json_t *root = json_loads(file_text(file), 0, &error);
    if (!root)
        fail_msg("%s: %s", file, error.text);
    return root;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void test_met(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --method simulated -o p", 0);
    assert_memory_equal(file_text("stdout"), "11 consumers meet p99 <= 5.8 s (", 32);
    assert_says("stdout", " at 95 %); 10 do not (p99 ");
    assert_says("stdout", "by theory");
    assert_says("stdout", "p: plan.png, plan.json");
    assert_says("stderr", "looking for consumers.count from 1 to 64");
    assert_memory_equal(file_text("p/plan.png"), "\x89PNG", 4);
    json_t *root = plan_json("p/plan.json"), *answer = json_object_get(root, "answer");
    assert_string_equal(text_of(root, "verdict"), "met");
    assert_int_equal(json_object_size(answer), 1);
    assert_true(json_is_integer(json_object_get(answer, "consumers.count")));
    assert_true(number_of(answer, "consumers.count") == 11);
    assert_true(number_of(json_object_get(root, "next_unmet"), "consumers.count") == 10);
    assert_true(number_of(root, "confidence") == 0.95);
    assert_true(number_of(root, "seed") == 7);
    assert_true(json_is_null(json_object_get(root, "tasks_needed")));
    const json_t *tried = json_object_get(root, "tried"), *point;
    size_t i;
    json_array_foreach(tried, i, point)
    {
        double count = number_of(json_object_get(point, "values"), "consumers.count");
        const json_t *e = json_array_get(json_object_get(point, "estimates"), 0);
        if (count == 11)
            assert_true(number_of(e, "high") <= 5.8 && number_of(e, "low") > 4);
        if (count == 10)
            assert_true(number_of(e, "low") > 5.8);
        if (count <= 9)
            assert_true(json_is_true(json_object_get(point, "by_theory")));
    }
    json_decref(root);
}

/* Where theory is exact it answers; simulation is its check. */
static void test_by_theory(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' -o p", 0);
    assert_says("stdout", "11 consumers meet p99 <= 5.8 s (4.96 s exactly); 10 do not (p99 6.25 s "
                          "exactly).");
    assert_says("stdout", "Exact by theory (M/M/c); a simulation of 32 k tasks agrees.");
    assert_false(file_has("stdout", "does not go one way"));
    /* The table has the ends of the range and the neighbours. */
    assert_false(file_has("stdout", "\n  12 "));
    assert_says("stdout", "more values were tried: --all shows them");
    json_t *root = plan_json("p/plan.json");
    assert_string_equal(text_of(root, "method"), "theory");
    const json_t *tried = json_object_get(root, "tried"), *point;
    size_t i;
    json_array_foreach(tried, i, point)
    {
        const json_t *e = json_array_get(json_object_get(point, "estimates"), 0);
        if (number_of(json_object_get(point, "values"), "consumers.count") != 11)
            continue;
        assert_true(fabs(number_of(e, "value") - 4.961063) < 1e-6);
        assert_true(number_of(e, "simulated_low") < 4.96 && number_of(e, "simulated_high") > 4.96);
        assert_string_equal(text_of(point, "check"), "agrees");
    }
    json_decref(root);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --all -o p", 0);
    assert_says("stdout", "\n  12 ");
    assert_false(file_has("stdout", "--all shows"));
}

static void test_unmet(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 4s' -o p", 1);
    assert_memory_equal(file_text("stdout"), "No consumers.count from 1 to 64 meets p99 <= 4 s",
                        48);
    json_t *root = plan_json("p/plan.json");
    assert_string_equal(text_of(root, "verdict"), "unmet");
    assert_int_equal(json_object_size(json_object_get(root, "answer")), 0);
    json_decref(root);
    /* Overloaded all the way: theory says so, and nothing is simulated. */
    assert_status("plan s.yaml --slo 'p99 <= 1h' --vary consumers.count=1..8 -o p", 1);
    assert_says("stdout", "grows without limit");
    root = plan_json("p/plan.json");
    assert_true(number_of(root, "tasks_simulated") == 0);
    json_decref(root);
}

/* What would decide it is said, and decides it; with bad luck at the second time. */
static void test_undecided(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --method simulated --max-tasks 300k -o p", 3);
    assert_memory_equal(file_text("stdout"), "Undecided, 1", 12); /* 10, 11 or 12 */
    assert_says("stdout", " consumers: p99 <= 5.8 s; ");
    assert_says("stdout", "tasks would decide it: --max-tasks ");
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --max-tasks 10 --method simulated -q -o none",
                  3);
    /* What counting takes too long for has other ways. */
    assert_status("plan s.yaml --set buffer.capacity=50 --slo 'loss <= 0.0000001%' --method "
                  "simulated --max-tasks 300k -o p",
                  3);
    assert_says("stdout", "takes less without --method simulated");
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --max-tasks 10 --method simulated -q -o none",
                  3);
    assert_false(file_has("stdout", "as simulated")); /* of what nobody has simulated */
    json_t *root = plan_json("p/plan.json");
    assert_string_equal(text_of(root, "verdict"), "undecided");
    double needed = number_of(root, "tasks_needed");
    assert_true(needed > 300e3 && number_of(root, "tasks_simulated") <= 330e3);
    json_decref(root);
    for (int time = 0; time < 2; time++) {
        char again[256];
        snprintf(again, sizeof again,
                 "plan s.yaml --slo 'p99 <= 5.8s' --method simulated --max-tasks %.0f -o p",
                 needed);
        if (program_run(again) == 0)
            return;
        root = plan_json("p/plan.json");
        needed = number_of(root, "tasks_needed");
        json_decref(root);
    }
    fail_msg("not decided by what was to decide it:\n%s", file_text("stdout"));
}

static void test_largest(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --set consumers.count=10 --slo 'wait_mean <= 0.3s' "
                  "--vary arrivals.rate=1/s..20/s -o p",
                  0);
    json_t *root = plan_json("p/plan.json");
    double rate = number_of(json_object_get(root, "answer"), "arrivals.rate");
    /* exactly: 8.356 /s */
    assert_true(rate <= 8.356 && rate >= 8.356 - 0.2);
    const json_t *vary = json_array_get(json_object_get(root, "vary"), 0);
    assert_true(number_of(vary, "resolution") == 0.2);
    json_decref(root);
    assert_says("stdout", "More of arrivals.rate makes wait_mean worse");
    assert_says("stdout", "to within 0.2 /s");
    /* The other way round: the least traffic that is worth it. */
    assert_status("plan s.yaml --set consumers.count=10 --slo 'throughput >= 5/s' "
                  "--vary arrivals.rate=1/s..9/s -o p",
                  0);
    root = plan_json("p/plan.json");
    rate = number_of(json_object_get(root, "answer"), "arrivals.rate");
    assert_true(rate >= 5 && rate <= 5.1);
    json_decref(root);
}

static void test_several_objectives(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --slo 'utilization >= 60%' -o p", 0);
    assert_says("stdout", "11 consumers meet");
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --slo 'utilization >= 90%' -o p", 1);
    /* Of one class. */
    file_write("c.yaml", "arrivals: {rate: 8/s}\n"
                         "tasks:\n"
                         "  classes:\n"
                         "    - {name: gold, share: 20%, priority: 0, size: {distribution: "
                         "exponential, mean: 50ms}}\n"
                         "    - {name: rest, share: 80%, priority: 1, size: {distribution: "
                         "exponential, mean: 150ms}}\n"
                         "consumers: {discipline: priority}\n"
                         "sweep: {parameter: arrivals.rate, from: 4/s, to: 9/s, steps: 3}\n");
    assert_status("plan c.yaml --slo 'gold.p99 <= 500ms' --vary consumers.count=1..8 -o p", 0);
    assert_says("stdout", "2 consumers meet gold.p99 <= 500 ms");
    assert_says("stderr", "the sweep of arrivals.rate is left out: it stays at 8/s");
    assert_status("plan c.yaml --slo 'gold.p99 <= 200ms' --vary consumers.count=1..8 -o p", 1);
}

static void test_costs(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --set arrivals.rate=3/s --slo 'loss <= 1.2%' "
                  "--vary consumers.count=1..16 --vary buffer.capacity=0..40 "
                  "--cost consumers.count=3,buffer.capacity=0.1 -o p",
                  0);
    /* M/M/4/13 loses 0.99 %, M/M/4/12 1.32 %; three consumers lose 1 in 44 with 40 places. */
    assert_says("stdout", "4 consumers, 9 waiting places meet loss <= 1.2 %");
    assert_says("stdout", "at a cost of 12.9");
    assert_says("stdout", "The frontier");
    json_t *root = plan_json("p/plan.json"), *answer = json_object_get(root, "answer");
    assert_true(number_of(answer, "consumers.count") == 4);
    assert_true(number_of(answer, "buffer.capacity") == 9);
    assert_true(fabs(number_of(root, "cost") - 12.9) < 1e-9);
    const json_t *frontier = json_object_get(root, "frontier");
    double last = INFINITY;
    for (size_t i = 0; i < json_array_size(frontier); i++) {
        const json_t *values = json_object_get(json_array_get(frontier, i), "values");
        assert_true(number_of(values, "buffer.capacity") < last);
        last = number_of(values, "buffer.capacity");
    }
    assert_true(json_array_size(frontier) >= 4 && last == 0);
    json_decref(root);
}

static void test_errors(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    file_write("t.csv", "arrival_s,service_s\n0,1\n1,1\n");
    file_write("t.yaml", "arrivals: {process: trace, file: t.csv}\n");
    assert_refused("plan s.yaml -o out-dir", "--slo 'p99 <= 250ms'");
    assert_refused("plan --slo 'p99 <= 1s' -o out-dir", "no scenario is named");
    assert_refused("plan s.yaml --slo 'pp99 <= 1s' -o out-dir",
                   "--slo 'pp99 <= 1s': error: unknown measure 'pp99' (did you mean 'p99'?)");
    assert_refused("plan s.yaml --slo 'p99 <= 1 parsec' -o out-dir",
                   "--slo 'p99 <= 1 parsec': error: '1 parsec': unknown unit 'parsec'");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --vary consumers.cout=1..4 -o out-dir",
                   "--vary consumers.cout=1..4: error: unknown key 'cout' (did you mean 'count'?)");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --vary consumers.count=0..4 -o out-dir",
                   "--vary consumers.count=0..4: error: ");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --vary consumers.count=4 -o out-dir",
                   "consumers.count=1..64");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --vary consumers.count -o out-dir",
                   "--vary takes PATH=VALUE");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --vary consumers.count=1..4 "
                   "--vary buffer.capacity=1..4 -o out-dir",
                   "--cost consumers.count=1,buffer.capacity=1");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --cost consumer.count=2 -o out-dir",
                   "'consumer.count' is not varied (did you mean 'consumers.count'?)");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --confidence 95 -o out-dir", "50% to 99.99%");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --max-tasks some -o out-dir", "--max-tasks some");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --resume -o out-dir", "takes no option");
    assert_refused("plan t.yaml --slo 'p99 <= 1s' -o out-dir", "a recorded trace");
    file_write("b.yaml", "arrivals: {rate: x}\ntasks: {size: {distribution: exponential}}\n");
    assert_refused("plan b.yaml --slo 'p99 <= 1s' -o out-dir", "b.yaml:1:");
    assert_refused("plan s.yaml --slo 'p99 <= 1s' --set arrivals.rat=3 -o out-dir",
                   "--set arrivals.rat=3: error: ");
}

/* Where no combination will do, the objective that forbids it is named, with what comes nearest. */
static void test_what_stands_in_the_way(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status(
        "plan s.yaml --slo 'p50 <= 300ms' --slo 'loss <= 90%' --vary consumers.count=1..3 "
        "--vary buffer.capacity=0,5 --cost consumers.count=3,buffer.capacity=1 -o p",
        1);
    assert_says("stdout", "meets p50 <= 300 ms and loss <= 90 %, for none meets p50 <= 300 ms: ");
    assert_says("stdout", "waiting places give p50 ");
}

static void test_traffic_that_grows(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --set arrivals.utilization=80% --slo 'wait_p90 <= 1s' -o p", 0);
    assert_says("stderr", "arrivals.utilization is given, so the traffic grows");
}

/* Each period of a timetable meets all of it: none lost in many of them tells far more than that
 * one of so many periods might lose any. */
static void test_a_timetable(void **state)
{
    (void)state;
    file_write("t.yaml", "arrivals: {process: schedule, repeat: yes, schedule: [\n"
                         "    {until: 100m, rate: 5/s}, {until: 2h, rate: 30/s}]}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "buffer: {capacity: 50}\n"
                         "run: {duration: 2h, replications: 4}\n");
    assert_status("plan t.yaml --vary consumers.count=1..10 --slo 'loss<=5%' -o t", 0);
    assert_says("stdout", "3 consumers meet loss <= 5 % (");
    assert_status("plan t.yaml --vary consumers.count=1..10 --slo 'loss<=0.1%' -o t", 0);
    assert_says("stdout", "4 consumers meet loss <= 0.1 % (0 % to 0.0");
}

static void test_interrupted(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    const char *const argv[] = {"queuescope",       "plan",        "s.yaml", "--slo",
                                "p99 <= 4.961063s", "--max-tasks", "500G",   "--method",
                                "simulated",        "-o",          "p",      NULL};
    assert_int_equal(program_interrupt(argv, 0.5, SIGINT), 130);
    assert_says("stderr", "interrupted: p holds what was known");
    json_t *root = plan_json("p/plan.json");
    assert_string_equal(text_of(root, "verdict"), "undecided");
    assert_true(json_is_true(json_object_get(root, "interrupted")));
    json_decref(root);
}

static void test_same_bytes(void **state)
{
    (void)state;
    file_write("s.yaml", system_text);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --method simulated -o a --jobs 1", 0);
    assert_status("plan s.yaml --slo 'p99 <= 5.8s' --method simulated -o b --jobs 3 ", 0);
    assert_true(files_equal("a/plan.json", "b/plan.json"));
    assert_true(files_equal("a/plan.png", "b/plan.png"));
    /* The picture holds its scenario. */
    assert_status("plan a/plan.png --slo 'p99 <= 5.8s' --method simulated -o c", 0);
    assert_true(files_equal("a/plan.json", "c/plan.json"));
}

#define plan_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        plan_test(test_met),
        plan_test(test_by_theory),
        plan_test(test_unmet),
        plan_test(test_undecided),
        plan_test(test_largest),
        plan_test(test_several_objectives),
        plan_test(test_costs),
        plan_test(test_errors),
        plan_test(test_what_stands_in_the_way),
        plan_test(test_traffic_that_grows),
        plan_test(test_a_timetable),
        plan_test(test_interrupted),
        plan_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
