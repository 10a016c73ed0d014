/* The audit: it passes what is right, and each law fails when it is broken. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

enum { REPLICATIONS = 4 };

static struct scenario *mm2(void)
{
    return scene("arrivals.process", "poisson", "arrivals.rate", "3/s", "tasks.size.distribution",
                 "exponential", "tasks.size.mean", "500ms", "consumers.count", "2", "run.tasks",
                 "5000", "run.replications", "4", NULL);
}

/* Runs a scenario, lets `corrupt` spoil each trial, and audits. */
static struct audit audit_of(struct scenario *s, void (*corrupt)(struct trial *trial))
{
    struct audit audit;
    struct window windows[REPLICATIONS];
    double waited = 0;
    audit_begin(&audit);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct trial *trial = trial_run(s, &events_engine, 0, r, NULL, NULL);
        if (corrupt)
            corrupt(trial);
        audit_trial(&audit, trial);
        windows[r] = trial->windows[0];
        waited += (double)(trial->cells[0].completed - trial->cells[0].wait.zero);
        trial_free(trial);
    }
    audit_pasta(&audit, s, windows, REPLICATIONS, waited);
    audit_finish(&audit);
    free(s);
    return audit;
}

static void passes_what_is_right(void **state)
{
    (void)state;
    struct audit audit = audit_of(mm2(), NULL);
    assert_true(audit_holds(&audit));
    assert_true(audit.pasta_judged);
    assert_true(audit.pasta_worst > 1e-3);
    assert_int_equal(audit.offered, 20000);
    assert_int_equal(audit.completed, 20000);
    for (int i = 0; i < AUDIT_LINES; i++) {
        assert_true(strlen(audit.text[i]) > 20);
        assert_null(strstr(audit.text[i], "VIOLATED"));
    }
}

/* Checks that just one line complains. */
static void only_line(const struct audit *audit, int line)
{
    assert_false(audit_holds(audit));
    for (int i = 0; i < AUDIT_LINES; i++)
        assert_int_equal(strstr(audit->text[i], "VIOLATED") != NULL, i == line);
}

static void lose_a_task(struct trial *trial)
{
    trial->cells[0].completed--;
}

static void count_a_task_twice(struct trial *trial)
{
    histogram_add(&trial->cells[0].latency, 1);
}

static void lose_an_arrival(struct trial *trial)
{
    trial->end.arrived++;
}

static void forget_a_task_inside(struct trial *trial)
{
    trial->outstanding++;
}

static void misplace_a_task(struct trial *trial)
{
    trial->windows[0].close.arrived--;
    trial->windows[0].close.completed--;
}

/* A task of a nanosecond after days is below what the clock can tell apart: no law is broken. */
static void the_clock_is_not_held_against_a_run(void **state)
{
    (void)state;
    const struct audit audit = audit_of(
        scene("arrivals.rate", "1/s", "tasks.size.distribution", "uniform", "tasks.size.low", "0s",
              "tasks.size.high", "1ns", "run.tasks", "20000", "run.replications", "4", NULL),
        NULL);
    assert_true(audit.little && audit.utilization && audit.conservation);
}

static void conservation_fails(void **state)
{
    (void)state;
    void (*const ways[])(struct trial *) = {lose_a_task, count_a_task_twice, lose_an_arrival,
                                            forget_a_task_inside, misplace_a_task};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct audit audit = audit_of(mm2(), ways[i]);
        assert_false(audit.conservation);
        assert_true(audit.little && audit.utilization && audit.work_conserving && audit.pasta);
        only_line(&audit, 0);
    }
}

static void stretch_the_queue(struct trial *trial)
{
    trial->end.queue_area *= 1.00001;
}

static void lose_a_sojourn(struct trial *trial)
{
    trial->end.sojourn_sum = NAN;
}

static void littles_law_fails(void **state)
{
    (void)state;
    struct audit audit = audit_of(mm2(), stretch_the_queue);
    assert_false(audit.little);
    assert_true(audit.conservation && audit.utilization && audit.work_conserving);
    only_line(&audit, 1);
    audit = audit_of(mm2(), lose_a_sojourn);
    assert_false(audit.little);
}

static void serve_too_long(struct trial *trial)
{
    trial->end.service_sum *= 1.00001;
}

static void the_utilization_law_fails(void **state)
{
    (void)state;
    struct audit audit = audit_of(mm2(), serve_too_long);
    assert_false(audit.utilization);
    assert_true(audit.conservation && audit.little && audit.work_conserving);
    only_line(&audit, 1);
}

static void idle_for_a_moment(struct trial *trial)
{
    trial->end.idle_area = 1e-9;
}

static void idling_beside_a_waiting_task_fails(void **state)
{
    (void)state;
    struct audit audit = audit_of(mm2(), idle_for_a_moment);
    assert_false(audit.work_conserving);
    assert_true(audit.conservation && audit.little && audit.utilization);
    only_line(&audit, 1);
}

/* Arrivals that see one task more than there is (themselves, say). */
static void see_one_more(struct trial *trial)
{
    struct window *w = &trial->windows[0];
    w->close.seen_sum += (double)(w->close.arrived - w->open.arrived);
}

/* Four replications can hardly be sure at one in a million; eight can. */
static void time_averages_fail(void **state)
{
    (void)state;
    struct scenario *s = mm2();
    struct window windows[8];
    for (uint32_t r = 0; r < 8; r++) {
        struct trial *trial = trial_run(s, &events_engine, 0, r, NULL, NULL);
        see_one_more(trial);
        windows[r] = trial->windows[0];
        trial_free(trial);
    }
    struct audit audit;
    audit_begin(&audit);
    audit_pasta(&audit, s, windows, 8, 8 * PASTA_MEETINGS);
    audit_finish(&audit);
    assert_false(audit.pasta);
    only_line(&audit, 2);
    free(s);
}

/* At a utilization of a millionth no arrival meets anybody, in any replication: the same count of
 * nobody each time is no proof that arrivals see less than there is. */
static void time_averages_need_meetings(void **state)
{
    (void)state;
    struct audit audit = audit_of(scene("arrivals.process", "poisson", "arrivals.rate", "1/s",
                                        "tasks.size.distribution", "exponential", "tasks.size.mean",
                                        "1us", "run.tasks", "5000", "run.replications", "4", NULL),
                                  NULL);
    assert_false(audit.pasta_judged);
    assert_true(audit_holds(&audit));
}

static void time_averages_are_not_asked_of_others(void **state)
{
    (void)state;
    struct audit audit = audit_of(
        scene("arrivals.process", "renewal", "arrivals.interarrival.distribution", "deterministic",
              "arrivals.interarrival.value", "1s", "tasks.size.distribution", "exponential",
              "tasks.size.mean", "800ms", "run.tasks", "5000", NULL),
        NULL);
    assert_false(audit.pasta_judged);
    assert_true(audit_holds(&audit));
    assert_non_null(strstr(audit.text[2], "not judged"));
}

/* Every policy and discipline, in light load and in overload. */
static void every_policy_and_discipline_obeys(void **state)
{
    (void)state;
    const char *const policies[] = {"reject", "drop-newest", "drop-oldest", "pause"};
    enum { DISCIPLINES = 9 };
    const char *const disciplines[DISCIPLINES] = {"fifo",
                                                  "lifo",
                                                  "random",
                                                  "shortest-job",
                                                  "shortest-remaining",
                                                  "priority",
                                                  "priority-preemptive",
                                                  "processor-sharing",
                                                  "lifo-preemptive"};
    const char *const capacities[] = {"0", "3", "unbounded"};
    const char *const sizes[] = {"300ms", "900ms"};
    const char *const delays[] = {"0s", "50ms"};
    for (int i = 0; i < 4 * DISCIPLINES * 3 * 2 * 2; i++) {
        struct scenario *s = scene(
            "arrivals.process", "poisson", "arrivals.rate", "3/s", "tasks.size.distribution",
            "exponential", "tasks.size.mean", sizes[i / (12 * DISCIPLINES) % 2], "consumers.count",
            "2", "consumers.discipline", disciplines[i / 4 % DISCIPLINES], "buffer.capacity",
            capacities[i / (4 * DISCIPLINES) % 3], "buffer.when_full", policies[i % 4],
            "buffer.resume_delay", i % 4 == 3 ? delays[i / (24 * DISCIPLINES)] : "0s", "run.tasks",
            "1000", "run.replications", "2", NULL);
        trial_free(scene_trial(s, 0, 0));
        s->run.at_end = END_CENSOR;
        trial_free(scene_trial(s, 0, 1));
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_what_is_right),
        cmocka_unit_test(the_clock_is_not_held_against_a_run),
        cmocka_unit_test(conservation_fails),
        cmocka_unit_test(littles_law_fails),
        cmocka_unit_test(the_utilization_law_fails),
        cmocka_unit_test(idling_beside_a_waiting_task_fails),
        cmocka_unit_test(time_averages_fail),
        cmocka_unit_test(time_averages_need_meetings),
        cmocka_unit_test(time_averages_are_not_asked_of_others),
        cmocka_unit_test(every_policy_and_discipline_obeys),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
