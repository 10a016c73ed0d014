/* A live picture is the one that the program writes, however often it was drawn before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/scenario/config.h"
#include "../tools/commands/live.h"
#include "program.h"

static const char swept[] = "title: As it is\n"
                            "arrivals: {process: poisson, utilization: 80%}\n"
                            "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                            "sweep: {parameter: tasks.size.mean, from: 200ms, to: 2s, steps: 6}\n"
                            "picture: {theory: mean}\n"
                            "run: {tasks: 2000, replications: 1}\n";

static void load(struct scenario *s)
{
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(s);
    assert_true(config_load("s.yaml", NULL, s, &places, &errors) &&
                scenario_check(s, &places, &errors));
    places_free(&places);
}

static void set(struct live *live, const char *path, const char *text)
{
    struct errors errors = {0};
    if (!live_set(live, path, text, &errors))
        fail_msg("%s", errors.text[0]);
}

/* Draws, and fails unless `folder` holds the same picture. */
static void same_picture(struct live *live, const char *folder)
{
    struct errors errors = {0};
    struct bytes png;
    char name[64];
    assert_true(live_draw(live, &png, &errors));
    snprintf(name, sizeof name, "%s/spectrogram.png", folder);
    assert_int_equal(png.size, file_size(name));
    assert_memory_equal(png.data, file_text(name), png.size);
    bytes_free(&png);
}

static void test_as_the_program_draws(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    file_write("s.yaml", swept);
    assert_int_equal(program_run("run s.yaml -o plain"), 0);
    assert_int_equal(program_run("run s.yaml -o one --set arrivals.utilization=95%"), 0);
    assert_int_equal(program_run("run s.yaml -o two --set arrivals.utilization=50% "
                                 "--set consumers.count=3"),
                     0);
    load(s);
    struct live *live = live_open(s, 2, NULL);
    free(s);
    assert_null(live_result(live));
    same_picture(live, "plain");
    set(live, "arrivals.utilization", "95%");
    same_picture(live, "one");
    set(live, "arrivals.utilization", "50%");
    set(live, "consumers.count", "3");
    same_picture(live, "two");
    assert_int_equal(live_result(live)->columns, 6);
    /* Back again; the title says nothing of values that are the file's. */
    set(live, "arrivals.utilization", "80%");
    set(live, "consumers.count", "1");
    same_picture(live, "plain");
    live_close(live);
}

/* Looks do not need a run; what they need is drawn, and comes and goes with them. */
static void test_looks_run_nothing(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    file_write("s.yaml", swept);
    assert_int_equal(program_run("run s.yaml -o plain"), 0);
    assert_int_equal(program_run("run s.yaml -o colours --set picture.colours=0.01%..5%"), 0);
    assert_int_equal(
        program_run("run s.yaml -o named --set picture.colours=0.01%..5% --set title=Other "
                    "--set picture.objective=4s"),
        0);
    load(s);
    struct live *live = live_open(s, 2, NULL);
    free(s);
    same_picture(live, "plain");
    same_picture(live, "plain");
    set(live, "picture.colours", "0.01%..5%");
    same_picture(live, "colours");
    set(live, "title", "Other");
    set(live, "picture.objective", "4s");
    same_picture(live, "named");
    assert_int_equal(live_runs(live), 1);
    assert_string_equal(live_result(live)->scenario.title, "Other");
    live_close(live);
}

/* How many wait has to be recorded, and only then. */
static void test_the_number_waiting_needs_a_run(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    file_write("s.yaml", swept);
    assert_int_equal(program_run("run s.yaml -o bare --set picture.theory=none"), 0);
    assert_int_equal(program_run("run s.yaml -o queue --set picture.theory=none "
                                 "--set picture.measure=queue"),
                     0);
    load(s);
    struct live *live = live_open(s, 2, NULL);
    free(s);
    set(live, "picture.theory", "none");
    same_picture(live, "bare");
    set(live, "picture.measure", "queue");
    same_picture(live, "queue");
    assert_int_equal(live_runs(live), 2);
    set(live, "picture.measure", "latency");
    same_picture(live, "bare");
    assert_int_equal(live_runs(live), 3);
    live_close(live);
}

static void test_nothing_is_written(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    struct errors errors = {0};
    struct bytes png;
    file_write("s.yaml", swept);
    load(s);
    struct live *live = live_open(s, 1, NULL);
    free(s);
    size_t before = folder_entries(".");
    assert_true(live_draw(live, &png, &errors));
    assert_int_equal(folder_entries("."), before);
    bytes_free(&png);
    live_close(live);
}

static void test_what_cannot_be_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    struct errors errors = {0};
    file_write("s.yaml", swept);
    assert_int_equal(program_run("run s.yaml -o one --set run.tasks=1000"), 0);
    load(s);
    struct live *live = live_open(s, 2, NULL);
    free(s);
    set(live, "run.tasks", "1000");
    assert_false(live_set(live, "consumers.cuont", "2", &errors));
    assert_non_null(strstr(errors.text[0], "did you mean 'count'?"));
    assert_false(live_set(live, "run.tasks", "many", &errors));
    /* A value, but not of this scenario. */
    assert_false(live_set(live, "picture.class", "gold", &errors));
    same_picture(live, "one");
    live_close(live);
}

static void test_it_can_be_stopped(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    struct errors errors = {0};
    struct bytes png;
    atomic_bool stop = true;
    file_write("s.yaml", swept);
    assert_int_equal(program_run("run s.yaml -o plain"), 0);
    load(s);
    struct live *live = live_open(s, 2, &stop);
    free(s);
    assert_false(live_draw(live, &png, &errors));
    assert_int_equal(errors.n, 0);
    assert_null(live_result(live));
    atomic_store(&stop, false);
    same_picture(live, "plain");
    live_close(live);
}

#define live_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        live_test(test_as_the_program_draws),
        live_test(test_looks_run_nothing),
        live_test(test_the_number_waiting_needs_a_run),
        live_test(test_nothing_is_written),
        live_test(test_what_cannot_be_leaves_all_as_it_was),
        live_test(test_it_can_be_stopped),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
