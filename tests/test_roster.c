/* The roster of a run: every trial once, groups that the engine can take, whole rounds of workers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/result/roster.h"
#include "scene.h"

static struct scenario *columns(const char *steps, const char *replications)
{
    return scene("arrivals.rate", "1/s", "tasks.size.distribution", "exponential",
                 "tasks.size.mean", "500ms", "sweep.parameter", "tasks.size.mean", "sweep.from",
                 "100ms", "sweep.to", "900ms", "sweep.steps", steps, "run.replications",
                 replications, "run.tasks", "1000", NULL);
}

static void assert_sound(const struct run_part *parts, size_t n, unsigned workers)
{
    struct roster roster;
    roster_make(&roster, parts, n, workers);
    size_t trials = 0;
    for (size_t i = 0; i < n; i++)
        trials += (size_t)(parts[i].s->sweep.steps * parts[i].s->run.replications);
    assert_int_equal(roster.n_items, trials);
    assert_true(roster.workers >= 1 && roster.workers <= workers);
    size_t rest = roster.workers > 0 ? roster.n_groups % roster.workers : 1;
    unsigned char *seen = xcalloc(trials, 1);
    bool all_single = true;
    for (size_t i = 0; i < roster.n_groups; i++) {
        const struct roster_group *group = &roster.groups[i];
        const struct roster_item *items = &roster.items[group->first];
        assert_true(group->n >= 1 && group->n <= parts[items->part].engine->group);
        for (size_t k = 0; k < group->n; k++) {
            assert_ptr_equal(parts[items[k].part].engine, parts[items->part].engine);
            assert_ptr_equal(items[k].id.s, parts[items[k].part].s);
            assert_true(items[k].part == items->part || trial_alike(items[k].id.s, items->id.s));
        }
        assert_true(i == 0 || group->effort <= roster.groups[i - 1].effort);
        all_single = all_single && group->n == 1;
        for (size_t k = 0; k < group->n; k++)
            assert_int_equal(seen[group->first + k]++, 0);
    }
    for (size_t i = 0; i < trials; i++)
        assert_int_equal(seen[i], 1);
    assert_true(all_single || rest == 0);
    free(seen);
    roster_free(&roster);
}

static void every_trial_once_and_whole_rounds(void **state)
{
    (void)state;
    static const char *const steps[] = {"2", "7", "16", "101"}, *const replications[] = {"1", "8"};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 2; k++)
            for (unsigned workers = 1; workers <= 64; workers = 2 * workers + 1) {
                struct scenario *a = columns(steps[i], replications[k]), *b = columns("3", "5");
                const struct run_part parts[] = {{.s = a, .engine = &lanes_engine},
                                                 {.s = b, .engine = &lanes_engine},
                                                 {.s = b, .engine = &events_engine}};
                for (size_t n = 1; n <= 3; n++)
                    assert_sound(parts, n, workers);
                free(a);
                free(b);
            }
}

static void a_wide_drift_gets_fewer_workers(void **state)
{
    (void)state;
    struct scenario *s = columns("1000", "64");
    s->sweep.mode = MODE_DRIFT;
    s->run.duration = 1e6;
    const struct run_part part = {.s = s, .engine = &events_engine};
    struct roster roster;
    roster_make(&roster, &part, 1, 64);
    assert_true(roster.workers >= 1 && roster.workers < 64);
    assert_int_equal(roster.n_items, 64);
    roster_free(&roster);
    free(s);
}

/* Trials of panels that do not fill a group lie in groups together, as far as they are run alike.
 */
static void small_panels_share_groups(void **state)
{
    (void)state;
    struct scenario *a = columns("1", "3"), *b = columns("2", "3"), *other = columns("1", "4");
    const struct run_part parts[] = {{.s = a, .engine = &lanes_engine},
                                     {.s = b, .engine = &lanes_engine},
                                     {.s = other, .engine = &lanes_engine},
                                     {.s = a, .engine = &events_engine}};
    assert_true(trial_alike(a, b));
    assert_false(trial_alike(a, other));
    struct roster roster;
    roster_make(&roster, parts, 2, 1);
    assert_int_equal(roster.n_groups, 1);
    for (size_t i = 0; i < roster.n_items; i++) /* replication by replication */
        assert_int_equal(roster.items[i].id.replication, i / 3);
    roster_free(&roster);
    roster_make(&roster, parts, 3, 1);
    assert_int_equal(roster.n_groups, 2);
    roster_free(&roster);
    assert_sound(parts, 4, 2);
    free(a);
    free(b);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trial_once_and_whole_rounds),
        cmocka_unit_test(a_wide_drift_gets_fewer_workers),
        cmocka_unit_test(small_panels_share_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
