/* What is said beside the answer: behind it, once, in the same words in the picture; and what is
 * set and forgotten. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/figure.h"
#include "../sim/result/warnings.h"
#include "program.h"
#include "scene.h"

static const char loaded[] =
    "title: Load goes up\n"
    "arrivals: {rate: 40/s}\n"
    "tasks: {size: {distribution: exponential, mean: 20ms}}\n"
    "sweep: {parameter: arrivals.utilization, values: [50%, 80%, 110%, 120%]}\n"
    "run: {tasks: 5k}\n";

static void test_warnings_stand_behind_the_answer(void **state)
{
    (void)state;
    file_write("s.yaml", loaded);
    assert_int_equal(shell_run("$Q run s.yaml -o o >all 2>&1"), 0);
    const char *all = file_text("all"), *files = strstr(all, "spectrogram.png, columns.csv"),
               *warning = strstr(all, "warning: unstable in 2 of 4 columns");
    assert_non_null(files);
    assert_true(warning > files);
    assert_null(strstr(warning, "tasks conserved"));
    /* one line each, however long */
    assert_status("run s.yaml -o o", 0);
    for (const char *line = file_text("stderr"); *line; line = strchr(line, '\n') + 1)
        assert_memory_equal(line, "warning: ", 9);
    /* in summary.json they are in any case; quiet is quiet */
    assert_status("run s.yaml -o o -q --set tasks.size.mean=150", 0);
    assert_int_equal(file_size("stderr") + file_size("stdout"), 0);
    assert_says("o/summary.json", "unstable in 2 of 4 columns");
    assert_status("run s.yaml -o o -q --set tasks.size.mean=x", 2);
    assert_says("stderr", "error: ");
}

/* Those of several panels that differ in figures alone are one. */
/* The sentence below the figures takes those without an interval for what they are: the run's. */
static void test_figures_of_the_run_alone(void **state)
{
    (void)state;
    file_write("p.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: pareto, alpha: 1.7, low: 300ms}}\n"
                         "run: {tasks: 10k, replications: 4}\n");
    assert_status("run p.yaml -o p", 0);
    assert_says("stdout", ", in what this run has met, half of the tasks are done within");
    file_write("e.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 500ms}}\n"
                         "run: {tasks: 20k, replications: 8}\n");
    assert_status("run e.yaml -o e", 0);
    assert_false(file_has("stdout", "in what this run has met"));
}

/* Over a sweep likewise: what has no interval at an end is not claimed there; the sentence says
 * where it is known, and theory what it is where no run can know it. */
static void test_a_sweep_claims_what_is_known(void **state)
{
    (void)state;
    file_write("p.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: pareto, alpha: 3, low: 300ms}}\n"
                         "sweep: {parameter: tasks.size.alpha, values: [5, 4, 3, 2.5, 1.9, 1.8]}\n"
                         "run: {tasks: 10k, replications: 8}\n");
    assert_status("run p.yaml -o p", 0);
    assert_says("stdout", "From tasks.size.alpha = 5 to 1.8 utilization goes from");
    assert_says("stdout", "p99 is known in 3 of 6 columns, from ");
    assert_says("stdout", "beyond that, without an interval, this run has met ");
    assert_false(file_has("stdout", "and p99 from"));
    assert_false(file_has("stdout", "p99 is ten times"));
    assert_says("stdout", "  at tasks.size.alpha = 2.5 half of the tasks are done within");
    assert_says("stdout", "  at tasks.size.alpha = 1.8 half of the tasks are done within");
    assert_says("p/summary.json", "by conditional Monte Carlo");
    /* With an interval everywhere it goes from end to end, and theory is not asked. */
    assert_status("run p.yaml -o e --set sweep.values=[6,5,4] --set run.tasks=20k", 0);
    assert_says("stdout", ", the median latency from ");
    assert_says("stdout", " and p99 from ");
    assert_false(file_has("stdout", "is known in"));
    assert_false(file_has("stdout", "By theory"));
    assert_false(file_has("e/summary.json", "\"theory\""));
}

/* Losses likewise: two giants at once, which a run like this meets a few times, lose what is lost
 * (theory: 0.66 %). */
static void test_a_loss_is_the_run_s_or_known(void **state)
{
    (void)state;
    file_write("g.yaml", "arrivals: {rate: 40/s}\n"
                         "tasks: {size: {distribution: hyperexponential, means: [20ms, 600s],\n"
                         "               probabilities: [0.999995, 0.000005]}}\n"
                         "consumers: {count: 2}\n"
                         "buffer: {capacity: 20}\n"
                         "run: {tasks: 400k, replications: 8}\n");
    assert_status("run g.yaml -o g", 0);
    assert_says("stdout", " in this run, no interval, stable: ");
    assert_says("stdout", "; in what this run has met, 0.");
    assert_status("run g.yaml -o g --set arrivals.rate=1/s --set run.tasks=1k", 0);
    assert_says("stdout", "loss 0 % in this run, no interval");
    assert_says("stdout", "in what this run has met, none of the tasks are lost");
    assert_status(
        "run g.yaml -o s --set sweep.parameter=buffer.capacity --set sweep.values=[20,30]", 0);
    assert_says("stdout", " At worst, in what this run has met, 0.");
    file_write("b.yaml", "arrivals: {rate: 9/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "buffer: {capacity: 20}\n"
                         "run: {tasks: 100k}\n");
    assert_status("run b.yaml -o b", 0);
    assert_says("stdout", "loss 1.22 % (1.15 % to 1.3 %), stable");
    assert_says("stdout", "; 1.22 % of the tasks are lost.");
    assert_status("run b.yaml -o b --set arrivals.rate=2/s", 0);
    assert_says("stdout", "loss 0 % (at most 0.000");
    assert_status("run b.yaml -o b --set buffer.capacity=unbounded", 0);
    assert_says("stdout", "loss 0 %, stable");
}

static void test_panels_are_joined(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 40/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 20ms}}\n"
                         "sweep: {parameter: arrivals.rate, values: [40, 60, 120, 900]}\n"
                         "run: {tasks: 5k}\n");
    assert_status("compare s.yaml --vary consumers.count=1,2,4,8,40 -o o", 0);
    assert_says("stderr",
                "warning: in 4 of 5 panels (consumers.count = 1; consumers.count = 2; "
                "consumers.count = 4 and 1 more), here of consumers.count = 1: unstable in 3 of 4 "
                "columns (arrivals.rate 60 /s to 900 /s): the backlog grows");
    const char *first = strstr(file_text("stderr"), "unstable in");
    assert_null(strstr(first + 1, "unstable in"));
    assert_status("compare s.yaml --vary buffer.when_full=reject,pause -o o", 0);
    assert_says("stderr", "warning: in all 2 panels: unstable in 3 of 4 columns");
}

static void test_a_warning_without_its_advice(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"unstable in 12 of 200 columns (a 1.99 to 1.5): the backlog grows", /* */
         "unstable in 12 of 200 columns", "unstable"},
        {"unstable: the backlog grows, and so do waits", "unstable", "unstable"},
        {"sizes have tail exponent 1.5 (2 or less: infinite variance): the largest", /* */
         "sizes have tail exponent 1.5 (2 or less: infinite variance)",
         "sizes have tail exponent 1.5 (2 or less: infinite variance)"},
        {"9 tasks were still inside at the end, more than 0.1 % of the offered in 2 of 3 columns "
         "(b 1 to 2): waits",
         "9 tasks were still inside at the end, more than 0.1 % of the offered in 2 of 3 columns",
         "9 tasks were still inside at the end, more than 0.1 % of the offered"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(warning_brief(cases[i][0]), cases[i][1]);
        assert_string_equal(warning_kind(cases[i][0]), cases[i][2]);
    }
}

/* The footer has what the console warns of, and not the rate that the sweep replaces. */
static void test_the_footer_says_what_was_simulated(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.rate", "40/s", "tasks.size.distribution", "exponential",
                               "tasks.size.mean", "20ms", "sweep.parameter", "arrivals.utilization",
                               "sweep.values", "0.5, 1.2", "run.tasks", "5k", NULL);
    struct result *result = scene_run(s, 1);
    char *warnings = result_warnings(result);
    struct figure figure = figure_of(result, false);
    assert_non_null(strstr(warnings, "unstable in 1 of 2 columns (arrivals.utilization 120 %)"));
    assert_non_null(strstr(figure.footer, "unstable in 1 of 2 columns"));
    assert_non_null(strstr(figure.footer, "poisson arrivals"));
    assert_null(strstr(figure.footer, "40 /s"));
    figure_free(&figure);
    free(warnings);
    result_free(result);
    free(s);
}

/* --set makes another question of a scenario: its title says so, where that changes anything. */
static void test_titles_say_what_was_set(void **state)
{
    (void)state;
    file_write("s.yaml", loaded);
    assert_status("run s.yaml -o o --set consumers.count=3 --set run.tasks=2k --set "
                  "picture.width=800 --set tasks.size.mean=0.02 --set arrivals.rate=3/s",
                  0);
    assert_memory_equal(file_text("stdout"), "Load goes up, with consumers.count = 3\n", 39);
    assert_says("o/scenario.yaml", "title: \"Load goes up, with consumers.count = 3\"");
    assert_status("run o/scenario.yaml -o p", 0);
    assert_memory_equal(file_text("stdout"), "Load goes up, with consumers.count = 3\n", 39);
    assert_status("run s.yaml -o o --set consumers.count=3 --set title=Mine", 0);
    assert_memory_equal(file_text("stdout"), "Mine\n", 5);
    assert_status("run s.yaml -o o --set consumers.count=1", 0);
    assert_memory_equal(file_text("stdout"), "Load goes up\n", 13);
}

static void test_what_is_set_and_forgotten(void **state)
{
    (void)state;
    file_write("s.yaml", loaded);
    assert_status("run s.yaml -o o --set arrivals.rate=50", 0);
    assert_says("stderr", "note: --set arrivals.rate=50 changes nothing here: the sweep of "
                          "arrivals.utilization takes its place\n");
    assert_status("run s.yaml -o o --set arrivals.utilization=70%", 0);
    assert_says("stderr", "note: --set arrivals.utilization=70% changes nothing here: the sweep");
    assert_status("run s.yaml -o o --set tasks.size.mean=150", 0);
    assert_says("stderr", "note: --set tasks.size.mean=150: a bare number is in seconds: 2.5 min, "
                          "7500 times more than the scenario's 20 ms; 150ms is a thousandth of "
                          "that\n");
    assert_status("run s.yaml -o o --set tasks.size.mean=0.03 --set consumers.count=150", 0);
    assert_false(file_has("stderr", "note: "));
    assert_status("compare s.yaml -o c --vary consumers.count=1,2 --set consumers.count=5", 0);
    assert_says("stderr", "note: --set consumers.count=5 changes nothing here: the variation of "
                          "consumers.count takes its place\n");
    assert_status("compare s.yaml -o c --vary tasks.size.mean=15,20", 0);
    assert_says("stderr", "note: --vary tasks.size.mean=15,20: a bare number is in seconds: 15 s");
}

/* Shares of two kinds are refused by whatever path, and from wherever, they come. */
static void test_shares_set_by_any_path(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks:\n"
                         "  size: {distribution: exponential, mean: 300ms}\n"
                         "  classes: [{name: gold, share: 20%}, {name: tin, share: 80%}]\n"
                         "run: {tasks: 1k, replications: 2}\n");
    static const char *const refused[] = {
        "check s.yaml --set tasks.classes.0.share=20",
        "check s.yaml --set tasks.classes.gold.share=20",
        "check s.yaml --set tasks.classes.00.share=20",
        "run s.yaml --set sweep.parameter=tasks.classes.gold.share --set sweep.values=[20,40]",
        ("run s.yaml --set sweep.parameter=tasks.classes.gold.share --set sweep.from=20 "
         "--set sweep.to=40 --set sweep.steps=2"),
        "compare s.yaml --vary tasks.classes.gold.share=20,40",
        "plan s.yaml --slo 'p99<=9s' --vary tasks.classes.gold.share=20..40",
        "cliff s.yaml --vary tasks.classes.gold.share=20..40",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_status(refused[i], 2);
        assert_says("stderr", "stands beside 80%: write all shares with %, or none");
    }
    assert_status("check s.yaml --set tasks.classes.gold.share=0.2", 0);
    assert_status("run s.yaml -o o --set sweep.parameter=tasks.classes.gold.share "
                  "--set sweep.values=[20%,40%]",
                  0);
    assert_status("check s.yaml --set tasks.classes.gold.share=20 --set tasks.classes.1.share=80",
                  0);
}

/* Columns that an interruption left out are not run; nothing else is said of them. */
static void test_columns_that_were_not_run(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {rate: 40/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 20ms}}\n"
                         "sweep: {parameter: arrivals.rate, from: 1, to: 45, steps: 12}\n"
                         "run: {tasks: 3M, replications: 64}\n");
    const char *const argv[] = {getenv("QUEUESCOPE"), "run",    "s.yaml", "-j", "1",
                                "--engine",           "events", "-o",     "o",  NULL};
    for (double seconds = 0.5; seconds < 60; seconds *= 2) {
        assert_int_equal(program_interrupt(argv, seconds, SIGINT), 130);
        if (file_exists("o/columns.csv"))
            break;
    }
    assert_says("stdout", "not run");
    assert_says("stderr", "warning: interrupted, and not run in ");
    assert_false(file_has("stderr", "no task arrived"));
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cli_test(test_warnings_stand_behind_the_answer),
        cli_test(test_figures_of_the_run_alone),
        cli_test(test_a_sweep_claims_what_is_known),
        cli_test(test_a_loss_is_the_run_s_or_known),
        cli_test(test_panels_are_joined),
        cmocka_unit_test(test_a_warning_without_its_advice),
        cmocka_unit_test(test_the_footer_says_what_was_simulated),
        cli_test(test_titles_say_what_was_set),
        cli_test(test_what_is_set_and_forgotten),
        cli_test(test_shares_set_by_any_path),
        cli_test(test_columns_that_were_not_run),
    };
    return cmocka_run_group_tests_name("remarks", tests, NULL, NULL);
}
