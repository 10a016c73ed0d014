/* How trials end: what is inside is followed or censored, and what would never leave is given up.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scene.h"
#include "setting.h"

/* M/M/1 with utilization 0.5, one replication of two. */
#define LIGHT                                                                                      \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "500ms", "run.replications", "2"

/* 1.5 tasks a second in the long run, by turns of 20 s, on average, and of 300 s. */
#define STATES                                                                                     \
    "arrivals.process=mmpp;arrivals.states.0.rate=2/s;arrivals.states.0.mean_duration=20s;"        \
    "arrivals.states.1.rate=1/s;arrivals.states.1.mean_duration=20s"
#define TIMETABLE                                                                                  \
    "arrivals.process=schedule;arrivals.repeat=yes;arrivals.schedule.0.rate=2/s;"                  \
    "arrivals.schedule.0.until=300s;arrivals.schedule.1.rate=1/s;arrivals.schedule.1.until=600s"

static void follows_or_censors_what_is_inside(void **state)
{
    (void)state;
    struct scenario *s =
        scene(LIGHT, "tasks.size.mean", "1s", "run.tasks", "2000", "run.warmup", "100", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(cell_unfinished(&trial->cells[0]), 0);
    assert_true(trial->end.time > trial->windows[0].close.time);
    trial_free(trial);

    s->run.at_end = END_CENSOR;
    trial = scene_trial(s, 0, 0);
    uint64_t unfinished = cell_unfinished(&trial->cells[0]);
    assert_true(unfinished > 0);
    assert_int_equal(unfinished, trial->outstanding);
    assert_int_equal(unfinished, trial->end.inside);
    scene_near(trial->end.time, trial->windows[0].close.time, 0);
    assert_int_equal(trial->simulated, 2100);
    trial_free(trial);
    free(s);
}

/* Too much work, and what comes later goes first, or has as good a chance: old tasks never leave,
 * and following them is given up as soon as that is plain, instead of at TRIAL_CAP times the tasks.
 * What was measured until then is what it was. */
static void gives_up_on_tasks_that_never_leave(void **state)
{
    (void)state;
    static const struct {
        const char *discipline, *mean;
        double most; /* tasks simulated, as a multiple of those measured */
    } cases[] = {
        {"lifo", "2s", 1.2},         {"lifo-preemptive", "1200ms", 1.2}, {"random", "2s", 1.2},
        {"shortest-job", "2s", 2.7}, {"shortest-remaining", "2s", 2.7},  {"lifo", "1050ms", 1.2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario *s =
            scene(LIGHT, "tasks.size.mean", cases[i].mean, "consumers.discipline",
                  cases[i].discipline, "run.tasks", "400k", "run.warmup", "0", NULL);
        struct trial *trial = scene_trial(s, 0, 0);
        if (!(trial->notes & NOTE_CAPPED) || (double)trial->simulated > 400000 * cases[i].most)
            fail_msg("%s, %s: %llu", cases[i].discipline, cases[i].mean,
                     (unsigned long long)trial->simulated);
        assert_true(cell_unfinished(&trial->cells[0]) > 500);
        assert_int_equal(cell_unfinished(&trial->cells[0]), trial->outstanding);
        trial_free(trial);
        free(s);
    }
}

/* The same where the rate has states, or a timetable, of which the long run is too much; what is
 * too much for a while only is followed through that. */
static void judges_arrivals_with_a_cycle_by_their_long_run(void **state)
{
    (void)state;
    static const struct {
        const char *settings, *mean;
        bool given_up;
    } cases[] = {{STATES, "1s", true},
                 {TIMETABLE, "1s", true},
                 {STATES, "600ms", false},
                 {TIMETABLE, "600ms", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario *s = xmalloc(sizeof *s);
        setting_apply(s, internf("%s;tasks.size.distribution=exponential;tasks.size.mean=%s;"
                                 "consumers.discipline=lifo;run.warmup=0;run.tasks=400k",
                                 cases[i].settings, cases[i].mean));
        struct trial *trial = scene_trial(s, 0, 0);
        bool given_up = trial->notes & NOTE_CAPPED;
        if (given_up != cases[i].given_up || trial->simulated > 1100000)
            fail_msg("%s: %llu", cases[i].settings, (unsigned long long)trial->simulated);
        assert_true(given_up ? trial->outstanding > 100000 : trial->outstanding == 0);
        trial_free(trial);
        free(s);
    }
}

/* What would leave by itself is followed as long as it takes: the lower of two priorities, which
 * the higher leaves an eighth of the time; and few tasks, of which none may be left at the cap. */
static void does_not_give_up_on_tasks_that_leave(void **state)
{
    (void)state;
    struct scenario *s = scene(
        LIGHT, "tasks.size.mean", "1s", "arrivals.rate", "1.7/s", "consumers.discipline",
        "priority", "tasks.classes.0.name", "high", "tasks.classes.0.share", "0.5",
        "tasks.classes.0.priority", "0", "tasks.classes.1.name", "low", "tasks.classes.1.share",
        "0.5", "tasks.classes.1.priority", "1", "run.tasks", "400k", "run.warmup", "0", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_false(trial->notes & NOTE_CAPPED);
    assert_int_equal(trial->outstanding, 0);
    assert_true(trial->simulated > 5 * 400000);
    trial_free(trial);
    free(s);
    s = scene(LIGHT, "tasks.size.mean", "1100ms", "consumers.discipline", "random", "run.tasks",
              "2000", "run.warmup", "0", NULL);
    trial = scene_trial(s, 0, 0);
    assert_false(trial->notes & NOTE_CAPPED);
    assert_int_equal(trial->outstanding, 0);
    trial_free(trial);
    free(s);
}

static void a_backlog_beyond_the_limit_ends_it(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "tasks.size.mean", "10s", "run.tasks", "100000", "run.warmup",
                               "0", "run.max_backlog", "1000", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_true(trial->notes & NOTE_BACKLOG);
    const struct cell *cell = &trial->cells[0];
    assert_true(cell->offered < 2000);
    assert_int_equal(cell_unfinished(cell), trial->end.inside);
    assert_true(isnan(trial->windows[0].backlog_last));
    trial_free(trial);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_or_censors_what_is_inside),
        cmocka_unit_test(gives_up_on_tasks_that_never_leave),
        cmocka_unit_test(judges_arrivals_with_a_cycle_by_their_long_run),
        cmocka_unit_test(does_not_give_up_on_tasks_that_leave),
        cmocka_unit_test(a_backlog_beyond_the_limit_ends_it),
    };
    return cmocka_run_group_tests_name("the end of trials", tests, NULL, NULL);
}
