/* What comes beside the simulation: examples that are found where the program was put, what it is
 * made of, and the manual of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

static const char demo[] = "# A comment that stays.\n"
                           "title: A small one\n"
                           "arrivals: {rate: 8/s}\n"
                           "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                           "run: {tasks: 2k}\n";

/* As `make install PREFIX=p` lays it out; `name` is a name that the tree's examples have not. */
static void install(const char *name)
{
    char command[200];
    file_write("demo.yaml", demo);
    strcpy(command, "mkdir -p p/bin p/share/queuescope/configs && cp $Q p/bin/queuescope && "
                    "mv demo.yaml p/share/queuescope/configs/");
    strcat(command, name);
    assert_int_equal(shell_run(command), 0);
}

static void test_examples_are_found_where_they_were_put(void **state)
{
    (void)state;
    install("small.yaml");
    assert_int_equal(shell_run("p/bin/queuescope example >stdout"), 0);
    assert_memory_equal(file_text("stdout"), "  small  A small one\n", 21);
    assert_int_equal(shell_run("p/bin/queuescope example small >stdout"), 0);
    assert_string_equal(file_text("stdout"), "small.yaml\n");
    assert_string_equal(file_text("small.yaml"), demo);
    /* not over what is there */
    file_write("small.yaml", "mine\n");
    assert_int_equal(shell_run("p/bin/queuescope example small 2>stderr"), 1);
    assert_says("stderr", "small.yaml: File exists; -o gives it another name");
    assert_string_equal(file_text("small.yaml"), "mine\n");
    assert_int_equal(shell_run("p/bin/queuescope example small -o - >stdout"), 0);
    assert_string_equal(file_text("stdout"), demo);
    assert_int_equal(shell_run("p/bin/queuescope example nothing 2>stderr"), 2);
    assert_says("stderr", "'nothing': there is no such example");
    /* a file of one's own goes before */
    assert_int_equal(shell_run("p/bin/queuescope check small.yaml 2>stderr"), 2);
    assert_int_equal(shell_run("rm small.yaml"), 0);
    static const char *const names[] = {"small", "small.yaml", "configs/small.yaml"};
    for (size_t i = 0; i < 3; i++) {
        char command[100] = "p/bin/queuescope run -o o ";
        strcat(command, names[i]);
        strcat(command, " >stdout 2>stderr");
        assert_int_equal(shell_run(command), 0);
        assert_memory_equal(file_text("stdout"), "A small one\n", 12);
        assert_says("stderr", "is the example in /");
    }
    assert_int_equal(shell_run("p/bin/queuescope run ../small 2>stderr"), 2);
}

static void test_without_examples(void **state)
{
    (void)state;
    assert_int_equal(shell_run("mkdir -p q/bin && cp $Q q/bin/queuescope"), 0);
    assert_int_equal(shell_run("q/bin/queuescope example 2>stderr"), 1);
    assert_says("stderr", "there are no examples beside this program");
    assert_int_equal(shell_run("q/bin/queuescope version >stdout"), 0);
    assert_says("stdout", "\nexamples   none are with it\n");
}

static void test_version(void **state)
{
    (void)state;
    assert_status("version", 0);
    assert_memory_equal(file_text("stdout"), "queuescope ", 11);
    assert_says("stdout", "\nlibraries  gsl ");
    assert_says("stdout", ", cairo ");
    assert_says("stdout", "\ncompiler   ");
    assert_int_equal(shell_run("QUEUESCOPE_VECTOR=2 $Q version >stdout"), 0);
    assert_says("stdout", "\nvectors    2 doubles (at most ");
    assert_status("version x", 2);
}

/* Keys of later versions stand apart, and are refused by name. */
static void test_keys_that_are_planned(void **state)
{
    (void)state;
    assert_status("params", 0);
    const char *all = file_text("stdout");
    const char *later = strstr(all, "\nNot yet; a later version brings these:\n");
    assert_non_null(later);
    assert_non_null(strstr(later, "\n  tasks.recheck  "));
    assert_non_null(strstr(later, "\n  tasks.state_changes  "));
    assert_true(strstr(all, "\n  tasks.recheck  ") > later);
    assert_status("params tasks.recheck.cost", 0);
    assert_says("stdout", "not yet; a later version brings it:\n  tasks.recheck ");
    file_write("s.yaml", "tasks: {recheck: {cost: 1s}}\n");
    assert_status("check s.yaml", 2);
    assert_says("stderr", "s.yaml:1:9: error: 'tasks.recheck' is not yet supported");
    file_write("s.yaml", demo);
    assert_status("check s.yaml --set tasks.recheck.cost=3s", 2);
    assert_says("stderr", "'tasks.recheck' is not yet supported");
}

static void test_paths_that_are_near(void **state)
{
    (void)state;
    assert_status("params consumer.count", 2);
    assert_says("stderr", "(did you mean 'consumers.count'?)");
    assert_status("params resum", 2);
    assert_says("stderr", "(did you mean 'buffer.resume_delay' or ");
    assert_status("params ratee", 2);
    assert_says("stderr", "'arrivals.rate'");
    assert_status("params zzzz", 2);
    assert_says("stderr", "without an argument, all are listed");
}

static void test_check_takes_settings(void **state)
{
    (void)state;
    file_write("s.yaml", demo);
    assert_status("check s.yaml --set arrivals.rate=5/s", 0);
    assert_says("stdout", "offered utilization 50 %");
    assert_status("check s.yaml --set arrivals.rate=-5/s", 2);
    assert_says("stderr", "--set arrivals.rate=-5/s: error: ");
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(test_examples_are_found_where_they_were_put),
        cli_test(test_without_examples),
        cli_test(test_version),
        cli_test(test_keys_that_are_planned),
        cli_test(test_paths_that_are_near),
        cli_test(test_check_takes_settings),
    };
    return cmocka_run_group_tests_name("beside", tests, NULL, NULL);
}
