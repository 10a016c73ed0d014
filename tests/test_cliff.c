/* `queuescope cliff`: against roots that are known, exactly and by simulation alone. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../sim/base/err.h"
#include "program.h"

static const char checkout[] = "seed: 5\n"
                               "arrivals: {process: poisson, rate: 40/s}\n"
                               "tasks: {size: {distribution: lognormal, mean: 150ms, cv2: 2}}\n"
                               "consumers: {count: 8}\n";
static const char talk[] =
    "arrivals: {process: poisson, rate_per_consumer: 1/s}\n"
    "tasks: {size: {distribution: bounded-pareto, alpha: 4, low: 500ms, high: 100s}}\n"
    "consumers: {count: 4}\n"
    "sweep: {parameter: tasks.size.alpha, from: 4, to: 1.5, steps: 200}\n";
static const char handoff[] = "arrivals: {process: poisson, rate: 5/s}\n"
                              "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                              "consumers: {count: 1}\n"
                              "buffer: {capacity: 0, when_full: pause, resume_delay: 25ms}\n";
static const char phases[] =
    "arrivals:\n"
    "  process: mmpp\n"
    "  states: [{rate: 20/s, mean_duration: 10s}, {rate: 2/s, mean_duration: 10s}]\n"
    "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
    "consumers: {count: 2}\n";
static const char losing[] = "arrivals: {process: poisson, rate: 5/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                             "buffer: {capacity: 9, when_full: reject}\n";

static json_t *answer;

static const char *text_of(const char *key)
{
    return json_string_value(json_object_get(answer, key));
}

/* A number by its path, "tail.value"; NAN for null, a failure where there is no such key. */
static double number(const char *path)
{
    json_t *at = answer;
    char key[64];
    for (const char *p = path; p; p = strchr(p, '.') ? strchr(p, '.') + 1 : NULL) {
        snprintf(key, sizeof key, "%.*s", (int)strcspn(p, "."), p);
        at = json_object_get(at, key);
    }
    if (!at)
        fail_msg("cliff.json has no %s", path);
    return json_is_null(at) ? NAN : json_number_value(at);
}

/* Runs it on a scenario, and reads cliff.json. */
static void ask(const char *scenario, const char *arguments, int status)
{
    file_write("s.yaml", scenario);
    int got = program_run(internf("cliff s.yaml -o o %s", arguments));
    if (got != status)
        fail_msg("cliff %s: exit %d\n%s", arguments, got, file_text("stderr"));
    json_decref(answer);
    json_error_t error;
    answer = json_loads(file_text("o/cliff.json"), 0, &error);
    if (!answer)
        fail_msg("%s", error.text);
}

static void near(const char *path, double want, double relative)
{
    double got = number(path);
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%s: %.10g, should be %.10g", path, got, want);
}

static void finds(const char *scenario, const char *arguments, const char *parameter, double want)
{
    ask(scenario, arguments, 0);
    assert_string_equal(text_of("parameter"), parameter);
    assert_string_equal(text_of("method"), "exact");
    near("value", want, 1e-7);
    assert_true(number("low") == number("value") && number("high") == number("value"));
    assert_true(file_size("o/cliff.png") > 1000);
}

/* alpha at which the talk's sizes have a mean of 1 s: ../shared/oracles/public, alpha_at_rho_1. */
#define TALK_ALPHA 1.989537607891

static void test_exact_roots(void **state)
{
    (void)state;
    finds(checkout, "", "arrivals.rate", 8 / 0.15);
    near("distance", 0.25, 1e-9);
    near("traffic_growth", 4.0 / 3, 1e-9);
    assert_string_equal(text_of("stable"), "below");
    assert_says("stdout", "arrivals.rate 40 /s is 25 % below the cliff at 53.33 /s (exact");
    finds(checkout, "--vary arrivals.rate=10/s..1k/s", "arrivals.rate", 8 / 0.15);
    finds(checkout, "--vary tasks.size.mean", "tasks.size.mean", 0.2);
    finds(checkout, "--vary consumers.count=1..64 --set arrivals.rate=21/s", "consumers.count",
          3.15);
    assert_string_equal(text_of("stable"), "above");
    assert_says("stdout", "between 3 and 4 (3.15)");
    assert_says("stdout", "from 4 is stable");
    finds(talk, "", "arrivals.rate_per_consumer", 1.5000001866);
    near("tail.value", TALK_ALPHA, 1e-6);
    assert_says("stdout", "tasks.size.alpha could fall from 4 to 1.99");
    finds(talk, "--vary tasks.size.alpha=1.2..5", "tasks.size.alpha", TALK_ALPHA);
    finds(checkout, "--set arrivals.rate=none --set arrivals.utilization=80%",
          "arrivals.utilization", 1);
    finds(phases, "--vary consumers.count", "consumers.count", 1.1);
}

static void test_a_whole_root_is_not_enough(void **state)
{
    (void)state;
    finds(checkout, "--vary consumers.count --set consumers.count=6", "consumers.count", 6);
    assert_true(number("value") == 6);
    assert_says("stdout", "consumers.count from 7 is stable");
    assert_says("stdout", "grows without end");
}

/* The same models, by simulation alone; and the interval is honest about it. */
static void simulates(const char *scenario, const char *arguments, double want)
{
    ask(scenario, arguments, 0);
    assert_string_equal(text_of("method"), "simulated");
    near("value", want, 0.02);
    double half = (number("high") - number("low")) / 2;
    assert_true(half > 0 && half < 0.02 * want);
    if (fabs(number("value") - want) > 2 * half) /* 4 standard errors */
        fail_msg("%s: %g +- %g, should be %g", arguments, number("value"), half, want);
    assert_true(file_size("o/cliff.png") > 1000);
}

static void test_simulated_roots(void **state)
{
    (void)state;
    simulates(checkout, "--method simulated", 8 / 0.15);
    simulates(checkout, "--method simulated --vary tasks.size.mean=10ms..1s", 0.2);
    simulates(checkout, "--method simulated --vary consumers.count=1..64 --set arrivals.rate=21/s",
              3.15);
    simulates(talk, "--method simulated --vary tasks.size.alpha=1.2..5", TALK_ALPHA);
    simulates(phases, "--method simulated --vary consumers.speed", 0.55);
}

/* Unbuffered hand-off: each task costs its own time and the wake-up, whatever the sizes. */
static void test_back_pressure(void **state)
{
    (void)state;
    simulates(handoff, "", 8);
    near("traffic_growth", 1.6, 0.02);
    simulates(handoff, "--vary buffer.resume_delay", 0.1);
    simulates(handoff, "--set consumers.count=3 --vary arrivals.rate=1/s..100/s", 24);
    /* Without a delay back-pressure only moves the wait: theory knows. */
    finds(handoff, "--set buffer.resume_delay=0s", "arrivals.rate", 10);
}

/* Of a timetable that does not repeat the last rate goes on for ever; the rate of a recording
 * nobody states. */
static void test_unknown_rates(void **state)
{
    (void)state;
    finds("arrivals: {process: schedule, schedule: [{until: 100s, rate: 5/s}, {until: 200s, "
          "rate: 15/s}]}\n"
          "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
          "run: {duration: 200s}\n",
          "--vary consumers.speed", "consumers.speed", 1.5);
    enum { ROWS = 4000, EACH = 16 };
    static char rows[ROWS * EACH] = "arrival_s,service_s\n";
    int n = (int)strlen(rows);
    for (int i = 1; i < ROWS; i++)
        n += snprintf(rows + n, EACH, "%g,%g\n", i / 10.0, i % 2 ? 0.2 : 0.3);
    file_write("t.csv", rows);
    ask("arrivals: {process: trace, file: t.csv}\nconsumers: {count: 4}\n",
        "--vary consumers.count=1..9", 0);
    near("value", 2.5, 0.001);
    assert_says("stdout", "between 2 and 3");
    ask("arrivals: {process: trace, file: t.csv}\nconsumers: {count: 4}\n",
        "--vary consumers.speed", 0);
    near("value", 0.625, 0.001);
    /* With classes of its own, whose sizes no law has. */
    n = snprintf(rows, sizeof rows, "arrival_s,service_s,class\n");
    for (int i = 1; i < ROWS / 2; i++)
        n += snprintf(rows + n, 2 * EACH, "%g,%g,%s\n", i / 10.0, i % 2 ? 0.2 : 0.3,
                      i % 2 ? "a" : "b");
    file_write("t.csv", rows);
    ask("arrivals: {process: trace, file: t.csv}\nconsumers: {count: 4}\n"
        "tasks: {classes: [{name: a}, {name: b}]}\n",
        "--vary consumers.speed", 0);
    near("value", 0.625, 0.01);
}

/* No cliff of stability; where losses pass 1 %, known for M/M/1/10. */
static void test_buffers_that_lose(void **state)
{
    (void)state;
    double rho = 0.5, step = 0.25;
    for (int i = 0; i < 50; i++, step /= 2)
        rho += (1 - rho) * pow(rho, 10) / (1 - pow(rho, 11)) < 0.01 ? step : -step;
    ask(losing, "", 1);
    near("loss.value", 10 * rho, 1e-9);
    assert_string_equal(text_of("method"), "exact");
    ask(losing, "--method simulated", 1);
    assert_true(isnan(number("value")) && isnan(number("low")));
    assert_string_equal(text_of("stable"), "always");
    near("loss.value", 10 * rho, 0.02);
    near("loss.fraction", 0.01, 1e-12);
    double half = (number("loss.high") - number("loss.low")) / 2;
    assert_true(half > 0 && fabs(number("loss.value") - 10 * rho) < 2 * half);
    assert_says("stdout", "There is no cliff of stability");
    assert_false(file_exists("o/cliff.png"));
}

/* Storms and giants that come once in a million tasks: losses by theory; evenings of a timetable
 * over whole days. And where no run can be long enough, no answer. */
static void test_rare_losses(void **state)
{
    (void)state;
    static const char storms[] =
        "arrivals: {process: mmpp, states: [{rate: 10/s, mean_duration: 86400s}, {rate: 200/s, "
        "mean_duration: 60s}]}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
        "consumers: {count: 3}\nbuffer: {capacity: 20}\n";
    ask(storms, "--vary consumers.count=1..40", 1);
    assert_true(number("loss.value") > 5 && number("loss.value") < 6);
    assert_says("stdout", "losses pass 1 % between consumers.count 5 and 6 (exactly, by theory)");
    ask(storms, "--vary arrivals.states.1.mean_duration=1s..10m", 1);
    assert_string_equal(text_of("method"), "exact");
    assert_true(number("loss.value") > 48 && number("loss.value") < 55);
    static const char giants[] =
        "arrivals: {process: poisson, rate: 10/s}\n"
        "tasks: {size: {distribution: hyperexponential, means: [50ms, 10000s], probabilities: "
        "[0.999999, 0.000001]}}\n"
        "consumers: {count: 2}\nbuffer: {capacity: 20}\n";
    ask(giants, "--vary consumers.count=1..10", 1);
    assert_says("stdout", "losses pass 1 % between consumers.count 1 and 2");
    /* The same without a formula, under Pareto giants that never return. */
    ask("arrivals: {process: poisson, rate: 10/s}\n"
        "tasks:\n  size: {distribution: exponential, mean: 50ms}\n  classes:\n"
        "    - {name: many, share: 1}\n"
        "    - {name: giants, share: 0.00000001, size: {distribution: deterministic, value: "
        "1000000s}}\n"
        "consumers: {count: 2}\nbuffer: {capacity: 20}\n",
        "--vary consumers.count=1..4", 3);
    assert_says("stdout", "Undecided: a look at one value would take about ");
    ask("arrivals: {process: schedule, repeat: yes, schedule: [{until: 20m, rate: 5/s}, {until: "
        "24m, "
        "rate: 30/s}]}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
        "consumers: {count: 2}\nbuffer: {capacity: 50}\nrun: {duration: 24m, replications: 4}\n",
        "--vary consumers.count=1..10", 1);
    assert_true(number("loss.value") > 2 && number("loss.value") < 4);
    assert_says("stdout", "today 1"); /* 18 %, and not the night's nothing */
}

/* The warning follows storms and evenings: at half of the load at which the backlog grows without
 * end, the busy hours are beyond what the consumers can do. */
static void test_the_warning_of_busy_hours(void **state)
{
    (void)state;
    ask("arrivals: {process: schedule, repeat: yes, schedule: [{until: 20m, rate: 5/s}, {until: "
        "24m, "
        "rate: 30/s}]}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
        "consumers: {count: 2}\nrun: {duration: 24m, replications: 4}\n",
        "--vary consumers.speed", 0);
    assert_true(number("notice.p99_at_50") > 60); /* of 100 ms by night */
    ask("arrivals: {process: mmpp, states: [{rate: 10/s, mean_duration: 10h}, {rate: 100/s, "
        "mean_duration: 10m}]}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\nconsumers: {count: 2}\n",
        "--vary consumers.count", 0);
    assert_true(number("notice.p99_at_50") > 3600);
}

/* Nor where tasks lose patience: M/M/1 with patience D loses 1 % where
 * (1 - rho) rho y / (1 - rho^2 y) = 0.01, y = exp(-(1 - rho) D) in sizes (Gnedenko and Kovalenko
 * 1968). Where only some do, there is no one answer. */
static void test_tasks_that_leave(void **state)
{
    (void)state;
    static const char leaving[] = "arrivals: {process: poisson, rate: 5/s}\n"
                                  "tasks:\n"
                                  "  size: {distribution: exponential, mean: 100ms}\n"
                                  "  timeout: {distribution: deterministic, value: 600ms}\n";
    double rho = 0.5, step = 0.25;
    for (int i = 0; i < 50; i++, step /= 2) {
        double y = exp(-6 * (1 - rho));
        rho += (1 - rho) * rho * y / (1 - rho * rho * y) < 0.01 ? step : -step;
    }
    ask(leaving, "", 1);
    assert_true(isnan(number("value")));
    assert_string_equal(text_of("stable"), "always");
    near("loss.value", 10 * rho, 0.02);
    assert_says("stdout", "tasks leave when their patience (tasks.timeout) is over");
    assert_false(file_exists("o/cliff.png"));
    file_write("classes.yaml", "arrivals: {process: poisson, rate: 5/s}\n"
                               "tasks:\n"
                               "  size: {distribution: exponential, mean: 100ms}\n"
                               "  classes:\n"
                               "    - {name: a, timeout: {distribution: exponential, mean: 1s}}\n"
                               "    - {name: b}\n");
    assert_int_equal(program_run("cliff classes.yaml -o p"), 2);
    assert_says("stderr", "some classes lose patience and others do not");
}

static void test_not_in_range(void **state)
{
    (void)state;
    ask(checkout, "--vary arrivals.rate=1/s..50/s", 1);
    assert_true(isnan(number("value")));
    assert_string_equal(text_of("stable"), "everywhere");
    assert_says("stdout", "No cliff was found along arrivals.rate from 1 /s to 50 /s");
    ask(checkout, "--vary arrivals.rate=54/s..80/s", 1);
    assert_string_equal(text_of("stable"), "nowhere");
    ask(checkout, "--vary arrivals.rate=1/s..50/s --method simulated", 1);
    assert_string_equal(text_of("stable"), "everywhere");
    ask(checkout, "--vary tasks.size.cv2", 1); /* has no say in it */
}

/* The talk's point: with many consumers p99 says next to nothing at 95 % of the cliff's load. */
static void test_the_warning(void **state)
{
    (void)state;
    ask(talk, "--set consumers.count=1", 0);
    double one = number("notice.ratio");
    near("notice.ratio", number("notice.p99_at_95") / number("notice.p99_at_50"), 1e-9);
    ask(talk, "--set consumers.count=64", 0);
    assert_true(one > 5);
    assert_true(number("notice.ratio") > 1 && number("notice.ratio") < 2);
    assert_says("stdout", "next to no warning");
    /* M/M/1: both are known, ln(100) / (mu - lambda). */
    ask("arrivals: {process: poisson, rate: 3/s}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n",
        "", 0);
    near("notice.p99_at_50", log(100) / 5, 0.03);
    near("notice.p99_at_95", log(100) / 0.5, 0.2);
}

static void test_wrong_usage(void **state)
{
    (void)state;
    file_write("s.yaml", checkout);
    file_write("m.yaml", phases);
    static const struct {
        const char *arguments, *message;
    } cases[] = {
        {"s.yaml --vary arrivals.rte=1..2", "--vary arrivals.rte=1..2: error: "},
        {"s.yaml --vary arrivals.rte=1..2", "did you mean 'rate'?"},
        {"s.yaml --vary arrivals.rate=5", "a range is LOW..HIGH"},
        {"s.yaml --vary arrivals.rate=5..", "a range is LOW..HIGH"},
        {"s.yaml --vary arrivals.rate=9/s..5/s", "the range is empty"},
        {"s.yaml --vary arrivals.rate=x..5/s", "'x': "},
        {"s.yaml --vary consumers.count=0..5", "'0' is out of range"},
        {"s.yaml --vary consumers.count=1..5.5", "--vary consumers.count=1..5.5: error: "},
        {"s.yaml --vary consumers.discipline=1..2", "is not a number"},
        {"s.yaml --vary arrivals.rate --vary consumers.count", "one parameter at a time"},
        {"s.yaml --vary arrivals.utilization=1..2", "gives no number for 'arrivals.utilization'"},
        {"s.yaml --vary buffer.capacity=1..2", "unbounded"},
        {"m.yaml", "has its own rate"},
        {"s.yaml --method simulatd", "did you mean 'simulated'?"},
        {"s.yaml --resume", "takes no option '--resume'"},
        {"s.yaml --set consumers.count=0", "--set consumers.count=0: error: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = program_run(internf("cliff %s -o never", cases[i].arguments));
        if (status != 2)
            fail_msg("cliff %s: exit %d", cases[i].arguments, status);
        assert_says("stderr", cases[i].message);
        assert_int_equal(file_size("stdout"), 0);
        assert_false(file_exists("never"));
    }
}

static void test_the_same_again(void **state)
{
    (void)state;
    file_write("s.yaml", handoff);
    assert_int_equal(program_run("cliff s.yaml -o a --jobs 1 --quiet"), 0);
    assert_int_equal(file_size("stdout") + file_size("stderr"), 0);
    assert_int_equal(program_run("cliff s.yaml -o b --jobs 3"), 0);
    assert_true(files_equal("a/cliff.json", "b/cliff.json"));
    assert_true(files_equal("a/cliff.png", "b/cliff.png"));
    assert_int_equal(program_run("cliff s.yaml -o c --seed 2"), 0);
    assert_false(files_equal("a/cliff.json", "c/cliff.json"));
    /* The picture holds its scenario, as any other. */
    assert_int_equal(program_run("check a/cliff.png"), 0);
}

static void test_interrupted(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: schedule, schedule: [{until: 1h, rate: 900/s}]}\n"
                         "tasks: {size: {distribution: exponential, mean: 1ms}}\n"
                         "run: {tasks: 50M}\n");
    const char *argv[] = {"queuescope",      "cliff", "s.yaml", "--vary",
                          "consumers.speed", "-o",    "o",      NULL};
    assert_int_equal(program_interrupt(argv, 0.5, SIGINT), 130);
    assert_true(file_exists("o/cliff.json"));
    assert_false(file_exists("o/cliff.png"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_exact_roots),      TEST(test_a_whole_root_is_not_enough),
        TEST(test_simulated_roots),  TEST(test_back_pressure),
        TEST(test_unknown_rates),    TEST(test_buffers_that_lose),
        TEST(test_rare_losses),      TEST(test_the_warning_of_busy_hours),
        TEST(test_tasks_that_leave), TEST(test_not_in_range),
        TEST(test_the_warning),      TEST(test_wrong_usage),
        TEST(test_the_same_again),   TEST(test_interrupted),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(answer);
    return failed;
}
