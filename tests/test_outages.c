/* Outages of stages: what is under way stands still, is slow or goes on, at every kind of station;
 * what comes meanwhile; when they are; what is said of figures that hold them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/stability.h"
#include "../sim/engine/trial.h"
#include "fates.h"
#include "scene.h"

/* A task a second, at 1, 2 ..., for half a second; what befalls it is put behind. */
#define TASKS                                                                                      \
    "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"       \
    "tasks: {size: 500ms}\n"

static void assert_visit(const struct story *story, uint32_t request, double start, double done)
{
    const struct visit_record *v = fates_visit(story, request, 0);
    assert_int_equal(v->outcome, TRACE_COMPLETED);
    scene_near(v->start, start, 1e-9);
    scene_near(v->done, done, 1e-9);
}

/* The fourth task is at 4; from 4.25 to 6.75 everything stands still. */
static void who_is_served_stands_still_and_who_comes_waits(void **state)
{
    (void)state;
    struct story s = fates_of(TASKS "outages: [{at: 4.25s, for: 2.5s}]\n", 9);
    assert_visit(&s, 2, 3, 3.5);
    assert_visit(&s, 3, 4, 7);
    assert_visit(&s, 4, 7, 7.5); /* came at 5 */
    assert_visit(&s, 5, 7.5, 8); /* at 6 */
    assert_visit(&s, 6, 8, 8.5);
    assert_visit(&s, 7, 8.5, 9);
    assert_visit(&s, 8, 9, 9.5);
    story_free(&s);
}

static void idle_consumers_begin_nothing_either(void **state)
{
    (void)state;
    struct story s =
        fates_of(TASKS "consumers: {count: 3}\noutages: [{at: 4.75s, for: 1.5s}]\n", 6);
    assert_visit(&s, 3, 4, 4.5);
    assert_visit(&s, 4, 6.25, 6.75);
    assert_visit(&s, 5, 6.25, 6.75);
    story_free(&s);
}

static void slow_consumers_do_what_is_left_slowly(void **state)
{
    (void)state;
    struct story s =
        fates_of(TASKS "outages: [{at: 4.25s, for: 1.5s, effect: slow, speed: 25%}]\n", 6);
    assert_visit(&s, 3, 4, 5.25); /* .25 of work at a quarter of the speed */
    assert_visit(&s, 4, 5.25, 5.75 + 0.375);
    assert_visit(&s, 5, 6.125, 6.625);
    story_free(&s);
}

static void who_comes_is_refused_and_who_is_there_served(void **state)
{
    (void)state;
    struct story s = fates_of(TASKS "outages: [{at: 4.25s, for: 2s, effect: reject}]\n", 8);
    assert_visit(&s, 3, 4, 4.5);
    for (uint32_t i = 4; i < 6; i++)
        assert_int_equal(fates_visit(&s, i, 0)->outcome, TRACE_LOST + LOSS_OUTAGE);
    assert_visit(&s, 6, 7, 7.5);
    story_free(&s);
}

static void a_pause_comes_before_what_is_slow(void **state)
{
    (void)state;
    struct story s = fates_of(TASKS "outages: [{at: 4.25s, for: 1.5s, effect: slow, speed: 50%},\n"
                                    "  {at: 4.5s, for: 1s, effect: pause},\n"
                                    "  {at: 5.5s, for: 1s, effect: slow, speed: 50%}]\n",
                              5);
    /* .25 left: .125 by 4.5, nothing up to 5.5, .0625 by 5.75, the rest at a half */
    assert_visit(&s, 3, 4, 5.875);
    story_free(&s);
}

static void delay_stations_stand_still(void **state)
{
    (void)state;
    struct story s =
        fates_of(TASKS "consumers: {count: unlimited}\noutages: [{at: 4.25s, for: 2.5s}]\n", 6);
    assert_visit(&s, 3, 4, 7);
    assert_visit(&s, 4, 5, 7.25); /* has a consumer at once */
    assert_visit(&s, 5, 6, 7.25);
    story_free(&s);
    s = fates_of(TASKS "consumers: {count: unlimited}\n"
                       "outages: [{at: 4.25s, for: 1.5s, effect: slow, speed: 25%}]\n",
                 6);
    assert_visit(&s, 3, 4, 5.25);
    assert_visit(&s, 4, 5, 5.75 + 0.5 - 0.1875);
    story_free(&s);
}

static void shared_consumers_stand_still(void **state)
{
    (void)state;
    struct story s = fates_of(TASKS "consumers: {discipline: processor-sharing}\n"
                                    "outages: [{at: 4.25s, for: 2.5s}]\n",
                              6);
    assert_visit(&s, 3, 4, 7 + 2.0 / 3); /* .25 left, shared by three, and from 7 on by four */
    assert_visit(&s, 4, 5, 8 + 5.0 / 9);
    story_free(&s);
}

/* The shortest of those that came in the pause interrupts what stood still. */
static void what_goes_first_interrupts_when_it_is_over(void **state)
{
    (void)state;
    struct story s = fates_of("sources:\n"
                              "  long: {process: renewal, interarrival: {distribution: "
                              "deterministic, value: 4s}, class: long}\n"
                              "  short: {process: renewal, interarrival: {distribution: "
                              "deterministic, value: 5s}, class: short}\n"
                              "tasks: {size: 2s, classes: [{name: long, size: 2s}, {name: short, "
                              "size: 250ms}]}\n"
                              "stages:\n"
                              "  main:\n"
                              "    consumers: {discipline: shortest-remaining}\n"
                              "    outages: [{at: 4.5s, for: 2s}]\n",
                              3);
    for (size_t i = 0; i < s.n_visits; i++)
        if (s.visits[i].request == 0)
            scene_near(s.visits[i].done, s.visits[i].inlet == 0 ? 8.25 : 6.75, 1e-9);
    story_free(&s);
}

static void shared_pools_stand_still_for_all_their_stages(void **state)
{
    (void)state;
    struct story s = fates_of(TASKS "stages:\n"
                                    "  web: {outages: [{at: 4.75s, for: 1s}], to: other}\n"
                                    "  other: {consumers: web, size: 300ms}\n",
                              5);
    scene_near(fates_visit(&s, 3, 1)->start, 4.5, 1e-9);
    scene_near(fates_visit(&s, 3, 1)->done, 5.8, 1e-9);
    scene_near(fates_visit(&s, 4, 0)->start, 5.8, 1e-9);
    story_free(&s);
}

/* Means of 10 and 2 seconds: a sixth of the time. */
static void outages_by_chance_take_their_share_of_the_time(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("arrivals: {rate: 5/s}\ntasks: {size: 1ms}\n"
                   "outages: [{every: {distribution: exponential, mean: 10s},\n"
                   "           for: {distribution: exponential, mean: 2s}, effect: reject}]\n",
                   "run: {duration: 5h, replications: 8}\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = result_row(result, 0, 0);
    scene_near((double)row->lost_by[LOSS_OUTAGE] / (double)row->offered, 1.0 / 6, 0.006);
    result_free(result);
    free(s);
}

/* Each by itself: at some time one of them is out, and rarely all. */
static void replicas_have_outages_of_their_own(void **state)
{
    (void)state;
    const char *text = "arrivals: {process: renewal, interarrival: {distribution: deterministic, "
                       "value: 100ms}}\n"
                       "tasks: {size: 1ms}\nreplicas: 4\nbalancer: round-robin\n"
                       "outages: [{every: {distribution: exponential, mean: 3s}, for: 1s, "
                       "effect: reject, each: yes}]\n";
    struct story s = fates_of(text, 400);
    unsigned lost[4] = {0}, runs = 0;
    bool before = false;
    for (uint32_t i = 0; i < 400; i++) {
        const struct visit_record *v = fates_visit(&s, i, 0);
        bool now = v->outcome != TRACE_COMPLETED;
        lost[v->station] += now;
        runs += now != before;
        before = now;
    }
    for (int k = 0; k < 4; k++)
        assert_in_range(lost[k], 10, 45);
    assert_in_range(runs, 60, 200); /* together there would be some 20 */
    story_free(&s);
}

/* The traffic of an hour, less than half a consumer's, with five minutes of nothing: the backlog of
 * these is no sign that it does not keep up, nor the start of the run one of rest. */
static void what_happens_once_is_no_state_of_rest(void **state)
{
    (void)state;
    struct scenario *s = scene_text("arrivals: {rate: 5/s}\n"
                                    "tasks: {size: {distribution: exponential, mean: 80ms}}\n"
                                    "outages: [{at: 50m, for: 5m}]\n",
                                    "run: {duration: 1h, replications: 4}\n");
    struct result *result = scene_run(s, 1);
    const struct row *row = result_row(result, 0, 0);
    assert_int_equal(row->stable, STABLE_YES);
    assert_true(trial_warm_up_time(s) == 0);
    scene_near((double)row->offered / 4, 18000, 200);
    result_free(result);
    s->run.replications = 1;
    assert_int_equal(trial_batches(s), 1);
    free(s);
}

/* Nine parts of ten of the time are left. */
static void what_does_not_keep_up_for_outages_is_unstable(void **state)
{
    (void)state;
    static const struct {
        const char *rate, *effect;
        enum verdict_stable stable;
    } all[] = {{"8.9/s", "pause", STABLE_YES},
               {"9.1/s", "pause", STABLE_NO},
               {"9.4/s", "slow, speed: 50%", STABLE_YES},
               {"9.6/s", "slow, speed: 50%", STABLE_NO},
               {"9.6/s", "reject", STABLE_YES}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct scenario *s = scene_text(
            "tasks: {size: {distribution: exponential, mean: 100ms}}\n",
            internf("arrivals: {rate: %s}\noutages: [{every: 9s, for: 1s, effect: %s}]\n",
                    all[i].rate, all[i].effect));
        assert_int_equal(stability_theory(s), all[i].stable);
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_served_stands_still_and_who_comes_waits),
        cmocka_unit_test(idle_consumers_begin_nothing_either),
        cmocka_unit_test(slow_consumers_do_what_is_left_slowly),
        cmocka_unit_test(who_comes_is_refused_and_who_is_there_served),
        cmocka_unit_test(a_pause_comes_before_what_is_slow),
        cmocka_unit_test(delay_stations_stand_still),
        cmocka_unit_test(shared_consumers_stand_still),
        cmocka_unit_test(what_goes_first_interrupts_when_it_is_over),
        cmocka_unit_test(shared_pools_stand_still_for_all_their_stages),
        cmocka_unit_test(outages_by_chance_take_their_share_of_the_time),
        cmocka_unit_test(replicas_have_outages_of_their_own),
        cmocka_unit_test(what_happens_once_is_no_state_of_rest),
        cmocka_unit_test(what_does_not_keep_up_for_outages_is_unstable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
