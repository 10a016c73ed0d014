/* Machines that fall over: what is lost, who is told, where traffic goes meanwhile, and what is
 * said of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/trial.h"
#include "fates.h"
#include "scene.h"

#define EVERY_SECOND                                                                               \
    "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"

static void assert_fates(const struct story *story, uint32_t stage, uint32_t from,
                         const char *fates)
{
    for (uint32_t i = 0; fates[i]; i++) {
        uint32_t outcome = fates_visit(story, from + i, stage)->outcome;
        assert_int_equal(outcome, fates[i] == '.' ? TRACE_COMPLETED : TRACE_LOST + LOSS_CRASHED);
    }
}

/* A task a second for 2.5 s: two are inside, or three, when it falls over at 10.25, the ninth and
 * those behind it; up again at 12.75. */
static void what_it_holds_is_lost_and_what_comes_while_it_is_down(void **state)
{
    (void)state;
    struct story s = fates_of(EVERY_SECOND "tasks: {size: 700ms}\n"
                                           "crash: {every: 10.25s, restart: 2.5s}\n",
                              18);
    assert_fates(&s, 0, 0, ".........xxx......");
    scene_near(fates_visit(&s, 9, 0)->left, 10.25, 1e-9);
    scene_near(fates_visit(&s, 10, 0)->left, 11, 1e-9);
    scene_near(fates_visit(&s, 12, 0)->start, 13, 1e-9);
    story_free(&s);
}

static void callers_are_told_and_those_who_wait_outside_are_lost(void **state)
{
    (void)state;
    struct story s = fates_of(EVERY_SECOND "tasks: {size: 0s}\n"
                                           "stages:\n"
                                           "  web: {consumers: {count: 9}, calls: [db]}\n"
                                           "  db:\n"
                                           "    size: 2s\n"
                                           "    buffer: {capacity: 1, when_full: pause}\n"
                                           "    crash: {every: 6.5s, restart: 100ms}\n",
                              8);
    assert_fates(&s, 1, 0, "..xxxx"); /* in service, in the buffer, and two outside */
    for (uint32_t i = 2; i < 6; i++) {
        assert_int_equal(fates_visit(&s, i, 0)->outcome, TRACE_LOST + LOSS_FAILED);
        scene_near(fates_visit(&s, i, 0)->left, 6.5, 1e-9);
    }
    story_free(&s);
}

static void what_calls_is_lost_and_its_calls_go_on(void **state)
{
    (void)state;
    struct story s = fates_of(EVERY_SECOND "tasks: {size: 0s}\n"
                                           "stages:\n"
                                           "  web: {consumers: {count: 9}, calls: [db],\n"
                                           "        crash: {every: 5.5s, restart: 100ms}}\n"
                                           "  db: {consumers: {count: unlimited}, size: 1.75s}\n",
                              8);
    assert_fates(&s, 0, 0, "...xx..");
    for (uint32_t i = 3; i < 5; i++) {
        assert_int_equal(fates_visit(&s, i, 1)->outcome, TRACE_COMPLETED);
        scene_near(fates_visit(&s, i, 1)->left, i + 2.75, 1e-9);
    }
    story_free(&s);
}

/* What is on the same machines dies with them: those that share its consumers, too. */
static void stages_on_the_same_machines_share_their_fate(void **state)
{
    (void)state;
    struct story s =
        fates_of(EVERY_SECOND "tasks: {size: 0s}\n"
                              "stages:\n"
                              "  web: {to: upload, crash: {every: 6.5s, restart: 1s}}\n"
                              "  upload: {replicas: web, size: 1.75s}\n",
                 10);
    assert_fates(&s, 0, 0, "......x...");
    assert_fates(&s, 1, 0, "...xxx");
    assert_int_equal(fates_visit(&s, 7, 1)->outcome, TRACE_COMPLETED);
    story_free(&s);
    s = fates_of(EVERY_SECOND "tasks: {size: 0s}\n"
                              "stages:\n"
                              "  web: {to: upload, crash: {every: 6.5s, restart: 1s}}\n"
                              "  upload: {consumers: web, size: 750ms}\n",
                 10);
    assert_fates(&s, 0, 0, "......x...");
    assert_fates(&s, 1, 0, ".....x");
    story_free(&s);
}

/* Two seconds more of every second task; then the other has all. */
static void balancers_leave_out_what_is_down_when_they_have_noticed(void **state)
{
    (void)state;
    const char *text = EVERY_SECOND "tasks: {size: 10ms}\nreplicas: 2\nbalancer: round-robin\n"
                                    "health_check: {interval: 2.75s}\n"
                                    "crash: {every: {distribution: exponential, mean: 50s}, "
                                    "restart: 10s}\n";
    struct story s = fates_of(text, 200);
    uint32_t crashes = 0, longest = 0, run = 0;
    for (uint32_t i = 0; i < 199; i++) {
        const struct visit_record *v = fates_visit(&s, i, 0);
        bool lost = v->outcome != TRACE_COMPLETED;
        crashes += lost;
        run = v->station == (i > 0 ? fates_visit(&s, i - 1, 0)->station : 2) ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    assert_in_range(crashes, 2, 16);
    assert_in_range(longest, 6, 30); /* one has all of them for seven seconds */
    story_free(&s);
}

/* Up for 9 s on average, down for 1. */
static void replicas_that_are_up_and_crashes_are_counted(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("arrivals: {rate: 20/s}\ntasks: {size: 10ms}\nreplicas: 4\n"
                   "crash: {every: {distribution: exponential, mean: 9s}, restart: 1s}\n",
                   "run: {duration: 30m, replications: 4}\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = result_place_row(result, 0, 0, 0);
    scene_near(row->replicas_mean, 3.6, 0.02);
    scene_near(row->crashes, 4 * 4 * 180, 150);
    assert_int_equal(row->offered, row->completed + row->lost_by[LOSS_CRASHED]);
    /* only what was there when it fell over: left out at once */
    scene_near((double)row->lost_by[LOSS_CRASHED], row->crashes * 20.0 / 4 * 0.01 * 1.1, 60);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_holds_is_lost_and_what_comes_while_it_is_down),
        cmocka_unit_test(callers_are_told_and_those_who_wait_outside_are_lost),
        cmocka_unit_test(what_calls_is_lost_and_its_calls_go_on),
        cmocka_unit_test(stages_on_the_same_machines_share_their_fate),
        cmocka_unit_test(balancers_leave_out_what_is_down_when_they_have_noticed),
        cmocka_unit_test(replicas_that_are_up_and_crashes_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
