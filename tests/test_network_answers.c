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
#include <jansson.h>

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
    assert_says("stdout", "drill: its consumers are held until the next stage has room");
    assert_says("stdout", "Formulas: line with small buffers");
    file_write("shop.yaml", shop);
    assert_status("explain shop.yaml", 0);
    assert_says("stdout", "source jobs: poisson, 5 /s requests");
    assert_says("stdout", "report"); /* 3 / 0.8 visits a second, a tenth of them go on to api */
    assert_says("stdout", "3.75 /s");
    assert_says("stdout", "42.4 /s");
    assert_status("explain shop.yaml --set sources.web.rate=80/s", 0);
    assert_says("stdout", "NO");
    /* One stage, too; a bad scenario is refused as everywhere. */
    assert_status("explain open", 0);
    assert_says("stdout", "The consumers can do 1.5 /s at most, which would be 1.5 times");
    assert_says("stdout", "Engine: lanes");
    assert_status("explain tandem.yaml --set stages.drill.sise=1s", 2);
}

/* The number behind a key of cliff.json. */
static double cliff_json(const char *folder, const char *key)
{
    json_t *all = json_loads(file_text(folder), 0, NULL);
    assert_non_null(all);
    double value = json_number_value(json_object_get(all, key));
    json_decref(all);
    return value;
}

int main(void)
{
    (void)cliff_json;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain),
    };
    return cmocka_run_group_tests(tests, program_setup, program_teardown);
}
