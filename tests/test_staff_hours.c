/*
 * Consumers that are not there all the time: by the clock, set up for who waits, on vacation,
 * broken; task by task, and against what is known of them (Mitrany and Avi-Itzhak 1968; Gandhi,
 * Doroudi, Harchol-Balter and Scheller-Wolf 2013; Levy and Yechiali 1975; chains solved
 * elsewhere).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fates.h"
#include "scene.h"

#define POISSON(rate)                                                                              \
    "arrivals: {process: poisson, rate: " #rate "/s}\n"                                            \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"
#define EXP(mean)  "{distribution: exponential, mean: " #mean "s}"
#define RUN(tasks) "run: {tasks: " #tasks ", replications: 4}\n"

static const struct row *main_row(const struct result *result)
{
    return result_place_row(result, 0, 0, result_row_classes(result) - 1);
}

static void as_many_are_there_as_the_schedule_says(void **state)
{
    (void)state;
    /* Who is at a task when there are to be fewer goes when it is done. */
    fates_served(
        EACH_SECOND(1.5s) "consumers: {schedule: [{until: 2.25s, count: 1}, {until: 5.25s, "
                          "count: 0}, {until: 8s, count: 2}]}\n",
        5, (const double[][2]){{1, 2.5}, {5.25, 6.75}, {5.25, 6.75}, {6.75, 8.25}, {6.75, 8.25}});
    /* It changes before what arrives at the moment. */
    fates_served(
        EACH_SECOND(0.5s) "consumers: {schedule: [{until: 3s, count: 1}, {until: 4s, count: "
                          "0}], repeat: yes}\n",
        7,
        (const double[][2]){{1, 1.5}, {2, 2.5}, {4, 4.5}, {4.5, 5}, {5, 5.5}, {6, 6.5}, {8, 8.5}});
}

static void the_task_of_one_that_fails_goes_on_begins_again_or_is_lost(void **state)
{
    (void)state;
    /* Down from 1.25 to 1.75, 3 to 3.5, 4.75 to 5.25. */
#define FAILS EACH_SECOND(1s) "consumers: {failures: {time_to_failure: 1.25s, repair_time: 500ms"
    fates_served(FAILS "}}\n", 3, (const double[][2]){{1, 2.5}, {2.5, 4}, {4, 5.5}});
    fates_served(FAILS ", task: restart}}\n", 2, (const double[][2]){{1, 2.75}, {2.75, 4.5}});
    fates_served(FAILS ", task: lost}}\n", 3, (const double[][2]){{1, NAN}, {2, 3}, {3.5, 4.5}});
}

static void only_work_wears_those_out_that_fail_when_serving(void **state)
{
    (void)state;
    /* Down from 2.25 to 2.75, 4 to 4.5. */
    fates_served(FAILS ", when: serving}}\n", 3, (const double[][2]){{1, 2}, {2, 3.5}, {3.5, 5}});
}

static void whoever_is_idle_takes_the_task_of_one_that_fails(void **state)
{
    (void)state;
    /* The first fails at 2.25, when the second is at the task that came at 2, and leaves .25. */
    fates_served(EACH_SECOND(1.5s) "consumers: {count: 3, failures: {time_to_failure: 1.25s, "
                                   "repair_time: 20s, when: serving}}\n",
                 1, (const double[][2]){{1, 2.5}});
}

/* The first fails at 2 with half of its work done, and is at the head of the full buffer until 5;
 * the second, which is in it, is the oldest that may be dropped, and the third finds no place even
 * so. */
static void what_has_begun_is_not_dropped_for_what_comes(void **state)
{
    (void)state;
    struct story s =
        fates_of(EACH_SECOND(2s) "buffer: {capacity: 1, when_full: drop-oldest}\n"
                                 "consumers: {failures: {time_to_failure: 2s, repair_time: 3s}}\n",
                 3);
    scene_near(fates_visit(&s, 0, 0)->done, 6, 1e-9);
    assert_int_equal(fates_visit(&s, 1, 0)->outcome, TRACE_LOST + LOSS_DROPPED_OLDEST);
    assert_int_equal(fates_visit(&s, 2, 0)->outcome, TRACE_LOST + LOSS_DROPPED_OLDEST);
    story_free(&s);
}

static void a_set_up_is_given_up_when_its_task_is_taken(void **state)
{
    (void)state;
    fates_served(EACH_SECOND(500ms) "consumers: {setup: 750ms}\n", 3,
                 (const double[][2]){{1.75, 2.25}, {2.25, 2.75}, {3.75, 4.25}});
    /* The first takes the second task at 2.5, before another is set up (3.1); both are off from 2.9
     * on, when the third comes. */
    fates_served(EACH_SECOND(400ms) "consumers: {count: 2, setup: 1.1s}\n", 3,
                 (const double[][2]){{2.1, 2.5}, {2.5, 2.9}, {4.1, 4.5}});
    /* They stay for so long when they are idle. */
    fates_served(EACH_SECOND(400ms) "consumers: {count: 2, setup: 1.1s, keep_alive: 200ms}\n", 4,
                 (const double[][2]){{2.1, 2.5}, {2.5, 2.9}, {3, 3.4}, {5.1, 5.5}});
}

static void a_vacation_is_taken_to_its_end(void **state)
{
    (void)state;
    fates_served(EACH_SECOND(500ms) "consumers: {vacation: 750ms}\n", 4,
                 (const double[][2]){{1.5, 2}, {2.75, 3.25}, {3.25, 3.75}, {4.5, 5}});
}

/* Within `far` of the value; the run's own interval is not much wider. */
static void responds(const char *text, double response, double far)
{
    struct scenario *s = scene_text(text, "seed: 1\n");
    struct result *result = scene_run(s, 1);
    scene_near(main_row(result)->latency_mean, response, far * response);
    result_free(result);
    free(s);
}

static void tasks_of_those_that_break_go_on_with_whoever_is_left(void **state)
{
    (void)state;
    responds(POISSON(1) "consumers: {count: 2, failures: {time_to_failure: " EXP(
                 10) ", repair_time: " EXP(2) "}}\n" RUN(100k),
             2.108515880319, 0.02);
    responds(POISSON(3) "consumers: {count: 4, failures: {time_to_failure: " EXP(
                 100) ", repair_time: " EXP(10) "}}\n" RUN(120k),
             2.872399908102, 0.03);
    responds(POISSON(0.6) "consumers: {failures: {time_to_failure: " EXP(20) ", repair_time: " EXP(
                 2) "}}\n" RUN(100k),
             3.770053475936, 0.02);
    responds(POISSON(0.6) "consumers: {failures: {time_to_failure: " EXP(20) ", repair_time: " EXP(
                 2) ", when: serving}}\n" RUN(100k),
             3.588235294118, 0.02);
    responds(POISSON(0.5) "consumers: {failures: {time_to_failure: " EXP(100) ", repair_time: " EXP(
                 25) ", when: serving}}\n" RUN(150k),
             11.66666666667, 0.04);
}

static void consumers_that_are_off_are_set_up_for_who_waits(void **state)
{
    (void)state;
    responds(POISSON(0.5) "consumers: {setup: " EXP(2) "}\n" RUN(100k), 4, 0.02);
    responds(POISSON(0.7) "consumers: {setup: " EXP(2) "}\n" RUN(100k), 5.333333333333, 0.02);
    responds(POISSON(0.5) "consumers: {setup: 5s}\n" RUN(100k), 5.214285714286, 0.02);
    responds(POISSON(2.8) "consumers: {count: 4, setup: " EXP(10) "}\n" RUN(150k), 5.195605086032,
             0.02);
    responds(POISSON(0.3) "consumers: {setup: " EXP(4) ", keep_alive: " EXP(2) "}\n" RUN(100k),
             4.571428571492, 0.02);
}

static void those_that_are_set_up_count_as_there(void **state)
{
    (void)state;
    struct scenario *s = scene_text(
        POISSON(2.8) "consumers: {count: 4, setup: " EXP(10) "}\n" RUN(100k), "seed: 1\n");
    struct result *result = scene_run(s, 1);
    scene_near(main_row(result)->consumers_mean, 3.854904596495, 0.02);
    result_free(result);
    free(s);
}

/* Up for 8 s, down for 2 s, whatever they do: eight tenths of them are there, and what they do is a
 * share of that. */
static void those_that_are_broken_are_not_there(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("arrivals: {process: poisson, rate: 1/s}\n"
                   "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                   "consumers: {count: 3, failures: {time_to_failure: 8s, repair_time: 2s}}\n"
                   "run: {duration: 100000s, warmup: 0s, replications: 1, at_end: censor}\n",
                   "seed: 1\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = main_row(result);
    scene_near(row->consumers_mean, 3 * 0.8, 1e-6);
    scene_near(row->utilization, row->throughput / (3 * 0.8), 0.02);
    result_free(result);
    free(s);
}

static void who_finds_nothing_is_away_for_a_vacation(void **state)
{
    (void)state;
    responds(POISSON(0.5) "consumers: {vacation: " EXP(2) "}\n" RUN(100k), 3 + 1, 0.02);
    responds(POISSON(0.8) "consumers: {vacation: " EXP(1) "}\n" RUN(200k), 5 + 1, 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_are_there_as_the_schedule_says),
        cmocka_unit_test(the_task_of_one_that_fails_goes_on_begins_again_or_is_lost),
        cmocka_unit_test(only_work_wears_those_out_that_fail_when_serving),
        cmocka_unit_test(whoever_is_idle_takes_the_task_of_one_that_fails),
        cmocka_unit_test(what_has_begun_is_not_dropped_for_what_comes),
        cmocka_unit_test(a_set_up_is_given_up_when_its_task_is_taken),
        cmocka_unit_test(a_vacation_is_taken_to_its_end),
        cmocka_unit_test(tasks_of_those_that_break_go_on_with_whoever_is_left),
        cmocka_unit_test(consumers_that_are_off_are_set_up_for_who_waits),
        cmocka_unit_test(those_that_are_set_up_count_as_there),
        cmocka_unit_test(those_that_are_broken_are_not_there),
        cmocka_unit_test(who_finds_nothing_is_away_for_a_vacation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
