/* Networks on the command line: interrupted, gone on with, and run by an engine that cannot. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "program.h"

static const char tandem[] = "arrivals: {rate: 0.6/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                             "stages:\n"
                             "  cut: {to: drill}\n"
                             "  drill: {buffer: {capacity: 2, when_full: pause}, to: paint}\n"
                             "  paint: {buffer: {capacity: 2, when_full: pause}}\n"
                             "run: {tasks: 20k, replications: 200}\n";

static void what_was_interrupted_is_gone_on_with(void **state)
{
    (void)state;
    static const char *const argv[] = {"queuescope", "run", "s.yaml", "-o", "r", NULL};
    file_write("s.yaml", tandem);
    int status = program_interrupt(argv, 0.3, SIGINT);
    assert_true(status == 130 || status == 0);
    assert_status("run s.yaml -o r --resume", 0);
    assert_status("run s.yaml -o whole", 0);
    assert_true(files_equal("r/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("r/histograms.csv", "whole/histograms.csv"));
    assert_true(file_exists("r/topology.png"));
}

/* One request that as good as never ends: nothing arrives after it that could be waited for. */
static void a_long_request_can_be_interrupted(void **state)
{
    (void)state;
    static const char *const argv[] = {"queuescope", "run", "s.yaml", NULL};
    file_write("s.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: 1us}\n"
                         "stages: {round: {to: {round: 99.9999999%}}}\n"
                         "run: {tasks: 1k, replications: 1}\n");
    assert_int_equal(program_interrupt(argv, 0.3, SIGINT), 130);
}

static void lanes_refuse(void **state)
{
    (void)state;
    file_write("s.yaml", tandem);
    assert_status("run s.yaml --engine lanes", 2);
    assert_says("stderr", "the lanes engine has one stage, and this is a network");
    assert_status("run s.yaml --engine events --set run.tasks=100 --set run.replications=1 -o e",
                  0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_interrupted_is_gone_on_with, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_long_request_can_be_interrupted, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(lanes_refuse, program_setup, program_teardown),
    };
    return cmocka_run_group_tests_name("networks on the command line", tests, NULL, NULL);
}
