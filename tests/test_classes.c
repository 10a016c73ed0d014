/* Several classes of tasks: every one is in what `run` and `compare` say, not only their mixture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

static const char two[] =
    "title: Gold before bronze\n"
    "arrivals: {rate: 9/s}\n"
    "tasks:\n"
    "  size: {distribution: exponential, mean: 100ms}\n"
    "  classes: [{name: gold, share: 20%, priority: 0}, {name: bronze, share: 80%, priority: 1}]\n";
static const char swept[] = "sweep: {parameter: arrivals.rate, values: [5, 8, 9]}\n"
                            "run: {tasks: 20k}\n";

static void write_scenario(const char *name, const char *rest)
{
    char text[1024];
    strcpy(text, two);
    strcat(text, rest);
    file_write(name, text);
}

/* The line of a text that begins so (blanks in front left out); fails where there is none. */
static const char *line_of(const char *name, const char *start)
{
    static char line[512];
    for (const char *at = file_text(name); at && *at; at = strchr(at, '\n') + 1) {
        at += strspn(at, " ");
        if (strncmp(at, start, strlen(start)) == 0) {
            snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
            return line;
        }
    }
    fail_msg("no line of %s begins with '%s':\n%s", name, start, file_text(name));
    return NULL;
}

static void test_run_tells_of_each_class(void **state)
{
    (void)state;
    write_scenario("s.yaml", swept);
    assert_status("run s.yaml -o o --set consumers.discipline=priority "
                  "--set picture.objective=1200ms",
                  0);
    assert_non_null(strstr(line_of("stdout", "arrivals.rate "), " class  utilization "));
    const char *text = file_text("stdout");
    assert_non_null(strstr(text, " gold  "));
    assert_non_null(strstr(text, " bronze  "));
    assert_non_null(strstr(text, " all  "));
    assert_non_null(strstr(line_of("stdout", "gold: median latency from "),
                           " p99 meets the objective of 1.2 s everywhere."));
    assert_non_null(strstr(line_of("stdout", "bronze: median latency from "),
                           " p99 exceeds the objective of 1.2 s from 8 /s on."));
    /* without a sweep: a line each */
    write_scenario("one.yaml", "run: {tasks: 20k}\n");
    assert_status("run one.yaml -o one", 0);
    assert_non_null(strstr(line_of("stdout", "class "), " mean wait "));
    line_of("stdout", "bronze  ");
    assert_non_null(
        strstr(line_of("stdout", "gold: half of the tasks are done within "), ", 99 % within "));
    /* one class: nothing of classes */
    assert_status("run one.yaml -o one --set tasks.classes=", 2);
    file_write("plain.yaml", "arrivals: {rate: 8/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                             "run: {tasks: 20k}\n");
    assert_status("run plain.yaml -o plain", 0);
    assert_false(file_has("stdout", "class"));
}

/* What one class gains, another loses: all together it may look like nothing. */
static void test_compare_says_who_gains(void **state)
{
    (void)state;
    write_scenario("s.yaml", swept);
    assert_status("compare s.yaml --vary consumers.discipline=fifo,priority -o o", 0);
    assert_says("stdout", "consumers.discipline = priority against consumers.discipline = fifo, at "
                          "arrivals.rate = 9 /s:\n    gold: better by ");
    assert_non_null(strstr(line_of("stdout", "gold: "), " at p99"));
    line_of("stdout", "bronze: worse by ");
    assert_non_null(strstr(line_of("stdout", "all: "), "no difference can be told "));
    assert_says("stdout", "  What the lines of a pair claim holds together with 95 % (Bonferroni)");
    assert_says("stdout", " arrivals.rate   class  utilization ");
    /* panels of other classes are told apart all together */
    write_scenario("other.yaml", swept);
    assert_status("compare s.yaml s.yaml -o p --set tasks.classes.0.name=gold", 0);
    line_of("stdout", "bronze: no difference at all.");
    file_write("plain.yaml", "arrivals: {rate: 9/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                             "sweep: {parameter: arrivals.rate, values: [5, 8, 9]}\n"
                             "run: {tasks: 20k}\n");
    assert_status("compare s.yaml plain.yaml -o q", 0);
    assert_false(file_has("stdout", "gold: "));
    assert_says("stdout", "against Gold before bronze, at arrivals.rate = 9 /s: no difference");
}

/* Objectives of classes are told, where they are met and where not. */
static void test_objectives_of_classes(void **state)
{
    (void)state;
    write_scenario("s.yaml", "objectives: ['gold.p99 <= 1200ms', 'bronze.p99 <= 1200ms', "
                             "'gold.p50 <= 1ms at 9/s']\n"
                             "consumers: {discipline: priority}\n"
                             "sweep: {parameter: arrivals.rate, values: [3, 9]}\n"
                             "run: {tasks: 40k}\n");
    assert_status("run s.yaml -o o", 0);
    assert_says("stdout", "  objective gold.latency_p99 <= 1.2s: met in all 2 columns.\n");
    assert_says("stdout", "  objective bronze.latency_p99 <= 1.2s: met in 1 of 2 columns, first at "
                          "3 /s; not met in 1 of 2 columns, first at 9 /s.\n");
    assert_says("stdout", "  objective gold.latency_p50 <= 1ms at 9/s: not met.\n");
    assert_status("compare s.yaml --vary consumers.count=1,3 -o c", 0);
    assert_says("stdout", "\n1 consumer: objective bronze.latency_p99 <= 1.2s: met in 1 of 2");
    assert_says("stdout", "\n3 consumers: objective bronze.latency_p99 <= 1.2s: met in all 2");
}

/* One class is drawn by its name, and one that is not there is no class. */
static void test_one_class_is_drawn(void **state)
{
    (void)state;
    write_scenario("s.yaml", swept);
    assert_status("run s.yaml -o o --class gol", 2);
    assert_says("stderr", "--class gol: error: unknown class 'gol' (did you mean 'gold'?)");
    assert_status("run s.yaml -o o --class xyz", 2);
    assert_says("stderr", "unknown class 'xyz'; here are gold, bronze, all and each");
    assert_false(file_exists("o"));
    assert_status("run s.yaml -o each", 0);
    assert_status("run s.yaml -o gold --class gold", 0);
    assert_status("run s.yaml -o all --class all", 0);
    assert_true(files_equal("each/columns.csv", "gold/columns.csv"));
    assert_false(files_equal("each/spectrogram.png", "gold/spectrogram.png"));
    assert_false(files_equal("all/spectrogram.png", "gold/spectrogram.png"));
    assert_says("gold/scenario.yaml", "class: \"gold\"");
    assert_status("run gold/spectrogram.png -o again", 0);
    assert_true(files_equal("gold/spectrogram.png", "again/spectrogram.png"));
    assert_status("compare s.yaml --vary consumers.count=1,2 -o c --class bronze", 0);
    file_write("plain.yaml", "arrivals: {rate: 8/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 100ms}}\n");
    assert_status("run plain.yaml -o o --class gold", 2);
    assert_says("stderr", "unknown class 'gold'; here are all and each");
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(test_run_tells_of_each_class),
        cli_test(test_compare_says_who_gains),
        cli_test(test_objectives_of_classes),
        cli_test(test_one_class_is_drawn),
    };
    return cmocka_run_group_tests_name("classes", tests, NULL, NULL);
}
