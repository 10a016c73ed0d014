/* What is known of networks before they run, as users meet it: explain, theory, cliff, and what is
 * refused by name. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/cliff.h"
#include "../sim/base/err.h"
#include "../sim/scenario/config.h"
#include "program.h"

static const char tandem[] = "title: Three machines in a row\n"
                             "arrivals: {process: poisson, rate: 0.5/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                             "stages:\n"
                             "  cut: {to: drill}\n"
                             "  drill: {to: paint, buffer: {capacity: 2, when_full: pause}}\n"
                             "  paint: {buffer: {capacity: 2, when_full: pause}}\n"
                             "run: {tasks: 20k, replications: 4}\n";

static const char shop[] =
    "sources:\n"
    "  web: {process: poisson, rate: 40/s, to: api}\n"
    "  jobs: {process: poisson, rate: 5/s, to: {report: 60%, api: 40%}}\n"
    "stages:\n"
    "  api: {consumers: {count: 8}, size: {distribution: exponential, mean: 20ms}, calls: [db]}\n"
    "  db: {consumers: {count: 4}, size: {distribution: exponential, mean: 60ms}}\n"
    "  report: {size: {distribution: exponential, mean: 200ms}, to: {report: 20%, api: 10%}}\n";

static void test_explain(void **state)
{
    (void)state;
    file_write("tandem.yaml", tandem);
    assert_status("explain tandem.yaml", 0);
    assert_says("stdout", "The line can do 0.734 /s at most");
    assert_says("stdout", "it is at 68.1 % of that");
    assert_says("stdout", "cut, drill: consumers are held until the next stage has room");
    assert_says("stdout", "Formulas: line with small buffers");
    assert_says("stdout", "Engine: events, which follows all stages of a network together");
    file_write("shop.yaml", shop);
    assert_status("explain shop.yaml", 0);
    assert_says("stdout", "source jobs: poisson, 5 /s requests");
    assert_says("stdout", "report"); /* 3 / 0.8 visits a second, a tenth of them go on to api */
    assert_says("stdout", "3.75 /s");
    assert_says("stdout", "42.4 /s");
    assert_status("explain shop.yaml --set sources.web.rate=80/s", 0);
    assert_says("stdout", "NO");
    file_write("pools.yaml", "arrivals: {process: poisson, rate: 130/s}\n"
                             "stages:\n"
                             "  web: {consumers: {count: 16}, size: {distribution: exponential, "
                             "mean: 20ms}, calls: [db]}\n"
                             "  db: {consumers: {count: 4}, size: {distribution: exponential, "
                             "mean: 30ms}}\n");
    assert_status("explain pools.yaml", 0);
    assert_says("stdout", "They wait for db, which is too small: more of them would do no more.");
    assert_status("explain pools.yaml --set stages.web.consumers.count=5", 0);
    assert_says("stdout", "More of them would do more, until db is full at 133 /s.");
    /* One stage, too; a bad scenario is refused as everywhere. */
    assert_status("explain open", 0);
    assert_says("stdout", "The consumers can do 1.5 /s at most, which would be 1.5 times");
    assert_says("stdout", "Engine: lanes");
    assert_status("explain tandem.yaml --set stages.drill.sise=1s", 2);
}

/* The cliff along a parameter, exact or simulated. */
static struct cliff find(const char *text, const char *settings, const char *parameter, double low,
                         double high, bool simulate)
{
    static struct scenario s; /* large */
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(&s);
    bool sound = config_read("t", text, strlen(text), &s, &places, &errors);
    for (const char *at = settings; sound && at;
         at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL) {
        char path[80], value[40];
        assert_int_equal(sscanf(at, "%79[^=]=%39[^;]", path, value), 2);
        sound = param_set(&s, path, value, (struct place){0}, &errors);
    }
    if (!sound || !scenario_check(&s, &places, &errors))
        fail_msg("%s", errors.text[0]);
    places_free(&places);
    struct load_meter meter = {.run = {.jobs = 1}, .rate = NAN, .size = NAN};
    const struct cliff_question question = {&s, parameter, low, high, simulate};
    struct cliff cliff;
    cliff_find(&question, &meter, &cliff);
    return cliff;
}

/* Exact along any key: traffic, places between the stages, consumers that wait for answers. */
static void test_exact_cliffs(void **state)
{
    (void)state;
    struct cliff c = find(tandem, NULL, "arrivals.rate", NAN, NAN, false);
    assert_false(c.simulated);
    assert_true(fabs(c.value - 0.73401667214) < 1e-9);
    c = find(tandem, "arrivals.rate=0.75/s", "stages.drill.buffer.capacity", 0, 9, false);
    assert_true(c.value > 2 && c.value < 3 && !c.stable_below);
    /* The database does 66.7 a second; those that wait for it must be many enough. */
    c = find(shop, "sources.web.rate=50/s", "stages.api.consumers.count", 1, 64, false);
    assert_true(!c.simulated && c.value > 4 && c.value < 8);
    double fewest = ceil(c.value);
    c = find(shop, internf("sources.web.rate=50/s;stages.api.consumers.count=%.0f", fewest),
             "sources.web.rate", NAN, NAN, false);
    assert_true(c.value > 50);
    c = find(shop, internf("sources.web.rate=50/s;stages.api.consumers.count=%.0f", fewest - 1),
             "sources.web.rate", NAN, NAN, false);
    assert_true(c.value < 50);
    /* Of a feedback the whole of the visits: report has 3 / (1 - 0.2) a second, and does 5. */
    c = find(shop, NULL, "sources.jobs.rate", NAN, NAN, false);
    assert_true(fabs(c.value - 5 * 0.8 / 0.6) < 1e-9);
}

/* By simulation, of a network that is known as well: both agree. */
static void test_simulated_cliffs(void **state)
{
    (void)state;
    struct cliff c = find(tandem, NULL, "arrivals.rate", 0.6, 0.9, true);
    assert_true(c.simulated && c.low < 0.73401667214 * 1.005 && c.high > 0.73401667214 * 0.995);
    /* Side by side two of the calls end when the longer one does: no formula here. */
    static const char beside[] =
        "arrivals: {process: poisson, rate: 5/s}\n"
        "stages:\n"
        "  web: {consumers: {count: 4}, size: 0s, calls: [[a, b]]}\n"
        "  a: {consumers: {count: unlimited}, size: {distribution: exponential, mean: 200ms}}\n"
        "  b: {consumers: {count: unlimited}, size: {distribution: exponential, mean: 200ms}}\n";
    c = find(beside, NULL, "arrivals.rate", 6, 30, false); /* 4 in 1.5 times 200 ms */
    assert_true(c.simulated && c.low < 13.4 && c.high > 13.26);
}

static void test_words_of_a_cliff(void **state)
{
    (void)state;
    file_write("tandem.yaml", tandem);
    assert_status("cliff tandem.yaml -o out", 0);
    assert_says("stdout", "the cliff at 0.734 /s (exact: it is all that the bottleneck can do)");
    assert_true(file_exists("out/cliff.png"));
    file_write("shop.yaml", shop);
    assert_status("cliff shop.yaml -o out", 2);
    assert_says("stderr", "there are several sources: say along what");
}

/* What takes one stage only says so by its name, at the place. */
static void test_refusals(void **state)
{
    (void)state;
    file_write("tandem.yaml", tandem);
    file_write("shop.yaml", shop);
    assert_status("rare tandem.yaml -o out", 2);
    assert_says("stderr", "tandem.yaml:4:1: error: rare events are followed through one stage");
    assert_status("rare shop.yaml -o out --measure loss", 2);
    assert_says("stderr", "rare events are followed through one stage, and this is a network");
    assert_status("run tandem.yaml --engine lanes -o out", 2);
    assert_says("stderr", "error: in the lanes engine the buffers of a network have no limit");
}

/* `theory` beside a simulation, a table of values, and what stages are called in it. */
static void test_theory_command(void **state)
{
    (void)state;
    file_write("tandem.yaml", tandem);
    assert_status("theory tandem.yaml", 0);
    assert_says("stdout", "line with small buffers: exact values beside 32 replications");
    assert_says("stdout", "mean wait, drill");
    assert_says("stdout", "6.267 s"); /* from end to end */
    assert_status("theory tandem.yaml --vary arrivals.rate=0.5/s,0.74/s", 0);
    assert_says("stderr",
                "the line can do 0.734 tasks a second at most, for its buffers are small");
    file_write("shop.yaml", shop); /* of api and db nothing is known, of report all is */
    assert_status("theory shop.yaml", 0);
    assert_says("stdout", "mean latency, report");
    assert_false(file_has("stdout", ", db"));
}

/* Exact answers of plan: from end to end and of a stage. */
static void test_plan(void **state)
{
    (void)state;
    file_write("jackson.yaml", "arrivals: {process: poisson, rate: 0.5/s}\n"
                               "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                               "stages: {a: {to: b}, b: {consumers: {count: 2}}}\n");
    assert_status("plan jackson.yaml -o out --slo 'b.latency_mean <= 1.2s' --slo 'p99 <= 12s' "
                  "--vary arrivals.rate=0.1/s..0.9/s",
                  0);
    assert_says("stdout", "exactly");
    assert_says("stdout", "open network");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_exact_cliffs),
        cmocka_unit_test(test_simulated_cliffs),
        cmocka_unit_test(test_words_of_a_cliff),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_theory_command),
        cmocka_unit_test(test_plan),
    };
    return cmocka_run_group_tests(tests, program_setup, program_teardown);
}
