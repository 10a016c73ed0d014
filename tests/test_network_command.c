/* Networks on the command line: interrupted, gone on with, and run by an engine that cannot. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
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

/* Lanes take stages in a row, to the same counts, and say why no others; `explain` says which
 * engine it is. */
static void lanes_take_rows(void **state)
{
    (void)state;
    static const struct {
        const char *set, *why;
    } refused[] = {
        {"stages.b.buffer.capacity=2", "the buffers of a network have no limit (stages.b.buffer"},
        {"stages.a.to={b: 50%}", "whose stages are a row only"},
        {"stages.a.calls=[b]", "makes no calls (stages.a.calls)"},
        {"stages.b.replicas=2", "is one station (stages.b.replicas)"},
        {"stages.b.reply=yes", "answers at the end of the way only (stages.b.reply)"},
        {"stages.b.delay=1s", "delays no tasks (stages.b.delay)"},
        {"stages.b.outages=[{at: 1s, for: 1s}]",
         "befalls the stages of the lanes engine (stages.b"},
        {"stages.b.timeout=1s", "lose no patience (stages.b.timeout"},
        {"stages.b.consumers.discipline=lifo", "in order of arrival only (stages.b.consumers"},
        {"stages.b.consumers.count=5000", "at most 4096 consumers (stages.b.consumers.count)"},
        {"tasks.bytes=1kB", "follows no memory (tasks.bytes)"},
        {"run.windows=10s", "does not go by the clock (run.windows)"},
        {"picture.measure=queue", "does not follow the number waiting"},
    };
    file_write("s.yaml", "arrivals: {rate: 0.9/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                         "stages: {a: {to: b}, b: {}}\n"
                         "run: {tasks: 100, replications: 1}\n");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *set = internf("--set \"%s\"%s", refused[i].set,
                                  strstr(refused[i].set, "calls") ? " --set stages.a.to=exit" : "");
        assert_status(internf("run s.yaml --engine lanes %s", set), 2);
        assert_says("stderr", "lanes engine");
        assert_says("stderr", refused[i].why);
        assert_status(internf("explain s.yaml %s", set), 0);
        assert_says("stdout", "Engine: events");
        assert_says("stdout", refused[i].why);
    }
    assert_status("explain s.yaml", 0);
    assert_says("stdout", "Engine: lanes, which takes the stages of a row one after the other");
    assert_status("run s.yaml --engine lanes -o l", 0);
    assert_status("run s.yaml --engine events -o e", 0);
    assert_says("l/summary.json", "\"engine\": \"lanes\"");
    assert_string_equal(file_text("l/histograms.csv"), file_text("e/histograms.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_interrupted_is_gone_on_with, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_long_request_can_be_interrupted, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(lanes_take_rows, program_setup, program_teardown),
    };
    return cmocka_run_group_tests_name("networks on the command line", tests, NULL, NULL);
}
