/* Every full-buffer policy of the catalogue: what it may do, and how they compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "stand.h"

enum { TASKS = 5000 };

/* An overloaded stage run for a while. */
static struct stand *overloaded(const char *policy, double capacity, double delay)
{
    struct scenario *s = stand_scenario();
    stand_stage(s, 2, capacity, policy, "fifo", delay);
    stand_arrivals(s, 3, 1, false);
    struct stand *stand = stand_new(s, 11, 1);
    assert_int_equal(stand_advance(stand, INFINITY, TASKS, false), STOP_TASKS);
    struct flow f = stand_flow(stand);
    stand_audit(&f);
    free(s);
    return stand;
}

static struct cell total(const struct stand *stand)
{
    struct cell sum;
    cell_init(&sum);
    for (int i = 0; i < STAND_CLASSES; i++)
        cell_merge(&sum, &stand->cells[i]);
    return sum;
}

static void every_task_fares_as_in_the_naive_simulator(void **state)
{
    (void)state;
    uint64_t seed = 5000;
    for (const struct model *const *policy = policy_family.models; *policy; policy++) {
        for (int i = 0; i < 250; i++, seed++) {
            struct scenario *s = stand_random_scenario(seed, (*policy)->name, "fifo");
            stand_compare(s, seed, 300);
            free(s);
        }
    }
}

static void a_full_buffer_is_full_and_no_fuller(void **state)
{
    (void)state;
    for (const struct model *const *model = policy_family.models; *model; model++) {
        const struct policy *policy = (const struct policy *)*model;
        for (double capacity = 0; capacity < 5; capacity += 2) {
            struct stand *stand = overloaded((*model)->name, capacity, 0);
            struct flow f = stand_flow(stand);
            struct cell cell = total(stand);
            if (policy->verdict == VERDICT_PAUSE) {
                assert_int_equal(f.lost, 0);
                assert_true(f.waiting > TASKS / 4);
                assert_true(capacity > 0 || f.queue_area == 0);
            } else {
                assert_int_equal(f.lost, cell.lost[policy->loss]);
                assert_int_equal(f.lost, cell_lost(&cell));
                assert_true(f.lost > TASKS / 5);
                assert_true(f.paused_area == 0);
                assert_true(f.waiting <= (uint64_t)capacity);
            }
            double mean = f.queue_area / f.time;
            assert_true(mean <= capacity && mean >= 0.3 * capacity);
            cell_free(&cell);
            stand_free(stand);
        }
    }
}

/* Which tasks are thrown away does not change how long a consumer is busy, nor how many are. */
static void reject_and_drop_newest_are_one_to_the_server(void **state)
{
    (void)state;
    struct stand *reject = overloaded("reject", 3, 0), *drop = overloaded("drop-newest", 3, 0);
    struct cell a = total(reject), b = total(drop);
    struct flow f = stand_flow(reject), g = stand_flow(drop);
    assert_memory_equal(&f, &g, sizeof f);
    assert_int_equal(a.lost[LOSS_REJECTED], b.lost[LOSS_DROPPED_NEWEST]);
    assert_true(a.latency_sum == b.latency_sum && a.wait_sum == b.wait_sum);
    for (int i = 0; i < HIST_BUCKETS; i++)
        assert_int_equal(histogram_count(&a.latency, i), histogram_count(&b.latency, i));
    struct stand *oldest = overloaded("drop-oldest", 3, 0);
    struct cell c = total(oldest);
    assert_true(c.wait_sum / (double)c.completed < a.wait_sum / (double)a.completed);
    cell_free(&a);
    cell_free(&b);
    cell_free(&c);
    stand_free(reject);
    stand_free(drop);
    stand_free(oldest);
}

static void pause_without_delay_is_an_unbounded_queue(void **state)
{
    (void)state;
    struct stand *unbounded = overloaded("reject", INFINITY, 0);
    struct cell want = total(unbounded);
    struct flow f = stand_flow(unbounded);
    for (double capacity = 0; capacity < 4; capacity++) {
        struct stand *pause = overloaded("pause", capacity, 0);
        struct cell have = total(pause);
        struct flow g = stand_flow(pause);
        assert_int_equal(have.completed, want.completed);
        assert_true(have.wait_sum == want.wait_sum && have.latency_sum == want.latency_sum);
        for (int i = 0; i < HIST_BUCKETS; i++)
            assert_int_equal(histogram_count(&have.wait, i), histogram_count(&want.wait, i));
        assert_true(g.busy_area == f.busy_area && g.inside == f.inside);
        stand_near(g.queue_area + g.paused_area, f.queue_area, f.queue_area);
        cell_free(&have);
        stand_free(pause);
    }
    cell_free(&want);
    stand_free(unbounded);
}

/* Retracting back-pressure costs throughput, and a larger buffer buys it back. */
static void a_delay_costs_throughput_that_a_buffer_buys_back(void **state)
{
    (void)state;
    uint64_t before = 0;
    for (double capacity = 0; capacity < 9; capacity = 2 * capacity + 1) {
        struct stand *stand = overloaded("pause", capacity, 0.5);
        struct flow f = stand_flow(stand);
        assert_true(f.completed > before);
        before = f.completed;
        stand_free(stand);
    }
    struct stand *at_once = overloaded("pause", 0, 0);
    struct flow f = stand_flow(at_once);
    assert_true(f.completed > before - before / 20);
    stand_free(at_once);
}

/* Without places each task holds a consumer for size + delay, when tasks are always outside. */
static void a_hand_off_serves_one_task_each_size_and_delay(void **state)
{
    (void)state;
    struct stand *stand = overloaded("pause", 0, 0.5);
    struct flow f = stand_flow(stand);
    double cycles = 2 * f.time / (1 + 0.5);
    assert_true(fabs((double)f.completed / cycles - 1) < 0.05);
    stand_free(stand);
}

static void the_catalogue_is_whole(void **state)
{
    (void)state;
    int n = 0;
    for (const struct model *const *model = policy_family.models; *model; model++)
        n += (*model)->name != NULL && (*model)->help != NULL;
    assert_true(n >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_catalogue_is_whole),
        cmocka_unit_test(every_task_fares_as_in_the_naive_simulator),
        cmocka_unit_test(a_full_buffer_is_full_and_no_fuller),
        cmocka_unit_test(reject_and_drop_newest_are_one_to_the_server),
        cmocka_unit_test(pause_without_delay_is_an_unbounded_queue),
        cmocka_unit_test(a_delay_costs_throughput_that_a_buffer_buys_back),
        cmocka_unit_test(a_hand_off_serves_one_task_each_size_and_delay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
