/* Closed systems as users and scripts meet them: every command, and what is refused. */
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

#include "../sim/theory/closed.h"
#include "program.h"

#define SIZE "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
static const char people[] =
    "title: People\n"
    "arrivals: {process: closed, clients: 100, think_time: {distribution: exponential, mean: "
    "10s}}\n" SIZE "run: {tasks: 20k, replications: 8}\n";

static void assert_refused(const char *scenario, const char *says)
{
    file_write("r.yaml", scenario);
    assert_status("check r.yaml", 2);
    assert_says("stderr", says);
}

static void test_refusals(void **state)
{
    (void)state;
#define THINK(law) "think_time: {distribution: " law "}"
    assert_refused("arrivals: {process: closed, " THINK("exponential, mean: 1s") "}\n" SIZE,
                   "r.yaml:1:1: error: 'arrivals.clients' is missing");
    assert_refused("arrivals: {process: closed, clients: 5}\n" SIZE,
                   "arrivals.think_time is missing: the time from a client's answer to its next");
    assert_refused(
        "arrivals: {process: closed, clients: 0, " THINK("exponential, mean: 1s") "}\n" SIZE,
        "r.yaml:1:38: error: arrivals.clients: 0 is out of range");
    assert_refused("arrivals: {process: closed, clients: 5, rate: 3/s, " THINK(
                       "exponential, mean: 1s") "}\n" SIZE,
                   "r.yaml:1:41: error: arrivals: 'rate' means nothing to process closed");
    assert_refused(
        "arrivals: {process: closed, clients: 5, " THINK("geometric, mean: 3") "}\n" SIZE,
        "arrivals.think_time: geometric counts things; thinking takes time");
    assert_refused(
        "arrivals: {process: closed, clients: 5, " THINK("pareto, alpha: 1, low: 1s") "}\n" SIZE,
        "has no finite mean");
    assert_refused("arrivals: {process: closed, clients: 5, " THINK("exponential") "}\n" SIZE,
                   "arrivals.think_time.mean is missing");
    assert_refused("arrivals: {process: closed, clients: 5, " THINK(
                       "deterministic, value: 0s") "}\n" SIZE "buffer: {capacity: 3}\n",
                   "is 0: a client whose task is lost (buffer.when_full: reject) would try again");
    assert_refused("arrivals: {process: closed, clients: 5, " THINK(
                       "deterministic, value: 0s") "}\ntasks: {size: {distribution: deterministic, "
                                                   "value: 0s}}\n",
                   "time would stand still");
    assert_refused("arrivals: {process: closed, clients: 5, " THINK(
                       "exponential, mean: 1s") "}\n" SIZE "run: {max_backlog: 4}\n",
                   "run.max_backlog must be 5 at least");
    assert_refused("arrivals: {rate: 1/s, clients: 5}\n" SIZE,
                   "'clients' is a key of closed, not of poisson");
#undef THINK
    file_write("s.yaml", people);
    assert_status("run s.yaml --engine lanes -o out", 2);
    assert_says("stderr", "the lanes engine goes from arrival to arrival");
    assert_false(file_exists("out"));
}

/* No thought at all is allowed where nobody is lost: a load test without pauses. */
static void test_no_thought(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: closed, clients: 5, think_time: {distribution: "
                         "deterministic, value: 0s}}\n" SIZE
                         "buffer: {capacity: 2, when_full: pause}\nrun: {duration: 100s}\n");
    assert_status("run s.yaml -o out", 0);
    assert_says("stdout", "utilization 100 %");
}

static void test_the_same_again(void **state)
{
    (void)state;
    file_write("s.yaml", people);
    assert_status("run s.yaml -o a --jobs 1", 0);
    assert_status("run s.yaml -o b --jobs 3 --engine events", 0);
    assert_status("run a/scenario.yaml -o c", 0);
    assert_status("run s.yaml -o d --seed 2", 0);
    assert_true(files_equal("a/columns.csv", "b/columns.csv"));
    assert_true(files_equal("a/histograms.csv", "b/histograms.csv"));
    assert_true(files_equal("a/spectrogram.png", "b/spectrogram.png"));
    assert_true(files_equal("a/columns.csv", "c/columns.csv"));
    assert_false(files_equal("a/columns.csv", "d/columns.csv"));
    assert_says("stdout", "tasks conserved: 160000 offered = 160000 completed");
}

static void test_resume(void **state)
{
    (void)state;
    static const char *const argv[] = {"queuescope",           "run", "s.yaml", "--set",
                                       "run.replications=200", "-o",  "r",      NULL};
    file_write("s.yaml", people);
    int status = program_interrupt(argv, 0.2, SIGINT);
    assert_true(status == 130 || status == 0);
    assert_status("run s.yaml --set run.replications=200 -o r --resume", 0);
    assert_status("run s.yaml --set run.replications=200 -o whole", 0);
    assert_true(files_equal("r/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("r/histograms.csv", "whole/histograms.csv"));
}

/* The shares of the classes are of tasks, and who goes first waits less. */
static void test_classes(void **state)
{
    (void)state;
    file_write(
        "s.yaml",
        "arrivals: {process: closed, clients: 20, think_time: {distribution: erlang, shape: "
        "2, mean: 1s}}\n"
        "tasks:\n"
        "  classes:\n"
        "    - {name: gold, share: 20%, priority: 0, size: {distribution: exponential, mean: "
        "50ms}}\n"
        "    - {name: rest, share: 80%, priority: 1, size: {distribution: exponential, mean: "
        "100ms}}\n"
        "consumers: {discipline: priority}\n"
        "run: {tasks: 50k, replications: 4}\n");
    assert_status("run s.yaml -o out", 0);
    char line[8192];
    double offered[2] = {0, 0}, latency[2] = {0, 0};
    FILE *file = fopen("out/columns.csv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        int class = strstr(line, ",gold,") ? 0 : strstr(line, ",rest,") ? 1 : -1;
        char *at = line, *value;
        for (int i = 0; class >= 0 && (value = strsep(&at, ",")); i++) {
            if (i == 4)
                offered[class] = strtod(value, NULL);
            if (i == 22)
                latency[class] = strtod(value, NULL);
        }
    }
    fclose(file);
    assert_true(fabs(offered[0] / (offered[0] + offered[1]) - 0.2) < 0.01);
    assert_true(latency[0] > 0.05 && latency[0] < 0.2 * latency[1]);
}

static double p99_with(double clients)
{
    struct finite_source f = {clients, 10, 10, 1, INFINITY};
    return finite_latency_quantile(&f, 0.99);
}

static void test_plan(void **state)
{
    (void)state;
    file_write("s.yaml", people);
    assert_status("plan s.yaml --slo 'p99 <= 1s' --vary arrivals.clients=10,20,40,80,160 -o p", 0);
    json_error_t error;
    json_t *plan = json_loads(file_text("p/plan.json"), 0, &error);
    assert_non_null(plan);
    double clients =
        json_number_value(json_object_get(json_object_get(plan, "answer"), "arrivals.clients"));
    json_decref(plan);
    assert_true(p99_with(clients) <= 1 && p99_with(2 * clients) > 1);
    assert_says("stdout", "clients");
}

static double cliff_value(const char *arguments)
{
    json_error_t error;
    assert_status(arguments, 0);
    json_t *cliff = json_loads(file_text("c/cliff.json"), 0, &error);
    assert_non_null(cliff);
    assert_string_equal(json_string_value(json_object_get(cliff, "kind")), "saturation");
    assert_string_equal(json_string_value(json_object_get(cliff, "stable")), "always");
    double value = json_number_value(json_object_get(cliff, "value"));
    json_decref(cliff);
    return value;
}

/* c (Z + S) / S clients, where the bounds cross. */
static void test_saturation(void **state)
{
    (void)state;
    file_write("s.yaml", people);
    assert_true(fabs(cliff_value("cliff s.yaml -o c") - 101) < 1e-9);
    assert_says("stdout", "There is no cliff");
    assert_says("stdout",
                "arrivals.clients 100 is 0.99 % below the saturation point at 101 (exact");
    double simulated = cliff_value("cliff s.yaml --method simulated -o c");
    assert_true(fabs(simulated - 101) < 1);
    /* A buffer that loses: where losses pass 1 %. */
    assert_status("cliff s.yaml --set buffer.capacity=3 -o c", 1);
    assert_says("stdout",
                "losses pass 1 % between arrivals.clients 37 and 38 (exactly, by theory)");
}

static void test_theory_and_check(void **state)
{
    (void)state;
    file_write("s.yaml", people);
    assert_status("check s.yaml", 0);
    assert_says("stdout", "clients ask for 99 % of what the consumers can do");
    assert_status("theory s.yaml", 0);
    assert_says("stdout", "M/M/c//N: exact values");
    assert_says("stdout", "Lavenberg and Reiser 1980");
    assert_status("theory s.yaml --set arrivals.think_time.distribution=deterministic --set "
                  "arrivals.think_time.value=10s",
                  0);
    assert_says("stdout", "G/M/c//N: exact values");
}

/* Open and closed are no tasks in common; more and fewer clients are. */
static void test_compare(void **state)
{
    (void)state;
    file_write("s.yaml", people);
    file_write("o.yaml",
               "title: Crowd\narrivals: {rate: 9/s}\n" SIZE "run: {tasks: 20k, replications: 8}\n");
    assert_status("compare o.yaml s.yaml -o x", 0);
    assert_says("stdout", "Differences by pairs of replications:");
    assert_says("x/comparison.csv", "Crowd");
    assert_status("compare s.yaml --vary arrivals.clients=50,100 -o y", 0);
    assert_says("stdout", "Differences of the same tasks, by pairs of replications:");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_refusals),   TEST(test_no_thought),       TEST(test_the_same_again),
        TEST(test_resume),     TEST(test_classes),          TEST(test_plan),
        TEST(test_saturation), TEST(test_theory_and_check), TEST(test_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
