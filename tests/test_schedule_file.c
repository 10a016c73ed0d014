/* Timetables from a file: `schedule: {file: rate.csv}` in place of a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "program.h"

#define file_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

#define REST                                                                                       \
    "tasks: {size: {distribution: exponential, mean: 2s}}\n"                                       \
    "consumers: {count: 3}\n"                                                                      \
    "run: {duration: 3h, replications: 2}\n"
#define LISTED "[{until: 20m, rate: 0.5}, {until: 1h, rate: 1.25}]"

static void write_scenario(const char *schedule)
{
    file_write("a.yaml", internf("arrivals: {process: schedule, repeat: yes, schedule: %s}\n" REST,
                                 schedule));
}

static void test_a_file_is_the_list(void **state)
{
    (void)state;
    write_scenario(LISTED);
    assert_status("run a.yaml -q -o list", 0);
    file_write("rate.csv", "until,rate\n1200,0.5\n3600,1.25\n");
    write_scenario("{file: rate.csv}");
    assert_status("run a.yaml -q -o file", 0);
    assert_true(files_equal("list/columns.csv", "file/columns.csv"));
    assert_true(files_equal("list/histograms.csv", "file/histograms.csv"));
    assert_status("run file/scenario.yaml -q -o again", 0);
    assert_true(files_equal("file/columns.csv", "again/columns.csv"));
    assert_true(files_equal("file/scenario.yaml", "again/scenario.yaml"));
    file_write("plain.csv", "1200,0.5\n3600,1.25\n"); /* no heading */
    assert_status("run a.yaml -q --set arrivals.schedule.file=plain.csv -o plain", 0);
    assert_true(files_equal("list/columns.csv", "plain/columns.csv"));
}

/* The one is set in place of the other. */
static void test_setting_either(void **state)
{
    (void)state;
    file_write("rate.csv", "until,rate\n1200,0.5\n3600,1.25\n");
    write_scenario(LISTED);
    assert_status("run a.yaml -q --set arrivals.schedule.file=rate.csv -o out", 0);
    assert_says("out/scenario.yaml", "rate.csv");
    assert_false(file_has("out/scenario.yaml", "until"));
    write_scenario("{file: rate.csv}");
    assert_status("run a.yaml -q --set arrivals.schedule.0.until=1h "
                  "--set arrivals.schedule.0.rate=1/s -o out",
                  0);
    assert_says("out/scenario.yaml", "until");
    assert_false(file_has("out/scenario.yaml", "rate.csv"));
}

static void assert_refused(const char *csv, const char *why)
{
    file_write("rate.csv", csv);
    assert_status("check a.yaml 2>said", 2);
    assert_says("said", why);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    write_scenario("{file: rate.csv}");
    assert_refused("until,rate\n3600,1\n1200,2\n",
                   "rate.csv:3:1: error: arrivals.schedule.1.until");
    assert_refused("until,rate\n0,1\n", "arrivals.schedule.0.until must be above 0");
    assert_refused("until,rate\n10,0\n", "every rate is 0");
    assert_refused("time,rate\n10,1\n", "must have two columns, until");
    assert_refused("until,rate,x\n10,1,2\n", "must have two columns, until");
    assert_refused("until,rate\n10,many\n", "rate.csv:2");
    write_scenario("{file: none.csv}");
    assert_refused("", "none.csv");
    write_scenario("{fil: rate.csv}");
    assert_refused("", "did you mean 'file'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        file_test(test_a_file_is_the_list),
        file_test(test_setting_either),
        file_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
