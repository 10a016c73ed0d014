/* Tournaments: the same tasks through several policies; where the waiting goes, and who is on the
 * front. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/tournament.h"
#include "../sim/result/in_time.h"
#include "../sim/result/run.h"
#include "program.h"
#include "scene.h"

static const char overload[] =
    "arrivals: {process: poisson, rate: 12/s}\n"
    "tasks: {size: {distribution: exponential, mean: 200ms}}\n"
    "consumers: {count: 2}\nbuffer: {capacity: 20}\npicture: {objective: 1s}\n"
    "run: {tasks: 4k, warmup: 0, replications: 4}\n";

/* One figure of a row of tournament.csv. */
static double figure(const char *policy, const char *column)
{
    const char *text = file_text("o/tournament.csv"), *line = text;
    int at = 0;
    for (const char *c = text; strncmp(c, column, strlen(column)) != 0; at++)
        c = strchr(c, ',') + 1;
    while (line && strncmp(line, policy, strlen(policy)) != 0)
        line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
    assert_non_null(line);
    for (; at > 0; at--)
        line = strchr(line, ',') + 1;
    return *line == ',' ? NAN : atof(line);
}

static double waits(const char *policy)
{
    return figure(policy, "wait_buffer") + figure(policy, "wait_producer") +
           figure(policy, "wait_retries") + figure(policy, "wait_lost");
}

static void waiting_is_moved_and_not_done_away_with(void **state)
{
    (void)state;
    file_write("s.yaml", overload);
    assert_status("tournament s.yaml -o o --policies "
                  "unbounded,reject,drop-newest,drop-oldest,pause,reject+buffer.capacity=3",
                  0);
    static const char *const all[] = {"reject,", "drop-newest", "drop-oldest", "pause", "reject+"};
    double unbounded = figure("unbounded", "wait_buffer");
    assert_true(unbounded > 10);
    for (int i = 0; i < 5; i++)
        scene_near(waits(all[i]), unbounded, 1e-9 * unbounded);
    /* thrown away, who comes or who was last to come, is the same */
    static const char *const columns[] = {"goodput", "latency_p99", "loss_fraction", "wait_buffer"};
    for (int i = 0; i < 4; i++)
        scene_near(figure("reject,", columns[i]), figure("drop-newest", columns[i]), 0);
    /* told to wait outside, every task waits as long as in the unbounded buffer */
    scene_near(figure("pause", "goodput"), figure("unbounded", "goodput"), 0);
    scene_near(figure("pause", "latency_p99"), figure("unbounded", "latency_p99"), 0);
    assert_true(figure("pause", "wait_producer") > 0.7 * unbounded);
    assert_true(figure("unbounded", "wait_producer") == 0 &&
                figure("reject,", "wait_producer") == 0);
    assert_true(figure("pause", "loss_fraction") == 0);
    /* the oldest gone, those that are served have waited less */
    assert_true(figure("drop-oldest", "latency_p99") < figure("reject,", "latency_p99"));
    assert_true(figure("reject+", "latency_p99") < figure("drop-oldest", "latency_p99"));
    assert_says("stdout", "is best at both");
    assert_true(file_size("o/tournament.png") > 10000);
}

/* Of made-up figures. */
static void the_front_is_what_none_beats(void **state)
{
    (void)state;
    struct scenario *s = scene_text(overload, "");
    s->run.tasks = 200;
    struct result *result = scene_run(s, 1);
    struct contestant c[2] = {{.name = "a", .result = result}, {.name = "b", .result = result}};
    tournament_judge(c, 2, result, 1);
    assert_true(c[0].front && c[1].front); /* alike: none is better */
    struct contestant made[] = {{.name = "a", .goodput = 5, .p99 = 1, .front = true},
                                {.name = "b", .goodput = 9, .p99 = 4, .front = true}};
    assert_int_equal(tournament_most(made, 2), 1);
    assert_int_equal(tournament_fastest(made, 2), 0);
    assert_string_equal(tournament_sentence(made, 2, 1),
                        "b answers most in time (9 /s, p99 4 s), a is fastest (p99 1 s, 5 /s)");
    made[0].goodput = 10;
    assert_string_equal(tournament_sentence(made, 2, INFINITY),
                        "a is best at both: it serves most (10 /s), with a p99 of 1 s");
    result_free(result);
    free(s);
}

/* Within the limit, at most: M/M/1, whose latencies are exponential of rate mu - lambda. */
static void in_time_is_as_formulas_say(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.process", "poisson", "arrivals.rate", "5/s",
                               "tasks.size.distribution", "exponential", "tasks.size.mean", "100ms",
                               "run.tasks", "100000", "run.replications", "4", NULL);
    struct result *result = scene_run(s, 2);
    static const double limits[] = {0.05, 0.2, 1};
    for (int i = 0; i < 3; i++) {
        struct in_time got = result_in_time(result, 0, limits[i]);
        double share = 1 - exp(-5 * limits[i]);
        scene_near(got.share, share, 0.01);
        scene_near(got.rate, 5 * share, 4.5 * got.error + 0.02);
        assert_true(got.error > 0 && got.error < 0.05);
    }
    scene_near(result_in_time(result, 0, INFINITY).share, 1, 0);
    result_free(result);
    free(s);
}

static void policies_are_of_one_stage(void **state)
{
    (void)state;
    file_write("n.yaml", "arrivals: {process: poisson, rate: 8/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                         "stages:\n  a: {to: b}\n"
                         "  b: {size: {distribution: exponential, mean: 200ms}, reply: true}\n"
                         "run: {tasks: 2k, warmup: 0, replications: 2}\n");
    assert_status("tournament n.yaml --stage b --policies "
                  "'unbounded,small: reject+stages.b.buffer.capacity=2,lifo' -o o",
                  0);
    assert_true(figure("small", "loss_fraction") > 0.2);
    assert_true(figure("unbounded", "loss_fraction") == 0);
    assert_true(figure("lifo", "wait_buffer") > 0);
    assert_status("tournament n.yaml --policies 'small: reject+stages.a.buffer.capacity=2' -o o",
                  0);
    assert_true(figure("small", "loss_fraction") < 0.5);
    assert_status("tournament n.yaml --stage c -o o", 2);
    assert_says("stderr", "unknown stage 'c'");
    assert_status("tournament n.yaml --stage all -o o", 2);
    assert_says("stderr", "there is no stage of that name");
}

static void what_is_no_policy(void **state)
{
    (void)state;
    static const struct {
        const char *list, *words;
    } cases[] = {
        {"rejekt", "unknown policy 'rejekt' (did you mean 'reject'?)"},
        {"reject,reject", "it stands there twice"},
        {"reject+", "nothing stands behind the last +"},
        {"reject,,pause", "nothing stands before a comma"},
        {"buffer.capcity=3", "unknown key 'capcity' (did you mean 'capacity'?)"},
        {"buffer.capacity=-3", "buffer.capacity"},
        {"consumers.count=0", "consumers.count"},
    };
    file_write("s.yaml", overload);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[200];
        snprintf(command, sizeof command, "tournament s.yaml --policies '%s' -o p", cases[i].list);
        assert_status(command, 2);
        assert_says("stderr", cases[i].words);
        assert_false(file_exists("p/tournament.csv"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waiting_is_moved_and_not_done_away_with, program_setup,
                                        program_teardown),
        cmocka_unit_test(the_front_is_what_none_beats),
        cmocka_unit_test(in_time_is_as_formulas_say),
        cmocka_unit_test_setup_teardown(policies_are_of_one_stage, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_policy, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
