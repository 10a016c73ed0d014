/* How many tasks there are, by theory; formulas of many settings, and ranges of values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/theory/numbers.h"
#include "program.h"
#include "scene.h"

static struct numbers numbers(const char *consumers, const char *capacity, const char *discipline,
                              double p[NUMBERS_SHOWN])
{
    struct scenario *s =
        scene("arrivals.rate", "8/s", "tasks.size.distribution", "exponential", "tasks.size.mean",
              "100ms", "consumers.count", consumers, "buffer.capacity", capacity,
              "consumers.discipline", discipline, NULL);
    struct theory theory;
    struct numbers out;
    theory_of(s, &theory);
    numbers_of(s, &theory, &out, p);
    free(s);
    return out;
}

/* The mean of the distribution is L by Little's law, which comes from the wait; and those in
 * service are the throughput times a service. */
static void test_distribution_and_means_agree(void **state)
{
    (void)state;
    static const struct {
        const char *consumers, *capacity, *discipline;
    } systems[] = {{"3", "unbounded", "fifo"}, {"2", "unbounded", "lifo"}, {"1", "4", "fifo"},
                   {"3", "7", "fifo"},         {"2", "0", "fifo"},         {"1", "20", "random"}};
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        double p[NUMBERS_SHOWN], sum = 0, inside = 0, busy = 0,
                                 c = strtod(systems[i].consumers, NULL);
        struct numbers n =
            numbers(systems[i].consumers, systems[i].capacity, systems[i].discipline, p);
        assert_non_null(n.source);
        for (int k = 0; k < NUMBERS_SHOWN; k++) {
            sum += p[k];
            inside += k * p[k];
            busy += fmin(k, c) * p[k];
        }
        scene_near(sum, 1, 1e-6);
        scene_near(n.inside, inside, 1e-4);
        scene_near(n.throughput, busy / 0.1, 1e-3);
        scene_near(n.inside - n.waiting, busy, 1e-4);
    }
}

static void test_what_is_not_known_is_not_given(void **state)
{
    (void)state;
    double p[NUMBERS_SHOWN];
    assert_null(numbers("1", "unbounded", "shortest-job", p).source);
    assert_non_null(numbers("1", "unbounded", "processor-sharing", p).source);
    scene_near(p[3], 0.2 * 0.8 * 0.8 * 0.8, 1e-12);
    struct numbers n = numbers("1", "unbounded", "shortest-job", p);
    assert_true(n.inside < 4 && n.inside > 2); /* fewer than first come, first served */
}

static const char one[] = "arrivals: {rate: 8/s}\n"
                          "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                          "sweep: {parameter: arrivals.rate, values: [5, 8]}\n"
                          "run: {tasks: 2k}\n";

static void test_theory_command(void **state)
{
    (void)state;
    file_write("s.yaml", one);
    assert_status("theory s.yaml --set consumers.count=1", 0);
    assert_says("stdout", "\n  tasks inside, L           4 ");
    assert_says("stdout", "\n  tasks waiting, Lq       3.2 ");
    assert_says("stdout", "\n  throughput             8 /s ");
    assert_says("stdout", "\nP(N = n), N tasks inside: 0: 20 %, 1: 16 %, 2: 12.8 %, ");
    assert_status("theory s.yaml --vary consumers.count=1..3 --vary arrivals.rate=5/s..8/s..3/s",
                  0);
    assert_int_equal(file_lines("stdout"), 1 + 6 + 3);
    assert_says("stdout", "100 ms   200 ms   139 ms");
    assert_false(file_has("stdout", "simulated  "));
    assert_status("theory s.yaml --vary arrivals.rate=9/s,11/s", 0);
    assert_says("stderr", "note: arrivals.rate = 11/s: theory is silent: utilization is 1 or more");
    assert_status("theory s.yaml --vary arrivals.rate=11/s,12/s", 1);
    assert_status("theory s.yaml --vary arrivals.rat=9", 2);
}

static size_t settings(const char *vary)
{
    char command[200] = "compare s.yaml -q -o o --vary ";
    strcat(command, vary);
    assert_status(command, 0);
    return file_lines("o/comparison.csv") - 1;
}

static void test_ranges(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 8/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "run: {tasks: 1k, replications: 1}\n");
    assert_int_equal(settings("consumers.count=2..4"), 3);
    assert_says("o/comparison.csv", "\n4,");
    assert_int_equal(settings("consumers.count=1,4..2,8"), 5);
    assert_int_equal(settings("consumers.count=2..10..4"), 3);
    assert_says("o/comparison.csv", "\n10,");
    assert_int_equal(settings("arrivals.rate=1.5/s..3/s..0.5/s"), 4);
    assert_says("o/comparison.csv", "\n2.5/s,");
    assert_status("compare s.yaml -o o --vary arrivals.rate=1/s..3/s", 2);
    assert_says("stderr", "it takes a step, such as 20%..80%..20%");
    assert_status("compare s.yaml -o o --vary arrivals.rate=1/s..3/s..1", 2);
    assert_says("stderr", "from, to and step must have the same unit");
    assert_status("compare s.yaml -o o --vary consumers.count=1..9..0", 2);
    assert_says("stderr", "the step must be above 0");
    assert_status("compare s.yaml -o o --vary consumers.count=1..40", 2);
    assert_says("stderr", "40 panels: a picture holds at most 12");
    assert_status("compare s.yaml -o o --vary consumers.count=1..400", 2);
    assert_says("stderr", "more than 64 values");
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distribution_and_means_agree),
        cmocka_unit_test(test_what_is_not_known_is_not_given),
        cli_test(test_theory_command),
        cli_test(test_ranges),
    };
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
