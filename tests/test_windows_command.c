/* The run by the clock (run.windows) as the program has it: its files, and what it cannot stand
 * beside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "program.h"

static const char scenario[] =
    "arrivals: {process: poisson, rate: 9/s}\n"
    "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
    "run: {duration: 100s, warmup: 0, replications: 2, at_end: censor, windows: 10s}\n";

static void the_program_writes_them(void **state)
{
    (void)state;
    file_write("s.yaml", scenario);
    assert_status("run s.yaml -o o", 0);
    assert_int_equal(file_lines("o/windows.csv"), 1 + 2 * 10);
    assert_says("o/summary.json", "\"measured_rows\"");
    assert_says("stdout", "windows.csv");
    assert_status("run s.yaml -o p --jobs 3 --engine events --quiet", 0);
    assert_true(files_equal("o/windows.csv", "p/windows.csv"));
    assert_status("run o/scenario.yaml -o p --quiet", 0);
    assert_true(files_equal("o/windows.csv", "p/windows.csv"));
    /* of a run without, what another one left is no part */
    file_write("plain.yaml", "arrivals: {process: poisson, rate: 9/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                             "run: {duration: 100s, warmup: 0, replications: 2, at_end: censor}\n");
    assert_status("run plain.yaml -o o --quiet --engine events", 0);
    assert_false(file_exists("o/windows.csv"));
    assert_true(files_equal("o/columns.csv", "p/columns.csv"));
    /* questions that take many runs leave them out */
    assert_status("plan s.yaml --slo 'p99 <= 100s' --vary consumers.count=1..2 -o q", 0);
    assert_status("compare s.yaml --vary arrivals.rate=1/s,2/s -o r", 0);
    assert_false(file_exists("r/windows.csv"));
}

static void what_does_not_go_together(void **state)
{
    (void)state;
    file_write("s.yaml", scenario);
    assert_status("run s.yaml --engine lanes", 2);
    assert_says("stderr", "(run.windows); 'events' does");
    assert_status("check s.yaml --set run.windows=0s", 2);
    assert_status("check s.yaml --set run.windows=10us", 2);
    assert_says("stderr", "more rows than can be kept, 2000000 at most");
    assert_status("run s.yaml -o swept --set sweep.parameter=arrivals.rate --set "
                  "sweep.values=\"1/s,2/s\" --set run.duration=20s",
                  0);
    assert_says("stderr", "note: run.windows is left out: windows are of one run");
    assert_int_not_equal(access("swept/windows.csv", F_OK), 0);
    assert_status("check s.yaml --set sweep.parameter=run.windows --set sweep.from=1s --set "
                  "sweep.to=2s --set sweep.steps=3",
                  2);
    assert_says("stderr", "cannot be swept");
    assert_status("check s.yaml --set sweep.mode=time --set sweep.steps=5", 0);
    assert_status("check s.yaml --set run.replications=8 --set run.precision.measure=latency_p99 "
                  "--set run.precision.relative=5%",
                  2);
    assert_says("stderr", "error: run.windows: windows are of the replications");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_program_writes_them, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(what_does_not_go_together, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
